"""`models export`, `import`, `verify` and `remove`: models carried by stick.

Ctrl-C stops and keeps what is done; the next start goes on from there.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from app import paths
from app.airlock.download.errors import DownloadError
from app.cli.chat_words import count
from app.cli.confirming import confirm
from app.cli.downloaded import verify_downloaded
from app.cli.meter import Meter
from app.cli.prepare import verify_prepared
from app.cli.stopping import LEFT_BY_CTRL_C, stopped_by_ctrl_c
from app.cli.terminal import note, show, show_json
from app.library.bundles.admission import Allowance
from app.library.bundles.checking import (
    find_bundle,
    is_bundle,
    is_installed_bundle,
    open_bundle,
)
from app.library.bundles.errors import BundleError, ContentError
from app.library.bundles.exporting import PART_BYTES, export_bundle
from app.library.bundles.importing import Imported, import_bundle, signer_name
from app.library.bundles.report import HTML_NAME
from app.library.bundles.signing import SigningKey, fingerprint_from
from app.library.bundles.sources import source_of
from app.library.bundles.trust import TrustStore
from app.library.bundles.verifying import Verified, refuse_without_signature, verify_signed
from app.library.checks import recorded_source
from app.library.errors import LibraryError
from app.library.incomplete import incomplete, refuse_incomplete
from app.library.models import ModelChoice, installed, resolve, stored_bytes
from app.library.removing import remove_model
from app.settings import user_settings
from inference.errors import InferenceError, PreparationCancelledError
from inference.prepared.manifest import is_prepared
from inference.prepared.preparing import Watch

_GB = 1e9


def run_export(arguments: argparse.Namespace) -> int:
    """Make a bundle; raises BundleError, InferenceError, NoSuchModelError, OSError."""
    model = resolve(arguments.name)
    key = SigningKey.read(
        Path(arguments.key).expanduser() if arguments.key else TrustStore().own_file
    )
    source = source_of(model)
    meter = Meter(arguments.json)
    with stopped_by_ctrl_c() as stop:
        try:
            folder, manifest = export_bundle(
                source,
                Path(arguments.to).expanduser().absolute(),
                key,
                arguments.part_bytes or PART_BYTES,
                Watch(meter.tell, stop.is_set),
            )
        except PreparationCancelledError as stopped:
            return _stopped(meter, stopped)
    meter.end()
    parts = sum(1 for _ in manifest.parts())
    if arguments.json:
        show_json(
            {"type": "exported", "path": str(folder), "name": manifest.name, "parts": parts,
             "bytes": manifest.total_bytes, "fingerprint": key.public.fingerprint}
        )  # fmt: skip
    else:
        show(f"Exported: {folder} ({manifest.total_bytes / _GB:,.2f} GB in {count(parts, 'part')})")
        show(f"Signed with {key.public.fingerprint}")
    return 0


def run_import(arguments: argparse.Namespace) -> int:
    """Install a bundle; raises BundleError, PreparationError, OSError."""
    trusted_now = fingerprint_from(arguments.trust) if arguments.trust else ""
    bundle = open_bundle(find_bundle(Path(arguments.path).expanduser().absolute()))
    signer = signer_name(bundle, TrustStore(), trusted_now)
    allow = Allowance(
        arguments.allow_older,
        arguments.allow_other_signer,
        user_settings(touches=False).policy.restrictions.allowed_models,
    )
    meter = Meter(arguments.json)
    with stopped_by_ctrl_c() as stop:
        try:
            imported = import_bundle(
                bundle,
                paths.models_dir(),
                signer,
                allow=allow,
                watch=Watch(meter.tell, stop.is_set),
            )
        except PreparationCancelledError as stopped:
            return _stopped(meter, stopped)
        except BundleError:
            meter.end()
            raise
    meter.end()
    _tell_imported(imported, signer, arguments.json)
    return 0


def _tell_imported(imported: Imported, signer: str, as_json: bool) -> None:
    manifest = imported.bundle.manifest
    report = imported.folder / HTML_NAME
    fingerprint = imported.bundle.signer.fingerprint
    if as_json:
        show_json(
            {"type": "imported", "path": str(imported.folder), "name": manifest.name,
             "bytes": manifest.total_bytes, "fingerprint": fingerprint, "signer": signer,
             "was_there": imported.was_there, "report": str(report)}
        )  # fmt: skip
        return
    what = "It is here already, and whole" if imported.was_there else "Imported"
    show(f"{what}: {manifest.name} ({manifest.total_bytes / _GB:,.2f} GB), {imported.folder}")
    show(f"Signed by {signer}: {fingerprint}")
    show(f"Report: {report}")


def _stopped(meter: Meter, stopped: PreparationCancelledError) -> int:
    meter.end()
    note(str(stopped))
    return LEFT_BY_CTRL_C


# ---------------------------------------------------------------------- verifying


def run_verify(arguments: argparse.Namespace) -> int:
    """One model, bundle or prepared folder, or all models; 1 where one is not as written, or was
    signed by a key that is not trusted here.
    """
    if arguments.folder is None:
        models = (*installed(), *incomplete())
        return max((_verify_named(model, arguments) for model in models), default=0)
    folder = Path(arguments.folder).expanduser()
    if folder.is_dir() and is_bundle(folder):
        return _verify_bundle(folder, arguments)
    model = resolve(arguments.folder, takes_damaged=True)
    code = _verify_known(model, arguments)
    return verify_prepared(model.path, arguments.json) if code is None else code


def _verify_known(model: ModelChoice, arguments: argparse.Namespace) -> int | None:
    """By what a bundle or a download left beside it; None where there is no such thing."""
    refuse_without_signature(model.path)
    if is_installed_bundle(model.path):
        return _verify_bundle(model.path, arguments)
    source = recorded_source(model.path)
    if source is not None:
        return verify_downloaded(model.path, source, arguments.json)
    refuse_incomplete(model)
    return None


def _verify_named(model: ModelChoice, arguments: argparse.Namespace) -> int:
    """As far as there is something to compare with; an error is said, and the next one follows."""
    as_json = arguments.json
    try:
        code = _verify_known(model, arguments)
        if code is None and is_prepared(model.path):
            code = verify_prepared(model.path, as_json)
        if code is not None:
            return code
    except (InferenceError, BundleError, DownloadError, LibraryError) as error:
        if as_json:
            show_json({"type": "damaged", "path": str(model.path), "problems": [str(error)]})
        note(f"{model.name}: {error}")
        return 1
    if as_json:
        show_json({"type": "unknown", "path": str(model.path), "name": model.name})
    else:
        show(
            f"{model.name}: there is nothing to compare it with; it came by neither a download nor "
            "a bundle."
        )
    return 0


def _verify_bundle(folder: Path, arguments: argparse.Namespace) -> int:
    """Read all of a bundle, on a stick or installed; raises BundleError, says ContentError."""
    as_json = arguments.json
    meter = Meter(as_json)
    try:
        found = verify_signed(folder, Watch(meter.tell))
    except ContentError as error:
        meter.end()
        return _tell_damaged(folder, error, as_json)
    meter.end()
    _tell_verified(found, as_json)
    if found.signer is not None or arguments.allow_untrusted_signer:
        return 0
    note(
        f"{found.bundle.manifest.name}: signed soundly, by a key that is not trusted here. Trust "
        "it with “models key trust”, or take it for this once with --allow-untrusted-signer."
    )
    return 1


def _tell_damaged(folder: Path, error: ContentError, as_json: bool) -> int:
    if as_json:
        problems = [
            {"name": p.name, "fault": p.fault.value, "sentence": p.sentence} for p in error.problems
        ]
        show_json({"type": "damaged", "path": str(folder), "problems": problems})
    for problem in error.problems:
        note(f"{folder.name}: {problem.sentence}")
    return 1


def _tell_verified(found: Verified, as_json: bool) -> None:
    bundle, name = found.bundle, found.signer
    manifest, fingerprint = bundle.manifest, bundle.signer.fingerprint
    if as_json:
        show_json(
            {"type": "verified", "path": str(bundle.folder), "name": manifest.name,
             "bytes": manifest.total_bytes, "fingerprint": fingerprint, "signer": name}
        )  # fmt: skip
        return
    size = manifest.total_bytes / _GB
    show(f"{manifest.name}: all of it ({size:,.2f} GB) is as it was signed.")
    show(f"Signed by {name or 'a key that is not trusted here'}: {fingerprint}")


# ---------------------------------------------------------------------- removing


def run_remove(arguments: argparse.Namespace) -> int:
    """Delete a model; raises CommandError, NoSuchModelError, NotRemovableError, OSError."""
    model = resolve(arguments.name, takes_damaged=True)
    size = stored_bytes(model)
    confirm(
        f"This deletes {model.name} ({size / _GB:,.2f} GB) in {model.path} and the copy that was "
        "prepared of it. It can’t be undone.",
        arguments,
    )
    remove_model(model)
    if arguments.json:
        show_json({"type": "removed", "name": model.name, "bytes": size})
    else:
        show(f"Removed: {model.name}.")
    return 0
