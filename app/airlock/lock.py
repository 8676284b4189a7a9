"""Whether the lock holds in this process: the test that makes the state "enforced".

For: the chat process at its start (`verify`), the template worker, and the `audit` command
(`audit`, `open_roads`). Not here: setting the lock (`setting.py`), the attempts themselves.

"Refused" means the lock's own EPERM (for another process's memory, EACCES as well): a
kernel that merely lacks Bluetooth has not refused it.
"""

from __future__ import annotations

import os
import platform
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

from app.airlock import attempts, landlock, probe, seccomp
from app.airlock.report import Attempt, LockReport, LockState, Tried
from app.airlock.roads import open_roads
from app.airlock.syscalls import Architecture, this_architecture
from inference.sentence import joined, ours, said

__all__ = ["audit", "judge", "open_roads", "verify"]

NO_FILTER = said("This kernel cannot filter system calls: the system does not block the network.")
REFUSED = said("The system refuses this process every way to the network that was tried.")
NO_SECOND_LAYER = said(
    "This kernel has no second layer (Landlock): another process's memory is closed by the "
    "system's ordinary rules alone."
)
_SYSTEM_NAMES = {"Darwin": "macOS"}


def verify() -> LockReport:
    """Try every quick door in this process: about a millisecond, no side effects."""
    architecture = this_architecture()
    if architecture is None:
        return LockReport(LockState.NOT_ENFORCED, no_lock_here())
    return judge(attempts.try_quickly(architecture), seccomp.is_available(architecture))


def audit(tell: Callable[[Attempt], None] = lambda _attempt: None) -> LockReport:
    """Try everything: here, in a thread, and in a child process; takes about 0.2 s.

    `tell` hears each answer as it comes, in this thread.
    """
    architecture = this_architecture()
    if architecture is None:
        return LockReport(LockState.NOT_ENFORCED, no_lock_here())
    has_second = landlock.domain_for(landlock.version(architecture)) is not None
    tried = []
    for attempt in _everything(architecture, has_second):
        tell(attempt)
        tried.append(attempt)
    found = judge(tuple(tried), seccomp.is_available(architecture))
    remark = "" if has_second else NO_SECOND_LAYER
    return replace(found, reason=joined(" ", [text for text in (found.reason, remark) if text]))


def _everything(architecture: Architecture, has_second: bool) -> Iterator[Attempt]:
    """`has_second`: whether another process's memory is tried too. The launcher runs as the same
    user outside the domain: just what that layer is for.
    """
    yield from attempts.try_quickly(architecture)
    yield attempts.try_every_family(architecture)
    if has_second:
        yield attempts.try_memory_of(os.getppid())
    yield from _in_a_thread(architecture)
    yield from probe.in_a_child(architecture)


def judge(tried: tuple[Attempt, ...], filters_available: bool) -> LockReport:
    """The state that these attempts prove."""
    open_doors = [attempt for attempt in tried if not attempt.refused]
    if tried and not open_doors:
        return LockReport(LockState.ENFORCED, REFUSED, tried)
    if not filters_available:
        return LockReport(LockState.NOT_ENFORCED, NO_FILTER, tried)
    first = open_doors[0] if open_doors else Attempt(said("nothing"), False, said("not tried"))
    reason = said(
        "The lock is not in force on this process: {open_doors} of {tried} attempts "
        "were not refused, the first of them {attempt} ({answer}).",
        open_doors=len(open_doors),
        tried=len(tried),
        attempt=ours(first.name),
        answer=ours(first.answer),
    )
    return LockReport(LockState.NOT_ENFORCED, reason, tried)


def no_lock_here() -> str:
    """Why a system without our filter has no lock."""
    system = platform.system()
    where: str = (
        said("{machine} processors", machine=platform.machine())
        if system == "Linux"
        else said("{system} systems", system=system)
    )
    where = _SYSTEM_NAMES.get(system, where)
    return said(
        "Pitcher has no network lock for {where} yet: the system does not block the network.",
        where=where,
    )


def _in_a_thread(architecture: Architecture) -> tuple[Attempt, ...]:
    """The quick doors from a thread of their own."""
    found: list[Attempt] = []
    thread = threading.Thread(target=lambda: found.extend(attempts.try_quickly(architecture)))
    thread.start()
    thread.join()
    return tuple(
        replace(
            attempt,
            name=said("in a thread: {attempt}", attempt=ours(attempt.name)),
            where=Tried.IN_A_THREAD,
        )
        for attempt in found
    )
