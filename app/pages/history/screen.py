"""What all screens of a closed history share: icon, title, sentence, body, progress, actions."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.theme.icons import Icon
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.button import Button, ButtonKind
from app.widgets.icon_view import IconView
from app.widgets.label import Label
from app.widgets.passphrase_field import PassphraseField
from app.widgets.pebbles import Pebbles
from app.widgets.scroll_column import ScrollColumn
from app.widgets.wrap_layout import WrapLayout

_CENTRE = Qt.AlignmentFlag.AlignHCenter


class Screen(ScrollColumn):
    """A column in the middle of the page; scrolls where the window is small.

    While it is busy nothing on it can be used, and its progress line says what goes on.
    """

    temporary_requested = Signal()
    retry_requested = Signal()

    def __init__(self, theme: Theme, icon: Icon, ink: Ink = Ink.TEXT2) -> None:
        super().__init__()
        self.theme = theme
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.title = Label(theme, "", Type.PAGE_TITLE, wrap=True, align=_CENTRE)
        self.sentence = Label(theme, "", Type.INTERFACE, Ink.TEXT2, wrap=True, align=_CENTRE)
        self.sentence.hide()
        self.progress = Label(theme, "", Type.SMALL, Ink.TEXT2)
        self.pebbles = Pebbles(theme)
        self.pebbles.hide()
        self._actions = QWidget()
        self.body = QVBoxLayout()
        self.body.setSpacing(SPACE.xs)
        self.action_row = WrapLayout(is_centred=True)
        self._actions.setLayout(self.action_row)
        self._content = QWidget()
        self._icon = IconView(theme, icon, ink, SIZE.icon_screen)
        self._lay_out()
        theme.text_changed.connect(self._fit)

    @property
    def is_busy(self) -> bool:
        """Whether something goes on that was asked for here."""
        return not self._content.isEnabled()

    def rename(self, title: str) -> None:
        """Set the title."""
        self._show(self.title, title)
        self.setAccessibleName(title)

    def say(self, sentence: str) -> None:
        """What happened, what is safe, what can be done."""
        self._show(self.sentence, sentence)
        self.sentence.setVisible(bool(sentence))
        self.setAccessibleDescription(sentence)

    def take_focus(self) -> None:
        """Put the keyboard where the user most likely wants it."""
        raise NotImplementedError

    def set_busy(self, words: str) -> None:
        """Say what goes on, or with no words that it is over."""
        if words:
            # A control that is disabled under the keyboard would hand it to a neighbour.
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.progress.setText(words)
        self.pebbles.setVisible(bool(words))
        self._content.setEnabled(not words)

    def forget(self) -> None:
        """Nothing that was typed stays."""

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Where there is little room, the icon gives way to what is asked."""
        super().resizeEvent(event)
        self._icon.setVisible(self.height() >= SIZE.window_min_height)
        self._fit()

    def keep_in_sight(self, *fields: PassphraseField) -> None:
        """Scroll to a field that is typed into, and to what is said of it: the keyboard came there
        without Tab, which the area would follow.
        """
        for field in fields:
            field.noticed.connect(partial(self._bring, field))

    def add_primary(self, text: str) -> Button:
        """The one thing that is most likely wanted; as wide as the fields."""
        button = Button(self.theme, text, ButtonKind.PRIMARY, height=SIZE.button_large)
        button.setAutoDefault(True)  # Enter presses it too
        policy = button.sizePolicy()
        policy.setHorizontalPolicy(policy.Policy.Expanding)
        button.setSizePolicy(policy)
        self.body.addWidget(button)
        return button

    def add_action(self, text: str) -> Button:
        """Another thing that can be done, in the row below."""
        button = Button(self.theme, text, ButtonKind.SECONDARY)
        button.setAutoDefault(True)
        self.action_row.addWidget(button)
        return button

    def add_temporary(self) -> Button:
        """To go on without a history."""
        button = self.add_action(self.tr("&Temporary chat"))
        button.setAccessibleDescription(self.tr("Nothing of it is stored."))
        button.setToolTip(self.tr("Nothing of it is stored (Alt+T)"))
        button.clicked.connect(self.temporary_requested)
        return button

    def add_retry(self) -> Button:
        """To try the same again."""
        button = self.add_action(self.tr("Try &again"))
        button.clicked.connect(self.retry_requested)
        return button

    def _fit(self) -> None:
        """A column of its own width, or as wide as the page."""
        self._holder.setFixedWidth(self._column_px())
        for label in (self.title, self.sentence):
            self._show(label, label.text())

    def _bring(self, field: PassphraseField) -> None:
        # What is said may have changed its height: once that is laid out.
        QTimer.singleShot(0, field, lambda: self.ensureWidgetVisible(field, 0, SPACE.sm))

    def _column_px(self) -> int:
        return min(SIZE.screen, self.width() - SIZE.scrollbar - 2 * SPACE.xxl)

    def _show(self, label: Label, text: str) -> None:
        """Wrapped words at the column's width: Qt's boxes would not ask for their height."""
        label.setText(text)
        label.setFixedHeight(label.height_at(self._column_px()))

    def _lay_out(self) -> None:
        progress = QHBoxLayout()
        progress.setSpacing(SPACE.sm)
        progress.addStretch(1)
        progress.addWidget(self.pebbles)
        progress.addWidget(self.progress)
        progress.addStretch(1)
        progress.addStrut(Type.SMALL.line_px)  # its place is kept while nothing goes on
        column = QVBoxLayout()
        column.setSpacing(SPACE.md)
        column.addWidget(self._icon, 0, _CENTRE)
        column.addWidget(self.title)
        column.addWidget(self.sentence)
        column.addSpacing(SPACE.xs)
        column.addLayout(self.body)
        column.addWidget(self._actions)
        column.addLayout(progress)
        self._holder = QWidget()
        self._holder.setLayout(column)
        outer = QVBoxLayout(self._content)
        outer.setContentsMargins(SPACE.xxl, SPACE.sm, SPACE.xxl, SPACE.sm)
        outer.addStretch(2)
        middle = QHBoxLayout()  # an alignment would ask for the height of the page's width
        middle.addStretch(1)
        middle.addWidget(self._holder)
        middle.addStretch(1)
        outer.addLayout(middle)
        outer.addStretch(3)
        column.setContentsMargins(0, 0, 0, 0)
        self.setWidget(self._content)
