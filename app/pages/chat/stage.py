"""The chat on the screen, and the signals by which the page follows what becomes of it.

For: those who open chats, send, answer and branch, which share one, and the page. It decides
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from PySide6.QtCore import QObject, Signal

from app.bridge.history_worker import Place
from app.pages.chat.open_chat import OpenChat
from app.pages.chat.turns import Turn


class Stage(QObject):
    """While it `holds`, no history is open yet: questions wait, unless the chat is temporary.

    `ids` number turns and requests; none is given twice. `active_id` is the turn that is being
    answered.
    """

    turn_added = Signal(object)
    turn_changed = Signal(object)
    turn_removed = Signal(int)
    # Turns in a tuple that stand in the place of a turn and of all that followed it; or, where
    # there is no turn of that id, at the end.
    branch_shown = Signal(object, int)
    prefilled = Signal(int, int, int)  # a turn, and tokens read of all
    text_returned = Signal(str)
    resend_requested = Signal()
    busy_changed = Signal(bool)
    title_changed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.chat = OpenChat(Place.KEPT)
        self.holds = True
        self.active_id: int | None = None
        self.ids = count(1)

    @property
    def is_held(self) -> bool:
        """Whether what is asked now waits for a history."""
        return self.holds and not self.chat.is_temporary

    def is_busy(self) -> bool:
        """Whether there is something to stop."""
        return self.active_id is not None or bool(self.chat.waiting())

    def add(self, turn: Turn) -> None:
        """A question is asked at the end of the chat."""
        self.chat.add(turn)
        self.turn_added.emit(turn)

    def change(self, turn: Turn) -> None:
        """A turn is so from here on."""
        self.chat.turns[turn.turn_id] = turn
        self.turn_changed.emit(turn)

    def show_from(self, turn_id: int, turns: Sequence[Turn]) -> None:
        """Say that in the place of a turn, and of all that followed it, stand these; or, where
        there is no such turn, that they stand at the end.
        """
        self.branch_shown.emit(tuple(turns), turn_id)

    def show_title(self, title: str) -> None:
        """The chat is called so from here on."""
        self.chat.title = title
        self.title_changed.emit(title)

    def tell_busy(self) -> None:
        """Say whether there is something to stop."""
        self.busy_changed.emit(self.is_busy())
