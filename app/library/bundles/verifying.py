"""Whether a bundle, or a model that came by one, is as it was signed, and by whom.

For: `models verify` and the models page, which ask the same and say it in their own words. Asks
nobody but the disk and the list of trusted keys.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from app import paths
from app.library.bundles.checking import (
    OpenBundle,
    check_bundle,
    check_installed,
    is_bundle,
    is_installed_bundle,
    open_bundle,
)
from app.library.bundles.errors import ContentError, Fault, ManifestError, Problem
from app.library.bundles.report import hashes_of
from app.library.bundles.seen import Seen, SeenBundles
from app.library.bundles.trust import TrustStore
from inference.prepared.preparing import SILENT, Watch
from inference.sentence import said


@dataclass(frozen=True)
class Verified:
    """Every byte is as it was signed. `signer`: what its key is called here; None where that key is
    not trusted here, or not any more.
    """

    bundle: OpenBundle
    signer: str | None


def verify_signed(folder: Path, watch: Watch = SILENT) -> Verified:
    """Read all of a bundle, on a stick or installed. Raises as `open_bundle`, `check_bundle` and
    `check_installed` do; KeyFileError where nobody can tell who is trusted.
    """
    bundle = open_bundle(folder)
    # Parts beside an installed model's files are no reason to read the parts alone.
    is_installed = any(os.path.lexists(folder / file.name) for file in bundle.manifest.files)
    if is_bundle(folder) and not is_installed:
        check_bundle(bundle, watch)
    else:
        check_installed(bundle, watch)
        if folder.parent == paths.models_dir():
            check_reports(bundle, SeenBundles().of(folder.name))
    return Verified(bundle, TrustStore().name_of(bundle.signer.fingerprint))


def check_reports(bundle: OpenBundle, seen: Seen | None) -> None:
    """Whether what was written about an installed model's import still says that; a report that was
    taken away says nothing wrong. Raises ContentError.
    """
    if seen is None or seen.fingerprint != bundle.signer.fingerprint:
        return
    changed = [
        name
        for name, sha256 in hashes_of(bundle.folder).items()
        if not sha256 or seen.reports.get(name, sha256) != sha256
    ]
    if changed:
        raise ContentError([_changed(name) for name in changed])


def _changed(name: str) -> Problem:
    sentence = said(
        "{name} is not what was written when the model was imported: it was altered or is damaged. "
        "Import the bundle again.",
        name=name,
    )
    return Problem(name, Fault.ALTERED, sentence)


def refuse_without_signature(path: Path) -> None:
    """Raises ManifestError where all that a bundle left beside an installed model was taken away,
    KeyFileError where the record of installed bundles can't be used.
    """
    if path.parent != paths.models_dir() or is_installed_bundle(path):
        return
    seen = SeenBundles().of(path.name)
    if seen is not None and seen.is_installed:
        raise ManifestError(
            said(
                "{name} came by a bundle, and the bundle’s signature and lists are gone. Import it "
                "again.",
                name=path.name,
            )
        )
