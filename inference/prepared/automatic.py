"""Preparing a model the first time that it is used, without being asked.

For: the engine's callers, before they open a model on the fast path. What nobody asked for
must not change answers: GGUF keeps its values, and full precision or FP8 becomes 8 bits. Where
preparing is not possible the model runs as it is, and the reason is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from inference.errors import PreparationCancelledError, PreparationError
from inference.loading import open_model
from inference.planned.weights import refusal_by_shape
from inference.prepared.cache import is_current, prepared_for
from inference.prepared.manifest import is_prepared
from inference.prepared.preparing import (
    SILENT,
    Watch,
    prepare,
    quantizing_by,
    remove_outdated,
)
from inference.request import Compute
from inference.sentence import ours, said, system_words
from kernels.cpu.library import status

MIX = "q8"


@dataclass(frozen=True)
class Ready:
    """What to open, and why it is the original if it is not the prepared one."""

    path: Path
    reason: str = ""


def ready(source: Path, compute: Compute, folder: Path, watch: Watch = SILENT) -> Ready:
    """The prepared copy of `source` in `folder`, made now if it is not there.

    Raises PreparationCancelledError, and what `open_model` raises for a source that is none.
    """
    if compute is Compute.REFERENCE or is_prepared(source):
        return Ready(source)
    native = status()
    if not native.chosen:
        return Ready(source, native.reason)
    target = prepared_for(source, folder, MIX)
    if is_current(target, source):
        remove_outdated(target)
        return Ready(target)
    with open_model(source) as opened:
        reason = refusal_by_shape(opened.spec)
    if reason:
        return Ready(
            source, said("The native kernels do not run this model: {reason}.", reason=ours(reason))
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return Ready(prepare(source, target, quantizing_by(MIX), watch, replace=True))
    except PreparationCancelledError:
        raise
    except PreparationError as error:
        return Ready(source, str(error))
    except OSError as error:
        return Ready(
            source, said("Its prepared copy can't be written ({why}).", why=system_words(error))
        )
