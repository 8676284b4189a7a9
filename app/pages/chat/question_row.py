"""What the user wrote, as rows of the conversation: one, or a piece after another of a long one."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtWidgets import QWidget

from app.pages.chat.question_edit import QuestionEdit
from app.pages.chat.question_view import BubblePart, QuestionView
from app.pages.chat.transcript_desk import TranscriptDesk
from app.pages.chat.transcript_pieces import Piece
from app.pages.chat.turns import Branch, Turn, TurnState
from app.theme.metrics import SIZE, SPACE
from app.theme.type_styles import Type
from app.widgets.markup.block_text import slice_units

_CHAR_EMS = 0.5


@dataclass(frozen=True)
class QuestionRow:
    """A bubble, or a part of a tall one."""

    turn: Turn = field(compare=False)  # of which only what follows is shown here
    number: int
    text: str
    part: BubblePart
    separator: str
    gap_px: int
    branch: Branch
    state: TurnState
    desk: TranscriptDesk = field(compare=False, repr=False)
    insets_px: tuple[int, int] = (SPACE.lg, SPACE.lg)

    @property
    def key(self) -> tuple[int, str, int]:
        """By its number in the question."""
        return self.turn.turn_id, "question", self.number

    def estimate_px(self, width: int) -> int:
        """By the text's lines."""
        inner = min(SIZE.bubble_max, width) - 2 * SPACE.block
        per_line = max(1, int(inner / (Type.READING.value.px * _CHAR_EMS)))
        lines = sum(1 + len(line) // per_line for line in self.text.split("\n"))
        files = len(self.turn.attached) if self.part.is_first else 0
        return lines * Type.READING.line_px + files * (SIZE.attached + SPACE.xs) + 2 * SPACE.sm

    def make_view(self) -> QWidget:
        """A new bubble."""
        return QuestionView(self.desk, self.turn, self.text, self.part)

    def show_in(self, view: QWidget) -> bool:
        """A question doesn't change; what it is one of may."""
        if not isinstance(view, QuestionView) or not view.shows(self.turn, self.text, self.part):
            return False
        view.show_turn(self.turn)
        return True

    def text_between(self, start: int, end: int | None) -> str:
        """What the user wrote, as it is shown."""
        return slice_units(self.text, start, end)


@dataclass(frozen=True)
class EditRow:
    """The question while it is being edited."""

    turn: Turn
    gap_px: int
    desk: TranscriptDesk = field(compare=False, repr=False)
    insets_px: tuple[int, int] = (SPACE.lg, SPACE.lg)
    separator: str = "\n\n"

    @property
    def key(self) -> tuple[int, str, int]:
        """The first place of the question."""
        return self.turn.turn_id, "question", 0

    def estimate_px(self, _width: int) -> int:
        """A few lines and buttons."""
        return 4 * Type.READING.line_px + SIZE.button

    def make_view(self) -> QWidget:
        """A field with the question in it."""
        return QuestionEdit(self.desk, self.turn)

    def show_in(self, view: QWidget) -> bool:
        """What is being typed stays."""
        return isinstance(view, QuestionEdit)

    def text_between(self, _start: int, _end: int | None) -> str:
        """Nothing of the conversation yet."""
        return ""


def question_rows(
    turn: Turn, pieces: tuple[Piece, ...], desk: TranscriptDesk
) -> tuple[QuestionRow, ...]:
    """The rows of a question's pieces; none where nothing was asked."""
    if not turn.is_asked:
        return ()
    texts = [piece.text for piece in pieces] or [""]
    last = len(texts) - 1
    rows = []
    for number, text in enumerate(texts):
        part = BubblePart(is_first=number == 0, is_last=number == last)
        is_paragraph = not pieces or pieces[number].is_paragraph
        separator = "\n\n" if number == 0 else "\n" if is_paragraph else ""
        gap = SPACE.block if number == 0 else 0
        state, branch = turn.state, turn.question_branch
        rows.append(QuestionRow(turn, number, text, part, separator, gap, branch, state, desk))
    return tuple(rows)
