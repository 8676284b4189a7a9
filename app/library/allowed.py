"""Whether an administrator allows a model: the SHA-256 of every file of its weights is on a list.

For: whoever opens a model, in the window (in the engine's thread) and in the terminal. A file is
read whole once, and again only after it changed: what was found is kept beside the prepared
copies, with the size, the times and the number of the file. That spares time and proves nothing
to the user who owns those files; against him only the system's own permissions help.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

from app import paths
from app.policy import Policy
from inference.checkpoint.open import open_checkpoint
from inference.errors import InferenceError
from inference.events import LoadProgress
from inference.prepared.manifest import WEIGHTS_NAME, is_prepared, read_manifest
from inference.prepared.sources import sha256_of
from inference.sentence import said

_RECORD = "hashes.json"
_MOST_RECORDED = 512
_MOST_RECORD_BYTES = 1 << 20
_log = logging.getLogger(__name__)

Tell = Callable[[LoadProgress], None]


class ModelNotAllowedError(InferenceError):
    """The administrator's policy does not allow this model."""


def check_allowed(path: Path, policy: Policy, tell: Tell) -> None:
    """Raises ModelNotAllowedError, and what `open_checkpoint` raises. `tell` may raise to stop."""
    allowed = policy.restrictions.allowed_models
    if allowed is None:
        return
    if not allowed:
        raise _none_is_allowed(policy)
    if not set(_hashes(_weights(path), tell)) <= allowed:
        raise _not_allowed(path, policy)


def check_copy(copy: Path, source: Path, policy: Policy, tell: Tell) -> None:
    """The same of the prepared copy that this program made of `source`, which is allowed: it is
    as it was written, from allowed files. Raises ModelNotAllowedError, CheckpointError.
    """
    allowed = policy.restrictions.allowed_models
    if allowed is None or copy == source:
        return
    manifest = read_manifest(copy)
    (found,) = _hashes((copy / WEIGHTS_NAME,), tell)
    made_from = {file.sha256 for file in manifest.sources}
    if found != manifest.weights.sha256 or not made_from or not made_from <= allowed:
        raise _not_allowed(copy, policy)


def _none_is_allowed(policy: Policy) -> ModelNotAllowedError:
    if policy.problem is None:
        sentence = said("Your organisation allows no model, in {file}.", file=policy.file)
    else:
        sentence = said(
            "No model is opened until the policy of your organisation can be used: {file}",
            file=policy.file,
        )
    return ModelNotAllowedError(sentence)


def _not_allowed(path: Path, policy: Policy) -> ModelNotAllowedError:
    return ModelNotAllowedError(
        said(
            "{model} is not among the models that your organisation allows in {file}. It was not "
            "opened. Choose another model, or ask your administrator.",
            model=path.name,
            file=policy.file,
        )
    )


def _weights(path: Path) -> tuple[Path, ...]:
    """Every file that the model's weights are read from."""
    if is_prepared(path):
        return (path / WEIGHTS_NAME,)
    with closing(open_checkpoint(path)) as checkpoint:
        return checkpoint.files


def _hashes(files: Iterable[Path], tell: Tell) -> list[str]:
    record = _Record(paths.prepared_dir() / _RECORD)
    return [record.sha256(file.resolve(), tell) for file in files]


class _Record:
    """What was hashed, and how each file looked then. A damaged record is begun anew."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known = _read(file)

    def sha256(self, path: Path, tell: Tell) -> str:
        """As recorded, if the file is as it was; else read now. Raises ModelNotAllowedError."""
        looks = _looks(path)
        known = self._known.get(str(path))
        if known is not None and known[:-1] == looks:
            return str(known[-1])
        found = _hashed(path, tell)
        if _looks(path) != looks:
            raise ModelNotAllowedError(
                said("{file} has changed while it was being read. Open it again.", file=path.name)
            )
        self._known.pop(str(path), None)
        self._known[str(path)] = [*looks, found]
        self._keep()
        return found

    def _keep(self) -> None:
        newest = dict(list(self._known.items())[-_MOST_RECORDED:])
        beside = self._file.with_name(f".{self._file.name}.{os.getpid()}")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(json.dumps(newest), encoding="utf-8")
            os.replace(beside, self._file)
        except OSError:
            _log.warning("Hashes of models can't be kept; they are made again", exc_info=True)


def _read(file: Path) -> dict[str, list[object]]:
    try:
        if file.stat().st_size > _MOST_RECORD_BYTES:
            return {}
        loaded: object = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(loaded, dict):
        return {}
    return {name: facts for name, facts in loaded.items() if isinstance(facts, list) and facts}


def _looks(path: Path) -> list[object]:
    """What no one changes with the bytes unseen: the system alone sets the last time."""
    status = path.stat()
    return [status.st_size, status.st_ino, status.st_mtime_ns, status.st_ctime_ns]


def _hashed(path: Path, tell: Tell) -> str:
    done, total = 0, max(1, path.stat().st_size)

    def count(more: int) -> None:
        nonlocal done
        done += more
        step = said(
            "Comparing it with the allowed models ({percent}%)", percent=100 * done // total
        )
        tell(LoadProgress(step, done, total))

    return sha256_of(path, count)
