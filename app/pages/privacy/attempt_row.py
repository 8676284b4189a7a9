"""One way out that was tried, or the sum of several: what, the call, the answer, the verdict."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.theme.icons import Icon
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type, font_of
from app.widgets.icon_view import IconView
from app.widgets.label import Label, set_plain_tooltip
from app.widgets.one_line import in_short

_STRETCH = (5, 6)  # of the name and of the call
_LONGEST_ANSWER = "EAFNOSUPPORT"
_MOST_TOLD_CHARS = 1_000


class AttemptRow(QWidget):
    """Of one height, whatever is known of it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.icon = IconView(theme, Icon.CLOCK, Ink.TEXT3, SIZE.icon_sm)
        self.name = Label(theme, "", Type.SMALL_MEDIUM, grow=True)
        self.call = Label(theme, "", Type.CODE_CAPTION, Ink.TEXT3, grow=True)
        right = Qt.AlignmentFlag.AlignRight
        self.answer = Label(theme, "", Type.CODE_CAPTION, Ink.TEXT3, align=right)
        self.verdict = Label(theme, "", Type.SMALL_STRONG, align=right)
        self.setFixedHeight(SIZE.row)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE.lg, 0, SPACE.lg, 0)
        row.setSpacing(SPACE.md)
        row.addWidget(self.icon)
        row.addWidget(self.name, _STRETCH[0])
        row.addWidget(self.call, _STRETCH[1])
        row.addWidget(self.answer)
        row.addWidget(self.verdict)
        theme.text_changed.connect(self._keep_columns)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """The call is left out where it would leave no room for the name."""
        super().resizeEvent(event)
        self._keep_columns()

    def show_waiting(self, name: str, call: str) -> None:
        """It is being tried."""
        self._show(name, call, "", "…", Icon.CLOCK, Ink.TEXT3)

    def show_answer(self, name: str, call: str, answer: str, *, refused: bool) -> None:
        """What the system said to it, in the window's words."""
        if refused:
            self._show(name, call, answer, self.tr("Refused"), Icon.CHECK, Ink.OK)
        else:
            self._show(name, call, answer, self.tr("Not refused"), Icon.WARNING, Ink.BAD)

    def _show(self, name: str, call: str, answer: str, verdict: str, icon: Icon, ink: Ink) -> None:
        parts = (in_short(part, _MOST_TOLD_CHARS) for part in (name, call, answer, verdict))
        told = ". ".join(part for part in parts if part)
        if told == self.accessibleName():
            return
        self.setAccessibleName(told)
        self.icon.set_icon(icon)
        self.icon.set_ink(ink)
        self.name.setText(name)
        self.call.setText(call)
        self.answer.setText(answer.partition(":")[0])
        set_plain_tooltip(self.answer, answer)
        self.verdict.setText(verdict)
        self.verdict.set_ink(ink)

    def _keep_columns(self) -> None:
        """What stands in one column stands below one another, whatever is beside it."""
        has_call = self.width() >= SIZE.empty + SIZE.slider
        self.call.setVisible(has_call)
        answer, verdict = (QFontMetrics(font_of(s)) for s in (Type.CODE_CAPTION, Type.SMALL_STRONG))
        widest = max(
            verdict.horizontalAdvance(w) for w in (self.tr("Refused"), self.tr("Not refused"))
        )
        self.answer.setMinimumWidth(answer.horizontalAdvance(_LONGEST_ANSWER) * has_call)
        self.verdict.setMinimumWidth(widest * has_call)
