"""A code block: its language, wrapping, copying; characters that scroll sideways.

For `view_for`. Pieces of one code follow one another without a seam: only the first has a head,
which copies them all.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.markup.blocks import Code, code_text
from app.theme.icons import Icon
from app.theme.metrics import RADIUS, SIZE, SPACE, STROKE
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.button import IconButton
from app.widgets.displayable import displayable
from app.widgets.label import Label
from app.widgets.markup.code_body import CodeBody
from app.widgets.markup.code_colours import CodeKey, ColouredCode
from app.widgets.markup.copy_button import CopyButton
from app.widgets.markup.holding_view import HoldingView
from app.widgets.markup.tools import MarkupTools

_RECOLOUR_MS = 200
_BY_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class CodeView(HoldingView):
    """A piece of code; `rest` are the pieces joined to it that follow."""

    def __init__(
        self,
        tools: MarkupTools,
        code: Code,
        rest: tuple[Code, ...] = (),
        label: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """`label` names what is no code block, in the language's place."""
        super().__init__(parent)
        self._tools = tools
        self._code = code
        self._rest = rest
        self._label = label
        self._has_keyboard = False
        self.head = None if code.is_joined else CodeHead(tools, self._whole_text, self)
        self.body = CodeBody(tools, self.tr("Code"), parent=self)
        self.body.installEventFilter(self)
        if self.head is not None:
            self.head.wrap.toggled.connect(self.body.wrap)
        self._recolour = QTimer(self)
        self._recolour.setSingleShot(True)
        self._recolour.setInterval(_RECOLOUR_MS)
        self._recolour.timeout.connect(self._want_colours)
        tools.theme.changed.connect(self.settle)
        self.body.show_text(code.text)
        self._show_language()
        self._want_colours()

    def fits(self, code: Code) -> bool:
        """Whether a piece can be shown here: what has a head keeps it."""
        return code.is_joined == self._code.is_joined

    def show_code(self, code: Code, rest: tuple[Code, ...] = ()) -> None:
        """Show code that has grown or changed."""
        is_new = code.text != self._code.text or code.language != self._code.language
        goes_on = bool(rest) != bool(self._rest)
        self._code, self._rest = code, rest
        if is_new:
            self.body.show_text(code.text)
            self._show_language()
            if not self._recolour.isActive():
                self._recolour.start()
        if is_new or goes_on:
            self.settle()

    def position_at(self, point: QPoint) -> int:
        """The position nearest to a point in the view's coordinates."""
        return self.body.position_at(self.body.mapFrom(self, point))

    def select(self, start: int, end: int | None) -> None:
        """Mark from one position to another, None being the end."""
        self.body.select(start, end)

    # ------------------------------------------------------------------ geometry

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """Head, lines, and what is left free around them."""
        return self._top_px() + self.body.heightForWidth(self._body_px(width)) + self._foot_px()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """It may be as narrow as is wanted."""
        return QSize(0, 0)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Follow the code's focus; never swallows an event."""
        if event.type() == QEvent.Type.FocusIn and isinstance(event, QFocusEvent):
            self._has_keyboard = event.reason() in _BY_KEYBOARD
            self.update()
        elif event.type() == QEvent.Type.FocusOut:
            self._has_keyboard = False
            self.update()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the ground, open at the end where another piece joins."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._tools.theme.tokens
        stroke = STROKE.input if self._has_keyboard else STROKE.hairline
        beyond = 2.0 * RADIUS.code
        area = QRectF(self.rect()).adjusted(
            stroke / 2.0,
            -beyond if self._code.is_joined else stroke / 2.0,
            -stroke / 2.0,
            beyond if self._rest else -stroke / 2.0,
        )
        painter.setBrush(QColor(tokens.sunken))
        painter.setPen(QPen(QColor(tokens.accent if self._has_keyboard else tokens.line), stroke))
        painter.drawRoundedRect(area, RADIUS.code, RADIUS.code)
        if self.head is not None:
            painter.fillRect(1, SIZE.code_head, self.width() - 2, SPACE.hair, QColor(tokens.line))

    def place_inside(self) -> None:
        """Head above, code below."""
        width = self.width()
        if self.head is not None:
            self.head.setGeometry(0, 0, width, SIZE.code_head)
        inner = self._body_px(width)
        # What is asked for its height is laid out at that width: no second layout follows.
        height = self.body.heightForWidth(inner)
        self.body.setGeometry(SPACE.block, self._top_px(), inner, height)

    def _body_px(self, width: int) -> int:
        return max(1, width - SPACE.block - SPACE.sm)

    def _top_px(self) -> int:
        return 0 if self.head is None else SIZE.code_head + SPACE.hair + SPACE.row

    def _foot_px(self) -> int:
        return 0 if self._rest else SPACE.row

    # ------------------------------------------------------------------ colours

    def _whole_text(self) -> str:
        return code_text((self._code, *self._rest))

    def _show_language(self) -> None:
        language = self._label or self._tools.colours.label(self._code.language)
        if self.head is not None:
            self.head.language.setText(displayable(language) or self.tr("Code"))
        if language:
            name = self.tr("Code, {language}").format(language=displayable(language))
            self.body.setAccessibleName(self._label or name)

    def _want_colours(self) -> None:
        if not self._code.language:
            return
        key = CodeKey(self.body.text(), self._code.language)
        known = self._tools.colours.look_up(key)
        if known is not None:
            self._on_coloured(known)
        else:
            self._tools.colours.want(key, self, self._on_coloured)

    def _on_coloured(self, coloured: ColouredCode) -> None:
        self.body.show_colours(coloured.pieces)
        self._show_language()


class CodeHead(QWidget):
    """The language, and what can be done with the code."""

    def __init__(self, tools: MarkupTools, text_of: Callable[[], str], parent: QWidget) -> None:
        super().__init__(parent)
        theme = tools.theme
        self.language = Label(theme, "", Type.SMALL_MEDIUM, Ink.TEXT3, grow=True)
        self.wrap = IconButton(
            theme,
            Icon.WRAP,
            self.tr("Wrap lines"),
            size=SIZE.code_button,
            icon_size=SIZE.icon_sm,
        )
        self.wrap.setCheckable(True)
        self.wrap.toggled.connect(self._on_wrap)
        self.copy = CopyButton(theme, text_of)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE.block, 0, SPACE.xs, 0)
        row.setSpacing(SPACE.xs)
        row.addWidget(self.language)
        row.addWidget(self.wrap)
        row.addWidget(self.copy)

    def _on_wrap(self, is_wrapped: bool) -> None:
        self.wrap.set_icon(Icon.WRAP, Ink.ACCENT if is_wrapped else Ink.TEXT2)
