"""Asks where a chat is to be written, and in which form.

Qt's own dialog: in a locked process the system's refuse to work (design: file dialogs).
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.chats.export_format import ExportFormat
from app.chats.model import Conversation
from app.chats.transfer.names import suggested_name


class ExportDialog(QFileDialog):
    """Tells the form and the file once both are chosen; asks before a file is replaced."""

    chosen = Signal(object, object)  # an ExportFormat, a Path

    def __init__(self, chat: Conversation, parent: QWidget) -> None:
        super().__init__(parent, self.tr("Export chat"))
        self._forms = {
            self.tr("Markdown, to read (*.md)"): ExportFormat.MARKDOWN,
            self.tr("HTML, to read and print (*.html)"): ExportFormat.HTML,
            self.tr("JSON, with every branch (*.json)"): ExportFormat.JSON,
        }
        self.setOption(QFileDialog.Option.DontUseNativeDialog)
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setFileMode(QFileDialog.FileMode.AnyFile)
        self.setNameFilters(list(self._forms))
        self.filterSelected.connect(self._on_form_chosen)
        self._on_form_chosen(self.selectedNameFilter())
        self.selectFile(suggested_name(chat.title, self.form().suffix))
        self.fileSelected.connect(self._on_file_chosen)
        self.finished.connect(self.deleteLater)

    def form(self) -> ExportFormat:
        """The form that is chosen."""
        return self._forms[self.selectedNameFilter()]

    def _on_form_chosen(self, _filter: str) -> None:
        """The name keeps its stem and gets the form's suffix."""
        suffix = self.form().suffix
        self.setDefaultSuffix(suffix)
        named = self.selectedFiles()
        old = [form.suffix for form in ExportFormat]
        if named and Path(named[0]).suffix in old:
            self.selectFile(Path(named[0]).with_suffix(suffix).name)

    def _on_file_chosen(self, file: str) -> None:
        if file:
            self.chosen.emit(self.form(), Path(file))
