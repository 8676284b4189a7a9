"""A key’s fingerprint, as two people compare it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt

from app.theme.theme import Theme
from app.theme.type_styles import Type
from app.widgets.label import Label


def fingerprint_label(theme: Theme, fingerprint: str) -> Label:
    """A key as it is compared: to be read, by whatever means."""
    label = Label(theme, fingerprint, Type.CODE, wrap=True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
    form = QCoreApplication.translate("Models", "Fingerprint: {key}")
    label.setAccessibleName(form.format(key=fingerprint))
    return label
