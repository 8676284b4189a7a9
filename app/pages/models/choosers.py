"""Asks for files and folders of models."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.widgets.file_chooser import Chooser


class FolderChooser(Chooser):
    """For a folder: a stick, another disk, a model as the Hub has it."""

    def __init__(self, title: str, accept: str, start: Path, parent: QWidget) -> None:
        super().__init__(title, accept, start, parent)
        self.setFileMode(QFileDialog.FileMode.Directory)
        self.setOption(QFileDialog.Option.ShowDirsOnly)


class ModelFileChooser(Chooser):
    """For a file of a model: of a shard or a part all the others are found."""

    def __init__(self, start: Path, parent: QWidget) -> None:
        super().__init__("", "", start, parent)
        self.setWindowTitle(self.tr("Choose a model’s file"))
        self.setLabelText(QFileDialog.DialogLabel.Accept, self.tr("Choose"))
        self.setFileMode(QFileDialog.FileMode.ExistingFile)
        self.setNameFilters(
            [self.tr("Models (*.gguf *.safetensors *.json)"), self.tr("All files (*)")]
        )
