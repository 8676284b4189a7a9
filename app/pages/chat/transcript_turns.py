"""The turns of a conversation in their order, and at which of the list's rows each begins.

For `Transcript`, which shows them. Earlier turns may wait above, not shown yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from app.pages.chat.transcript_desk import TranscriptDesk
from app.pages.chat.transcript_turn import TurnRows
from app.pages.chat.turns import Turn

_SLICE_TURNS = 500


class ShownTurns:
    """Turns by their ids, the oldest first."""

    def __init__(self, desk: TranscriptDesk) -> None:
        self._desk = desk
        self._made: dict[int, TurnRows] = {}
        self._above: list[Turn] = []

    @property
    def ids(self) -> tuple[int, ...]:
        """Of those that are shown."""
        return tuple(self._made)

    @property
    def last(self) -> TurnRows | None:
        """The newest, if there is one."""
        return next(reversed(self._made.values()), None)

    @property
    def last_answer(self) -> str:
        """The newest that is not empty."""
        made = reversed(self._made.values())
        return next((each.turn.answer for each in made if each.turn.answer), "")

    def __iter__(self) -> Iterator[TurnRows]:
        """All that are shown."""
        return iter(self._made.values())

    def __getitem__(self, turn_id: int) -> TurnRows:
        """One that is shown."""
        return self._made[turn_id]

    def get(self, turn_id: int) -> TurnRows | None:
        """One, if it is shown."""
        return self._made.get(turn_id)

    def first_row(self, turn_id: int, row_count: int) -> int:
        """The index of a turn's first row among so many, or their end if it is not shown."""
        last = self.last
        if last is not None and turn_id == last.turn.turn_id:
            return row_count - last.count  # at once: it is asked for at each word that comes
        index = 0
        for each, made in self._made.items():
            if each == turn_id:
                break
            index += made.count
        return index

    # ------------------------------------------------------------------ what changes them

    def put(self, turns: Iterable[Turn]) -> None:
        """These, and no others."""
        self._made = self._rows_of(turns)
        self._above = []

    def append(self, turn: Turn, *, is_open: bool) -> TurnRows:
        """One at the end, its thoughts open or not."""
        made = self._made[turn.turn_id] = TurnRows(turn, self._desk)
        made.is_open = is_open
        return made

    def pop(self, turn_id: int) -> TurnRows:
        """One no longer."""
        return self._made.pop(turn_id)

    def cut_from(self, turn_id: int) -> tuple[TurnRows, ...]:
        """Neither one nor all that followed it; these."""
        if turn_id not in self._made:
            return ()
        ids = self.ids
        return tuple(self._made.pop(each) for each in ids[ids.index(turn_id) :])

    # ------------------------------------------------------------------ earlier ones

    def keep_above(self, turns: Sequence[Turn]) -> None:
        """These come before all that are shown, later."""
        self._above = list(turns)

    def is_above(self, turn_id: int) -> bool:
        """Whether it is one of those that are not shown yet."""
        return any(turn.turn_id == turn_id for turn in self._above)

    def take_above(self) -> Sequence[Turn]:
        """As many of them as a frame has time for are shown from now on; these."""
        piece, self._above = self._above[-_SLICE_TURNS:], self._above[:-_SLICE_TURNS]
        self._made = self._rows_of(piece) | self._made
        return piece

    def _rows_of(self, turns: Iterable[Turn]) -> dict[int, TurnRows]:
        return {turn.turn_id: TurnRows(turn, self._desk) for turn in turns}
