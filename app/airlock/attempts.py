"""The forbidden things, each tried by a native call, and the kernel's answer to each.

For: `lock.py` (verify and audit) and the probe role. Not here: any judgement of the whole.

Every attempt is harmless where the lock is missing: sockets are closed unused, and the
other calls carry arguments that the kernel turns down with another error than EPERM.
"""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.airlock import native
from app.airlock.report import Attempt
from app.airlock.rules import TIOCSTI, TUNSETIFF
from app.airlock.syscalls import X32_BIT, Architecture
from inference.sentence import joined, ours, said

_NOBODY = 0x7FFFFFFF  # no process has this id, so nothing is ever traced
_NO_DESCRIPTOR = 0xFFFFFFFF
_STREAM, _DATAGRAM, _RAW = 1, 2, 3
_MPTCP = 262
_FAMILIES_BEYOND = 64
_IPV4, _IPV6 = 2, 10
_FAMILIES = {
    _IPV4: "AF_INET",
    _IPV6: "AF_INET6",
    16: "AF_NETLINK",
    17: "AF_PACKET",
    31: "AF_BLUETOOTH",
    38: "AF_ALG",
    40: "AF_VSOCK",
    44: "AF_XDP",
}
_KINDS = {_STREAM: "SOCK_STREAM", _DATAGRAM: "SOCK_DGRAM", _RAW: "SOCK_RAW", 5: "SOCK_SEQPACKET"}


@dataclass(frozen=True)
class Door:
    """One system call to try."""

    name: str
    call: str
    arguments: tuple[int, ...]
    x32: bool = False


SOCKETS = (
    Door("TCP", "socket", (_IPV4, _STREAM, 0)),
    Door("UDP", "socket", (_IPV4, _DATAGRAM, 0)),
    Door(said("TCP over IPv6"), "socket", (_IPV6, _STREAM, 0)),
    Door(said("UDP over IPv6"), "socket", (_IPV6, _DATAGRAM, 0)),
    Door("MPTCP", "socket", (_IPV4, _STREAM, _MPTCP)),
    Door("ping", "socket", (_IPV4, _DATAGRAM, 1)),
    Door(said("raw IP"), "socket", (_IPV4, _RAW, 255)),
    Door("netlink", "socket", (16, _RAW, 0)),
    Door(said("packet"), "socket", (17, _RAW, 0)),
    Door("Bluetooth", "socket", (31, _RAW, 1)),
    Door(said("kernel crypto"), "socket", (38, 5, 0)),
    Door("vsock", "socket", (40, _STREAM, 0)),
    Door("XDP", "socket", (44, _RAW, 0)),
    Door(
        said("TCP, family with bits that the kernel ignores"), "socket", (1 << 32 | 2, _STREAM, 0)
    ),
    Door(said("socket pair of another family"), "socketpair", (_IPV4, _STREAM, 0, 0)),
)

OTHER_DOORS = (
    Door("io_uring", "io_uring_setup", (1, 0)),
    Door(said("io_uring on an existing ring"), "io_uring_enter", (_NO_DESCRIPTOR, 0, 0, 0)),
    Door(said("io_uring registration"), "io_uring_register", (_NO_DESCRIPTOR, 0, 0, 0)),
    Door(said("tracing another process"), "ptrace", (1, _NOBODY, 0, 0)),
    Door(said("reading another process"), "process_vm_readv", (_NOBODY, 0, 0, 0, 0, 0)),
    Door(said("writing another process"), "process_vm_writev", (_NOBODY, 0, 0, 0, 0, 0)),
    Door(said("taking another process's descriptor"), "pidfd_getfd", (_NO_DESCRIPTOR, 0, 0)),
    Door(said("a name look-up by the kernel"), "request_key", (0, 0, 0, 0)),
    Door(said("a network file system"), "fsopen", (0, 0xFFFF)),
    Door(said("typing into the terminal"), "ioctl", (_NO_DESCRIPTOR, TIOCSTI, 0)),
    Door(said("a tunnel interface"), "ioctl", (_NO_DESCRIPTOR, TUNSETIFF, 0)),
)


def try_doors(architecture: Architecture, doors: Iterable[Door]) -> tuple[Attempt, ...]:
    """Try each door once."""
    return tuple(_try(architecture, door) for door in doors)


def try_quickly(architecture: Architecture) -> tuple[Attempt, ...]:
    """Every door of this module that opens in microseconds: what `verify` tries."""
    doors: tuple[Door, ...] = SOCKETS + OTHER_DOORS
    if architecture.has_x32:
        doors += (Door(said("TCP by an x32 call"), "socket", (_IPV4, _STREAM, 0), x32=True),)
    return try_doors(architecture, doors)


