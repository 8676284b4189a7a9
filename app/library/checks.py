"""Whether a model's files are as they were: read whole, compared, and what came of it kept.

For: the models page, and `models verify`. A model is compared with the best that there is: what
its bundle signed, what the Hub listed when it was downloaded, what was written when it was
prepared, or what was read here before. The first reading of a model of which nothing is known is
what later ones are compared with, and is called just that.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path

from app import paths
from app.airlock.download.source import (
    SOURCE_NAME,
    Source,
    has_record,
    read_source,
    verify_source,
)
from app.library.errors import DamagedError
from app.library.incomplete import refuse_incomplete
from app.library.models import ModelChoice, model_files
from app.library.path_facts import PathFacts
from app.library.shelved import Against, Checked
from inference.errors import CheckpointError
from inference.prepared.manifest import is_prepared
from inference.prepared.preparing import SILENT, Watch
from inference.sentence import said

_NAME = "checks.json"
_MOST_NAMED = 8


class Checks:
    """What is known of models by their paths."""

    def __init__(self, file: Path | None = None) -> None:
        self._facts = PathFacts(file or paths.config_dir() / _NAME)

    def of(self, path: Path) -> Checked | None:
        """What the last reading found; None where there was none, or it can't be read."""
        return _checked(self._facts.of(path))

    def keep(self, path: Path, checked: Checked) -> None:
        """Raises ChecksError."""
        self._facts.keep(path, asdict(checked))

    def carry(self, old: Path, new: Path | None) -> None:
        """A model lies elsewhere now, or nowhere. Raises ChecksError."""
        self._facts.carry(old, new)


def check_model(model: ModelChoice, checks: Checks, watch: Watch = SILENT) -> Checked:
    """Read all of a model and compare it; what came of it is kept.

    Raises DamagedError, BundleError, CheckpointError for one that is not as it was, which is kept
    too; KeyFileError, PreparationCancelledError, ChecksError, OSError.
    """
    from app.library.bundles.errors import BundleError, KeyFileError

    before = checks.of(model.path)
    try:
        found = _compared(model, before, watch)
    except KeyFileError:
        raise  # says nothing of the model
    except (DamagedError, CheckpointError, BundleError) as error:
        checks.keep(model.path, _unsound(model, before))
        raise error
    checks.keep(model.path, found)
    return found


def trusted_now(checked: Checked | None) -> Checked | None:
    """What a reading found, with the trust in its signer as it is now: a key may have been trusted
    or given up since. Who can't be asked about trusts nobody.
    """
    from app.library.bundles.errors import KeyFileError
    from app.library.bundles.trust import TrustStore

    if checked is None or not checked.signer:
        return checked
    try:
        is_trusted = TrustStore().name_of(checked.signer) is not None
    except KeyFileError:
        is_trusted = False
    return replace(checked, is_trusted=is_trusted)


def _compared(model: ModelChoice, before: Checked | None, watch: Watch) -> Checked:
    from app.library.bundles.checking import is_installed_bundle
    from app.library.bundles.verifying import refuse_without_signature, verify_signed

    path, now = model.path, int(time.time())
    refuse_without_signature(path)
    if is_installed_bundle(path):
        found = verify_signed(path, watch)
        signer = found.bundle.signer.fingerprint
        is_trusted = found.signer is not None
        return Checked(now, Against.SIGNATURE, is_sound=True, signer=signer, is_trusted=is_trusted)
    if is_prepared(path):
        _verify_prepared(path, watch)
        return Checked(now, Against.PREPARATION, is_sound=True)
    source = recorded_source(path)
    if source is not None:
        _compare_with_hub(model, source, watch)
        return Checked(now, Against.HUB, is_sound=True)
    refuse_incomplete(model)
    read = dict(_hashes(model_files(path), watch))
    known = before.sha256 if before is not None else {}
    changed = sorted(name for name, sha256 in read.items() if known.get(name, sha256) != sha256)
    gone = sorted(set(known) - set(read))
    if changed or gone:
        raise DamagedError(
            said(
                "{name}: {files} changed since it was read the first time. Copy the model again, "
                "unless you changed it yourself.",
                name=model.name,
                files=", ".join((changed + gone)[:_MOST_NAMED]),
            )
        )
    since = before.since_s if before is not None and before.since_s else now
    return Checked(now, Against.READING, is_sound=True, since_s=since, sha256={**known, **read})


def recorded_source(path: Path) -> Source | None:
    """Where a model came from, if it was downloaded; raises DamagedError where what was written
    about that can't be used any more.
    """
    source = read_source(path)
    if source is None and has_record(path):
        raise DamagedError(
            said(
                "{name}: {file} is not as it was written, so nothing tells what the other files "
                "must be. Remove the model and download it again.",
                name=path.name,
                file=SOURCE_NAME,
            )
        )
    return source


def _compare_with_hub(model: ModelChoice, source: Source, watch: Watch) -> None:
    from app.library.bundles.checking import Meter

    total = sum(file.size for file in source.files)
    wrong = verify_source(model.path, source, Meter(said("Verifying"), total, watch).add)
    if wrong:
        raise DamagedError(
            said(
                "{name}: {files} is not as it was downloaded. Remove the model and download it "
                "again.",
                name=model.name,
                files=", ".join(wrong[:_MOST_NAMED]),
            )
        )


def _verify_prepared(path: Path, watch: Watch) -> None:
    from inference.errors import PreparationCancelledError
    from inference.prepared.preparing import PreparationProgress
    from inference.prepared.verifying import verify

    def tell(done: int, total: int) -> None:
        if watch.cancelled():
            raise PreparationCancelledError
        watch.on_progress(PreparationProgress(said("Verifying"), done, total))

    verify(path, tell)


def _unsound(model: ModelChoice, before: Checked | None) -> Checked:
    against = Against.READING if before is None else before.against
    since = 0 if before is None else before.since_s
    known = {} if before is None else before.sha256
    return Checked(int(time.time()), against, is_sound=False, since_s=since, sha256=known)


def _hashes(files: Iterable[Path], watch: Watch) -> Iterable[tuple[str, str]]:
    from app.library.bundles.checking import Meter
    from app.library.bundles.files import CHUNK_BYTES, opened

    listed = list(files)
    meter = Meter(said("Verifying"), sum(file.stat().st_size for file in listed), watch)
    for file in listed:
        digest = hashlib.sha256()
        with opened(file.resolve()) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                digest.update(chunk)
                meter.add(len(chunk))
        yield file.name, digest.hexdigest()


def _checked(stored: object) -> Checked | None:
    """As it was kept; None for what can't be used, as it is only what the last reading found."""
    if not isinstance(stored, dict):
        return None
    hashes = stored.get("sha256")
    numbers = (stored.get("at_s"), stored.get("since_s"))
    if not isinstance(hashes, dict) or not all(type(number) is int for number in numbers):
        return None
    try:
        return Checked(
            at_s=int(stored["at_s"]),
            against=Against(str(stored.get("against"))),
            is_sound=stored.get("is_sound") is True,
            since_s=int(stored["since_s"]),
            sha256={str(name): str(sha256) for name, sha256 in hashes.items()},
            signer=str(stored.get("signer", "")),
            is_trusted=stored.get("is_trusted", True) is True,
        )
    except ValueError:
        return None
