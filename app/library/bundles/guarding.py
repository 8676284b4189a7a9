"""Whether others than its owner may change a file on which trust rests.

For: the list of trusted keys, and the record of installed bundles.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from app.library.bundles.errors import KeyFileError
from inference.sentence import said

_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


def _owners() -> set[int]:
    return {0, os.geteuid()}


def refuse_what_others_may_change(file: Path) -> None:
    """Raises KeyFileError for a file or a folder of it that is another user's or that others may
    write; OSError. Windows keeps such rights elsewhere: there a user's folder is their own.
    """
    if os.name != "posix":
        return
    for path in (file.parent, file):
        status = os.lstat(path)
        if status.st_uid not in _owners() or status.st_mode & _BY_OTHERS:
            raise KeyFileError(
                said(
                    "Others can change {path}, on which trust rests. Nothing in it counts until "
                    "it is its owner’s alone (chmod go-w). Look at what stands in it first.",
                    path=path,
                )
            )
