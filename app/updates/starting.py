"""The record that a version has started: until it is there, the one before is kept in its place.

For: the window, once it is shown, and the command line, once a command has done its work; `main`'s
roles hold the version's folder while they run. All of it does nothing for a copy that is not looked
after by the program. Light: the launcher imports it.
"""

from __future__ import annotations

import logging
import os

from app.installation import Installation
from app.updates.errors import UpdateError
from app.updates.prefix import TRIES, Prefix, changing, hold

_log = logging.getLogger(__name__)


def running(installation: Installation) -> int | None:
    """Keep this version's folder from being removed while this process runs."""
    return None if installation.prefix is None else hold(installation.program)


def has_started(installation: Installation) -> None:
    """This version works: from now on it is what a later one falls back to. What nobody needs any
    more goes: the one before its previous, what a kill left.
    """
    prefix = _own_prefix(installation)
    if prefix is None:
        return
    try:
        if not prefix.is_on_trial and not prefix.leftovers():
            return
        with changing(prefix):
            if prefix.is_on_trial:
                prefix.end_trial()
            prefix.clear()
    except (UpdateError, OSError) as error:
        _log.warning("The first start could not be recorded: %s", error)


def ended_in_order(installation: Installation) -> None:
    """It did not crash, whatever came of it: this was no failed start."""
    prefix = _own_prefix(installation)
    if prefix is None or not prefix.is_on_trial:
        return
    try:
        os.truncate(prefix.folder / TRIES, 0)
    except OSError as error:
        _log.warning("An orderly end could not be recorded: %s", error)


def _own_prefix(installation: Installation) -> Prefix | None:
    """Where this very version is the current one: an older window may still be open."""
    if installation.prefix is None:
        return None
    prefix = Prefix(installation.prefix)
    return prefix if prefix.current == installation.program.name else None