def written(door: Door) -> str:
    """The call, as a programmer writes it: of sockets with what is asked for."""
    name = f"x32 {door.call}" if door.x32 else door.call
    if door.call not in ("socket", "socketpair"):
        return f"{name}()"
    family, kind, protocol = door.arguments[:3]
    words = [_FAMILIES.get(family, f"0x{family:x}"), _KINDS.get(kind, str(kind))]
    return f"{name}({', '.join(words + [str(protocol)] * (protocol > 0))})"


def try_every_family(architecture: Architecture) -> Attempt:
    """Every address family but AF_UNIX, as one attempt."""
    doors = [
        Door(str(family), "socket", (family, _DATAGRAM, 0))
        for family in range(_FAMILIES_BEYOND)
        if family != 1
    ]
    open_ones = [a for a in try_doors(architecture, doors) if not a.refused]
    name = said("every other address family up to {most}", most=_FAMILIES_BEYOND)
    call = f"socket(0…{_FAMILIES_BEYOND - 1}, SOCK_DGRAM)"
    if not open_ones:
        return Attempt(name, True, native.error_text(errno.EPERM), call)
    answer = joined(
        ", ", [said("{name}: {answer}", name=a.name, answer=ours(a.answer)) for a in open_ones]
    )
    return Attempt(name, False, said("not refused: {answer}", answer=answer), call)


def try_memory_of(process_id: int) -> Attempt:
    """Open another process's memory as a file: the second layer's part of the lock."""
    name, call = said("another process's memory as a file"), "open(/proc/PID/mem)"
    try:
        descriptor = os.open(f"/proc/{process_id}/mem", os.O_RDWR | os.O_CLOEXEC)
    except OSError as error:
        refused = error.errno in (errno.EPERM, errno.EACCES)
        return Attempt(name, refused, native.error_text(error.errno or 0), call)
    os.close(descriptor)
    return Attempt(name, False, said("succeeded"), call)


def try_32_bit_call() -> Attempt:
    """TCP by a 32-bit call from 64-bit code (x86-64 alone).

    Run it in a child only: a kernel without 32-bit calls ends the process with SIGSEGV.
    """
    name = said("TCP by a 32-bit call")
    caller = _machine_code_caller()
    if isinstance(caller, str):
        return Attempt(name, False, caller)
    result = caller()
    if result >= 0:
        os.close(result)
    answer = _answer(-result if result < 0 else 0)
    return Attempt(name, result == -errno.EPERM, answer, "int 0x80: socket(AF_INET, SOCK_STREAM)")


def _try(architecture: Architecture, door: Door) -> Attempt:
    number = architecture.numbers[door.call] | (X32_BIT if door.x32 else 0)
    result, code = native.system_call(number, *door.arguments)
    if not code and door.call == "socket":
        os.close(result)
    return Attempt(door.name, code == errno.EPERM, _answer(code), written(door))


def _answer(code: int) -> str:
    return native.error_text(code) if code else said("succeeded")


# push rbx; mov eax, 359 (socket); mov ebx, 2; mov ecx, 1; xor edx, edx; int 0x80; pop rbx; ret
_INT_80_SOCKET = (
    b"\x53\xb8"
    + struct.pack("<I", 359)
    + b"\xbb"
    + struct.pack("<I", _IPV4)
    + b"\xb9"
    + struct.pack("<I", _STREAM)
    + b"\x31\xd2\xcd\x80\x5b\xc3"
)


def _machine_code_caller() -> Callable[[], int] | str:
    """A function that runs `_INT_80_SOCKET`, or the sentence that says why there is none."""
    library = native.libc()
    library.mmap.restype = ctypes.c_void_p
    wanted = (None, ctypes.c_size_t(mmap.PAGESIZE), mmap.PROT_READ | mmap.PROT_WRITE)
    page = library.mmap(*wanted, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1, ctypes.c_long(0))
    if page in (None, ctypes.c_void_p(-1).value):
        return said("not tried: no memory for the call")
    ctypes.memmove(page, _INT_80_SOCKET, len(_INT_80_SOCKET))
    run_only = mmap.PROT_READ | mmap.PROT_EXEC
    if library.mprotect(ctypes.c_void_p(page), ctypes.c_size_t(mmap.PAGESIZE), run_only):
        return said("not tried: this system allows no new machine code")
    return ctypes.CFUNCTYPE(ctypes.c_int)(page)
