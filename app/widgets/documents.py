"""Where a file dialog begins."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths


def documents_folder() -> Path:
    """The user's documents, or their home where there is no such folder."""
    where = QStandardPaths.StandardLocation
    named = QStandardPaths.writableLocation(where.DocumentsLocation)
    return Path(named) if named and Path(named).is_dir() else Path.home()
