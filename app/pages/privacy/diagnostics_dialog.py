"""The diagnostics as they will be written, to read before they are saved or copied.

For: `WindowDiagnostics`, which gathers, hands over the text and saves it.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.diagnostics.names import suggested_name
from app.notices import Notices
from app.theme.icons import Icon
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type, font_of
from app.widgets.button import Button, ButtonKind
from app.widgets.dialog_foot import foot
from app.widgets.documents import documents_folder
from app.widgets.keep_in_sight import KeepInSight
from app.widgets.label import Label
from app.widgets.pebbles import Pebbles
from app.widgets.toast import ToastStack


class DiagnosticsDialog(QDialog):
    """`save_requested` tells the file that was chosen, which may be replaced."""

    save_requested = Signal(object)  # a Path

    def __init__(self, theme: Theme, notices: Notices, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setWindowTitle(self.tr("Diagnostics"))
        self.copy = Button(theme, self.tr("Copy all"), ButtonKind.QUIET, icon=Icon.COPY)
        self.save = Button(theme, self.tr("Save…"), ButtonKind.PRIMARY)
        self.done_button = Button(theme, self.tr("Close"))
        self.text = QPlainTextEdit()
        self.state = Label(theme, self.tr("Collecting…"), Type.SMALL, Ink.TEXT2, wrap=True)
        self._pebbles = Pebbles(theme)
        self._lay_out(parent)
        self.toasts = ToastStack(theme, self)
        self.toasts.set_clearance(SIZE.button + 2 * SPACE.lg)
        notices.posted.connect(self.toasts.show_notice)
        self.copy.clicked.connect(self._on_copy)
        self.save.clicked.connect(self._on_save)
        self.done_button.clicked.connect(self.reject)
        self._offer(is_there=False)
        self.done_button.setFocus()

    def show_text(self, text: str, withheld: str) -> None:
        """The whole text; `withheld` says how many values did not fit and were left out."""
        self.text.setPlainText(text)
        self.state.setText(withheld)
        self._offer(is_there=True)

    def show_failure(self, sentence: str) -> None:
        """There is none, and why."""
        self.state.setText(sentence)
        self.state.set_ink(Ink.BAD)
        self._pebbles.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """The page's ground."""
        QPainter(self).fillRect(self.rect(), QColor(self._theme.tokens.surface))

    def _offer(self, *, is_there: bool) -> None:
        self._pebbles.setVisible(not is_there)
        self.copy.setEnabled(is_there)
        self.save.setEnabled(is_there)
        if is_there:
            self.save.setDefault(True)
            self.save.setFocus()

    def _lay_out(self, parent: QWidget) -> None:
        self.text.setProperty("field", True)  # for the stylesheet
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("The diagnostics"))
        self.text.setFont(font_of(Type.CODE_CAPTION))
        self.text.setTabChangesFocus(True)
        row = QHBoxLayout()
        row.setSpacing(SPACE.sm)
        row.addWidget(self._pebbles)
        row.addWidget(self.state, 1)
        content = QWidget()
        middle = QVBoxLayout(content)
        middle.setContentsMargins(SPACE.xxl, SPACE.xl, SPACE.xxl, 0)
        middle.setSpacing(SPACE.sm)
        middle.addLayout(self._head())
        middle.addWidget(self.text, 1)
        middle.addLayout(row)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._scrolled(content), 1)
        outer.addLayout(foot(self.copy, self.done_button, self.save))
        width = min(SIZE.column, parent.width())
        self.setFixedWidth(width)
        self.resize(width, max(SIZE.window_min_height, parent.height() - SPACE.section))

    def _scrolled(self, content: QWidget) -> QScrollArea:
        """Large text in a small window is higher than it."""
        area = QScrollArea()
        area.setAccessibleName(self.windowTitle())
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(content)
        KeepInSight(area)
        return area

    def _head(self) -> QVBoxLayout:
        head = QVBoxLayout()
        head.setContentsMargins(0, 0, 0, SPACE.xs)
        head.setSpacing(SPACE.xs)
        head.addWidget(Label(self._theme, self.tr("Diagnostics"), Type.CARD_TITLE))
        words = self.tr(
            "For support or an auditor. This is the whole file. It has only numbers, switches, "
            "dates, versions, hashes and words that the program itself declares. Chat text, "
            "titles, names of files and paths cannot get into it."
        )
        head.addWidget(Label(self._theme, words, Type.SMALL, Ink.TEXT2, wrap=True))
        return head

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())

    def _on_save(self) -> None:
        # Qt's own: in a locked process the system's refuse to work.
        dialog = QFileDialog(self, self.tr("Save diagnostics"))
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setNameFilters([self.tr("Diagnostics (*.json)")])
        dialog.setDefaultSuffix(".json")
        dialog.setDirectory(str(documents_folder()))
        dialog.selectFile(suggested_name(date.today()))
        dialog.fileSelected.connect(self._on_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_chosen(self, path: str) -> None:
        if path:
            self.save_requested.emit(Path(path))
