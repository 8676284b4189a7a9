"""Asks where a chat, or several, are to be written, and in which form.

Qt's own dialog: in a locked process the system's refuse to work (design: file dialogs).
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QWidget

from app.chats.export_format import ExportFormat
from app.chats.model import Conversation
from app.chats.transfer.names import suggested_name
from app.numbers import whole
from app.theme.metrics import SIZE
from app.widgets.documents import documents_folder


class _Dialog(QFileDialog):
    """What both share: the forms, and where they begin."""

    chosen = Signal(object, object)  # an ExportFormat, a Path

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent, title)
        self._forms = {
            self.tr("Markdown, to read (*.md)"): ExportFormat.MARKDOWN,
            self.tr("HTML, to read and print (*.html)"): ExportFormat.HTML,
            self.tr("JSON, with every branch (*.json)"): ExportFormat.JSON,
        }
        self.setOption(QFileDialog.Option.DontUseNativeDialog)
        for forms in self.findChildren(QComboBox, "fileTypeCombo"):
            forms.setMinimumWidth(2 * SIZE.field)  # else large text is wider than a window
        self.resize(self.sizeHint().boundedTo(parent.window().size()))
        self.setDirectory(str(documents_folder()))
        self.fileSelected.connect(self._on_chosen)
        self.finished.connect(self.deleteLater)

    def form(self) -> ExportFormat:
        """The form that is chosen."""
        return self._forms[self.selectedNameFilter()]

    def _on_chosen(self, path: str) -> None:
        if path:
            self.chosen.emit(self.form(), Path(path))


class ExportDialog(_Dialog):
    """Tells the form and the file once both are chosen; asks before a file is replaced."""

    def __init__(self, chat: Conversation, parent: QWidget) -> None:
        super().__init__(QCoreApplication.translate("ExportDialog", "Export chat"), parent)
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setFileMode(QFileDialog.FileMode.AnyFile)
        self.setNameFilters(list(self._forms))
        self.filterSelected.connect(self._on_form_chosen)
        self._on_form_chosen(self.selectedNameFilter())
        self.selectFile(suggested_name(chat.title, self.form().suffix))

    def _on_form_chosen(self, _filter: str) -> None:
        """The name keeps its stem and gets the form's suffix."""
        suffix = self.form().suffix
        self.setDefaultSuffix(suffix)
        named = self.selectedFiles()
        old = [form.suffix for form in ExportFormat]
        if named and Path(named[0]).suffix in old:
            self.selectFile(Path(named[0]).with_suffix(suffix).name)


class ExportFolderDialog(_Dialog):
    """Tells the form and the folder into which each of several chats is written."""

    def __init__(self, count: int, parent: QWidget) -> None:
        title = QCoreApplication.translate("ExportDialog", "Export {count} chats to a folder")
        super().__init__(title.format(count=whole(count)), parent)
        self.setFileMode(QFileDialog.FileMode.Directory)
        # Files are listed too, or there would be no choice of their form.
        self.setOption(QFileDialog.Option.ShowDirsOnly, False)
        self.setNameFilters(list(self._forms))
        self.setLabelText(
            QFileDialog.DialogLabel.Accept, QCoreApplication.translate("ExportDialog", "Export")
        )
