"""Asks for a file or a folder: the ground of all such dialogs of the window.

Qt's own dialogs: in a locked process the system's refuse to work (design: file dialogs).
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget


class Chooser(QFileDialog):
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
