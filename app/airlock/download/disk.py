"""What a disk refuses, in words.

For: `job` and `fetching`.
"""

from __future__ import annotations

import errno
from pathlib import Path

from app.airlock.download.errors import DiskError
from inference.sentence import Sentence, said, system_words

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def is_full(error: OSError) -> bool:
    """Whether that is why the system refused."""
    return error.errno in _NO_ROOM


def became_full() -> Sentence:
    """Why a download pauses in the middle."""
    return said(
        "The disk is full, so the download is paused. Make room, and let it go on: what has "
        "arrived is kept."
    )


def has_no_room(needed_bytes: int, free_bytes: int) -> Sentence:
    """Why a download pauses before anything is asked for."""
    return said(
        "There is no room for this model: {needed:.1f} GB are still to come, and the disk has "
        "{free:.1f} GB free. Make room, and let it go on.",
        needed=needed_bytes / 1e9,
        free=free_bytes / 1e9,
    )


def gives_back_other_bytes() -> DiskError:
    """The error for a disk that can't be relied on."""
    return DiskError(
        said("The disk gives back other bytes than were written to it. Check the disk.")
    )


def disk_error(error: OSError, models_folder: Path) -> DiskError:
    """The error of ours for one of the system's."""
    if is_full(error):
        return DiskError(
            said("The disk is full. Make room, and start again: what has arrived is kept.")
        )
    if error.errno == errno.EFBIG:
        return DiskError(
            said(
                "This disk can’t hold a file as large as the model’s; put the models folder on "
                "another one, which is not formatted as FAT32."
            )
        )
    return DiskError(
        said(
            "{folder} can’t be used: {why}. What has arrived is kept.",
            folder=models_folder,
            why=system_words(error),
        )
    )
