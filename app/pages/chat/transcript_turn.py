"""One turn of a conversation as rows: a placeholder until it comes near, then all its parts.

For `Transcript`. Reading an answer's Markdown takes time, so that it is done when the reader gets
there, and for a growing answer only at its end; where that is still too much, `AnswerReader` reads
it elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from app.markup.blocks import Block
from app.markup.growing import GrowingText
from app.markup.reading import read
from app.pages.chat.answer_rows import BlockRow, block_rows, blocks_alike
from app.pages.chat.foot import FootRow
from app.pages.chat.question_row import EditRow, QuestionRow, question_rows
from app.pages.chat.reasoning_rows import ReasoningRow, reasoning_rows
from app.pages.chat.transcript_desk import TranscriptDesk
from app.pages.chat.transcript_pieces import ShownPieces
from app.pages.chat.turns import LIVE_STATES, Turn
from app.theme.metrics import SIZE, SPACE
from app.theme.type_styles import Type
from app.widgets.rows import Row

_CHAR_PX = 7.5  # of reading text, on the whole
AT_ONCE_CHARACTERS = 8_000  # what is read while the window waits
_FIRST_CHARACTERS = 1_500  # of much that comes at once so much is shown while the rest is read
_AT_ONCE_LINES = 300
_AT_ONCE_DOLLARS = 200


@dataclass(frozen=True)
class UnreadRow:
    """A turn that is not near: its text is known, its rows are not."""

    turn: Turn
    gap_px: int = SPACE.block
    insets_px: tuple[int, int] = (SPACE.lg, SPACE.lg)
    separator: str = "\n\n"

    @property
    def key(self) -> tuple[int, str]:
        """One a turn."""
        return self.turn.turn_id, "unread"

    def estimate_px(self, width: int) -> int:
        """By the text's length and lines."""
        per_line = max(1.0, width / _CHAR_PX)
        answer, question = self.turn.answer, self.turn.question
        lines = answer.count("\n") + question.count("\n") + 2
        lines += int((len(answer) + len(question)) / per_line)
        head = SIZE.reasoning_head if self.turn.reasoning else 0
        return lines * Type.READING.line_px + head + SIZE.answer_foot + 2 * SPACE.block

    def make_view(self) -> QWidget:
        """An empty place, seen for a moment at most."""
        return QWidget()

    def show_in(self, _view: QWidget) -> bool:
        """Empty as before."""
        return True

    def text_between(self, start: int, end: int | None) -> str:
        """Question and answer as they were written; a part only where the rows are known."""
        if start or end is not None:
            return ""
        return "\n\n".join(text for text in (self.turn.question, self.turn.answer) if text)


@dataclass(frozen=True)
class ReadAnswer:
    """What a long answer is made of."""

    blocks: tuple[Block, ...]
    rows: tuple[BlockRow, ...]


