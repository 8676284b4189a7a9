"""How much a model may think, chosen beside the message: by itself, on, off, with a limit.

Shown only for models that think. What is chosen holds for the answers to come in this chat, and
for new chats.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAction, QActionGroup, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from app.numbers import whole
from app.theme.icons import Icon
from app.theme.metrics import RADIUS, SIZE, SPACE
from app.theme.theme import Theme
from app.theme.type_styles import Type, font_of
from app.widgets.button import BaseButton
from app.widgets.cut_words import tells_cut

_BUDGETS = (256, 1024, 4096)


@dataclass(frozen=True)
class ThinkingChoice:
    """What is asked of the engine; None is the model's own way."""

    thinking: bool | None = None
    budget_tokens: int | None = None
    keep_thoughts: bool | None = None


class ThinkButton(BaseButton):
    """Says how the model thinks; a click opens the choices."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, RADIUS.control, parent)
        self.choice = ThinkingChoice()
        self.is_short = False
        self.setFont(font_of(Type.SMALL_MEDIUM))
        self.setFixedHeight(SIZE.reasoning_head)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._on_clicked)
        self._say()
        self.hide()

    def choose(self, choice: ThinkingChoice) -> None:
        """Take a choice and tell it."""
        self.show_choice(choice)
        self.chosen.emit(choice)

    def show_choice(self, choice: ThinkingChoice) -> None:
        """Say what holds in the chat that is shown."""
        self.choice = choice
        self._say()

    def fill_state(self, state: QAccessible.State) -> None:
        """It opens a menu."""
        state.hasPopup = 1

    def menu_now(self) -> ThinkMenu:
        """The choices, with those in force checked."""
        menu = ThinkMenu(self.choice, self)
        menu.chosen.connect(self.choose)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def sizeHint(self) -> QSize:  # noqa: N802
        """Icon, words, arrow."""
        shown = 0 if self.is_short else self.spare_px
        return QSize(shown + 2 * SIZE.icon_sm + 3 * SPACE.sm, self.height())

    @property
    def spare_px(self) -> int:
        """How much room it does without when it is short."""
        return self.fontMetrics().horizontalAdvance(self.text()) + SPACE.sm

    def shorten(self, is_short: bool) -> None:
        """Show icon and arrow alone, and leave the words to the tooltip."""
        if is_short != self.is_short:
            self.is_short = is_short
            self.updateGeometry()
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the three."""
        painter = QPainter(self)
        self.fill(painter, self.quiet_ground())
        ink, size = self.theme.tokens.text2, float(SIZE.icon_sm)
        top = (self.height() - size) / 2.0
        self.theme.icons.paint(painter, Icon.THINK, QRectF(SPACE.sm, top, size, size), ink)
        right = self.width() - SPACE.sm - size
        self.theme.icons.paint(painter, Icon.UNFOLDED, QRectF(right, top, size, size), ink)
        if self.is_short:
            return
        painter.setPen(QColor(ink))
        painter.setFont(self.font())
        words = self.rect().adjusted(2 * SPACE.sm + SIZE.icon_sm, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())

    def event(self, event: QEvent) -> bool:
        """Words that find no room are said under the mouse."""
        return tells_cut(event, self, self._cut_words) or super().event(event)

    def _cut_words(self) -> str:
        return self.text() if self.is_short else ""

    def _say(self) -> None:
        if self.choice.thinking is False:
            words = self.tr("Think: off")
        elif self.choice.budget_tokens is not None:
            limit = whole(self.choice.budget_tokens)
            words = self.tr("Think: up to {limit} tokens").format(limit=limit)
        else:
            words = self.tr("Think: on") if self.choice.thinking else self.tr("Think: auto")
        self.setText(words)
        self.setAccessibleName(words)
        self.setToolTip(self.tr("How much the model thinks before it answers"))
        self.updateGeometry()
        self.update()

    def _on_clicked(self) -> None:
        menu = self.menu_now()
        menu.popup(self.mapToGlobal(QPoint(0, -menu.sizeHint().height())))


class ThinkMenu(QMenu):
    """The choices."""

    chosen = Signal(object)

    def __init__(self, choice: ThinkingChoice, parent: QWidget) -> None:
        super().__init__(parent)
        self._add_group(
            [
                (self.tr("As the model likes"), replace(choice, thinking=None)),
                (self.tr("Think first"), replace(choice, thinking=True)),
                (self.tr("Answer at once"), replace(choice, thinking=False)),
            ],
            choice,
        )
        form = self.tr("At most {count} tokens of thoughts")
        self._add_group(
            [
                (self.tr("Think as long as it takes"), replace(choice, budget_tokens=None)),
                *(
                    (form.format(count=whole(count)), replace(choice, budget_tokens=count))
                    for count in _budgets_with(choice)
                ),
            ],
            choice,
        )
        self._add_group(
            [
                (self.tr("Earlier thoughts: as the model likes"), _keeping(choice, None)),
                (self.tr("Read earlier thoughts again"), _keeping(choice, True)),
                (self.tr("Leave earlier thoughts out"), _keeping(choice, False)),
            ],
            choice,
        )

    def _add_group(
        self, entries: list[tuple[str, ThinkingChoice]], in_force: ThinkingChoice
    ) -> None:
        if self.actions():
            self.addSeparator()
        group = QActionGroup(self)
        for text, choice in entries:
            action = QAction(text, self)
            action.setCheckable(True)
            action.setChecked(choice == in_force)
            action.triggered.connect(lambda _checked, value=choice: self.chosen.emit(value))
            group.addAction(action)
            self.addAction(action)


def _budgets_with(choice: ThinkingChoice) -> list[int]:
    """Those that are offered, and the one in force, which may come from the chat's settings."""
    return sorted({*_BUDGETS, *filter(None, (choice.budget_tokens,))})


def _keeping(choice: ThinkingChoice, keep: bool | None) -> ThinkingChoice:
    return replace(choice, keep_thoughts=keep)
