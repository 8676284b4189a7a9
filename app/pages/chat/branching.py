"""The conversation as a tree: questions edited, answered again, continued; versions walked.

For: the controller. A branch that is left stays as it was. What is asked is stored first, as in
`Asking`; what of a chat is shown after a walk is `Reshaping`'s.
"""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import Literal

from PySide6.QtCore import QObject

from app.chats.chat_settings import ChatSettings
from app.chats.history import AnyHistory
from app.error_words import words_of
from app.notices import NoticeAction, Notices
from app.pages.chat.answerer import Answerer
from app.pages.chat.asking import Asking
from app.pages.chat.open_chat import OpenChat, Redo, RedoKind
from app.pages.chat.reshaping import Reshaping
from app.pages.chat.stage import Stage
from app.pages.chat.stored_turns import StoredTurn, turns_of
from app.pages.chat.storing import Storing
from app.pages.chat.turns import Attached, Turn

Part = Literal["question", "answer"]


class Branching(QObject):
    """What is done with turns that were said already, by their ids."""

    def __init__(
        self,
        reshaping: Reshaping,
        answerer: Answerer,
        asking: Asking,
        storing: Storing,
        stage: Stage,
        notices: Notices,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._reshaping = reshaping
        self._answerer = answerer
        self._asking = asking
        self._storing = storing
        self._stage = stage
        self._notices = notices
        self._refused: dict[int, tuple[Turn, Redo]] = {}  # what can be tried again, by its turn
        storing.redo_refused.connect(self._on_redo_refused)

    def edit(self, turn_id: int, text: str, attached: tuple[Attached, ...] | None = None) -> None:
        """Ask another version of a question, with its own files unless others are given; the one
        before stays as a branch with all that followed it. A question that waits is just changed.
        """
        if self._asking.is_waiting(turn_id) and turn_id not in self._stage.chat.redone:
            self._asking.reword(turn_id, text, attached)
            return
        turn, question = self._reshaping.settled(turn_id), text.strip()
        if turn is None or self._answerer.is_failed:
            self._keep_words(question, attached or ())
            return
        files = turn.attached if attached is None else attached
        if not turn.is_asked or not (question or files):
            return
        if (question, files) == (turn.question, turn.attached):
            self.regenerate(turn_id)
            return
        self._redo(turn.reworded(question, files), RedoKind.EDITED)

    def regenerate(
        self,
        turn_id: int,
        settings: ChatSettings | None = None,
        kind: RedoKind = RedoKind.AGAIN,
    ) -> None:
        """Ask a question once more, with other settings for this once; the answer before stays
        as a branch with all that followed it.
        """
        turn = self._reshaping.settled(turn_id)
        if turn is not None and turn.is_asked:
            self._redo(turn.again(), kind, settings)

    def continue_answer(self, turn_id: int) -> None:
        """Let the model go on with the last answer, where it did not come to its end."""
        chat = self._stage.chat
        last = chat.turns.get(turn_id)
        if last is None or not chat.is_last(turn_id) or not last.can_go_on:
            return
        turn = self._reshaping.settled(turn_id)
        if turn is not None:
            self._redo(turn.going_on(), RedoKind.GOES_ON)

    def walk(self, turn_id: int, part: Part, step: int) -> None:
        """Show the version of a question, or of an answer, so many steps on."""
        if self._reshaping.settled(turn_id) is None:
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

        show = partial(self._reshaping.show, chat, chat.before(turn_id))
        self._reshaping.do(chat, work, show, self.tr("Nothing changed."))

    def forget(self) -> None:
        """What was refused can't be tried again any more: the history is being locked."""
        self._refused.clear()

    def _keep_words(self, question: str, attached: tuple[Attached, ...]) -> None:
        """What can't be asked now goes where the next question is written."""
        if self._answerer.is_failed:
            self._answerer.tell_none()
        self._asking.give_back(question, attached)

    def _redo(self, turn: Turn, kind: RedoKind, settings: ChatSettings | None = None) -> None:
        if self._answerer.is_failed:
            self._answerer.tell_none()
            return
        chat = self._stage.chat
        chat.redo(turn, kind, settings)
        self._stage.show_from(turn.turn_id, [turn])
        self._stage.tell_busy()
        self._storing.redo(chat, turn.turn_id)

    def _on_redo_refused(self, chat: OpenChat, turn: Turn, error: Exception) -> None:
        turn_id, action = turn.turn_id, None
        redo = chat.redone.get(turn_id)
        if redo is not None:
            before = chat.restore(turn_id)
            if chat is self._stage.chat:
                self._stage.show_from(turn_id, before)
            self._refused[turn_id] = turn, redo
            action = NoticeAction(self.tr("Try again"), lambda: self._try_again(turn_id))
        elif chat is self._stage.chat and turn_id in chat.turns:
            self._stage.change(turn)
        self._stage.tell_busy()
        form = self.tr("{error} What was there before is still there.")
        self._notices.error(form.format(error=words_of(error)), action)

    def _try_again(self, turn_id: int) -> None:
        if turn_id in self._refused and self._reshaping.settled(turn_id) is not None:
            turn, redo = self._refused.pop(turn_id)
            self._redo(turn, redo.kind, redo.settings)
