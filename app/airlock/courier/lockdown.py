"""The courier's own lock: it may reach the network, and little else.

For: the launcher, which makes it ready and sets it between fork and exec (`CourierLock`), and the
courier, which tries it before anything else (`verify`) and closes one more door (`seal`).

    files        Landlock's allow-list (`reach`): it writes the models folder alone; where the
                 kernel has no Landlock the other layers hold alone, and the privacy page says so
    sockets      Internet and Unix sockets; it never listens nor takes a connection
    calls        no other process's memory or descriptors, none of the kernel's other ways out
    processes    it has threads, and starts neither a child nor a program
    limits       memory, open files; no core file; gone when the launcher is gone

A layer that this system has and that can't be set means that no courier is started.
"""

from __future__ import annotations

import os
import resource  # this module is for Linux alone, and a fork is no time to import
import signal
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.airlock import landlock, native, seccomp
from app.airlock.courier import allow_list
from app.airlock.courier.allow_list import AllowList
from app.airlock.courier.errors import NotConfinedError
from app.airlock.courier.reach import reach_of_courier
from app.airlock.leaving import EXIT_BY_SIGNAL
from app.airlock.rules import AF_UNIX, CHAT_RULES, LockRules, lock_filter, one_process_filter
from app.airlock.syscalls import Architecture, this_architecture
from inference.sentence import said, system_words

_AF_INET, _AF_INET6 = 2, 10
_NEVER_LISTENS = ("listen", "accept", "accept4")
COURIER_RULES = LockRules(
    refused_calls=CHAT_RULES.refused_calls + _NEVER_LISTENS,
    allowed_families=(AF_UNIX, _AF_INET, _AF_INET6),
)
_MEMORY_BYTES = 6 << 30  # of addresses, not of memory: Qt and its fonts map much
_OPEN_FILES = 512


@dataclass(frozen=True)
class CourierLock:
    """Made ready in the launcher: after the fork only system calls are left."""

    architecture: Architecture
    program: bytes
    ruleset: int | None
    launcher_id: int

    def engage(self) -> None:
        """Put this process under it; raises OSError, and then nothing may be started."""
        _limit()
        if self.ruleset is not None:
            landlock.restrict(self.ruleset, self.architecture)
        seccomp.install(self.program, self.architecture)
        native.prctl(native.PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != self.launcher_id:
            os._exit(EXIT_BY_SIGNAL + signal.SIGKILL)  # it died before the line above

    def close(self) -> None:
        """After the fork the launcher needs the ruleset no more."""
        if self.ruleset is not None:
            os.close(self.ruleset)


def prepare(allowed: AllowList) -> CourierLock:
    """The lock for this system. Raises NotConfinedError where it can't be made."""
    architecture = this_architecture()
    if architecture is None or not seccomp.is_available(architecture):
        raise NotConfinedError(
            said(
                "Pitcher can’t download on this system yet: the system can’t hold the process that "
                "would do it to its task. Import a bundle, or use files that you have."
            )
        )
    try:
        possible = allow_list.is_possible(architecture)
        ruleset = allow_list.make(allowed, architecture) if possible else None
    except OSError as error:
        raise NotConfinedError(_not_set(error)) from error
    return CourierLock(architecture, lock_filter(COURIER_RULES, architecture), ruleset, os.getpid())


def prepare_for(
    models_folder: Path,
    policy_file: Path,
    more_files: tuple[Path, ...],
    environment: Mapping[str, str],
) -> CourierLock:
    """The lock of a courier that fetches into `models_folder`. Raises NotConfinedError."""
    return prepare(reach_of_courier(models_folder, policy_file, more_files, environment))


def seal() -> None:
    """In the courier: no child and no other program from here on. Raises NotConfinedError."""
    architecture = this_architecture()
    if architecture is None:
        raise NotConfinedError(_does_not_hold())
    try:
        seccomp.install(one_process_filter(architecture), architecture)
    except OSError as error:
        raise NotConfinedError(_not_set(error)) from error


def verify(forbidden: Path, architecture: Architecture | None = None) -> bool:
    """In the courier: whether files are held by the allow-list; False where the kernel can't.

    `forbidden` is a folder that no rule names. Raises NotConfinedError where a layer that this
    system has is not in force.
    """
    known = architecture or this_architecture()
    if known is None or not _refuses_to_listen(known):
        raise NotConfinedError(_does_not_hold())
    if not allow_list.is_possible(known):
        return False
    with suppress(PermissionError):
        os.close(os.open(forbidden, os.O_RDONLY | os.O_DIRECTORY))
        raise NotConfinedError(_does_not_hold())
    return True


def _refuses_to_listen(architecture: Architecture) -> bool:
    """Without a lock the kernel would say that this is no socket, or no descriptor."""
    _, code = native.system_call(architecture.numbers["listen"], (1 << 31) - 1, 0)
    return code == 1  # EPERM


def _limit() -> None:
    for which, most in (
        (resource.RLIMIT_AS, _MEMORY_BYTES),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
    ):
        _, hard = resource.getrlimit(which)
        limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (limit, limit))


def _not_set(error: OSError) -> str:
    return said(
        "The lock of the process that downloads could not be set ({why}), so nothing was started.",
        why=system_words(error),
    )


def _does_not_hold() -> str:
    return said("The lock of the process that downloads does not hold, so nothing was fetched.")
