"""The numbers that two processor architectures give to the system calls the lock names.

For: the filters (`rules.py`, `bpf.py`) and the attempts (`attempts.py`).
Not here: what is refused, and why.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass

# The bit that marks a call by the x32 convention; x86-64 kernels may accept it.
X32_BIT = 0x40000000


@dataclass(frozen=True)
class Architecture:
    """A processor architecture as seccomp sees it.

    `audit_token` is the kernel's AUDIT_ARCH_… value; a call made by another convention
    of the same processor (32-bit code) carries another one.
    """

    name: str
    audit_token: int
    has_x32: bool
    numbers: Mapping[str, int]


# name: (x86_64, aarch64); None where the architecture has no such call.
_CALLS: dict[str, tuple[int, int | None]] = {
    "accept": (43, 202),
    "accept4": (288, 242),
    "add_key": (248, 217),
    "bpf": (321, 280),
    "brk": (12, 214),
    "clock_getres": (229, 114),
    "clock_gettime": (228, 113),
    "clock_nanosleep": (230, 115),
    "clone": (56, 220),
    "clone3": (435, 435),
    "close": (3, 57),
    "execve": (59, 221),
    "execveat": (322, 281),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "finit_module": (313, 273),
    "fork": (57, None),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fstat": (5, 80),
    "futex": (202, 98),
    "getpid": (39, 172),
    "getrandom": (318, 278),
    "getrusage": (98, 165),
    "gettid": (186, 178),
    "gettimeofday": (96, 169),
    "init_module": (175, 105),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "ioctl": (16, 29),
    "kexec_file_load": (320, 294),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "landlock_add_rule": (445, 445),
    "landlock_create_ruleset": (444, 444),
    "landlock_restrict_self": (446, 446),
    "listen": (50, 201),
    "lseek": (8, 62),
    "madvise": (28, 233),
    "membarrier": (324, 283),
    "mmap": (9, 222),
    "mount": (165, 40),
    "mprotect": (10, 226),
    "mremap": (25, 216),
    "munmap": (11, 215),
    "perf_event_open": (298, 241),
    "pidfd_getfd": (438, 438),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "read": (0, 63),
    "readv": (19, 65),
    "request_key": (249, 218),
    "restart_syscall": (219, 128),
    "rseq": (334, 293),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sched_yield": (24, 124),
    "seccomp": (317, 277),
    "setitimer": (38, 103),
    "sigaltstack": (131, 132),
    "socket": (41, 198),
    "socketpair": (53, 199),
    "time": (201, None),
    "userfaultfd": (323, 282),
    "vfork": (58, None),
    "write": (1, 64),
    "writev": (20, 66),
}

X86_64 = Architecture(
    "x86_64", 0xC000003E, has_x32=True, numbers={name: pair[0] for name, pair in _CALLS.items()}
)
AARCH64 = Architecture(
    "aarch64",
    0xC00000B7,
    has_x32=False,
    numbers={name: pair[1] for name, pair in _CALLS.items() if pair[1] is not None},
)


def this_architecture() -> Architecture | None:
    """The architecture that this process runs as; None where the lock has no filter for it.

    A 32-bit Python on a 64-bit kernel makes 32-bit calls, which no table here numbers.
    """
    if sys.platform != "linux" or sys.maxsize < 2**32 or sys.byteorder != "little":
        return None
    known = {"x86_64": X86_64, "aarch64": AARCH64}
    return known.get(platform.machine())
