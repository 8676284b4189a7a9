"""System calls by number, and `prctl`, through ctypes.

For: everything in this package that asks the kernel directly, past Python's own modules,
because a lock that only Python notices is none. Linux alone; other systems never get here.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import os

from inference.sentence import ours, said

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_NO_NEW_PRIVS = 38

_SOL_SOCKET = 1
_SO_DOMAIN = 39


@functools.cache
def libc() -> ctypes.CDLL:
    """The C library that is already loaded, with errno kept for us."""
    library = ctypes.CDLL(None, use_errno=True)
    library.syscall.restype = ctypes.c_long
    return library


def system_call(number: int, *arguments: int) -> tuple[int, int]:
    """(result, errno) of a call by number; errno is 0 where it succeeded."""
    padded = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    ctypes.set_errno(0)
    result = libc().syscall(ctypes.c_long(number), *(ctypes.c_ulong(word) for word in padded))
    return (result, ctypes.get_errno()) if result == -1 else (result, 0)


def prctl(option: int, value: int) -> None:
    """Set a property of this process; raises OSError."""
    words = (ctypes.c_ulong(word) for word in (value, 0, 0, 0))
    if libc().prctl(ctypes.c_int(option), *words) != 0:
        raise_last_error("prctl")


def raise_last_error(what: str) -> None:
    """Raise the C library's last error as an OSError."""
    code = ctypes.get_errno()
    raise OSError(code, f"{what}: {os.strerror(code)}")


def socket_family(descriptor: int) -> int | None:
    """The address family of a socket that is already open; None where it is no socket."""
    family = ctypes.c_int(-1)
    size = ctypes.c_uint(ctypes.sizeof(family))
    where = (ctypes.byref(family), ctypes.byref(size))
    if libc().getsockopt(descriptor, _SOL_SOCKET, _SO_DOMAIN, *where) != 0:
        return None
    return family.value


def error_text(code: int) -> str:
    """`EPERM: Operation not permitted`."""
    return said(
        "{code}: {why}", code=errno.errorcode.get(code, str(code)), why=ours(os.strerror(code))
    )
