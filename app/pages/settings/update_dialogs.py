"""What is asked before another version of the program is used; nothing happens unless chosen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import QFileDialog, QWidget

from app.dates import day_words
from app.error_words import words_of
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.updates import SUFFIX
from app.widgets.file_chooser import Chooser
from app.widgets.fingerprint import fingerprint_label
from app.widgets.label import Label
from app.widgets.small_dialog import SmallDialog

if TYPE_CHECKING:
    from app.updates.looking import Looked


class UpdateChooser(Chooser):
    """For the file of an update."""

    def __init__(self, start: Path, parent: QWidget) -> None:
        super().__init__("", "", start, parent)
        self.setWindowTitle(self.tr("Choose the update’s file"))
        self.setLabelText(QFileDialog.DialogLabel.Accept, self.tr("Choose"))
        self.setFileMode(QFileDialog.FileMode.ExistingFile)
        self.setNameFilters(
            [f"{self.tr('Updates of Pitcher')} (*{SUFFIX})", self.tr("All files (*)")]
        )


class UpdateDialog(SmallDialog):
    """`accepted`: the update is wanted, also where it is an older version."""

    def __init__(self, theme: Theme, found: Looked, parent: QWidget) -> None:
        version = found.manifest.version
        title = (
            self.tr("Version {version} is an older one") if found.is_older
            else self.tr("Update to version {version}?")
        )  # fmt: skip
        super().__init__(
            theme,
            title.format(version=version),
            self._sentence(found),
            self.tr("Use the older version") if found.is_older else self.tr("Update"),
            parent,
        )
        if found.lost is not None:
            lost = Label(theme, words_of(found.lost), Type.SMALL, Ink.TEXT, wrap=True)
            self.body.addWidget(lost)
        signed = self.tr("Signed soundly, by the key that signs for this copy:")
        self.body.addWidget(Label(theme, signed, Type.SMALL, Ink.TEXT2, wrap=True))
        self.fingerprint = fingerprint_label(theme, found.fingerprint)
        self.body.addWidget(self.fingerprint)
        self.cancel.setDefault(True)
        self.cancel.setFocus()
        self.act.clicked.connect(self.accept)

    def _sentence(self, found: Looked) -> str:
        made = QDateTime.fromSecsSinceEpoch(found.manifest.made_at_s).date()
        parts = [self.tr("Made on {day}.").format(day=day_words(made))]
        if found.is_older:
            parts.append(
                self.tr(
                    "An older version brings back faults that were mended since {current}."
                ).format(current=found.current)
            )
        parts.append(
            self.tr(
                "It starts with the next start; this window goes on as it is. Version {current} is "
                "kept to go back to."
            ).format(current=found.current)
        )
        return " ".join(parts)
