"""The second layer: a Landlock domain around the chat process and its children.

For: `lock.py`. seccomp refuses ptrace and its relatives, but `/proc/PID/mem` is a file,
and a filter cannot see which file is opened. A process in a Landlock domain has no
debugger's access to any process outside it, root included. Files, Unix sockets and
signals stay as they were. TCP bind and connect are refused on sockets that others pass in.

By the kernel's Landlock version:
    4 and later   the domain handles TCP only, and never looks at files
    2 and 3       it handles renames between folders, and allows them everywhere
    1             none: it would forbid renaming between folders altogether
    0             none: the kernel has no Landlock
"""

from __future__ import annotations

import ctypes
import os
from enum import Enum

from app.airlock import native
from app.airlock.syscalls import Architecture

_ASK_VERSION = 1
_RULE_PATH_BENEATH = 1
FS_REFER = 1 << 13
NET_BIND_TCP = 1 << 0
_NET_CONNECT_TCP = 1 << 1
FIRST_VERSION_WITH_NETWORK = 4
FIRST_VERSION_WITH_REFER = 2


class Domain(Enum):
    """Which ruleset makes the domain."""

    TCP = "tcp"
    RENAMES = "renames"


class _Ruleset(ctypes.Structure):
    """struct landlock_ruleset_attr, as of version 6."""

    _fields_ = (
        ("handled_files", ctypes.c_uint64),
        ("handled_network", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _PathBeneath(ctypes.Structure):
    """struct landlock_path_beneath_attr."""

    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def version(architecture: Architecture) -> int:
    """The kernel's Landlock version; 0 where it has none or has it switched off."""
    number = architecture.numbers["landlock_create_ruleset"]
    result, code = native.system_call(number, 0, 0, _ASK_VERSION)
    return 0 if code else result


def domain_for(kernel_version: int) -> Domain | None:
    """The domain that this Landlock version allows without harm; None where there is none."""
    if kernel_version >= FIRST_VERSION_WITH_NETWORK:
        return Domain.TCP
    return Domain.RENAMES if kernel_version >= FIRST_VERSION_WITH_REFER else None


def enter(domain: Domain, architecture: Architecture) -> None:
    """Put this process into a new domain; raises OSError."""
    if domain is Domain.TCP:
        ruleset = create(architecture, network=NET_BIND_TCP | _NET_CONNECT_TCP)
    else:
        ruleset = create(architecture, files=FS_REFER)
    try:
        if domain is Domain.RENAMES:
            _allow_renames_everywhere(ruleset, architecture)
        restrict(ruleset, architecture)
    finally:
        os.close(ruleset)


def create(architecture: Architecture, *, files: int = 0, network: int = 0, scopes: int = 0) -> int:
    """The descriptor of a ruleset that refuses these rights to what no rule allows; raises OSError.

    A kernel takes no field that it does not know: the last ones are left out where they are 0.
    """
    wanted = _Ruleset(files, network, scopes)
    size = 24 if scopes else 16 if network else 8
    return _checked("landlock_create_ruleset", architecture, ctypes.addressof(wanted), size, 0)


def allow_beneath(ruleset: int, handle: int, rights: int, architecture: Architecture) -> None:
    """Allow these rights to the file or below the folder that `handle` is; raises OSError."""
    rule = _PathBeneath(rights, handle)
    where = (ruleset, _RULE_PATH_BENEATH, ctypes.addressof(rule), 0)
    _checked("landlock_add_rule", architecture, *where)


def restrict(ruleset: int, architecture: Architecture) -> None:
    """Put this process, for its life and its children's, under a ruleset; raises OSError."""
    native.prctl(native.PR_SET_NO_NEW_PRIVS, 1)
    _checked("landlock_restrict_self", architecture, ruleset, 0)


def _allow_renames_everywhere(ruleset: int, architecture: Architecture) -> None:
    root = os.open("/", os.O_PATH | os.O_CLOEXEC)
    try:
        allow_beneath(ruleset, root, FS_REFER, architecture)
    finally:
        os.close(root)


def _checked(name: str, architecture: Architecture, *arguments: int) -> int:
    result, code = native.system_call(architecture.numbers[name], *arguments)
    if code:
        raise OSError(code, f"{name}: {native.error_text(code)}")
    return result
