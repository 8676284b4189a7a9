"""One change of the conversation's tree at a time: made in the history's thread, then shown.

For: `Branching` and `Deleting`, which share one and say what the change is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from app.bridge.history_worker import HistoryWorker
from app.chats.chat_record import LoadedChat
from app.chats.history import AnyHistory
from app.error_words import words_of
from app.notices import NoticeAction, Notices
from app.pages.chat.asking import Asking
from app.pages.chat.open_chat import OpenChat
from app.pages.chat.stage import Stage
from app.pages.chat.stored_turns import StoredTurn, turns_of
from app.pages.chat.turns import Turn

_Result = TypeVar("_Result")


class Reshaping(QObject):
    """While the history is at a change, others are not taken."""

    reopen_requested = Signal(object)  # an OpenChat of which more changed than is shown

    def __init__(
        self,
        history: HistoryWorker,
        asking: Asking,
        stage: Stage,
        notices: Notices,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._history = history
        self._asking = asking
        self._stage = stage
        self._notices = notices
        self._is_pending = False
        self._newest_id = 0  # what was asked later than the last change has a higher one

    def settled(self, turn_id: int) -> Turn | None:
        """A turn, once nothing in its chat is under way any more."""
        chat = self._stage.chat
        if (
            self._is_pending
            or self._stage.is_held
            or not chat.is_whole
            or turn_id not in chat.turns
        ):
            return None
        if self._stage.is_busy():
            self._asking.interrupt()
        return self._stage.chat.turns.get(turn_id)

    def turns(self, loaded: LoadedChat) -> tuple[StoredTurn, ...]:
        """What was read, as turns; for the history's thread."""
        return turns_of(loaded.messages, self._stage.ids, loaded.forks)

    def do(
        self,
        chat: OpenChat,
        work: Callable[[AnyHistory], _Result],
        on_success: Callable[[_Result], None],
        otherwise: str,
        again: Callable[[Exception], NoticeAction | None] = lambda _error: None,
    ) -> None:
        """Change a chat in the history; where it fails `otherwise` says what that means, and
        `again` may offer another try.
        """
        self._is_pending, newest_id = True, next(self._stage.ids)

        def succeed(result: _Result) -> None:
            self._is_pending, self._newest_id = False, newest_id
            on_success(result)

        def fail(error: Exception) -> None:
            self._is_pending = False
            self._notices.error(f"{words_of(error)} {otherwise}", again(error))

        self._history.do(work, succeed, what_failed="", on_failure=fail, place=chat.place)

    def show(self, chat: OpenChat, before_id: int | None, found: tuple[StoredTurn, ...]) -> None:
        """Let what was read stand below a turn (None: at the beginning), in the place of what
        did. What was sent meanwhile was stored behind it.
        """
        if chat is not self._stage.chat:
            if chat.chat_id == self._stage.chat.chat_id and not chat.is_temporary:
                self.reopen_requested.emit(self._stage.chat)  # it was opened anew meanwhile
            return
        if before_id is not None and before_id not in chat.turns:
            self.reopen_requested.emit(chat)
            return
        ids = list(chat.turns)
        below = ids[0 if before_id is None else ids.index(before_id) + 1 :]
        first_id = below[0] if below else 0
        sent = [turn_id for turn_id in below if turn_id > self._newest_id]
        rest = chat.cut_from(first_id) if below else ()
        chat.fill(found)
        for each in rest:
            if each.turn.turn_id in sent:
                chat.fill([each])
                chat.unstored.add(each.turn.turn_id)
        self._stage.show_from(first_id, chat.after(before_id))
        self._stage.tell_busy()
