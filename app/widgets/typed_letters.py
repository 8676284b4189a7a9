"""What somebody types where nothing is written, and how it comes to where something is.

For: pages from which one goes on to write by writing. Keys that do something are not typing.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

_COMMANDING = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


def letters_of(event: QKeyEvent) -> str:
    """What a key writes; nothing where it is a command, or a space alone."""
    letters = event.text()
    is_typed = letters.strip() and letters.isprintable() and not event.modifiers() & _COMMANDING
    return letters if is_typed else ""


def type_on(window: QWidget, letters: str) -> None:
    """As if they had been typed where the keyboard is in a window by now."""
    place = window.focusWidget()
    if place is not None:
        no_key = Qt.KeyboardModifier.NoModifier
        QCoreApplication.sendEvent(place, QKeyEvent(QEvent.Type.KeyPress, 0, no_key, letters))
