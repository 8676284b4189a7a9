"""Answers a file dialog as a person who chose something."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog


def pick(dialog: QFileDialog, path: Path) -> None:
    """Take that path."""
    dialog.fileSelected.emit(str(path))
    dialog.reject()
