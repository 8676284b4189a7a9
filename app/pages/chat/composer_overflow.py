"""Says above the composer what no longer fits into the context, and asks what shall become of it.

For: the chat page. Whatever is chosen, everything stays in the history; what is left out is only
not read by the model.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.pages.chat.overflow import Overflowing, overflow_sentence
from app.pages.chat.turns import Turn, TurnState
from app.theme.depth import paint_card, shadow_margin
from app.theme.metrics import DEPTH, RADIUS, SIZE, SPACE, STROKE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.button import Button, ButtonKind
from app.widgets.escape import claims_escape
from app.widgets.keep_in_sight import KeepInSight
from app.widgets.label import Label
from app.widgets.one_line import one_line
from app.widgets.scroll_column import ScrollColumn
from app.widgets.tumbler import short_count
from app.widgets.wrap_layout import WrapLayout

_MARGIN = shadow_margin(DEPTH.composer)
_RING_PX = STROKE.ring + STROKE.ring_gap  # around the buttons, within what scrolls
_MOST_ROWS = 4
_FIRST_WORDS = 120  # characters; the line elides what is left


class _Scrolled(ScrollColumn):
    """As high as what is in it, and scrolled where that is too much; `least_px` stay."""

    def __init__(self, least_px: int) -> None:
        super().__init__()
        self._least_px = least_px
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        content = QWidget()
        self.column = QVBoxLayout(content)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(SPACE.sm)
        self.setWidget(content)
        content.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Other words have another height."""
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """Words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """All of it."""
        return self.column.totalHeightForWidth(width)

    def sizeHint(self) -> QSize:  # noqa: N802
        """All of it."""
        return QSize(SIZE.column, self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """A part of it."""
        return QSize(0, min(self.heightForWidth(self.width()), self._least_px))


class OverflowPanel(QWidget):
    """Shown while the question waits for a choice. Its buttons hold to the keyboard's order."""

    leave_out_chosen = Signal(int)  # a turn's id
    new_chat_chosen = Signal()
    dismissed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._turn_id = 0
        self._turns: tuple[Turn, ...] = ()
        self.title = Label(theme, "", Type.CARD_TITLE)
        self.words = Label(theme, "", Type.SMALL, Ink.TEXT2, wrap=True)
        self.rows: list[Label] = []
        self.stop = Button(theme, self.tr("Stop"), ButtonKind.QUIET)
        self.new_chat = Button(theme, self.tr("New chat"))
        self.leave_out = Button(theme, self.tr("Leave them out"), ButtonKind.PRIMARY)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._words = _Scrolled(2 * Type.CARD_TITLE.line_px)
        self._lay_out()
        self.stop.clicked.connect(self._on_stop)
        self.new_chat.clicked.connect(self._on_new_chat)
        self.leave_out.clicked.connect(self._on_leave_out)
        theme.changed.connect(self.update)
        self.hide()

    @property
    def first_button(self) -> Button:
        """The safe choice, which gets the keyboard."""
        return self.new_chat if self.leave_out.isHidden() else self.leave_out

    def ask(self, found: Overflowing) -> None:
        """Say what does not fit, and wait."""
        self._turn_id = found.turn_id
        can_leave_out = bool(found.overflow.turns)
        self.title.setText(
            self.tr("These no longer fit") if can_leave_out else self.tr("This message is too long")
        )
        self.words.setText(overflow_sentence(found.overflow))
        self._turns = found.turns
        self._show_turns(())
        self.leave_out.setVisible(can_leave_out)
        self.new_chat.set_kind(ButtonKind.SECONDARY if can_leave_out else ButtonKind.PRIMARY)
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def show_tokens(self, turn_id: int, tokens: Sequence[int]) -> None:
        """Say what each turn that does not fit takes, once that was counted."""
        if turn_id == self._turn_id and len(tokens) == len(self._turns):
            self._show_turns(tokens)

    def put_away(self) -> None:
        """Another chat is shown: nothing of this one's words is left here."""
        self.hide()
        self._turns = ()
        self.words.setText("")
        self._show_turns(())

    def follow(self, turn: Turn) -> None:
        """The question is being asked once more: there is nothing to choose."""
        if turn.turn_id == self._turn_id and turn.state is TurnState.WAITING:
            self.hide()

    def event(self, event: QEvent) -> bool:
        """Esc is meant for this while the keyboard is in it."""
        return claims_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Esc stops; Left and Right go from button to button, as in a dialog; Up and Down scroll
        words that find too little room.
        """
        if event.key() == Qt.Key.Key_Escape:
            self._on_stop()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            down = 1 if event.key() == Qt.Key.Key_Down else -1
            bar = self._words.verticalScrollBar()
            bar.setValue(bar.value() + down * Type.SMALL.line_px)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Right)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the card and its shadow."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = QRectF(self.rect()).adjusted(_MARGIN, SPACE.sm, -_MARGIN, -SPACE.sm)
        paint_card(painter, card, RADIUS.composer, DEPTH.composer, self._theme.tokens)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        inside, above = _MARGIN + SPACE.lg - _RING_PX, SPACE.sm + SPACE.md - _RING_PX
        column.setContentsMargins(inside, above, inside, above)
        column.setSpacing(SPACE.sm)
        self._words.column.addWidget(self.title)
        self._words.column.addWidget(self.words)
        self._words.column.addLayout(self._list)
        everything = _Scrolled(SIZE.button)
        everything.column.setContentsMargins(_RING_PX, _RING_PX, _RING_PX, _RING_PX)
        everything.column.addWidget(self._words)
        everything.column.addLayout(WrapLayout((self.stop,), (self.new_chat, self.leave_out)))
        KeepInSight(everything)
        column.addWidget(everything)

    def _show_turns(self, tokens: Sequence[int]) -> None:
        lines = self._lines(tokens)
        if len(lines) != len(self.rows):
            self._make_rows(len(lines))
        for row, line in zip(self.rows, lines, strict=True):
            row.setText(line)
        words = f"{self.title.text()}. {self.words.text()} {', '.join(lines)}"
        self.setAccessibleName(words.strip())

    def _lines(self, tokens: Sequence[int]) -> list[str]:
        turns = self._turns
        shown = len(turns) if len(turns) <= _MOST_ROWS else _MOST_ROWS - 1
        lines = [self._line(turn, tokens[at : at + 1]) for at, turn in enumerate(turns[:shown])]
        if shown < len(turns):
            form = self.tr("and {count} more, up to {last}")
            last = self._line(turns[-1], [sum(tokens[shown:])] if tokens else [])
            lines.append(form.format(count=len(turns) - shown, last=last))
        return lines

    def _line(self, turn: Turn, tokens: Sequence[int]) -> str:
        words = self.tr("“{words}”").format(words=_first_words(turn))
        if not tokens:
            return words
        form = self.tr("{words} · {count} tokens")
        return form.format(words=words, count=short_count(tokens[0]))

    def _make_rows(self, count: int) -> None:
        for row in self.rows:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [Label(self._theme, "", Type.SMALL, grow=True) for _ in range(count)]
        for row in self.rows:
            self._list.addWidget(row)

    def _close(self) -> None:
        self.hide()
        self.dismissed.emit()

    def _on_stop(self) -> None:
        self._close()

    def _on_new_chat(self) -> None:
        self._close()
        self.new_chat_chosen.emit()

    def _on_leave_out(self) -> None:
        self._close()
        self.leave_out_chosen.emit(self._turn_id)


def _first_words(turn: Turn) -> str:
    """How a question begins, on one line."""
    words = turn.question or ", ".join(each.name for each in turn.attached)
    return one_line(" ".join(words[: 4 * _FIRST_WORDS].split())[:_FIRST_WORDS])
