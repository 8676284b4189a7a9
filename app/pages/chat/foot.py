"""Under an answer: what is going on, and what can be done with it. One height for all.

Shown under the last answer, and under others while the mouse or the keyboard is in their turn;
the place is kept, so that nothing moves.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from app.pages.chat.foot_branch import BranchWalk
from app.pages.chat.foot_menu import foot_menu
from app.pages.chat.foot_words import cost_words, prefill_words, state_words
from app.pages.chat.transcript_desk import TranscriptDesk
from app.pages.chat.turns import LIVE_STATES, Turn, TurnState
from app.theme.icons import Icon
from app.theme.metrics import MOTION, SIZE, SPACE
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.button import IconButton
from app.widgets.label import Label
from app.widgets.pebbles import Pebbles


class AnswerFoot(QWidget):
    """Copy, regenerate, more, versions; then model, speed, and how it was made."""

    def __init__(self, desk: TranscriptDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._turn = Turn(0, "")
        self._elapsed_s = 0
        self._is_last = False
        self._live_words = ""
        self._make_parts()
        self._lay_out()
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.timeout.connect(self._on_copied_over)
        self._seconds = QTimer(self)
        self._seconds.timeout.connect(self._on_second)
        self._connect()

    def show_turn(self, turn: Turn, *, is_last: bool) -> None:
        """Show how far the answer is."""
        self._turn, self._is_last = turn, is_last
        is_live = self._is_live()
        # While it thinks, the thoughts' own head says so.
        self.pebbles.setVisible(is_live and turn.state is not TurnState.THINKING)
        if turn.state in LIVE_STATES and not self._seconds.isActive():
            self._elapsed_s = 0
            self._seconds.start(MOTION.second_ms)
        if not is_live:
            self._seconds.stop()
        self._live_words = state_words(turn)
        self.words.set_ink(Ink.BAD if turn.state is TurnState.FAILED else Ink.TEXT2)
        self._show_words()
        self.model.setText("" if is_live else turn.model_name)  # the header has it meanwhile
        self.speed.setText(cost_words(turn))
        self.branch.show_branch(turn.answer_branch, is_enabled=not is_live)
        self._show_buttons()
        self.reveal()

    def show_prefill(self, done_tokens: int, total_tokens: int) -> None:
        """Say how much of the prompt was read."""
        self._live_words = prefill_words(done_tokens, total_tokens)
        self._show_words()

    def reveal(self) -> None:
        """Draw its parts if this is the last answer, or the turn is under the hand."""
        is_shown = self._is_last or self._turn.turn_id in self._desk.revealed
        for button in (self.copy, self.regenerate, self.more, self.details):
            button.reveal(is_shown)
        self.branch.reveal(is_revealed=is_shown)
        self._show_figures()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Other figures may find room."""
        super().resizeEvent(event)
        self._show_figures()

    def menu(self) -> QMenu:
        """What else can be done."""
        made = foot_menu(self._desk, self._turn, self, is_last=self._is_last)
        made.setAccessibleName(self.more.accessibleName())
        return made

    # ------------------------------------------------------------------ parts

    def _make_parts(self) -> None:
        theme = self._desk.theme
        self.copy = self._button(Icon.COPY, self.tr("Copy answer"))
        self.regenerate = self._button(Icon.REGENERATE, self.tr("Answer again"))
        self.more = self._button(Icon.MORE, self.tr("More for this answer"))
        self.branch = BranchWalk(theme)
        self.branch.words.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.pebbles = Pebbles(theme)
        self.words = Label(theme, "", Type.CAPTION, Ink.TEXT2)
        self.model = Label(theme, "", Type.CAPTION, Ink.TEXT3)
        self.speed = Label(theme, "", Type.CAPTION, Ink.TEXT3)
        self.details = self._button(Icon.INFO, self.tr("How this answer was made"))
        kept = self.details.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # the words before it stand where they will
        self.details.setSizePolicy(kept)

    def _button(self, icon: Icon, name: str) -> IconButton:
        return IconButton(self._desk.theme, icon, name, icon_size=SIZE.icon_sm)

    def _lay_out(self) -> None:
        self.setFixedHeight(SIZE.answer_foot)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for part in (self.copy, self.regenerate, self.more, self.branch):
            row.addWidget(part)
        row.addSpacing(SPACE.sm)
        row.addWidget(self.pebbles)
        row.addSpacing(SPACE.xs)
        row.addWidget(self.words)
        row.addStretch(1)
        row.addWidget(self.model)
        row.addSpacing(SPACE.md)
        row.addWidget(self.speed)
        row.addWidget(self.details)

    def _connect(self) -> None:
        desk = self._desk
        self.copy.clicked.connect(self._on_copy)
        self.regenerate.clicked.connect(lambda: desk.regenerate_requested.emit(self._id()))
        self.details.clicked.connect(lambda: desk.details_requested.emit(self._id()))
        self.branch.stepped.connect(
            lambda step: desk.branch_requested.emit(self._id(), "answer", step)
        )
        self.more.clicked.connect(self._on_more)

    # ------------------------------------------------------------------ the steps

    def _id(self) -> int:
        return self._turn.turn_id

    def _is_live(self) -> bool:
        return self._turn.state in (*LIVE_STATES, TurnState.WAITING)

    def _show_buttons(self) -> None:
        is_over = not self._is_live()
        self.copy.setVisible(is_over and bool(self._turn.answer))
        self.regenerate.setVisible(is_over and self._turn.is_asked)
        self.more.setVisible(is_over or self._turn.state is TurnState.WAITING)
        self.details.setVisible(is_over and bool(self._turn.answer))

    def _show_words(self) -> None:
        words = self._live_words
        if self._seconds.isActive() and self._elapsed_s and words:
            form = self.tr("{what}   {seconds} s")
            words = form.format(what=words, seconds=self._elapsed_s)
        self.words.setText(words)
        self._show_figures()

    def _show_figures(self) -> None:
        """Those that find room whole; the details have them all."""
        is_shown = self._is_last or self._turn.turn_id in self._desk.revealed
        figures = (self.speed, self.model)
        shown = sum(figure.sizeHint().width() for figure in figures if not figure.isHidden())
        taken = self._row.sizeHint().width() - shown
        free = self.width() - taken
        for figure in figures:
            needed = figure.sizeHint().width()
            figure.setVisible(is_shown and needed <= free)
            free -= needed

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._turn.answer)
        self.copy.set_icon(Icon.CHECK, Ink.TEXT)
        self.copy.rename(self.tr("Copied"))
        self._copied.start(MOTION.copied_shown_ms)

    def _on_copied_over(self) -> None:
        self.copy.set_icon(Icon.COPY, Ink.TEXT2)
        self.copy.rename(self.tr("Copy answer"))

    def _on_more(self) -> None:
        menu = self.menu()
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _on_second(self) -> None:
        self._elapsed_s += 1
        self._show_words()


@dataclass(frozen=True)
class FootRow:
    """The foot as a row of the conversation."""

    turn: Turn
    is_last: bool
    desk: TranscriptDesk = field(compare=False, repr=False)
    gap_px: int = SPACE.xs
    separator: str = ""

    @property
    def insets_px(self) -> tuple[int, int]:
        """Icons, not the buttons around them, stand under the text's edges, at any text size."""
        edge = max(0, SPACE.lg - (SIZE.button - SIZE.icon_sm) // 2)
        return edge, edge

    @property
    def key(self) -> tuple[int, str]:
        """One a turn."""
        return self.turn.turn_id, "foot"

    def estimate_px(self, _width: int) -> int:
        """All have one height."""
        return SIZE.answer_foot

    def make_view(self) -> QWidget:
        """A new foot."""
        foot = AnswerFoot(self.desk)
        self.show_in(foot)
        return foot

    def show_in(self, view: QWidget) -> bool:
        """Show the turn's state in the foot there is."""
        if not isinstance(view, AnswerFoot):
            return False
        view.show_turn(self.turn, is_last=self.is_last)
        return True

    def text_between(self, _start: int, _end: int | None) -> str:
        """Nothing of it is the conversation's."""
        return ""
