"""Asks which files go with a question.

Qt's own dialog: in a locked process the system's refuse to work (design: file dialogs).
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QWidget


class AttachDialog(QFileDialog):
    """Tells the files once they are chosen. Any may be chosen: what is text shows when it is
    read.
    """

    chosen = Signal(object)  # a tuple of Path

    def __init__(self, folder: str, parent: QWidget) -> None:
        super().__init__(parent, self.tr("Attach text files"))
        self.setOption(QFileDialog.Option.DontUseNativeDialog)
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptOpen)
        self.setFileMode(QFileDialog.FileMode.ExistingFiles)
        self.setLabelText(QFileDialog.DialogLabel.Accept, self.tr("Attach"))
        self.setDirectory(folder or _documents())
        self.filesSelected.connect(self._on_files_selected)
        self.finished.connect(self.deleteLater)

    def _on_files_selected(self, files: list[str]) -> None:
        self.chosen.emit(tuple(Path(file) for file in files))


def _documents() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
