"""Whether this copy takes updates at all, and whether it takes this one.

For: applying, and whoever shows what stands against it. Raises a typed error with what to do.
"""

from __future__ import annotations

import os
import platform
import sys

from app.chats.schema import MIGRATIONS
from app.installation import Installation, Kind
from app.library.bundles.signing import PublicKey
from app.policy import Policy
from app.updates.errors import (
    ForeignUpdateError,
    NotUpdatableError,
    OlderVersionError,
    SameVersionError,
    UnfitUpdateError,
)
from app.updates.manifest import UpdateManifest
from app.updates.prefix import Prefix
from app.updates.versions import order_of
from inference.sentence import Sentence, said

_SYSTEMS = {"win32": "windows", "darwin": "macos"}
_PROCESSORS = {"amd64": "x86_64", "arm64": "aarch64"}


def refusal(installation: Installation, policy: Policy) -> Sentence | None:
    """Why this copy takes no update, or None where it does."""
    forbidden = policy.refusal_of_updates()
    if forbidden is not None:
        return forbidden
    if installation.kind is Kind.SOURCE:
        return said("This Pitcher runs from its source. Update that, and it is up to date.")
    if installation.kind is Kind.SYSTEM or installation.prefix is None:
        return said(
            "This Pitcher was installed by the system’s package manager, which updates it (apt or "
            "dnf)."
        )
    if installation.build.release_key is None:
        return said(
            "This build is not signed: it takes no updates. Install a newer one in its place."
        )
    if not os.access(installation.prefix, os.W_OK):
        return said(
            "{folder} can’t be written to. Use a disk or a stick that can, then try again.",
            folder=installation.prefix,
        )
    return None


def updatable(installation: Installation, policy: Policy) -> Prefix:
    """The versions of a copy that takes updates; raises NotUpdatableError."""
    why = refusal(installation, policy)
    if why is not None or installation.prefix is None:
        raise NotUpdatableError(why or said("This copy takes no updates."))
    return Prefix(installation.prefix)


def refuse_other_signer(signer: PublicKey, installation: Installation) -> None:
    """Raises ForeignUpdateError unless the key of this build signed it."""
    key = installation.build.release_key
    if key is None or signer.raw != key:
        own = "–" if key is None else PublicKey(key).fingerprint
        raise ForeignUpdateError(
            said(
                "This update is signed by another key than this Pitcher’s. Nothing of it was used. "
                "It is signed by {signer}; updates of this copy are signed by {own}. Get the "
                "update from whoever this Pitcher came from.",
                signer=signer.fingerprint,
                own=own,
            )
        )


def refuse_unfit(manifest: UpdateManifest) -> None:
    """Raises UnfitUpdateError where it could not run on this computer."""
    here, processor = system(), architecture()
    if (manifest.system, manifest.architecture) != (here, processor):
        raise UnfitUpdateError(
            said(
                "This update is for {system} on {architecture}, this computer is {here} on "
                "{processor}. Get the update for it.",
                system=manifest.system,
                architecture=manifest.architecture,
                here=here,
                processor=processor,
            )
        )
    found = glibc()
    if manifest.glibc and (found is None or _numbers(found) < _numbers(manifest.glibc)):
        raise UnfitUpdateError(
            said(
                "This update needs version {needed} of the C library (glibc), this computer has "
                "{found}. Bring the system up to date first.",
                needed=manifest.glibc,
                found=found or said("another one"),
            )
        )


def refuse_unless_later(
    manifest: UpdateManifest, prefix: Prefix, *, allow_downgrade: bool = False
) -> None:
    """Raises SameVersionError, OlderVersionError. What starts next counts, not what runs."""
    current = prefix.current
    if current is None:
        return  # whatever is installed does not start: any version is better
    if order_of(manifest.version) == order_of(current):
        raise SameVersionError(
            said("Version {version} is installed already. Nothing was changed.", version=current)
        )
    if order_of(manifest.version) < order_of(current) and not allow_downgrade:
        raise OlderVersionError(
            said(
                "This update is version {version}, older than {current}, which is installed. "
                "Nothing was changed. An older one brings back faults that were mended since; "
                "--allow-downgrade takes it all the same.",
                version=manifest.version,
                current=current,
            )
        )


def is_older(manifest: UpdateManifest, prefix: Prefix) -> bool:
    """Whether it would be a step back."""
    current = prefix.current
    return current is not None and order_of(manifest.version) < order_of(current)


def unreadable_history(version: str, reads: int | None) -> Sentence | None:
    """What is lost of the chats with a version that reads histories up to a form; None if nothing.
    `reads` is None where that is not known.
    """
    if reads is not None and reads >= MIGRATIONS[-1].version:
        return None
    if reads is None:
        return said(
            "It is not known whether version {version} can read the chats as they are kept now. If "
            "it can’t, it says so and changes nothing.",
            version=version,
        )
    return said(
        "Version {version} can’t read the chats as they are kept now. It leaves them as they are, "
        "and offers the backup that was made when their form changed (also: pitcher chats "
        "restore); what was written since comes back with the later version.",
        version=version,
    )


def system() -> str:
    """As a manifest names it."""
    return _SYSTEMS.get(sys.platform, sys.platform)


def architecture() -> str:
    """The processor's, as a manifest names it."""
    machine = platform.machine().lower()
    return _PROCESSORS.get(machine, machine)


def glibc() -> str | None:
    """The C library's version, where it is glibc."""
    try:
        words = (os.confstr("CS_GNU_LIBC_VERSION") or "").split()
    except (AttributeError, ValueError, OSError):
        return None
    return words[1] if len(words) == 2 else None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())
