"""What is done with the program's versions beside the window: each function is work of a task or a
job. What checks signatures is imported here, in the task's thread.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.bridge.jobs import Hand, Step
from app.installation import Installation
from app.pages.settings.program import ProgramState
from app.policy import Policy
from app.updates import starting
from app.updates.prefix import Prefix, go_back
from inference.sentence import Sentence, said

if TYPE_CHECKING:
    from app.updates.applying import Applied
    from app.updates.looking import Looked


@dataclass(frozen=True)
class OtherVersion:
    """The version that is kept beside `current`, which starts now and, where `is_kept`, stays when
    the other one is used; `lost`: what of the chats the other one can't read.
    """

    version: str
    current: str
    is_kept: bool
    lost: Sentence | None


_log = logging.getLogger(__name__)


def settle(installation: Installation) -> Sentence | None:
    """The window was shown: this version has started. What has to be told of one that did not."""
    starting.has_started(installation)
    prefix = None if installation.prefix is None else Prefix(installation.prefix)
    fallen = None if prefix is None else prefix.fell_back_from
    if prefix is None or fallen is None:
        return None
    try:
        prefix.forget_fall()
    except OSError as error:
        _log.warning("That a version did not start will be told again: %s", error)
    return said(
        "Version {fallen} did not start, twice, and was left: version {version} is in use again. "
        "Tell whoever gave you the update.",
        fallen=fallen,
        version=installation.build.version,
    )


def state(installation: Installation, policy: Policy) -> ProgramState:
    """What the settings say of this copy."""
    from app.library.bundles.signing import PublicKey
    from app.updates.admission import refusal

    prefix = None if installation.prefix is None else Prefix(installation.prefix)
    key = installation.build.release_key
    return ProgramState(
        refusal(installation, policy),
        None if key is None else PublicKey(key).fingerprint,
        None if prefix is None else prefix.current,
        None if prefix is None else prefix.previous,
    )


def look(file: Path, installation: Installation, policy: Policy) -> Looked:
    """As `app.updates.looking.look`; raises what stands against it."""
    from app.updates import looking

    found = looking.look(file, installation, policy)
    if found.refusal is not None:
        raise found.refusal
    return found


def apply(found: Looked, installation: Installation, policy: Policy, hand: Hand) -> Applied:
    """What was looked at and agreed to; raises UpdateError."""
    from app.updates.applying import Watch, apply_update

    step = said("Unpacking the update")
    return apply_update(
        found.file,
        installation,
        policy=policy,
        allow_downgrade=found.is_older,
        agreed=found.manifest,
        watch=Watch(lambda done, total: hand.tell(Step(step, done, total)), hand.is_stopped),
    )


def other(installation: Installation, policy: Policy) -> OtherVersion:
    """The version that is kept; raises UpdateError."""
    from app.updates.admission import updatable
    from app.updates.errors import NoPreviousError
    from app.updates.looking import lost_by_going_back

    prefix = updatable(installation, policy)
    version = prefix.previous
    if version is None:
        raise NoPreviousError(said("There is no other version here to go back to."))
    return OtherVersion(
        version,
        prefix.current or installation.build.version,
        not prefix.is_on_trial,
        lost_by_going_back(prefix, version),
    )


def use_other(installation: Installation, policy: Policy) -> str:
    """Have it start from the next start on; raises UpdateError."""
    from app.updates.admission import updatable

    return go_back(updatable(installation, policy))[0]
