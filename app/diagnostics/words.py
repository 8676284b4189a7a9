"""Every word that the diagnostics may hold: from our own tables and enumerations, and short lists.

For: the form, which picks from here, and the reader, which accepts nothing else. What a system or
a library says is compared with these and never copied.
"""

from __future__ import annotations

import errno
import re
from itertools import chain

from app.airlock.attempts import OTHER_DOORS, SOCKETS
from app.airlock.report import LockState
from app.chats.upkeep.backup_list import BackupKind
from app.chats.vault.backends import KeyringKind
from app.chats.vault.words import Reason
from app.settings import ALL, Language, SendKey, ThemeChoice
from inference.machine import INSTRUCTION_SETS, LEVEL_NAMES, OP_NAMES, SCHEME_NAMES
from inference.models import ARCHITECTURES

SYSTEMS = ("Linux", "Darwin", "Windows")
MACHINES = ("x86_64", "AMD64", "aarch64", "arm64", "ARM64")
DISTRIBUTIONS = (
    *("almalinux", "alpine", "amzn", "arch", "centos", "debian", "elementary", "endeavouros"),
    *("fedora", "gentoo", "kali", "linuxmint", "manjaro", "neon", "nixos", "ol"),
    *("opensuse-leap", "opensuse-tumbleweed", "pop", "raspbian", "rhel", "rocky", "sled", "sles"),
    *("slackware", "solus", "ubuntu", "void", "zorin"),
)
C_LIBRARIES = ("glibc", "musl")
PROCESSOR_VENDORS = ("GenuineIntel", "AuthenticAMD", "HygonGenuine", "CentaurHauls", "Apple")
WRITTEN_BY = ("window", "terminal")
BACKENDS = ("reference", "torch-bf16", "native", *(f"native-{name}" for name in LEVEL_NAMES))
FORMATS = ("GGUF", "safetensors", "prepared")
DOORS = tuple(
    f"{where}{name}"
    for where in ("", "in a thread: ", "in a child: ")
    for name in (
        *(door.name for door in (*SOCKETS, *OTHER_DOORS)),
        "TCP by an x32 call",
        "TCP by a 32-bit call",
        "every other address family up to 64",
        "another process's memory as a file",
        "every door",
    )
)
ERROR_NUMBERS = tuple(errno.errorcode.values())
DOOR_ANSWERS = (*ERROR_NUMBERS, "succeeded", "not tried", "not refused")
ROADS = (
    *("session bus (keyring, input methods, accessibility)", "X11 display", "Wayland display"),
    *("SSH agent", "Docker", "system bus", "name resolver of systemd"),
)
LOCK_STATES = tuple(LockState)
HISTORY_STATES = (
    *("Ready", "FirstTime", "NoHistory", "NeedsPassphrase", "KeyringWaits", "CannotOpen"),
    *("InUse", "OnNetworkShare", "Opening", "Locked", "TemporaryOnly", "not opened"),
)
KEYRINGS = tuple(KeyringKind)
ENVELOPE_REASONS = tuple(Reason)
BACKUP_KINDS = tuple(BackupKind)
SETTINGS = tuple(setting.name for setting in ALL)
PLATFORM_PLUGINS = (
    *("xcb", "wayland", "wayland-egl", "offscreen", "minimal", "windows", "cocoa"),
    *("eglfs", "linuxfb", "vnc", "minimalegl"),
)
COLOUR_SCHEMES = ("light", "dark")
LOG_LEVELS = ("debug", "info", "warning", "error", "critical")

_OF_PROCESSORS = (
    *("AVX2", "FMA", "F16C", "BMI1", "BMI2", "AVX-VNNI", "AVX-512", "AVX-512 BW", "AVX-512 DQ"),
    *("AVX-512 VL", "AVX-512 VNNI", "AVX-512 BF16", "dotprod instructions", "i8mm instructions"),
)
LACKING = (
    *(f"this processor has no {name}" for name in _OF_PROCESSORS),
    "the system does not save AVX registers",
    "the system does not save AVX-512 registers",
)
# How a backend's or the library's reason begins → the word for it; several quote what a system
# said, so none is taken as it is.
_REASONS = {
    "it runs inside a plan, with": "runs inside a plan, with a cache of its own",
    "it runs inside a plan, as": "runs inside a plan, as a part of attention",
    "it runs inside a plan; alone": "runs inside a plan; alone, torch's costs less",
    "it runs inside the op of experts": "runs inside the op of experts",
    "only a prepared model's weights": "only a prepared model's weights are laid out for it",
    "it rounds what it multiplies": "rounds what it multiplies quantized weights by",
    "the matrix has": "not for matrices of such a shape or scheme",
    "offers linear_many alone": "offers linear_many alone",
    "this CPU has neither": "this processor has no BF16 products",
    "The native kernels could not be loaded": "the library could not be loaded",
    "This processor can't run": "this processor can't run them",
    "There are no kernels for": "there is no such build",
    "The reference was asked for": "the reference was asked for",
}
_OTHER_VERSION = "the library was built from another version"
REASONS = (*_REASONS.values(), _OTHER_VERSION)


def reason_word(sentence: str) -> str:
    """The word for a reason; for one that has none the sentence, which no field takes."""
    if not sentence:
        return ""
    found = (word for begin, word in _REASONS.items() if sentence.startswith(begin))
    other = _OTHER_VERSION if "was built from another version" in sentence else sentence
    return next(found, other)


def leading_version(text: str) -> str:
    """The numbers at the beginning of a version: what a builder wrote behind them is left out."""
    found = re.match(r"\d{1,4}(?:\.\d{1,6}){0,3}(?![\d.])", text)
    return found[0] if found else text


ALL_WORDS = frozenset(
    str(word)
    for word in chain(
        *(SYSTEMS, MACHINES, DISTRIBUTIONS, C_LIBRARIES, PROCESSOR_VENDORS, WRITTEN_BY),
        *(BACKENDS, FORMATS, DOORS, DOOR_ANSWERS, ROADS, LOCK_STATES, HISTORY_STATES),
        *(KEYRINGS, ENVELOPE_REASONS, BACKUP_KINDS, SETTINGS, PLATFORM_PLUGINS),
        *(COLOUR_SCHEMES, LOG_LEVELS, LACKING, REASONS, ThemeChoice, SendKey, Language),
        *(ARCHITECTURES, INSTRUCTION_SETS, LEVEL_NAMES, OP_NAMES, SCHEME_NAMES),
    )
)
