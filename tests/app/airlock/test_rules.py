"""The filters, run by a small interpreter of the kernel's filter language."""

import errno
import itertools
import struct
from dataclasses import replace

import pytest

from app.airlock import bpf
from app.airlock.rules import (
    CHAT_RULES,
    SEALED_CALLS,
    TIOCLINUX,
    TIOCSTI,
    TUNSETIFF,
    lock_filter,
    one_process_filter,
    sealed_filter,
)
from app.airlock.syscalls import AARCH64, X32_BIT, X86_64, Architecture

ALLOW = 0x7FFF0000
EPERM = 0x00050000 | errno.EPERM
I386, ARM = 0x40000003, 0x40000028
BOTH = pytest.mark.parametrize("architecture", [X86_64, AARCH64], ids=lambda a: a.name)


def verdict(program: bytes, number: int, convention: int, *arguments: int) -> int:
    """What the kernel would do, by its documentation of classic BPF."""
    padded = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    data = struct.pack("<IIQ6Q", number & 0xFFFFFFFF, convention, 0, *padded)
    place, word = 0, 0
    while True:
        code, then, otherwise, operand = struct.unpack_from("<HBBI", program, 8 * place)
        place += 1
        if code == 0x20:
            (word,) = struct.unpack_from("<I", data, operand)
        elif code == 0x15:
            place += then if word == operand else otherwise
        elif code == 0x35:
            place += then if word >= operand else otherwise
        elif code == 0x45:
            place += then if word & operand else otherwise
        else:
            assert code == 0x06
            return int(operand)


def native(architecture: Architecture, program: bytes, call: str, *arguments: int) -> int:
    return verdict(program, architecture.numbers[call], architecture.audit_token, *arguments)


@BOTH
@pytest.mark.parametrize("call", ["socket", "socketpair"])
def test_only_unix_sockets_are_allowed(architecture: Architecture, call: str) -> None:
    program = lock_filter(CHAT_RULES, architecture)
    families = [*range(256), 0x7FFFFFFF, 0x80000001, 0xFFFFFFFF]
    allowed = {f for f in families if native(architecture, program, call, f) == ALLOW}
    assert allowed == {1}


@BOTH
def test_the_ignored_upper_half_of_a_family_makes_no_difference(
    architecture: Architecture,
) -> None:
    program = lock_filter(CHAT_RULES, architecture)
    for upper, family in itertools.product((1, 0xFFFFFFFF), (0, 2, 10, 16)):
        assert native(architecture, program, "socket", upper << 32 | family) == EPERM
    assert native(architecture, program, "socket", 1 << 32 | 1) == ALLOW


@BOTH
def test_named_calls_are_refused_and_ordinary_ones_are_not(architecture: Architecture) -> None:
    program = lock_filter(CHAT_RULES, architecture)
    for call in (
        *("io_uring_setup", "io_uring_enter", "io_uring_register"),
        *("ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd"),
        *("request_key", "mount", "bpf"),
    ):
        assert native(architecture, program, call, 1) == EPERM, call
    for call in ("read", "write", "mmap", "futex", "seccomp", "exit_group", "close"):
        assert native(architecture, program, call, 1) == ALLOW, call
    refused = {n for n in range(600) if verdict(program, n, architecture.audit_token) == EPERM}
    expected = {architecture.numbers[call] for call in CHAT_RULES.refused_calls}
    assert refused == expected | {architecture.numbers[c] for c in ("socket", "socketpair")}


@BOTH
def test_only_the_dangerous_requests_of_ioctl_are_refused(architecture: Architecture) -> None:
    program = lock_filter(CHAT_RULES, architecture)
    for request in (TIOCSTI, TIOCLINUX, TUNSETIFF):
        assert native(architecture, program, "ioctl", 0, request) == EPERM
        assert native(architecture, program, "ioctl", 0, 1 << 32 | request) == EPERM
    for request in (0, 0x5401, 0x5413, 0x5421):
        assert native(architecture, program, "ioctl", TIOCSTI, request) == ALLOW


@pytest.mark.parametrize(("architecture", "foreign"), [(X86_64, I386), (AARCH64, ARM)])
def test_calls_by_another_convention_are_all_refused(
    architecture: Architecture, foreign: int
) -> None:
    for program in (lock_filter(CHAT_RULES, architecture), sealed_filter(("read",), architecture)):
        assert {verdict(program, number, foreign) for number in range(500)} == {EPERM}


def test_every_x32_call_is_refused_on_x86() -> None:
    program = lock_filter(CHAT_RULES, X86_64)
    for number in (0, 1, 41, 425, 600):
        assert verdict(program, X32_BIT | number, X86_64.audit_token, 1) == EPERM


def test_a_weakened_lock_lets_through_what_it_was_told_to() -> None:
    program = lock_filter(replace(CHAT_RULES, refuse_foreign_calls=False), X86_64)
    assert verdict(program, 359, I386, 2) == ALLOW
    program = lock_filter(replace(CHAT_RULES, allowed_families=(1, 2)), X86_64)
    assert native(X86_64, program, "socket", 2) == ALLOW
    assert native(X86_64, program, "socket", 10) == EPERM


@BOTH
def test_the_sealed_filter_allows_computing_and_nothing_else(architecture: Architecture) -> None:
    program = sealed_filter(SEALED_CALLS, architecture)
    allowed = {n for n in range(600) if verdict(program, n, architecture.audit_token) == ALLOW}
    assert allowed == {architecture.numbers[c] for c in SEALED_CALLS if c in architecture.numbers}
    for call in ("socket", "ioctl", "ptrace", "mount"):
        assert native(architecture, program, call, 1) == EPERM


@BOTH
def test_one_process_has_threads_and_no_children(architecture: Architecture) -> None:
    program = one_process_filter(architecture)
    thread, child = 0x3D0F00, 0x1200011  # what the C library passes for either
    assert native(architecture, program, "clone", thread) == ALLOW
    for flags in (child, 0, 17, 0x20000000, 1 << 32 | 0x100):
        assert native(architecture, program, "clone", flags) == EPERM, flags
    assert native(architecture, program, "clone3", 1, 88) == 0x00050000 | errno.ENOSYS
    refused = {n for n in range(600) if verdict(program, n, architecture.audit_token) == EPERM}
    names = ("execve", "execveat", "fork", "vfork", "clone")
    known = architecture.numbers
    assert refused == {known[name] for name in names if name in known}


def test_the_courier_may_ask_and_never_listens() -> None:
    from app.airlock.courier.lockdown import COURIER_RULES

    program = lock_filter(COURIER_RULES, X86_64)
    families = [*range(256), 0x7FFFFFFF, 0x80000002]
    allowed = {f for f in families if native(X86_64, program, "socket", f) == ALLOW}
    assert allowed == {1, 2, 10}
    for call in ("listen", "accept", "accept4", *CHAT_RULES.refused_calls):
        assert native(X86_64, program, call, 1) == EPERM, call
    for call in ("connect", "sendto"):
        assert verdict(program, {"connect": 42, "sendto": 44}[call], X86_64.audit_token) == ALLOW


def test_an_impossible_filter_is_refused() -> None:
    with pytest.raises(ValueError, match="0 instructions"):
        bpf.assemble([])
    far = [bpf.if_equal(1, "end"), *[bpf.load(0)] * 300, bpf.answer(ALLOW, label="end")]
    with pytest.raises(ValueError, match="too far"):
        bpf.assemble(far)
    with pytest.raises(ValueError, match="backwards"):
        bpf.assemble([bpf.load(0, label="start"), bpf.if_equal(1, "start"), bpf.answer(ALLOW)])
