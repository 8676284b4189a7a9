"""Putting a system-call filter in force on this process, for its life and its children's.

For: the launcher's child between fork and exec (`lock.py`), and the template worker.
Not here: what a filter refuses (`rules.py`).
"""

from __future__ import annotations

import ctypes
import errno

from app.airlock import bpf, native
from app.airlock.syscalls import Architecture

_SET_MODE_FILTER = 1
_GET_ACTION_AVAIL = 2
_ON_EVERY_THREAD = 1  # SECCOMP_FILTER_FLAG_TSYNC


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def is_available(architecture: Architecture) -> bool:
    """Whether this kernel can filter system calls and answer them with an error."""
    action = ctypes.c_uint32(bpf.RETURN_ERRNO)
    _, code = native.system_call(
        architecture.numbers["seccomp"], _GET_ACTION_AVAIL, 0, ctypes.addressof(action)
    )
    return code == 0


def install(program: bytes, architecture: Architecture) -> None:
    """Put `program` in force on every thread of this process; raises OSError.

    No new privileges come first: without root the kernel wants it, and a set-user-ID
    program must not gain any under a filter that it does not expect.
    """
    native.prctl(native.PR_SET_NO_NEW_PRIVS, 1)
    code_bytes = ctypes.create_string_buffer(program, len(program))
    description = _Program(len(program) // bpf.INSTRUCTION_BYTES, ctypes.addressof(code_bytes))
    result, code = native.system_call(
        architecture.numbers["seccomp"],
        _SET_MODE_FILTER,
        _ON_EVERY_THREAD,
        ctypes.addressof(description),
    )
    if code:
        raise OSError(code, f"seccomp: {native.error_text(code)}")
    if result > 0:
        raise OSError(errno.ESRCH, f"seccomp: thread {result} could not be brought under it")
