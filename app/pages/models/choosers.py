"""Asks for files and folders of models.

Qt's own dialogs: in a locked process the system's refuse to work (design: file dialogs).
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget


class _Chooser(QFileDialog):
    """Tells what was chosen."""

    chosen = Signal(object)  # a Path

    def __init__(self, title: str, accept: str, start: Path, parent: QWidget) -> None:
        super().__init__(parent, title)
        self.setOption(QFileDialog.Option.DontUseNativeDialog)
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptOpen)
        self.setLabelText(QFileDialog.DialogLabel.Accept, accept)
        self.setDirectory(str(start))
        self.fileSelected.connect(self._on_chosen)
        self.finished.connect(self.deleteLater)

    def _on_chosen(self, path: str) -> None:
        if path:
            self.chosen.emit(Path(path))


class FolderChooser(_Chooser):
    """For a folder: a stick, another disk, a model as the Hub has it."""

    def __init__(self, title: str, accept: str, start: Path, parent: QWidget) -> None:
        super().__init__(title, accept, start, parent)
        self.setFileMode(QFileDialog.FileMode.Directory)
        self.setOption(QFileDialog.Option.ShowDirsOnly)


class ModelFileChooser(_Chooser):
    """For a file of a model: of a shard or a part all the others are found."""

    def __init__(self, start: Path, parent: QWidget) -> None:
        super().__init__("", "", start, parent)
        self.setWindowTitle(self.tr("Choose a model’s file"))
        self.setLabelText(QFileDialog.DialogLabel.Accept, self.tr("Choose"))
        self.setFileMode(QFileDialog.FileMode.ExistingFile)
        self.setNameFilters(
            [self.tr("Models (*.gguf *.safetensors *.json)"), self.tr("All files (*)")]
        )
