"""Takes what is asked at the end of the open chat to the history, and what waits back again.

For: the controller. What is sent while an answer comes waits, stored already; it can be changed
and taken back, one by one or all at once. The engine's side is `Answering`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject

from app.chats.model import Conversation
from app.chats.titles import title_of
from app.error_words import words_of
from app.notices import NoticeAction, Notices
from app.pages.chat.answerer import Answerer
from app.pages.chat.answering import Answering
from app.pages.chat.drafts import Drafts
from app.pages.chat.open_chat import OpenChat
from app.pages.chat.stage import Stage
from app.pages.chat.storing import Storing
from app.pages.chat.turns import Attached, Turn, TurnState


class Asking(QObject):
    """The questions that wait for their answers."""

    def __init__(
        self,
        answerer: Answerer,
        answering: Answering,
        storing: Storing,
        drafts: Drafts,
        stage: Stage,
        notices: Notices,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._answerer = answerer
        self._answering = answering
        self._storing = storing
        self._drafts = drafts
        self._stage = stage
        self._notices = notices
        self._refused: list[Turn] = []
        answerer.failed.connect(self.take_back_waiting)
        storing.stored.connect(self._on_stored)
        storing.refused.connect(self._on_refused)
        storing.redo_stored.connect(self._on_redo_stored)

    def send(self, text: str, attached: Sequence[Attached] = ()) -> bool:
        """Ask; False where there is nothing to ask or nobody to answer."""
        stage, question = self._stage, text.strip()
        if not question and not attached:
            return False
        if self._answerer.is_failed:
            self._answerer.tell_none()
            return False
        turn = Turn(next(stage.ids), question, attached=tuple(attached))
        if not stage.chat.turns and not stage.chat.title:
            stage.show_title(title_of(question or attached[0].name))
        self._drafts.taken()
        stage.add(turn)
        stage.tell_busy()
        if not stage.is_held:
            self._storing.ask(stage.chat, turn)
        return True

    def stop(self) -> None:
        """Stop the answer in progress; without one, take back what waits."""
        if self._stage.active_id is not None:
            self._answering.stop()
        else:
            self.take_back_waiting()

    def is_waiting(self, turn_id: int) -> bool:
        """Whether a turn can be changed and taken back, because nobody has read it."""
        turn = self._stage.chat.turns.get(turn_id)
        return turn is not None and turn.state is TurnState.WAITING

    def reword(self, turn_id: int, text: str, attached: tuple[Attached, ...] | None = None) -> None:
        """Change the words of a question that waits, and its files where others are given."""
        chat, question = self._stage.chat, text.strip()
        before = chat.turns[turn_id]
        files = before.attached if attached is None else attached
        if not question and not files:
            return
        turn = replace(before, question=question, attached=files)
        self._stage.change(turn)
        if self._stage.is_held:
            return
        chat.unstored.add(turn_id)  # so that nobody reads it meanwhile
        self._storing.reword(chat, turn, before)

    def give_back(self, text: str, attached: Sequence[Attached]) -> None:
        """A text that was not asked goes where the next one is typed, with its files."""
        self._drafts.give_back(attached)
        if text:
            self._stage.text_returned.emit(text)

    def take_back(self, turn_id: int) -> None:
        """One question that waits goes back to where it was typed; the others wait on."""
        chat = self._stage.chat
        if turn_id in chat.redone:
            self.take_back_waiting()
            return
        answer = chat.answers[turn_id]
        is_only = len(chat.turns) == 1 or chat.is_last(turn_id)
        turn = chat.remove(turn_id)
        self._stage.turn_removed.emit(turn_id)
        self._give_back([turn])
        if not self._stage.is_held and is_only:
            self._storing.take_back(chat, [answer])
        elif not self._stage.is_held:
            self._storing.cancel_waiting(chat, answer)
        self._after_removal()

    def store_held(self) -> None:
        """Store what was sent before the history was open."""
        self._stage.holds = False
        for turn in self._stage.chat.waiting():
            self._storing.ask(self._stage.chat, turn)

    def take_back_waiting(self) -> None:
        """What nobody answers goes back to where it was typed."""
        chat = self._stage.chat
        waiting = [turn for turn in chat.waiting() if turn.turn_id not in chat.redone]
        answers = [chat.answers[turn.turn_id] for turn in waiting]
        for turn in waiting:
            chat.remove(turn.turn_id)
            self._stage.turn_removed.emit(turn.turn_id)
        if waiting:
            self._give_back(waiting)
            if not self._stage.is_held:
                self._storing.take_back(chat, answers)
        self._let_be_redone()
        self._after_removal()

    def interrupt(self) -> None:
        """Before a branch: the answer in progress is stopped and kept, what waits goes back."""
        self._answering.cut()
        self.take_back_waiting()

    def cut(self) -> None:
        """Stop everything in this chat; what there is of it is kept, questions too."""
        self._answering.cut()
        if self._stage.is_held:
            self.take_back_waiting()
        self._let_be_redone()
        for turn in self._stage.chat.unended():
            self._answering.end_here(turn)
        self._stage.tell_busy()

    def _give_back(self, turns: Sequence[Turn]) -> None:
        """What was asked goes back to where it was typed, with its files."""
        self.give_back(
            "\n\n".join(turn.question for turn in turns if turn.question),
            [each for turn in turns for each in turn.attached],
        )

    def _let_be_redone(self) -> None:
        chat = self._stage.chat
        for turn in chat.waiting():
            if turn.turn_id in chat.redone:
                self._stage.show_from(turn.turn_id, self._storing.let_be(chat, turn.turn_id))

    def _after_removal(self) -> None:
        if not self._stage.chat.turns:
            self._stage.show_title("")
        self._stage.tell_busy()

    def _on_stored(self, chat: OpenChat, conversation: Conversation) -> None:
        if chat is self._stage.chat:
            if chat.title != conversation.title and chat.turns:
                self._stage.show_title(conversation.title)
            self._answering.begin_next()

    def _on_refused(self, chat: OpenChat, turn: Turn, error: Exception) -> None:
        """The words go back to where they were typed, in their order, whatever is shown now."""
        self._refused.append(turn)
        if chat is self._stage.chat:
            self._stage.turn_removed.emit(turn.turn_id)
            self._after_removal()
        if not chat.unstored:
            refused, self._refused = self._refused, []
            self._give_back(refused)
            action = NoticeAction(self.tr("Try again"), self._stage.resend_requested.emit)
            form = self.tr("{error} Nothing was sent; your text is kept below.")
            self._notices.error(form.format(error=words_of(error)), action)

    def _on_redo_stored(self, chat: OpenChat) -> None:
        if chat is self._stage.chat:
            self._answering.begin_next()
