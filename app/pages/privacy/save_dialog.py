"""Asks where the report, or the list of connections, is to be written.

Qt's own dialog: in a locked process the system's refuse to work (design: file dialogs).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QWidget

from app.theme.metrics import SIZE
from app.widgets.documents import documents_folder


class SaveDialog(QFileDialog):
    """Tells the file once it is chosen; asks before one is replaced."""

    chosen = Signal(object)  # a Path

    def __init__(self, title: str, name: str, forms: Mapping[str, str], parent: QWidget) -> None:
        """`forms`: each form's words, and its suffix; the first one is offered."""
        super().__init__(parent, title)
        self._forms = dict(forms)
        self.setOption(QFileDialog.Option.DontUseNativeDialog)
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setFileMode(QFileDialog.FileMode.AnyFile)
        for forms_box in self.findChildren(QComboBox, "fileTypeCombo"):
            forms_box.setMinimumWidth(2 * SIZE.field)  # else large text is wider than a window
        self.resize(self.sizeHint().boundedTo(parent.window().size()))
        self.setDirectory(str(documents_folder()))
        self.setNameFilters(list(self._forms))
        self.filterSelected.connect(self._on_form_chosen)
        self.selectFile(name)
        self._on_form_chosen(self.selectedNameFilter())
        self.fileSelected.connect(self._on_chosen)
        self.finished.connect(self.deleteLater)

    def _on_form_chosen(self, form: str) -> None:
        """The name keeps its stem and gets the form's suffix."""
        suffix = self._forms[form]
        self.setDefaultSuffix(suffix)
        named = self.selectedFiles()
        if named and Path(named[0]).suffix in self._forms.values():
            self.selectFile(Path(named[0]).with_suffix(suffix).name)

    def _on_chosen(self, path: str) -> None:
        if path:
            self.chosen.emit(Path(path))
