"""The files of this computer that something dragged or copied names."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData

from app.updates import SUFFIX

_THIS_COMPUTER = ("", "localhost")


def local_files(source: QMimeData) -> tuple[Path, ...]:
    """The files of this computer that are being pasted or dropped."""
    urls = [url for url in source.urls() if url.isLocalFile() and url.host() in _THIS_COMPUTER]
    return tuple(Path(url.toLocalFile()) for url in urls)


def update_file(source: QMimeData) -> Path | None:
    """An update of the program, where that is all that is dropped."""
    files = local_files(source)
    is_one = len(files) == 1 and files[0].name.endswith(SUFFIX)
    return files[0] if is_one else None
