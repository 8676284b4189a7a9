"""Whether a sound bundle of a trusted signer may take a model's name: not an older one, not another
signer's without a word, not one whose weights an administrator does not allow.

For: importing, before a byte is copied.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from app.library.bundles.checking import OpenBundle, open_bundle
from app.library.bundles.errors import (
    Conflict,
    ForbiddenBundleError,
    ManifestError,
    OlderBundleError,
    OtherSignerError,
    StickError,
)
from app.library.bundles.seen import Seen
from inference.sentence import said

_WEIGHTS = (".safetensors", ".gguf")


@dataclass(frozen=True)
class Allowance:
    """What the user allows this once, and what an administrator allows at all: `weights`, the
    SHA-256 of files of weights; None is every one.
    """

    older: bool = False
    other_signer: bool = False
    weights: frozenset[str] | None = None


NO_ALLOWANCE = Allowance()


def refuse_forbidden(bundle: OpenBundle, allow: Allowance) -> None:
    """What could not be opened is not installed either. Raises ForbiddenBundleError."""
    if allow.weights is None:
        return
    weights = {f.sha256 for f in bundle.manifest.files if f.name.endswith(_WEIGHTS)}
    if not weights or not weights <= allow.weights:
        raise ForbiddenBundleError(
            said(
                "{name} is not among the models that your organisation allows. Nothing was "
                "installed. Ask your administrator.",
                name=bundle.manifest.name,
            )
        )


def refuse_unless_it_follows(
    bundle: OpenBundle, target: Path, before: Seen | None, allow: Allowance
) -> None:
    """What is installed may be damaged or gone: then the record of it counts alone. Raises
    OlderBundleError, OtherSignerError, each with all that stands against it.
    """
    conflict = _conflict(bundle, target, before)
    if conflict is None:
        return
    if conflict.is_older and not allow.older:
        raise OlderBundleError(
            said(
                "A later bundle of {name} is, or was, installed here. --allow-older takes this one "
                "all the same.",
                name=target.name,
            ),
            conflict,
        )
    if conflict.is_other_signer and not allow.other_signer:
        raise OtherSignerError(
            said(
                "{name} is installed from the key {before}, and this bundle is signed by another "
                "one: {now}. Ask its maker; --allow-other-signer puts it in its place.",
                name=target.name,
                before=conflict.known_fingerprint,
                now=bundle.signer.fingerprint,
            ),
            conflict,
        )


def _conflict(bundle: OpenBundle, target: Path, before: Seen | None) -> Conflict | None:
    """What is known of the name against a bundle; None where nothing is."""
    there = _installed_now(target)
    known = there or before
    if known is None:
        return None
    is_there = os.path.lexists(target)
    newest_s = max(each.made_at_s for each in (before, there) if each is not None)
    return Conflict(
        known_made_at_s=known.made_at_s,
        known_fingerprint=known.fingerprint,
        newest_made_at_s=newest_s,
        is_there=is_there,
        is_older=newest_s > bundle.manifest.made_at_s,
        is_other_signer=is_there and known.fingerprint != bundle.signer.fingerprint,
    )


def _installed_now(target: Path) -> Seen | None:
    try:
        there = open_bundle(target)
    except (ManifestError, StickError):
        return None
    return Seen(there.manifest.made_at_s, there.signer.fingerprint, is_installed=True)
