"""Questions that are deleted with all that follows, and brought back while their toast is there.

For: the controller. What of a chat is shown after it is `Reshaping`'s.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer

from app.chats.branches import TakenOut
from app.chats.errors import MissingError, VaultError
from app.chats.history import AnyHistory
from app.notices import NoticeAction, Notices
from app.pages.chat.asking import Asking
from app.pages.chat.open_chat import OpenChat
from app.pages.chat.reshaping import Reshaping
from app.pages.chat.stage import Stage
from app.pages.chat.stored_turns import StoredTurn
from app.theme.metrics import MOTION


class Deleting(QObject):
    """What was taken out of chats, for as long as it can be put back."""

    def __init__(
        self,
        reshaping: Reshaping,
        asking: Asking,
        stage: Stage,
        notices: Notices,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._reshaping = reshaping
        self._asking = asking
        self._stage = stage
        self._notices = notices
        self._taken: dict[int, TakenOut] = {}  # by the number of the deletion
        self._deletions = 0

    def delete(self, turn_id: int) -> None:
        """Delete a question with its answers and all that follows; its toast brings it back.
        One that waits goes back to where it was typed.
        """
        if self._asking.is_waiting(turn_id):
            self._asking.take_back(turn_id)
            return
        if self._reshaping.settled(turn_id) is None:
            return
        chat = self._stage.chat
        answer, before_id = chat.answers[turn_id], chat.before(turn_id)

        def work(history: AnyHistory) -> tuple[TakenOut, tuple[StoredTurn, ...]]:
            taken, loaded = chat.record.take_out(history, answer)
            return taken, self._reshaping.turns(loaded)

        self._reshaping.do(
            chat,
            work,
            lambda found: self._on_deleted(chat, before_id, *found),
            self.tr("Nothing was deleted."),
        )

    def forget(self) -> None:
        """What was deleted can't be brought back any more: the history is being locked."""
        self._taken.clear()

    def _on_deleted(
        self,
        chat: OpenChat,
        before_id: int | None,
        taken: TakenOut,
        found: tuple[StoredTurn, ...],
    ) -> None:
        self._reshaping.show(chat, before_id, found)
        self._deletions += 1
        number = self._deletions
        self._taken[number] = taken
        action = NoticeAction(self.tr("Undo"), lambda: self._undo(chat, before_id, number))
        self._notices.news(self.tr("Deleted."), action)
        # Once the toast is gone nobody can ask for it.
        QTimer.singleShot(2 * MOTION.toast_shown_ms, self, lambda: self._taken.pop(number, None))

    def _undo(self, chat: OpenChat, before_id: int | None, number: int) -> None:
        taken = self._taken.pop(number, None)
        if taken is None:
            self._notices.error(self.tr("The history was locked since: what was deleted is gone."))
            return
        if chat is self._stage.chat and self._stage.is_busy():
            self._asking.interrupt()

        def work(history: AnyHistory) -> tuple[StoredTurn, ...]:
            return self._reshaping.turns(chat.record.put_back(history, taken))

        def keep(error: Exception) -> NoticeAction | None:
            """For another try, unless it has no place any more."""
            if isinstance(error, MissingError | VaultError):
                return None
            self._taken[number] = taken
            return NoticeAction(self.tr("Try again"), lambda: self._undo(chat, before_id, number))

        self._reshaping.do(
            chat,
            work,
            partial(self._reshaping.show, chat, before_id),
            self.tr("What was deleted was not brought back."),
            keep,
        )
