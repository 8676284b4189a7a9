"""The thoughts before an answer as rows of the conversation: a head, and what is open below it."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtWidgets import QWidget

from app.markup.visible import visible
from app.pages.chat.reasoning_block import (
    TEXT_INSET,
    GrowingThoughts,
    ReasoningBar,
    ThoughtText,
)
from app.pages.chat.transcript_desk import TranscriptDesk
from app.pages.chat.transcript_pieces import ShownPieces
from app.pages.chat.turns import Turn, TurnState
from app.theme.metrics import SIZE, SPACE
from app.theme.type_styles import Type
from app.widgets.markup.block_text import slice_units

_TAIL_CHARACTERS = 2000
_CHAR_EMS = 0.5
_INSETS = (SPACE.lg, SPACE.lg)


@dataclass(frozen=True)
class HeadRow:
    """Says how long it thought, and opens the thoughts."""

    turn: Turn = field(compare=False)  # of which only what follows is shown here
    state: TurnState
    tokens: int
    took_s: float | None
    is_open: bool
    desk: TranscriptDesk = field(compare=False, repr=False)
    gap_px: int = SPACE.block
    insets_px: tuple[int, int] = _INSETS
    separator: str = ""

    @property
    def key(self) -> tuple[int, str]:
        """One a turn."""
        return self.turn.turn_id, "thoughts"

    def estimate_px(self, _width: int) -> int:
        """All have one height."""
        return SIZE.reasoning_head

    def make_view(self) -> QWidget:
        """A new head."""
        bar = ReasoningBar(self.desk.theme)
        turn_id = self.turn.turn_id
        bar.toggled.connect(lambda: self.desk.thoughts_toggled.emit(turn_id))
        bar.answer_now_requested.connect(self.desk.answer_now_requested)
        self.show_in(bar)
        return bar

    def show_in(self, view: QWidget) -> bool:
        """Show the turn's state."""
        if not isinstance(view, ReasoningBar):
            return False
        view.show_turn(self.turn, is_open=self.is_open)
        return True

    def text_between(self, _start: int, _end: int | None) -> str:
        """Nothing of it is the conversation's."""
        return ""


@dataclass(frozen=True)
class GrowingRow:
    """The last lines while it thinks."""

    turn_id: int
    tail: str
    desk: TranscriptDesk = field(compare=False, repr=False)
    gap_px: int = SPACE.xs
    insets_px: tuple[int, int] = _INSETS
    separator: str = ""

    @property
    def key(self) -> tuple[int, str]:
        """One a turn."""
        return self.turn_id, "thinking"

    def estimate_px(self, _width: int) -> int:
        """Three lines, always."""
        return SIZE.reasoning_lines * Type.SMALL.line_px

    def make_view(self) -> QWidget:
        """New lines."""
        view = GrowingThoughts(self.desk.theme)
        view.clicked.connect(lambda: self.desk.thoughts_toggled.emit(self.turn_id))
        self.show_in(view)
        return view

    def show_in(self, view: QWidget) -> bool:
        """Move on to the end as it is now."""
        if not isinstance(view, GrowingThoughts):
            return False
        view.lines.show_end_of(self.tail)
        return True

    def text_between(self, _start: int, _end: int | None) -> str:
        """It moves too fast to be selected."""
        return ""


@dataclass(frozen=True)
class ThoughtRow:
    """A piece of open thoughts."""

    turn_id: int
    number: int
    text: str
    is_live: bool
    separator: str
    desk: TranscriptDesk = field(compare=False, repr=False)
    insets_px: tuple[int, int] = _INSETS

    @property
    def gap_px(self) -> int:
        """Pieces stand close: they are one text."""
        return 0 if self.number else SPACE.xs

    @property
    def key(self) -> tuple[int, str, int]:
        """By its number in the thoughts."""
        return self.turn_id, "thought", self.number

    def estimate_px(self, width: int) -> int:
        """By the text's lines."""
        per_line = max(1, int((width - TEXT_INSET) / (Type.SMALL.value.px * _CHAR_EMS)))
        lines = sum(1 + len(line) // per_line for line in self.text.split("\n"))
        return lines * Type.SMALL.line_px

    def make_view(self) -> QWidget:
        """New text beside its rule."""
        view = ThoughtText(self.desk.theme)
        self.show_in(view)
        return view

    def show_in(self, view: QWidget) -> bool:
        """Show the text as it is now; what is selected stays so."""
        if not isinstance(view, ThoughtText):
            return False
        view.text.show_plain(self.text)
        view.set_live(is_live=self.is_live)
        return True

    def text_between(self, start: int, end: int | None) -> str:
        """The thoughts, as they are shown."""
        return slice_units(self.text, start, end)


ReasoningRow = HeadRow | GrowingRow | ThoughtRow


def reasoning_rows(
    turn: Turn, pieces: ShownPieces, desk: TranscriptDesk, *, is_open: bool
) -> list[ReasoningRow]:
    """The rows of a turn's thoughts; none where there are none."""
    if not turn.reasoning:
        return []
    is_live = turn.state is TurnState.THINKING
    rows: list[ReasoningRow] = [
        HeadRow(turn, turn.state, turn.reasoning_tokens, turn.thinking_s, is_open, desk)
    ]
    if is_open:
        for number, piece in enumerate(pieces.show(turn.reasoning)):
            separator = "\n\n" if number == 0 else "\n" if piece.is_paragraph else ""
            rows.append(ThoughtRow(turn.turn_id, number, piece.text, is_live, separator, desk))
    elif is_live:
        rows.append(GrowingRow(turn.turn_id, visible(turn.reasoning[-_TAIL_CHARACTERS:]), desk))
    return rows
