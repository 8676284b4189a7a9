"""A button that says which of a few choices is in force, and opens them as a menu."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Signal
from PySide6.QtGui import QAccessible, QAction, QActionGroup, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from app.theme.icons import Icon
from app.theme.metrics import RADIUS, SIZE, SPACE
from app.theme.theme import Theme
from app.theme.type_styles import Type, font_of
from app.widgets.button import BaseButton
from app.widgets.cut_words import is_cut, paint_cut, tells_cut


class ChoiceButton(BaseButton):
    """`chosen` tells what the user chose; `choose` is what the program sets."""

    chosen = Signal(int)

    def __init__(
        self,
        theme: Theme,
        name: str,
        words: Mapping[int, str],
        choice: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, RADIUS.control, parent)
        self._name = name
        self._words = dict(words)
        self._in_menu: Mapping[int, str] = {}
        self._choice = choice
        self._is_locked = False
        self.setAutoDefault(False)
        self.setFont(font_of(Type.SMALL_MEDIUM))
        self.setFixedHeight(SIZE.button)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._on_clicked)
        self.choose(choice)

    @property
    def choice(self) -> int:
        """What is in force."""
        return self._choice

    def choose(self, choice: int) -> None:
        """Show another choice as the one in force."""
        self._choice = choice
        self.setText(_plain(self._words[choice]))
        self.setAccessibleName(f"{self._name}: {self._words[choice]}")
        self.update()

    def offer(self, words: Mapping[int, str], choice: int) -> None:
        """Other choices, with one of them in force."""
        self._words = dict(words)
        self.choose(choice)
        self.updateGeometry()

    def explain(self, in_menu: Mapping[int, str]) -> None:
        """What each choice says of itself in the menu, where there is more room."""
        self._in_menu = dict(in_menu)

    def set_locked(self, is_locked: bool) -> None:
        """Show the choice in force without letting it be changed; the keyboard still reaches it."""
        self._is_locked = is_locked
        self.update()

    def fill_state(self, state: QAccessible.State) -> None:
        """It opens a menu, unless it is locked."""
        state.hasPopup = int(not self._is_locked)
        state.readOnly = int(self._is_locked)

    def menu_now(self) -> QMenu:
        """The choices, with the one in force checked."""
        menu = QMenu(self)
        group = QActionGroup(menu)
        for choice, words in self._words.items():
            action = QAction(_plain(self._in_menu.get(choice, words)), menu)
            action.setCheckable(True)
            action.setChecked(choice == self._choice)
            action.triggered.connect(lambda _checked, value=choice: self._take(value))
            group.addAction(action)
            menu.addAction(action)
            if choice == self._choice:
                menu.setActiveAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def sizeHint(self) -> QSize:  # noqa: N802
        """As wide as the widest choice, so that nothing moves."""
        metrics = self.fontMetrics()
        widest = max(metrics.horizontalAdvance(words) for words in self._words.values())
        needed = widest + SIZE.icon_sm + 2 * SPACE.md + SPACE.sm
        return QSize(max(min(needed, SIZE.model_max), SIZE.choice_field), SIZE.button)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Words at the left, the arrow at the right."""
        tokens = self.theme.tokens
        painter = QPainter(self)
        is_on = self.isEnabled()
        is_live = is_on and not self._is_locked
        ground = self.quiet_ground() or tokens.raised
        line = tokens.line_strong if is_live else tokens.line
        self.fill(painter, ground if is_live else tokens.sunken, line)
        ink = (tokens.text if is_live else tokens.text2) if is_on else tokens.disabled
        if not self._is_locked:
            size = float(SIZE.icon_sm)
            right = self.width() - SPACE.sm - size
            top = (self.height() - size) / 2.0
            self.theme.icons.paint(painter, Icon.UNFOLDED, QRectF(right, top, size, size), ink)
        painter.setPen(QColor(ink))
        painter.setFont(self.font())
        paint_cut(painter, self._words_area(), self._words[self._choice])

    def event(self, event: QEvent) -> bool:
        """Words that are cut are said whole under the mouse."""
        return tells_cut(event, self, self._cut_words) or super().event(event)

    def _cut_words(self) -> str:
        words = self._words[self._choice]
        return words if is_cut(self, words, self._words_area().width()) else ""

    def _words_area(self) -> QRect:
        return self.rect().adjusted(SPACE.md, 0, -SPACE.md - SIZE.icon_sm, 0)

    def _on_clicked(self) -> None:
        if self._is_locked:
            return
        self.menu_now().popup(self.mapToGlobal(QPoint(0, self.height())))

    def _take(self, choice: int) -> None:
        if choice != self._choice:
            self.choose(choice)
            self.chosen.emit(choice)


def _plain(words: str) -> str:
    """In menus and buttons an “&” would underline a letter, and a tab begin a shortcut."""
    return words.replace("&", "&&").replace("\t", " ")
