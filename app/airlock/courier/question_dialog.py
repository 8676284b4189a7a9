"""The courier's question in a window: all of it to be read, and a yes that can't be had by chance.

For: `window_asker`. Plain text alone, whatever a hub calls its files. The safe answer has the
keyboard; the other one can be pressed only once the window has been in front for a moment, and
waits anew whenever another window comes before it: a click meant for something else is no yes.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.airlock.courier.asking import Question, Reply, Row
from app.error_words import words_of
from app.markup.visible import visible
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type, font_of
from app.widgets.button import Button, ButtonKind
from app.widgets.choice_button import ChoiceButton
from app.widgets.label import Label
from app.widgets.one_line import one_line
from app.widgets.passphrase_field import PassphraseField
from app.widgets.scroll_column import ScrollColumn
from app.widgets.wrap_layout import WrapLayout

GUARD_MS = 800
_FILE_LINES = 7
_MOST_OF_SCREEN = 0.9


class QuestionDialog(QDialog):
    """`reply` is what the user said, None for no. `guard_ms`: so long in front before a yes."""

    def __init__(self, theme: Theme, question: Question, guard_ms: int = GUARD_MS) -> None:
        super().__init__(None, Qt.WindowType.WindowStaysOnTopHint)
        self.reply: Reply | None = None
        self._theme = theme
        self._question = question
        self._option = 0
        self.setWindowTitle(words_of(question.title))
        self.cancel = Button(theme, self.tr("Cancel"))
        self.confirm = Button(theme, "", ButtonKind.PRIMARY)
        self.files = QPlainTextEdit()
        self.token = PassphraseField(
            theme, self.tr("Token"), self.tr("Sent to the hub alone, and not stored.")
        )
        self.proxy = QLineEdit()
        self.use_proxy = Button(theme, self.tr("Use a proxy…"), ButtonKind.QUIET)
        self.options = ChoiceButton(
            theme,
            self.tr("Which one"),
            {
                number: one_line(words_of(option.label))
                for number, option in enumerate(question.options)
            },
            0,
        )
        self._facts = QVBoxLayout()
        self._shown: QWidget | None = None
        self._content = QWidget()
        self._buttons = WrapLayout(far=(self.cancel, self.confirm))
        self._proxy_words = Label(theme, self.tr("Proxy"), Type.SMALL_STRONG)
        self._guard = QTimer(self, singleShot=True, interval=guard_ms)
        self._lay_out()
        self._show_option()
        self._follow()
        self.cancel.setDefault(True)
        self.cancel.setFocus()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Another window in front takes the yes away, and this one again begins the wait."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange:
            self._watch()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """From here on it can be read: without scrolling, where the screen has room."""
        super().showEvent(event)
        self._fit()
        self._watch()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """The page's ground."""
        QPainter(self).fillRect(self.rect(), QColor(self._theme.tokens.surface))

    # ------------------------------------------------------------------------ asking

    def _follow(self) -> None:
        self.cancel.clicked.connect(self.reject)
        self.confirm.clicked.connect(self._on_confirm)
        self.options.chosen.connect(self._on_option)
        self.use_proxy.clicked.connect(self._on_use_proxy)
        self.token.submitted.connect(self._on_confirm)
        self.proxy.returnPressed.connect(self._on_confirm)
        self.token.edit.textChanged.connect(self._name_action)
        self.proxy.textChanged.connect(self._name_action)
        self._guard.timeout.connect(self._on_guarded)

    def _watch(self) -> None:
        self.confirm.setEnabled(False)
        if self.isVisible() and self.isActiveWindow():
            self._guard.start()
        else:
            self._guard.stop()

    def _on_guarded(self) -> None:
        self.confirm.setEnabled(self.isActiveWindow())

    def _on_confirm(self) -> None:
        """A token or a proxy is shown in the question before anything is sent with it."""
        if self.confirm.isEnabled():
            self.reply = Reply(self._option, self.token.text, self.proxy.text().strip())
            self.token.forget()
            self.accept()

    def _on_option(self, option: int) -> None:
        self._option = option
        self.options.choose(option)
        self._show_option()
        self._fit()
        self._watch()  # it is another question now

    def _on_use_proxy(self) -> None:
        self.use_proxy.hide()
        self._proxy_words.show()
        self.proxy.show()
        self.proxy.setFocus()
        self._fit()

    def _name_action(self) -> None:
        is_typed = bool(self.token.text or self.proxy.text().strip())
        action = words_of(self._question.options[self._option].action)
        self.confirm.setText(self.tr("Show me what is sent") if is_typed else action)
        self.confirm.updateGeometry()

    # ----------------------------------------------------------------------- looking

    def _show_option(self) -> None:
        option = self._question.options[self._option]
        if self._shown is not None:
            self._facts.removeWidget(self._shown)
            self._shown.hide()
            self._shown.deleteLater()
        self._shown = self._table((*self._question.rows, *option.rows))
        self._facts.addWidget(self._shown)
        self._shown.show()
        self.files.setPlainText("\n".join(_file_line(row) for row in option.files))
        self.files.setVisible(bool(option.files))
        self._name_action()

    def _table(self, rows: tuple[Row, ...]) -> QWidget:
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE.lg)
        grid.setVerticalSpacing(SPACE.sm)
        grid.setColumnStretch(1, 1)
        for number, row in enumerate(rows):
            what = Label(self._theme, words_of(row.what), Type.SMALL, Ink.TEXT2)
            style = Type.CODE if row.is_name else Type.SMALL
            value = Label(self._theme, words_of(row.value), style, wrap=True)
            value.setAccessibleName(f"{what.text()}: {value.text()}")
            grid.addWidget(what, number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, number, 1)
        return table

    def _lay_out(self) -> None:
        question, theme = self._question, self._theme
        column = QVBoxLayout(self._content)
        column.setContentsMargins(SPACE.xxl, SPACE.xl, SPACE.xxl, SPACE.lg)
        column.setSpacing(SPACE.md)
        column.addWidget(Label(theme, words_of(question.title), Type.CARD_TITLE, wrap=True))
        if question.problem:
            column.addWidget(
                Label(theme, words_of(question.problem), Type.INTERFACE, Ink.BAD, wrap=True)
            )
        column.addWidget(
            Label(theme, words_of(question.words), Type.INTERFACE, Ink.TEXT2, wrap=True)
        )
        column.addWidget(self.options)
        self.options.setVisible(len(question.options) > 1)
        column.addLayout(self._facts)
        self._dress_files()
        self._dress_proxy()
        for widget in (self.files, self.token, self._proxy_words, self.proxy, self.use_proxy):
            column.addWidget(widget)
        column.addStretch(1)
        self.token.setVisible(question.takes_token)
        self.use_proxy.setVisible(question.takes_proxy)
        self._frame()

    def _frame(self) -> None:
        area = ScrollColumn(self.windowTitle(), self._content)
        area.leave_keyboard()
        self._buttons.setContentsMargins(SPACE.xxl, SPACE.sm, SPACE.xxl, SPACE.lg)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # `_fit` says its height
        outer.addWidget(area, 1)
        outer.addLayout(self._buttons)
        self.setFixedWidth(SIZE.dialog)
        self.resize(SIZE.dialog, SIZE.window_min_height)

    def _fit(self) -> None:
        """As high as its words need, within the screen."""
        inside = self._content.layout()
        assert inside is not None
        inside.activate()
        needed = inside.totalHeightForWidth(self.width())
        needed += self._buttons.totalHeightForWidth(self.width())
        most = int(self.screen().availableGeometry().height() * _MOST_OF_SCREEN)
        self.resize(self.width(), min(needed, most))

    def _dress_files(self) -> None:
        self.files.setProperty("field", True)  # for the stylesheet
        self.files.setReadOnly(True)
        self.files.setTabChangesFocus(True)
        self.files.setFont(font_of(Type.CODE_CAPTION))
        self.files.setAccessibleName(self.tr("The files"))
        self.files.setFixedHeight(_FILE_LINES * Type.CODE_CAPTION.line_px + 2 * SPACE.sm)

    def _dress_proxy(self) -> None:
        self.proxy.setPlaceholderText("http://…")
        self.proxy.setAccessibleName(self.tr("Proxy"))
        self.proxy.setFixedHeight(SIZE.field)
        self.proxy.setFont(font_of(Type.INTERFACE))
        self._proxy_words.setBuddy(self.proxy)
        self._proxy_words.hide()
        self.proxy.hide()


def _file_line(row: Row) -> str:
    """One line, whatever is in a name."""
    return f"{visible(' '.join(row.what.split()))}   {words_of(row.value)}"
