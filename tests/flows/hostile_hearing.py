"""All that a window tells a screen reader: names, descriptions and texts, from the top down.

For `hostile_player`. What a field holds while it can be written in is the user's own, and left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface

# Qt's own in a text: a formula (its source is told beside it), the edges of a table, a line's end.
_QTS_OWN = str.maketrans({"\ufffc": "", "\ufdd0": "", "\ufdd1": "", "\u2028": "\n"})


def heard(thing: QObject) -> Iterator[str]:
    """Every word of it, and of all that is seen in it."""
    yield from _heard(QAccessible.queryAccessibleInterface(thing))


def _heard(face: QAccessibleInterface | None) -> Iterator[str]:
    if face is None or not face.isValid():
        return
    state = face.state()
    if state.invisible:
        return
    yield face.text(QAccessible.Text.Name)
    yield face.text(QAccessible.Text.Description)
    text = face.textInterface()
    if text is not None and state.readOnly:
        yield text.text(0, text.characterCount()).translate(_QTS_OWN)
    for number in range(face.childCount()):
        yield from _heard(face.child(number))
