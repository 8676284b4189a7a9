"""The chat that a window shows: where it lives, and its turns with their places in the store.

For: the controller, which owns one. Free of Qt and of disks: the record and the answers are
handed on to the history's thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.bridge.history_worker import Place
from app.chats.chat_record import AnswerRecord, ChatRecord
from app.pages.chat.stored_turns import StoredTurn
from app.pages.chat.turns import LIVE_STATES, Turn, TurnState
from inference.request import OverflowChoice


@dataclass(eq=False)
class OpenChat:
    """One chat on the screen. `chat_id` is known once its first question is stored.

    `unstored` are turns whose question is on its way to the disk; `before` are those that are
    asked again, as they were.
    """

    place: Place
    record: ChatRecord = field(default_factory=ChatRecord)
    chat_id: int | None = None
    title: str = ""
    system: str = ""
    turns: dict[int, Turn] = field(default_factory=dict)
    answers: dict[int, AnswerRecord] = field(default_factory=dict)
    unstored: set[int] = field(default_factory=set)
    before: dict[int, StoredTurn] = field(default_factory=dict)
    on_overflow: OverflowChoice = OverflowChoice.STOP

    @property
    def is_temporary(self) -> bool:
        """Whether nothing of it reaches a disk."""
        return self.place is Place.TEMPORARY

    @property
    def is_new(self) -> bool:
        """Whether nothing was asked in it."""
        return not self.turns and self.chat_id is None

    def add(self, turn: Turn) -> AnswerRecord:
        """A question that is to be stored and answered."""
        self.turns[turn.turn_id] = turn
        self.answers[turn.turn_id] = AnswerRecord()
        self.unstored.add(turn.turn_id)
        return self.answers[turn.turn_id]

    def fill(self, stored: Sequence[StoredTurn]) -> None:
        """Take the turns that the history had."""
        self.turns = {each.turn.turn_id: each.turn for each in stored}
        self.answers = {each.turn.turn_id: each.answer for each in stored}

    def ask_again(self, turn_id: int) -> AnswerRecord:
        """Empty a turn, to be answered once more."""
        turn = self.turns[turn_id]
        self.before[turn_id] = StoredTurn(turn, self.answers[turn_id])
        return self.add(turn.again())

    def restore(self, turn_id: int) -> Turn:
        """A turn that is not asked again after all."""
        before = self.before.pop(turn_id)
        self.turns[turn_id], self.answers[turn_id] = before.turn, before.answer
        self.unstored.discard(turn_id)
        return before.turn

    def remove(self, turn_id: int) -> Turn:
        """A question that is taken back."""
        self.unstored.discard(turn_id)
        del self.answers[turn_id]
        return self.turns.pop(turn_id)

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
        return [turn for turn in self.turns.values() if turn.turn_id < turn_id]
