"""What the filters refuse, and why; rules → filter bytes, a pure function.

For: the launcher (the chat process's filter) and the template worker (its own, stricter
one). Not here: putting a filter in force (`seccomp.py`), or trying it (`attempts.py`).

Every refusal is EPERM, so that a refused call is an ordinary error to the code that made
it and can be told from a kernel that merely lacks the feature (EAFNOSUPPORT, ENOSYS).
"""

from __future__ import annotations

import errno
from dataclasses import dataclass, field

from app.airlock import bpf
from app.airlock.syscalls import X32_BIT, Architecture

AF_UNIX = 1

# Rings carry out socket, connect and send without a system call for each.
_OTHER_WAYS_TO_A_SOCKET = ("io_uring_setup", "io_uring_enter", "io_uring_register")

# A process that may touch another one's memory or descriptors has that one's network.
_OTHER_PROCESSES = ("ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd")

# The kernel as a messenger. request_key makes it run a helper, and the `dns_resolver` type
# looks up any name; mounting NFS or SMB makes it open a connection of its own; bpf programs
# and modules can send. All but the keys need privileges, which root has.
_KERNEL_AS_MESSENGER = (
    "request_key",
    "add_key",
    "keyctl",
    "mount",
    "fsopen",
    "fsconfig",
    "fsmount",
    "bpf",
    "init_module",
    "finit_module",
    "kexec_load",
    "kexec_file_load",
)

# No road by themselves; both are tools of exploits, and neither Qt nor torch calls them.
_TOOLS_OF_EXPLOITS = ("perf_event_open", "userfaultfd")

TIOCSTI = 0x5412  # types into the terminal: the shell would run it after we have left
TIOCLINUX = 0x541C  # pastes into a Linux console: the same
TUNSETIFF = 0x400454CA  # a tunnel interface: packets without a socket

_NEW_PROCESSES = ("execve", "execveat", "fork", "vfork")
_CLONE_THREAD = 0x00010000  # linux/sched.h

# Namespaces (unshare, clone) are left alone: without sockets and mounts a new one is no
# road, and clone3's flags lie behind a pointer that no filter can read.


@dataclass(frozen=True)
class LockRules:
    """What the chat process and everything that it starts may not do.

    Only the low 32 bits of the family and of an ioctl's request are compared, because the
    kernel reads no more of them: the upper half must not make a difference.
    """

    refused_calls: tuple[str, ...] = field(
        default=_OTHER_WAYS_TO_A_SOCKET
        + _OTHER_PROCESSES
        + _KERNEL_AS_MESSENGER
        + _TOOLS_OF_EXPLOITS
    )
    allowed_families: tuple[int, ...] = (AF_UNIX,)
    refused_ioctls: tuple[int, ...] = (TIOCSTI, TIOCLINUX, TUNSETIFF)
    refuse_foreign_calls: bool = True


CHAT_RULES = LockRules()

# What a Python process needs to compute, answer over open pipes, and end: nothing else.
SEALED_CALLS = (
    "read",
    "readv",
    "write",
    "writev",
    "close",
    "fstat",
    "lseek",
    "mmap",
    "munmap",
    "mprotect",
    "mremap",
    "madvise",
    "brk",
    "rt_sigaction",
    "rt_sigprocmask",
    "rt_sigreturn",
    "sigaltstack",
    "setitimer",
    "futex",
    "sched_yield",
    "restart_syscall",
    "clock_gettime",
    "clock_getres",
    "clock_nanosleep",
    "gettimeofday",
    "time",
    "getpid",
    "gettid",
    "getrandom",
    "getrusage",
    "membarrier",
    "rseq",
    "exit",
    "exit_group",
)


def lock_filter(rules: LockRules, architecture: Architecture) -> bytes:
    """The filter that refuses what `rules` names and allows the rest."""
    numbers = architecture.numbers
    refused = [bpf.if_equal(numbers[name], "refuse") for name in rules.refused_calls]
    families = [bpf.if_equal(family, "allow") for family in rules.allowed_families]
    requests = [bpf.if_equal(request, "refuse") for request in rules.refused_ioctls]
    lines = [
        *_convention(architecture, rules.refuse_foreign_calls),
        *refused,
        bpf.if_equal(numbers["socket"], "family"),
        bpf.if_equal(numbers["socketpair"], "family"),
        bpf.if_equal(numbers["ioctl"], "request", "allow"),
        bpf.load(bpf.low_half_of_argument(1), label="request"),
        *requests,
        bpf.if_equal(0, "allow", "allow"),
        bpf.load(bpf.low_half_of_argument(0), label="family"),
        *families,
        *_answers(),
    ]
    return bpf.assemble(lines)


def sealed_filter(calls: tuple[str, ...], architecture: Architecture) -> bytes:
    """The filter that allows `calls`, whatever their arguments, and refuses the rest."""
    known = [architecture.numbers[name] for name in calls if name in architecture.numbers]
    lines = [
        *_convention(architecture, refuse_foreign_calls=True),
        *(bpf.if_equal(number, "allow") for number in known),
        *_answers(),
    ]
    return bpf.assemble(lines)


def one_process_filter(architecture: Architecture) -> bytes:
    """The filter that lets a process have threads, and neither children nor another program.

    clone3's flags lie behind a pointer: it is answered as by a kernel that lacks it, and the C
    library then makes its threads by clone, whose flags can be seen.
    """
    numbers = architecture.numbers
    lines = [
        *_convention(architecture, refuse_foreign_calls=True),
        *(bpf.if_equal(numbers[name], "refuse") for name in _NEW_PROCESSES if name in numbers),
        bpf.if_equal(numbers["clone3"], "lack"),
        bpf.if_equal(numbers["clone"], "clone", "allow"),
        bpf.load(bpf.low_half_of_argument(0), label="clone"),
        bpf.if_any_bit(_CLONE_THREAD, "allow", "refuse"),
        bpf.answer(bpf.RETURN_ERRNO | errno.ENOSYS, label="lack"),
        *_answers(),
    ]
    return bpf.assemble(lines)


def _convention(architecture: Architecture, refuse_foreign_calls: bool) -> list[bpf.Line]:
    """Turn away 32-bit and x32 calls, whose numbers mean other things; load the number.

    A foreign call that is not turned away is allowed unseen (tests weaken the lock so).
    """
    other = "refuse" if refuse_foreign_calls else "allow"
    lines = [
        bpf.load(bpf.CONVENTION_OFFSET),
        bpf.if_equal(architecture.audit_token, otherwise=other),
        bpf.load(bpf.NUMBER_OFFSET),
    ]
    if architecture.has_x32:
        lines.append(bpf.if_at_least(X32_BIT, other))
    return lines


def _answers() -> list[bpf.Line]:
    return [
        bpf.answer(bpf.RETURN_ERRNO | errno.EPERM, label="refuse"),
        bpf.answer(bpf.RETURN_ALLOW, label="allow"),
    ]
