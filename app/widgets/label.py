"""A label of plain text in a type style: exact line height, wrapped or elided.

Never interprets markup, whoever wrote the text, shows what can't be seen in it, and of a text
without end the beginning. Qt's QLabel has no line height, so this one lays its lines out itself
and stays a QLabel for assistive technology.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QObject, QPointF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type, font_of
from app.widgets.cut_words import MOST_TIP_CHARS, is_cut, plain_tip, tells_cut
from app.widgets.one_line import in_short, spaced_in_short

_UNBOUNDED = 1 << 20
# More is neither read in a label nor measured and drawn within a frame.
_MOST_CHARS = 4_000
# A layout of 4,000 signs takes 8 ms and more, and a page asks for ten widths that it then does not
# give. Above this the height at such a width is reckoned; the words of an error have fewer signs.
_LONG_CHARS = 700
# The beginning of a long text tells how wide the rest is; of one that begins with less all is
# measured, 8 ms for 4,000 brackets.
_MUCH_PX = 2_000
# Wrapped, the last sign needs the room for what of it stands out: else it begins another line.
_OVERHANG_PX = 2


@dataclass
class _Made:
    """What was found of a label's own text in its font: a column asks dozens of times before it
    is shown, and each drawing again.
    """

    natural_px: int | None = None
    line_counts: dict[int, int] = field(default_factory=dict)  # by the width
    reckoned_counts: dict[int, int] = field(default_factory=dict)  # told for widths it did not have
    layout: QTextLayout | None = None
    width: int = 0  # of the layout


class Label(QLabel):
    """Plain text in one style and ink.

    It wraps, or is one line that elides and says itself whole in a tooltip; a line that grows
    takes the room that it is given.
    """

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        style: Type = Type.INTERFACE,
        ink: Ink = Ink.TEXT,
        *,
        wrap: bool = False,
        grow: bool = False,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._style = style
        self._ink = ink
        self._wrap = wrap
        self._align = align
        self._made = _Made()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font_of(style))
        # Qt keeps in the policy whether the height follows the width, which layouts ask thousands
        # of times: no call into Python answers it.
        self.setWordWrap(wrap)
        policy = self.sizePolicy()
        policy.setHorizontalPolicy(_horizontal_policy(wrap=wrap, grow=grow))
        self.setSizePolicy(policy)
        self.setText(text)
        if not wrap:
            self.installEventFilter(self)
        theme.changed.connect(self.update)

    def setText(self, text: str) -> None:  # noqa: N802
        """Show a text; nothing in it is hidden."""
        self._made = _Made()
        super().setText((in_short if self._wrap else spaced_in_short)(text, _MOST_CHARS))

    def set_ink(self, ink: Ink) -> None:
        """Change the colour's role."""
        self._ink = ink
        self.update()

    def ink(self) -> Ink:
        """The colour's role."""
        return self._ink

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """What is cut of one line is said whole under the mouse. Wrapped words never are, and call
        no Python for each of their many events.
        """
        return tells_cut(event, self, self._cut_words)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Another font has other lines."""
        if event.type() == QEvent.Type.FontChange:
            self._made = _Made()
        super().changeEvent(event)

    def is_cut(self) -> bool:
        """Whether a part of its one line is not shown."""
        return not self._wrap and is_cut(self, self.text(), self.width())

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """The height of the wrapped lines; of a long text at another width than its own at least
        as much. It asks again once it has that width.
        """
        if not self._wrap or self._is_counted(width):
            return self.height_at(width)
        counts = self._made.reckoned_counts
        if width not in counts:
            counts[width] = self._reckoned_count(width)
        return counts[width] * self._style.line_px

    def height_at(self, width: int) -> int:
        """The height of the lines at a width that is given to it by hand."""
        if not self._wrap:
            return self._style.line_px
        return max(1, self._line_count(width)) * self._style.line_px

    def height_of(self, text: str, width: int) -> int:
        """The height that another text would have, wrapped."""
        return max(1, self._lay_out(text, width).lineCount()) * self._style.line_px

    def sizeHint(self) -> QSize:  # noqa: N802
        """One line as wide as the text, or for wrapped text its natural width."""
        return QSize(self._natural_px(), self._style.line_px)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """May shrink to nothing: it wraps or elides."""
        return QSize(0, self._style.line_px)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Say so where the height that was reckoned is not that of the lines."""
        super().resizeEvent(event)
        reckoned = self._made.reckoned_counts.pop(self.width(), None)
        if reckoned is not None and reckoned != self._line_count(self.width()):
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw each line in the middle of its line height."""
        painter = QPainter(self)
        painter.setPen(QColor(self._theme.tokens.ink(self._ink)))
        if not self._wrap:
            self._paint_one_line(painter)
            return
        layout = self._lines(self.width())
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            slack = (self._style.line_px - line.height()) / 2.0
            line.setPosition(QPointF(line.x(), number * self._style.line_px + slack))
        layout.draw(painter, QPointF(0.0, 0.0))

    def _cut_words(self) -> str:
        return self.text() if self.is_cut() else ""

    def _paint_one_line(self, painter: QPainter) -> None:
        shown = self._elided()
        painter.setFont(self.font())
        painter.drawText(self.rect(), int(self._align | Qt.AlignmentFlag.AlignVCenter), shown)

    def _elided(self) -> str:
        """What is shown of one line: its beginning says it, unless that has room to spare."""
        text, room_px = self.text(), self.width() + 1
        beginning, right = text[:_LONG_CHARS], Qt.TextElideMode.ElideRight
        shown = self.fontMetrics().elidedText(beginning, right, room_px)
        if shown == beginning != text:
            shown = self.fontMetrics().elidedText(text, right, room_px)
        return shown

    def _natural_px(self) -> int:
        """How wide it is on one line, or of a long text about: in any window it wraps or is cut."""
        if self._made.natural_px is None:
            metrics, text = QFontMetricsF(self.font()), self.text()
            words_px = metrics.horizontalAdvance(text[:_LONG_CHARS])
            if len(text) > _LONG_CHARS:
                if words_px > _MUCH_PX:
                    words_px *= len(text) / _LONG_CHARS
                else:
                    words_px = metrics.horizontalAdvance(text)
            self._made.natural_px = int(words_px) + (_OVERHANG_PX if self._wrap else 1)
        return self._made.natural_px

    def _is_counted(self, width: int) -> bool:
        """Whether the lines at a width are known, or are to be: it is short, or has that width."""
        is_short = len(self.text()) <= _LONG_CHARS
        return is_short or width == self.width() or width in self._made.line_counts

    def _reckoned_count(self, width: int) -> int:
        """Lines enough for its text: each but the last is full up to the word that went on."""
        text = self.text()
        longest = max(map(len, text.split()), default=0)
        word_px = self._natural_px() * longest / len(text)
        full_px = max(1.0, width - min(word_px, width / 2.0))
        return math.ceil(self._natural_px() / full_px) + text.count("\n") + 1

    def _line_count(self, width: int) -> int:
        """Of two widths with as many lines, each between them has as many: layouts try dozens."""
        if width <= 0 or self._is_one_line(width):
            return 1  # nobody sees a label without a width, of which each sign would be a line
        counts = self._made.line_counts
        if width not in counts:
            below = max((known for known in counts if known < width), default=0)
            above = min((known for known in counts if known > width), default=0)
            count = counts.get(above)
            if count is None or count != counts.get(below):
                count = self._lines(width).lineCount()
            counts[width] = count
        return counts[width]

    def _is_one_line(self, width: int) -> bool:
        """Whether all of it has room beside itself, which needs no layout: how wide it is is asked
        in any case.
        """
        text = self.text()
        return len(text) <= _LONG_CHARS and width >= self._natural_px() and text.isprintable()

    def _lines(self, width: int) -> QTextLayout:
        """The lines of its text; those of one width are kept."""
        made = self._made
        if made.layout is None or made.width != width:
            made.layout, made.width = self._lay_out(self.text(), width), width
        return made.layout

    def _lay_out(self, text: str, width: int) -> QTextLayout:
        layout = QTextLayout(text, self.font())
        layout.setCacheEnabled(True)
        option = QTextOption(self._align)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width if self._wrap else _UNBOUNDED)
        layout.endLayout()
        return layout


def set_plain_tooltip(widget: QWidget, text: str) -> None:
    """A tooltip of text that others wrote: Qt would take markup in it for rich text."""
    widget.setToolTip(plain_tip(text))
    # Else the tooltip is read out, its markup too.
    widget.setAccessibleDescription(in_short(text, MOST_TIP_CHARS))


def _horizontal_policy(*, wrap: bool, grow: bool) -> QSizePolicy.Policy:
    if grow:
        return QSizePolicy.Policy.Expanding
    return QSizePolicy.Policy.Preferred if wrap else QSizePolicy.Policy.Maximum
