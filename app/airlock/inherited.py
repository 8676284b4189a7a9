"""The end of a pipe that a process was given at its start, named by an environment variable.

For: the lifeline and the pipe that brings the window forward. The variable is taken out at once,
so that no child of ours believes in it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import MutableMapping


def take_pipe_end(variable: str, environment: MutableMapping[str, str] | None = None) -> int | None:
    """The descriptor, which our children do not get; None where there is no such pipe."""
    variables = os.environ if environment is None else environment
    text = variables.pop(variable, "")
    if not text.isdecimal() or os.name != "posix":
        return None
    descriptor = int(text)
    try:
        is_pipe = stat.S_ISFIFO(os.fstat(descriptor).st_mode)
    except (OSError, OverflowError):
        return None
    if not is_pipe:
        return None
    os.set_inheritable(descriptor, False)
    return descriptor
