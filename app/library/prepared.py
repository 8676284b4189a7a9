"""The copy of a model that is laid out for the kernels, made the first time it is used.

For: the window's model opener. Tells how far it is as steps of loading, and logs why a model
runs as it is where it can't be prepared.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from app import paths
from inference.events import LoadProgress
from inference.prepared.automatic import ready
from inference.prepared.preparing import PreparationProgress, Watch
from inference.request import Compute
from inference.sentence import said

_log = logging.getLogger(__name__)


def prepared_path(
    path: Path, compute: Compute, on_progress: Callable[[LoadProgress], None]
) -> Path:
    """What to open; raises the errors of `inference.errors`, and what `on_progress` raises,
    which stops a preparation: what is done is kept."""

    def tell(progress: PreparationProgress) -> None:
        share = progress.done_bytes / max(1, progress.total_bytes)
        step = said("Preparing it, once ({percent}%)", percent=round(100 * share))
        on_progress(LoadProgress(step, progress.done_bytes, progress.total_bytes))

    found = ready(path, compute, paths.prepared_dir(), Watch(tell))
    if found.reason:
        _log.warning("Without the native kernels: %s", found.reason)
    return found.path
