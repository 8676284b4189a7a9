"""Colours code in the background and keeps what was coloured.

For the views of code. A view is told as long as it exists; of a code that grows only the newest
state is coloured. What can't be coloured stays plain.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject

from app.bridge.tasks import Tasks
from app.notices import Notices

MAX_KEPT = 256
Coloured = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class CodeKey:
    """A piece of code and the language that it says it is in."""

    text: str
    language: str


@dataclass(frozen=True)
class ColouredCode:
    """Code in pieces that join to the whole, each with its colour's name; and its language's."""

    pieces: Coloured
    label: str


def colour_code(key: CodeKey) -> ColouredCode:
    """Colour code by Pygments, which is imported with the first."""
    from app.markup.highlighting import highlight, language_label

    pieces = tuple((colour.value, text) for colour, text in highlight(key.text, key.language))
    return ColouredCode(pieces, language_label(key.language))


class CodeColours(QObject):
    """One worker and the last pieces coloured; belongs to the GUI thread."""

    def __init__(
        self,
        notices: Notices,
        parent: QObject | None = None,
        *,
        colour: Callable[[CodeKey], ColouredCode] = colour_code,
    ) -> None:
        super().__init__(parent)
        self._tasks = Tasks(notices, self, workers=1, name="colours")
        self._colour = colour
        self._kept: OrderedDict[CodeKey, ColouredCode] = OrderedDict()
        self._labels: dict[str, str] = {}
        self._wanted: OrderedDict[int, tuple[CodeKey, Callable[[ColouredCode], None]]]
        self._wanted = OrderedDict()
        self._owners: set[int] = set()
        self._is_colouring = False
        self._age = 0  # how often all was forgotten

    def look_up(self, key: CodeKey) -> ColouredCode | None:
        """The colours of a piece, where they are known."""
        coloured = self._kept.get(key)
        if coloured is not None:
            self._kept.move_to_end(key)
        return coloured

    def label(self, language: str) -> str:
        """A language's name, or as long as it isn't known the word as it is written."""
        return self._labels.get(language, language)

    def want(
        self, key: CodeKey, owner: QObject, on_coloured: Callable[[ColouredCode], None]
    ) -> None:
        """Colour a piece and call back; an owner has one wish, its last."""
        owner_id = id(owner)
        if owner_id not in self._owners:
            self._owners.add(owner_id)
            owner.destroyed.connect(lambda: self._forget_owner(owner_id))
        self._wanted[owner_id] = (key, on_coloured)
        self._colour_next()

    def forget(self) -> None:
        """Keep nothing of what was coloured, nor of what is being coloured."""
        self._age += 1
        self._kept.clear()
        self._labels.clear()

    def close(self) -> bool:
        """Colour nothing more; False where the thread would not end."""
        self._wanted.clear()
        return self._tasks.close()

    def _forget_owner(self, owner_id: int) -> None:
        self._owners.discard(owner_id)
        self._wanted.pop(owner_id, None)

    def _colour_next(self) -> None:
        if self._is_colouring or not self._wanted:
            return
        self._is_colouring = True
        owner_id, (key, on_coloured) = self._wanted.popitem(last=False)
        known, age = self.look_up(key), self._age

        def deliver(coloured: ColouredCode) -> None:
            self._is_colouring = False
            if age == self._age:
                self._keep(key, coloured)
            if owner_id in self._owners:
                on_coloured(coloured)
            self._colour_next()

        self._tasks.run(
            lambda: known or self._colour(key),
            deliver,
            what_failed="",
            on_failure=lambda _error: deliver(_plain(key)),
        )

    def _keep(self, key: CodeKey, coloured: ColouredCode) -> None:
        self._labels[key.language] = coloured.label
        self._kept[key] = coloured
        while len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)


def _plain(key: CodeKey) -> ColouredCode:
    return ColouredCode((("plain", key.text),), key.language)
