"""`update` and `rollback`: another version of the program, from a file or from before."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from app.airlock.report import LockReport
from app.cli.confirming import confirm
from app.cli.meter import Meter
from app.cli.stopping import LEFT_BY_CTRL_C, stopped_by_ctrl_c
from app.cli.terminal import note, show, show_json, size_words
from app.installation import installation
from app.policy import Policy
from app.settings import user_settings
from app.updates.admission import updatable
from app.updates.applying import Applied, Watch, apply_update
from app.updates.errors import UpdateError, UpdateStoppedError
from app.updates.looking import Looked, look, lost_by_going_back
from app.updates.prefix import go_back
from inference.prepared.preparing import PreparationProgress
from inference.sentence import said


def run(arguments: argparse.Namespace, _lock: LockReport) -> int:
    """Either of them; raises UpdateError, CommandError."""
    policy = user_settings(touches=False).policy
    if arguments.command == "rollback":
        return _rollback(arguments, policy)
    file = Path(arguments.file).expanduser().absolute()
    if arguments.show:
        return _show(look(file, installation(), policy), arguments.json)
    return _update(file, arguments, policy)


def _update(file: Path, arguments: argparse.Namespace, policy: Policy) -> int:
    meter = Meter(arguments.json)
    step = said("Unpacking the update")
    with stopped_by_ctrl_c() as stop:
        watch = Watch(
            lambda done, total: meter.tell(PreparationProgress(step, done, total)), stop.is_set
        )
        try:
            applied = apply_update(
                file,
                installation(),
                policy=policy,
                allow_downgrade=arguments.allow_downgrade,
                watch=watch,
            )
        except UpdateStoppedError as stopped:
            meter.end()
            note(str(stopped))
            return LEFT_BY_CTRL_C
        except UpdateError:
            meter.end()
            raise
    meter.end()
    _tell("updated", applied, arguments.json)
    return 0


def _rollback(arguments: argparse.Namespace, policy: Policy) -> int:
    prefix = updatable(installation(), policy)
    if prefix.previous is not None:
        lost = lost_by_going_back(prefix, prefix.previous)
        if lost is not None:
            confirm(lost, arguments)
    to, _before = go_back(prefix)
    _tell("rolled_back", Applied(to, prefix.previous), arguments.json)
    return 0


def _tell(kind: str, applied: Applied, as_json: bool) -> None:
    if as_json:
        show_json({"type": kind, "version": applied.version, "previous": applied.previous})
        return
    show(f"Version {applied.version} starts with the next start. An open window goes on as it is.")
    if applied.previous is not None:
        show(f"{applied.previous} is kept: “pitcher rollback” goes back to it.")


def _show(found: Looked, as_json: bool) -> int:
    manifest = found.manifest
    if as_json:
        show_json(
            {"type": "update", "version": manifest.version, "commit": manifest.commit,
             "made_at_s": manifest.made_at_s, "system": manifest.system,
             "architecture": manifest.architecture, "glibc": manifest.glibc or None,
             "bytes": manifest.total_bytes, "files": len(manifest.files),
             "signer": found.fingerprint, "is_own_signer": found.is_own_signer,
             "current": found.current, "is_older": found.is_older,
             "refusal": None if found.refusal is None else str(found.refusal),
             "lost": found.lost}
        )  # fmt: skip
        return 0
    made = datetime.fromtimestamp(manifest.made_at_s, UTC).strftime("%Y-%m-%d %H:%M UTC")
    needs = f", glibc {manifest.glibc} or later" if manifest.glibc else ""
    show(f"Pitcher {manifest.version}, made {made} from {manifest.commit or 'an unnamed commit'}")
    show(f"For {manifest.system} on {manifest.architecture}{needs}")
    show(f"{len(manifest.files):,} files, {size_words(manifest.total_bytes)}")
    show(f"Signed soundly by {found.fingerprint}")
    show(
        "That is the key of this copy."
        if found.is_own_signer
        else "That is not the key of this copy."
    )
    _show_verdict(found)
    return 0


def _show_verdict(found: Looked) -> None:
    if found.refusal is not None:
        show(f"Not taken here: {found.refusal}")
    elif found.is_older:
        show(f"Older than {found.current}: taken with --allow-downgrade alone.")
    else:
        show(f"It can be applied over {found.current or 'what is installed'}.")
    if found.lost is not None:
        show(found.lost)
