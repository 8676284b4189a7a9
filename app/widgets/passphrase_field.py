"""Where a passphrase is typed: hidden unless it is shown, with what is wrong said below it.

For: every screen and dialog that asks for one. It checks nothing. What is typed is never given
to input methods to learn, and is hidden again before it is used.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QMoveEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.theme.icons import Icon
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type, font_of
from app.widgets.button import IconButton
from app.widgets.label import Label

_PROBLEM_LINES = 2
_NOT_LEARNED = (
    Qt.InputMethodHint.ImhSensitiveData
    | Qt.InputMethodHint.ImhNoPredictiveText
    | Qt.InputMethodHint.ImhNoAutoUppercase
)


class PassphraseEdit(QLineEdit):
    """The field itself, with a button at its right that shows what is typed.

    The button is put beside it (`button_in`): Tab passes over what lies in a field.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(SIZE.field)
        self.setFont(font_of(Type.INTERFACE))
        self.setTextMargins(0, 0, SIZE.toast_button, 0)
        self.show_button = IconButton(
            theme, Icon.SHOW, "", size=SIZE.toast_button, icon_size=SIZE.icon_sm, parent=self
        )
        self.show_button.setCursor(Qt.CursorShape.ArrowCursor)
        self.show_button.clicked.connect(self._on_show_clicked)
        self.reveal(False)
        theme.text_changed.connect(self._place_button)

    @property
    def is_revealed(self) -> bool:
        """Whether what is typed can be read."""
        return self.echoMode() is QLineEdit.EchoMode.Normal

    def reveal(self, is_wanted: bool) -> None:
        """Show what is typed, or hide it."""
        mode = QLineEdit.EchoMode.Normal if is_wanted else QLineEdit.EchoMode.Password
        self.setEchoMode(mode)
        # Showing it lifts Qt's own hints.
        self.setInputMethodHints(self.inputMethodHints() | _NOT_LEARNED)
        icon = Icon.HIDE if is_wanted else Icon.SHOW
        self.show_button.set_icon(icon, Ink.TEXT2)
        self.show_button.rename(self.tr("Hide") if is_wanted else self.tr("Show"))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the button at the right."""
        super().resizeEvent(event)
        self._place_button()

    def moveEvent(self, event: QMoveEvent) -> None:  # noqa: N802
        """The same."""
        super().moveEvent(event)
        self._place_button()

    def button_in(self, holder: QWidget) -> None:
        """Let the button stand in what holds the field."""
        self.show_button.setParent(holder)
        self.show_button.raise_()
        self._place_button()

    def _place_button(self) -> None:
        room = 0 if self.show_button.isHidden() else SIZE.toast_button
        self.setTextMargins(0, 0, room, 0)
        inset = (self.height() - self.show_button.height()) // 2
        place = QPoint(self.width() - self.show_button.width() - inset, inset)
        holder = self.show_button.parentWidget() or self
        self.show_button.move(place if holder is self else self.mapTo(holder, place))

    def _on_show_clicked(self) -> None:
        self.reveal(not self.is_revealed)


class PassphraseField(QWidget):
    """A name, the field, and room for a sentence."""

    submitted = Signal()
    height_changed = Signal()
    noticed = Signal()  # it is typed into, or what is wrong with it was said

    def __init__(
        self,
        theme: Theme,
        name: str,
        hint: str = "",
        lines: int = _PROBLEM_LINES,
        parent: QWidget | None = None,
    ) -> None:
        """`lines` of words fit below it, so that nothing moves when something is said there."""
        super().__init__(parent)
        self._hint = hint
        self.edit = PassphraseEdit(theme)
        self.edit.setAccessibleName(name)
        self.edit.returnPressed.connect(self.submitted)
        self.edit.textEdited.connect(self._on_edited)
        self.words = Label(theme, "", Type.CAPTION, wrap=True)
        label = Label(theme, name, Type.SMALL_STRONG)
        label.setBuddy(self.edit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.xs)
        for widget in (label, self.edit, self.words):
            column.addWidget(widget)
        self.edit.button_in(self)
        self._lines = lines
        self._fit()
        theme.text_changed.connect(self._fit)
        self.setFocusProxy(self.edit)
        self.show_problem("")

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """What is said may need more lines."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Exactly: beside words that wrap Qt's boxes would take from it."""
        said = (self._hint, self.words.text())
        words_px = max(self.words.height_of(text, self.width()) for text in said)
        words_px = max(words_px, self._lines * Type.CAPTION.line_px)
        self.words.setFixedHeight(words_px)
        height = Type.SMALL_STRONG.line_px + SIZE.field + 2 * SPACE.xs + words_px
        if height != self.minimumHeight():
            self.setFixedHeight(height)
            self.height_changed.emit()

    @property
    def text(self) -> str:
        """What was typed."""
        return self.edit.text()

    @property
    def problem(self) -> str:
        """What is wrong, as it is shown."""
        return self.words.text() if self.words.ink() is Ink.BAD else ""

    def show_problem(self, sentence: str) -> None:
        """Say what is wrong with it, or that nothing is."""
        self.words.setText(sentence or self._hint)
        self._fit()
        self.words.set_ink(Ink.BAD if sentence else Ink.TEXT3)
        self.edit.setAccessibleDescription(self.words.text())
        self.edit.setProperty("wrong", bool(sentence))
        self.edit.style().polish(self.edit)
        if sentence:
            QAccessible.updateAccessibility(QAccessibleEvent(self.words, QAccessible.Event.Alert))
            self.noticed.emit()

    def hide_text(self) -> None:
        """Before it is used: nobody has to read it any more."""
        self.edit.reveal(False)

    def forget(self) -> None:
        """Empty the field, and what Ctrl+Z could bring back."""
        self.edit.setText("")  # unlike clear(), it can't be undone
        self.edit.reveal(False)
        self.show_problem("")

    def take_focus(self) -> None:
        """Be ready to be typed over."""
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edit.selectAll()

    def _on_edited(self) -> None:
        self.show_problem("")
        self.noticed.emit()