class TurnRows:
    """A turn, what was read of it, and the rows that this makes."""

    def __init__(self, turn: Turn, desk: TranscriptDesk) -> None:
        self.turn = turn
        self.count = 1  # its rows in the list
        self.is_read = self.is_whole = not turn.answer  # whole: all of its answer is read
        self.is_open = False  # the thoughts
        self.is_editing = False
        self._desk = desk
        self._blocks: tuple[Block, ...] = ()
        self._block_rows: tuple[BlockRow, ...] = ()
        self._thoughts: ShownPieces | None = None  # most turns have none, or stay folded
        self._asked = ShownPieces()
        self._question_turn = turn
        self._question_rows: tuple[QuestionRow, ...] = ()
        self._growing: GrowingText | None = None
        self._grows_elsewhere = False  # because it is too much for here

    @property
    def grows_elsewhere(self) -> bool:
        """Whether it grows, and is too much to be read here."""
        return self.is_live and self._grows_elsewhere

    @property
    def is_live(self) -> bool:
        """Whether its answer grows."""
        return self.turn.state in LIVE_STATES

    @property
    def is_behind(self) -> bool:
        """Whether more of its question or thoughts came than is shown yet: a step later more is."""
        has_more_thoughts = self._thoughts is not None and self._thoughts.is_behind
        return self._asked.is_behind or (has_more_thoughts and self.is_open)

    @property
    def read_characters(self) -> int:
        """About how much of its answer is shown, where it grows."""
        return self._growing.read_characters if self._growing is not None else 0

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What was read of its answer."""
        return self._blocks

    @property
    def is_long(self) -> bool:
        """Whether reading it takes longer than the window may wait."""
        answer = self.turn.answer
        return (
            len(answer) > AT_ONCE_CHARACTERS
            or answer.count("\n") > _AT_ONCE_LINES
            or answer.count("$") > _AT_ONCE_DOLLARS
        )

    @property
    def text(self) -> str:
        """Its answer as a reader copies it; as it was written where it wasn't all read."""
        if not self.is_whole:
            return self.turn.answer
        texts = [(row.separator, row.text_between(0, None)) for row in self._block_rows]
        return "".join(text for pair in texts for text in pair).removeprefix("\n\n")

    def change(self, turn: Turn) -> bool:
        """It is so now; True where its answer must be read anew elsewhere, as it is long."""
        before, self.turn = self.turn, turn
        if self.is_live:
            self._grow()
        elif self._growing is not None or turn.answer != before.answer:
            self._growing = None
            self._grows_elsewhere = False
            if self.is_long:
                self.is_whole = False
                return True
            self.read()
        return False

    def _grow(self) -> None:
        """Read on, as far as the window may wait for it."""
        answer = self.turn.answer
        if self._growing is None:
            self._growing = GrowingText()
        self._grows_elsewhere |= self._growing.is_heavy(answer)
        if not self._grows_elsewhere:
            self._growing.show(answer)
            self.take(self._growing.blocks)
            return
        if not self._blocks:
            self._growing.show(answer[:_FIRST_CHARACTERS])
            self.take(self._growing.blocks)
        self.is_whole = False

    def take_grown(self, blocks: tuple[Block, ...], *, is_whole: bool) -> None:
        """What was read elsewhere of the answer that grows."""
        self.take(blocks)
        self.is_whole = is_whole

    def read(self) -> None:
        """Read its answer at once."""
        self.take(read(self.turn.answer) if self.turn.answer else ())

    def rows_of(self, column_px: int) -> Callable[[Sequence[Block]], ReadAnswer]:
        """What makes rows for a column of the blocks of its answer as it is now: in any thread."""
        turn, blocks, rows = self.turn, self._blocks, self._block_rows
        tools, gap_px = self._desk.tools, self._first_gap_px()

        def work(new: Sequence[Block]) -> ReadAnswer:
            found = blocks_alike(blocks, new)
            made = block_rows(turn.turn_id, found, rows, tools, gap_px)
            for row in made:
                row.estimate_px(column_px - sum(row.insets_px))
            return ReadAnswer(found, made)

        return work

    def take(self, blocks: tuple[Block, ...], rows: tuple[BlockRow, ...] | None = None) -> None:
        """What its answer is made of, and the rows where they are made already."""
        self._blocks = blocks
        self._block_rows = self._block_rows if rows is None else rows
        self.is_read = self.is_whole = True

    def lay_out(self, *, is_last: bool) -> tuple[Row, ...]:
        """Its rows as they are now, which are counted as those in the list."""
        rows = self._rows(is_last=is_last)
        self.count = len(rows)
        return rows

    def _rows(self, *, is_last: bool) -> tuple[Row, ...]:
        turn, desk = self.turn, self._desk
        if not self.is_read:
            return (UnreadRow(turn),)
        if turn.reasoning and self._thoughts is None:
            self._thoughts = ShownPieces()
        thoughts: list[ReasoningRow] = []
        if self._thoughts is not None:
            thoughts = reasoning_rows(turn, self._thoughts, desk, is_open=self.is_open)
        self._block_rows = block_rows(
            turn.turn_id, self._blocks, self._block_rows, desk.tools, self._first_gap_px()
        )
        questions: tuple[Row, ...] = self._questions()
        if self.is_editing:
            questions = (EditRow(turn, SPACE.block, desk),)
        return (*questions, *thoughts, *self._block_rows, FootRow(turn, is_last, desk))

    def _first_gap_px(self) -> int:
        """Below thoughts the answer stands closer."""
        return SPACE.md if self.turn.reasoning else SPACE.block

    def _questions(self) -> tuple[QuestionRow, ...]:
        """Those of before, unless something of them changed: a long one is not cut at each word."""
        turn, old = self.turn, self._question_turn
        is_same = (
            turn.question is old.question
            and turn.attached is old.attached
            and (turn.state, turn.question_branch) == (old.state, old.question_branch)
        )
        if not is_same or not self._question_rows or self._asked.is_behind:
            self._question_turn = turn
            self._question_rows = question_rows(turn, self._asked.show(turn.question), self._desk)
        return self._question_rows
