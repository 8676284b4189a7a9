"""The report as text, and the text as a file that is checked before it is kept.

For: `doctor --export` and the window, which shows the very text that is written.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.chats.transfer.writing import write_file
from app.diagnostics.form import Report
from app.diagnostics.layout import laid_out
from app.diagnostics.reading import check


def text_of(report: Report) -> str:
    """The file's whole text, checked. Raises NotClosedError."""
    text = laid_out(report.written())
    check(text.encode())
    return text


def export(
    text: str,
    target: Path,
    *,
    replace: bool = False,
    read: Callable[[Path], bytes] = Path.read_bytes,
) -> None:
    """Write the text whole or not at all; what stands on the disk is read back and checked first.

    Raises TransferError, TargetExistsError, NotClosedError; the target is then as it was.
    """
    write_file(target, [text], replace=replace, check=lambda beside: check(read(beside)))
