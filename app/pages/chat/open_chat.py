"""The chat that a window shows: where it lives, and its turns with their places in the store.

For: the controller, which owns one. Free of Qt and of disks: the record and the answers are
handed on to the history's thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from app.bridge.history_worker import Place
from app.chats.answer_record import AnswerRecord
from app.chats.chat_record import ChatRecord
from app.chats.chat_settings import ChatSettings
from app.chats.model import Provenance
from app.pages.chat.stored_turns import StoredTurn
from app.pages.chat.turns import LIVE_STATES, Turn, TurnState


class RedoKind(StrEnum):
    """In which way a turn that was there is asked once more."""

    AGAIN = "again"  # another answer to the same question
    EDITED = "edited"  # another version of the question
    GOES_ON = "goes on"  # the same answer, continued
    REPLAY = "replay"  # another answer, to be compared with the one before


@dataclass(frozen=True)
class Redo:
    """A turn that is asked once more: it and all that followed it, as they were.

    `settings` hold for this answer alone; None: the chat's.
    """

    kind: RedoKind
    before: tuple[StoredTurn, ...]
    settings: ChatSettings | None = None


@dataclass(eq=False)
class OpenChat:
    """One chat on the screen. `chat_id` is known once its first question is stored.

    `unstored` are turns whose question is on its way to the disk; `redone` are those that wait
    to be asked once more. `made_by` says of answers what made them.
    """

    place: Place
    record: ChatRecord = field(default_factory=ChatRecord)
    chat_id: int | None = None
    title: str = ""
    system: str = ""
    settings: ChatSettings = field(default_factory=ChatSettings)
    turns: dict[int, Turn] = field(default_factory=dict)
    answers: dict[int, AnswerRecord] = field(default_factory=dict)
    made_by: dict[int, Provenance] = field(default_factory=dict)
    unstored: set[int] = field(default_factory=set)
    redone: dict[int, Redo] = field(default_factory=dict)
    is_whole: bool = True  # else what was said first is still being read

    @property
    def is_temporary(self) -> bool:
        """Whether nothing of it reaches a disk."""
        return self.place is Place.TEMPORARY

    @property
    def kept_id(self) -> int | None:
        """Its id, if it is one that is kept."""
        return None if self.is_temporary else self.chat_id

    @property
    def is_new(self) -> bool:
        """Whether nothing was asked in it."""
        return not self.turns and self.chat_id is None

    def system_with(self, settings: ChatSettings | None = None) -> str:
        """What the model is told before all else: as set, or as the chat came with it."""
        prompt = (settings or self.settings).system_prompt
        if prompt is None:
            prompt = self.settings.system_prompt
        return self.system if prompt is None else prompt

    def add(self, turn: Turn) -> AnswerRecord:
        """A question that is to be stored and answered."""
        self.turns[turn.turn_id] = turn
        self.answers[turn.turn_id] = AnswerRecord()
        self.unstored.add(turn.turn_id)
        return self.answers[turn.turn_id]

    def fill(self, stored: Sequence[StoredTurn]) -> None:
        """Show these turns of the history after those that are shown."""
        for each in stored:
            turn_id = each.turn.turn_id
            self.turns[turn_id], self.answers[turn_id] = each.turn, each.answer
            if each.made_by is not None:
                self.made_by[turn_id] = each.made_by

    def fill_before(self, stored: Sequence[StoredTurn]) -> None:
        """Put these turns of the history before those that are shown."""
        turns, answers, made_by = self.turns, self.answers, self.made_by
        self.turns, self.answers, self.made_by = {}, {}, {}
        self.fill(stored)
        self.turns |= turns
        self.answers |= answers
        self.made_by |= made_by

    def cut_from(self, turn_id: int) -> tuple[StoredTurn, ...]:
        """Take away a turn and all that follow it."""
        ids = list(self.turns)
        return tuple(self._take(each) for each in ids[ids.index(turn_id) :])

    def redo(self, turn: Turn, kind: RedoKind, settings: ChatSettings | None = None) -> None:
        """Let a turn wait in the place of what it was, to be asked once more."""
        before = self.cut_from(turn.turn_id)
        self.redone[turn.turn_id] = Redo(kind, before, settings)
        self.add(turn)
        if kind is RedoKind.GOES_ON:
            self.answers[turn.turn_id] = before[0].answer

    def restore(self, turn_id: int) -> tuple[Turn, ...]:
        """A turn that is not asked once more after all, and what followed it."""
        before = self.redone.pop(turn_id).before
        self.cut_from(turn_id)
        self.fill(before)
        return tuple(each.turn for each in before)

    def remove(self, turn_id: int) -> Turn:
        """A question that is taken back."""
        return self._take(turn_id).turn

    def is_last(self, turn_id: int) -> bool:
        """Whether nothing follows it."""
        return bool(self.turns) and turn_id == next(reversed(self.turns))

    def waiting(self) -> list[Turn]:
        """What is not being answered yet, the oldest first."""
        return [turn for turn in self.turns.values() if turn.state is TurnState.WAITING]

    def unended(self) -> list[Turn]:
        """What is being answered, or waits."""
        states = (TurnState.WAITING, *LIVE_STATES)
        return [turn for turn in self.turns.values() if turn.state in states]

    def earlier(self, turn_id: int) -> list[Turn]:
        """What was said before a turn."""
        turns = list(self.turns.values())
        return turns[: list(self.turns).index(turn_id)]

    def before(self, turn_id: int) -> int | None:
        """The turn above a turn."""
        earlier = self.earlier(turn_id)
        return earlier[-1].turn_id if earlier else None

    def turn_of(self, message_id: int) -> int | None:
        """The turn that a stored message is a part of, if it is shown."""
        return next((each for each, at in self.answers.items() if at.holds(message_id)), None)

    def after(self, turn_id: int | None) -> tuple[Turn, ...]:
        """What follows a turn; None: all."""
        turns = tuple(self.turns.values())
        return turns if turn_id is None else turns[list(self.turns).index(turn_id) + 1 :]

    def reopened(self) -> OpenChat:
        """The same chat, to be read anew: nothing that was said is in it yet."""
        again = OpenChat(self.place, self.record, self.chat_id)
        return replace(again, settings=self.settings)

    def bare(self) -> OpenChat:
        """The same chat without any of its words, to be read anew after a lock; of one that is not
        stored yet what is set in it is known here alone.
        """
        chat = self.reopened()
        return replace(chat, settings=ChatSettings()) if chat.chat_id is not None else chat

    def forget(self) -> None:
        """Hold nothing that is in the history; others may still hold this chat."""
        self.title = self.system = ""
        self.settings = ChatSettings()
        self.turns = {each: self.turns[each] for each in self.turns if each in self.unstored}
        self.answers = {each: self.answers[each] for each in self.turns}
        self.made_by, self.redone = {}, {}

    def _take(self, turn_id: int) -> StoredTurn:
        self.unstored.discard(turn_id)
        self.redone.pop(turn_id, None)
        made_by = self.made_by.pop(turn_id, None)
        return StoredTurn(self.turns.pop(turn_id), self.answers.pop(turn_id), made_by)
