"""What is behind the network state: each attempt, the system's answer, what is not covered."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.airlock.report import Attempt, LockReport
from app.error_words import words_of
from app.theme.icons import Icon
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.dialog_foot import closing_foot
from app.widgets.focus_inside import FocusInside
from app.widgets.icon_view import IconView
from app.widgets.label import Label, set_plain_tooltip
from app.widgets.lock_words import lock_words, refused_count
from app.widgets.panel import Card, Ground
from app.widgets.scroll_column import ScrollColumn
from app.widgets.setting_section import LockBanner


class LockDialog(QDialog):
    """A report, as the system answered it."""

    def __init__(
        self,
        theme: Theme,
        report: LockReport,
        open_roads: tuple[str, ...],
        parent: QWidget | None = None,
        air_gapped_by: Path | None = None,
    ) -> None:
        """`air_gapped_by`: the policy's file, where that says that nothing is ever downloaded."""
        super().__init__(parent)
        self._theme = theme
        self.setWindowTitle(self.tr("Network"))
        width = SIZE.dialog if parent is None else min(SIZE.dialog, parent.width())
        self.setFixedWidth(width)
        column = QVBoxLayout()
        column.setContentsMargins(SPACE.xxl, SPACE.xxl, SPACE.xxl, SPACE.lg)
        column.setSpacing(SPACE.lg)
        column.addWidget(self._banner(report))
        if air_gapped_by is not None:
            column.addWidget(
                LockBanner(
                    theme,
                    self.tr("Air-gapped: nothing is downloaded. Set by your organisation."),
                    str(air_gapped_by),
                )
            )
        if report.attempts:
            column.addLayout(self._attempts(report))
        column.addLayout(self._not_covered(open_roads))
        content = QWidget()
        content.setLayout(column)
        area = ScrollColumn(self.tr("What was tested"), content)
        FocusInside(theme, area)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(area, 1)
        outer.addLayout(closing_foot(self._theme, self.tr("Close"), self))
        height = content.heightForWidth(width) + SIZE.button + 2 * SPACE.lg
        room = parent.height() - SPACE.section if parent is not None else height
        self.resize(width, min(height, room))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """The page's ground."""
        QPainter(self).fillRect(self.rect(), QColor(self._theme.tokens.surface))

    def _banner(self, report: LockReport) -> QWidget:
        words = lock_words(report)
        card = Card(self._theme, words.ground)
        row = QHBoxLayout(card)
        row.setContentsMargins(SPACE.xxl, SPACE.lg, SPACE.lg, SPACE.lg)
        row.setSpacing(SPACE.xl)
        row.addWidget(IconView(self._theme, words.icon, words.ink, SIZE.icon_banner))
        text = QVBoxLayout()
        text.setSpacing(SPACE.tick)
        ink = Ink.BAD if words.ink is Ink.BAD else Ink.TEXT
        text.addWidget(Label(self._theme, words.headline, Type.CARD_TITLE, ink, wrap=True))
        text.addWidget(Label(self._theme, words.sentence, Type.SMALL, Ink.TEXT2, wrap=True))
        row.addLayout(text, 1)
        return card

    def _attempts(self, report: LockReport) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(SPACE.sm)
        head = QHBoxLayout()
        head.addWidget(Label(self._theme, self.tr("Ways out that were tried"), Type.SMALL_STRONG))
        head.addStretch(1)
        refused = self.tr("{count} refused").format(count=refused_count(report))
        head.addWidget(Label(self._theme, refused, Type.CAPTION, Ink.TEXT3))
        column.addLayout(head)
        card = Card(self._theme, Ground.RAISED, outlined=True)
        rows = QVBoxLayout(card)
        rows.setContentsMargins(SPACE.lg, SPACE.sm, SPACE.lg, SPACE.sm)
        rows.setSpacing(0)
        for attempt in report.attempts:
            rows.addWidget(self._row(attempt))
        column.addWidget(card)
        return column

    def _row(self, attempt: Attempt) -> QWidget:
        icon, ink = (Icon.CHECK, Ink.OK) if attempt.refused else (Icon.WARNING, Ink.BAD)
        verdict = self.tr("Refused") if attempt.refused else self.tr("Not refused")
        name, answer_words = words_of(attempt.name), words_of(attempt.answer)
        holder = QWidget()
        holder.setFixedHeight(SIZE.row)
        holder.setAccessibleName(f"{name}. {answer_words}. {verdict}")
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.md)
        row.addWidget(IconView(self._theme, icon, ink, SIZE.icon_sm))
        row.addWidget(Label(self._theme, name, Type.SMALL_MEDIUM, grow=True), 1)
        code = answer_words.partition(":")[0]
        answer = Label(self._theme, code, Type.CODE_CAPTION, Ink.TEXT3)
        set_plain_tooltip(answer, answer_words)
        row.addWidget(answer)
        row.addWidget(Label(self._theme, verdict, Type.SMALL_STRONG, ink))
        return holder

    def _not_covered(self, open_roads: tuple[str, ...]) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(SPACE.xs)
        column.addWidget(Label(self._theme, self.tr("Not covered"), Type.SMALL_STRONG))
        for sentence in (
            self.tr(
                "Local sockets stay open: the display, the session bus with the keyring, input "
                "methods and accessibility. The services behind them are the system’s own."
            ),
            self.tr(
                "Other programs on this computer, and whoever administers it, can read its "
                "memory and its screen."
            ),
        ):
            column.addWidget(Label(self._theme, sentence, Type.SMALL, Ink.TEXT2, wrap=True))
        for road in open_roads:
            column.addWidget(Label(self._theme, words_of(road), Type.CAPTION, Ink.TEXT3, wrap=True))
        return column
