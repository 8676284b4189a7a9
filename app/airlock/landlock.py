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
_FS_REFER = 1 << 13
_NET_BIND_TCP = 1 << 0
_NET_CONNECT_TCP = 1 << 1
_FIRST_VERSION_WITH_NETWORK = 4
_FIRST_VERSION_WITH_REFER = 2


class Domain(Enum):
    """Which ruleset makes the domain."""

    TCP = "tcp"
    RENAMES = "renames"


class _Ruleset(ctypes.Structure):
    """struct landlock_ruleset_attr, as of version 4."""

    _fields_ = (("handled_files", ctypes.c_uint64), ("handled_network", ctypes.c_uint64))


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
    if kernel_version >= _FIRST_VERSION_WITH_NETWORK:
        return Domain.TCP
    return Domain.RENAMES if kernel_version >= _FIRST_VERSION_WITH_REFER else None


def enter(domain: Domain, architecture: Architecture) -> None:
    """Put this process into a new domain; raises OSError."""
    native.prctl(native.PR_SET_NO_NEW_PRIVS, 1)
    ruleset = _create(domain, architecture)
    try:
        if domain is Domain.RENAMES:
            _allow_renames_everywhere(ruleset, architecture)
        _checked("landlock_restrict_self", architecture, ruleset, 0)
    finally:
        os.close(ruleset)


def _create(domain: Domain, architecture: Architecture) -> int:
    if domain is Domain.TCP:
        wanted, size = _Ruleset(0, _NET_BIND_TCP | _NET_CONNECT_TCP), 16
    else:
        wanted, size = _Ruleset(_FS_REFER, 0), 8  # version 2 knows only the first field
    return _checked("landlock_create_ruleset", architecture, ctypes.addressof(wanted), size, 0)


def _allow_renames_everywhere(ruleset: int, architecture: Architecture) -> None:
    root = os.open("/", os.O_PATH | os.O_CLOEXEC)
    try:
        rule = _PathBeneath(_FS_REFER, root)
        where = (ruleset, _RULE_PATH_BENEATH, ctypes.addressof(rule), 0)
        _checked("landlock_add_rule", architecture, *where)
    finally:
        os.close(root)


def _checked(name: str, architecture: Architecture, *arguments: int) -> int:
    result, code = native.system_call(architecture.numbers[name], *arguments)
    if code:
        raise OSError(code, f"{name}: {native.error_text(code)}")
    return result
