"""Logging for developers: to standard error, quiet by default, and never any chat text. Beside it
a memory of what went wrong, for the diagnostics: classes and places, no words.

For: every role, once at its start. Levels come from the environment: PITCHER_LOG=debug,
info, warning (the default) or error. What is logged says what happened to the program
(a file, a process, a time), never what a user or a model wrote.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping

from app.diagnostics.failures import FailureMemory, watch_uncaught
from app.diagnostics.own_code import ROOTS

LEVEL_VARIABLE = "PITCHER_LOG"
_LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}


def configure(role: str, environment: Mapping[str, str] | None = None) -> None:
    """Send the program's log to standard error, at the level that was asked for."""
    variables = os.environ if environment is None else environment
    wanted = variables.get(LEVEL_VARIABLE, "warning").lower()
    handler = logging.StreamHandler(sys.stderr)
    form = f"%(asctime)s {role} %(levelname)s %(name)s: %(message)s"
    handler.setFormatter(logging.Formatter(form))
    handler.setLevel(_LEVELS.get(wanted, logging.WARNING))
    memory = FailureMemory()
    root = logging.getLogger()
    root.handlers[:] = [handler, memory]
    root.setLevel(handler.level)
    for name in ROOTS:  # errors that are handled are logged at this level, with their traces
        logging.getLogger(name).setLevel(logging.DEBUG)
    watch_uncaught(memory)
    if wanted not in _LEVELS:
        names = ", ".join(_LEVELS)
        root.warning("%s=%s is not one of %s", LEVEL_VARIABLE, wanted, names)
