"""The files of this computer that something dragged or copied names."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData

_THIS_COMPUTER = ("", "localhost")


def local_files(source: QMimeData) -> tuple[Path, ...]:
    """The files of this computer that are being pasted or dropped."""
    urls = [url for url in source.urls() if url.isLocalFile() and url.host() in _THIS_COMPUTER]
    return tuple(Path(url.toLocalFile()) for url in urls)
