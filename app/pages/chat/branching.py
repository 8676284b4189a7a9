"""The conversation as a tree: edited, answered again, continued, walked, cut and put back.

For: the controller. A branch that is left stays as it was; what is deleted can be brought back
for as long as its toast is there. What is asked is stored first, as in `Asking`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import chain
from typing import Literal, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge.history_worker import HistoryWorker
from app.chats.branches import TakenOut
from app.chats.chat_record import LoadedChat
from app.chats.chat_settings import ChatSettings
from app.chats.errors import MissingError, VaultError
from app.chats.history import AnyHistory
from app.notices import NoticeAction, Notices
from app.pages.chat.answerer import Answerer
from app.pages.chat.asking import Asking
from app.pages.chat.open_chat import OpenChat, Redo, RedoKind
from app.pages.chat.stage import Stage
from app.pages.chat.stored_turns import StoredTurn, turns_of
from app.pages.chat.storing import Storing
from app.pages.chat.turns import Turn
from app.theme.metrics import MOTION

_Result = TypeVar("_Result")
Part = Literal["question", "answer"]


class Branching(QObject):
    """What is done with turns that were said already, by their ids. While the history is at
    one of these, others are not taken.
    """

    reopen_requested = Signal(object)  # an OpenChat of which more changed than is shown

    def __init__(
        self,
        history: HistoryWorker,
        answerer: Answerer,
        asking: Asking,
        storing: Storing,
        stage: Stage,
        notices: Notices,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._history = history
        self._answerer = answerer
        self._asking = asking
        self._storing = storing
        self._stage = stage
        self._notices = notices
        self._is_pending = False
        self._newest_id = 0  # what was asked later than the last of these has a higher one
        self._taken: dict[int, TakenOut] = {}  # what can still be brought back, by a number
        self._deletions = 0
        storing.redo_refused.connect(self._on_redo_refused)

    def edit(self, turn_id: int, text: str) -> None:
        """Ask another version of a question; the one before stays as a branch with all that
        followed it. A question that waits is just changed.
        """
        if self._asking.is_waiting(turn_id) and turn_id not in self._stage.chat.redone:
            self._asking.reword(turn_id, text)
            return
        turn, question = self._settled(turn_id), text.strip()
        if turn is None or self._answerer.is_failed:
            self._keep_words(question)
            return
        if not turn.is_asked or not (question or turn.attached):
            return
        if question == turn.question:
            self.regenerate(turn_id)
            return
        self._redo(turn.reworded(question), RedoKind.EDITED)

    def regenerate(
        self,
        turn_id: int,
        settings: ChatSettings | None = None,
        kind: RedoKind = RedoKind.AGAIN,
    ) -> None:
        """Ask a question once more, with other settings for this once; the answer before stays
        as a branch with all that followed it.
        """
        turn = self._settled(turn_id)
        if turn is not None and turn.is_asked:
            self._redo(turn.again(), kind, settings)

    def continue_answer(self, turn_id: int) -> None:
        """Let the model go on with the last answer, where it did not come to its end."""
        if self.can_continue(turn_id):
            turn = self._settled(turn_id)
            if turn is not None:
                self._redo(turn.going_on(), RedoKind.GOES_ON)

    def can_continue(self, turn_id: int) -> bool:
        """Whether an answer is the last, began, and did not come to its end."""
        chat = self._stage.chat
        turn = chat.turns.get(turn_id)
        return turn is not None and chat.is_last(turn_id) and turn.can_go_on

    def walk(self, turn_id: int, part: Part, step: int) -> None:
        """Show the version of a question, or of an answer, so many steps on."""
        if self._settled(turn_id) is None:
            return
        chat = self._stage.chat
        answer, is_question = chat.answers[turn_id], part == "question"

        ids = chain((turn_id,), self._stage.ids)  # the turn stays where the reader is

        def work(history: AnyHistory) -> tuple[StoredTurn, ...]:
            message_id = answer.question_id if is_question else answer.message_id
            loaded = chat.record.walk(history, message_id, step)
            messages = loaded.messages
            if not is_question and answer.question_id is not None:
                messages = (history.store.messages.get(answer.question_id), *messages)
            return turns_of(messages, ids, loaded.forks)

        before_id = _before(chat, turn_id)
        self._do(chat, work, partial(self._show, chat, before_id), self.tr("Nothing changed."))

    def delete(self, turn_id: int) -> None:
        """Delete a question with its answers and all that follows; its toast brings it back.
        One that waits goes back to where it was typed.
        """
        if self._asking.is_waiting(turn_id):
            self._asking.take_back(turn_id)
            return
        if self._settled(turn_id) is None:
            return
        chat = self._stage.chat
        answer, before_id = chat.answers[turn_id], _before(chat, turn_id)

        def work(history: AnyHistory) -> tuple[TakenOut, tuple[StoredTurn, ...]]:
            taken, loaded = chat.record.take_out(history, answer)
            return taken, self._turns(loaded)

        self._do(
            chat,
            work,
            lambda found: self._on_deleted(chat, before_id, *found),
            self.tr("Nothing was deleted."),
        )

    def forget(self) -> None:
        """What was deleted can't be brought back any more: the history is being locked."""
        self._taken.clear()

    def _settled(self, turn_id: int) -> Turn | None:
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

    def _keep_words(self, question: str) -> None:
        """What can't be asked now goes where the next question is written."""
        if self._answerer.is_failed:
            self._answerer.tell_none()
        if question:
            self._stage.text_returned.emit(question)

    def _redo(self, turn: Turn, kind: RedoKind, settings: ChatSettings | None = None) -> None:
        if self._answerer.is_failed:
            self._answerer.tell_none()
            return
        chat = self._stage.chat
        chat.redo(turn, kind, settings)
        self._stage.show_from(turn.turn_id, [turn])
        self._stage.tell_busy()
        self._storing.redo(chat, turn.turn_id)

    def _turns(self, loaded: LoadedChat) -> tuple[StoredTurn, ...]:
        return turns_of(loaded.messages, self._stage.ids, loaded.forks)

    def _do(
        self,
        chat: OpenChat,
        work: Callable[[AnyHistory], _Result],
        on_success: Callable[[_Result], None],
        otherwise: str,
        again: Callable[[Exception], NoticeAction | None] = lambda _error: None,
    ) -> None:
        self._is_pending, newest_id = True, next(self._stage.ids)

        def succeed(result: _Result) -> None:
            self._is_pending, self._newest_id = False, newest_id
            on_success(result)

        def fail(error: Exception) -> None:
            self._is_pending = False
            self._notices.error(f"{error} {otherwise}", again(error))

        self._history.do(work, succeed, what_failed="", on_failure=fail, place=chat.place)

    def _show(self, chat: OpenChat, before_id: int | None, found: tuple[StoredTurn, ...]) -> None:
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

    def _on_redo_refused(self, chat: OpenChat, turn: Turn, error: Exception) -> None:
        turn_id, action = turn.turn_id, None
        redo = chat.redone.get(turn_id)
        if redo is not None:
            before = chat.restore(turn_id)
            if chat is self._stage.chat:
                self._stage.show_from(turn_id, before)
            action = NoticeAction(self.tr("Try again"), lambda: self._try_again(turn, redo))
        elif chat is self._stage.chat and turn_id in chat.turns:
            self._stage.change(turn)
        self._stage.tell_busy()
        form = self.tr("{error} What was there before is still there.")
        self._notices.error(form.format(error=error), action)

    def _try_again(self, turn: Turn, redo: Redo) -> None:
        if self._settled(turn.turn_id) is not None:
            self._redo(turn, redo.kind, redo.settings)

    def _on_deleted(
        self,
        chat: OpenChat,
        before_id: int | None,
        taken: TakenOut,
        found: tuple[StoredTurn, ...],
    ) -> None:
        self._show(chat, before_id, found)
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
            return self._turns(chat.record.put_back(history, taken))

        def keep(error: Exception) -> NoticeAction | None:
            """For another try, unless it has no place any more."""
            if isinstance(error, MissingError | VaultError):
                return None
            self._taken[number] = taken
            return NoticeAction(self.tr("Try again"), lambda: self._undo(chat, before_id, number))

        self._do(
            chat,
            work,
            partial(self._show, chat, before_id),
            self.tr("What was deleted was not brought back."),
            keep,
        )


def _before(chat: OpenChat, turn_id: int) -> int | None:
    """The turn above a turn."""
    earlier = chat.earlier(turn_id)
    return earlier[-1].turn_id if earlier else None
