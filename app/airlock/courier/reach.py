"""Which files a courier needs: its program, certificates, the resolver's, and a window's.

For: `lockdown`. Neither the chats nor anything else of the user's own is among them, but what a
display asks for before it lets anybody draw.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

from app.airlock.courier.allow_list import AllowList

_ROOT = Path(__file__).resolve().parents[3]
_PROGRAM = ("main.py", "app", "inference", "kernels", "assets")
_LIBRARIES = ("/usr", "/lib", "/lib32", "/lib64")
_LOADER = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/ld.so.preload")
_CERTIFICATES = ("/etc/ssl", "/etc/pki", "/etc/ca-certificates", "/etc/ca-certificates.conf")
_RESOLVER = (
    *("/etc/resolv.conf", "/etc/hosts", "/etc/host.conf", "/etc/nsswitch.conf", "/etc/gai.conf"),
    *("/etc/services", "/etc/protocols", "/etc/networks", "/etc/passwd"),
    *("/run/systemd/resolve", "/run/NetworkManager", "/run/resolvconf", "/run/connman"),
)
_SYSTEM = (
    *("/etc/localtime", "/etc/timezone", "/etc/locale.conf", "/etc/locale.alias"),
    *("/etc/os-release", "/sys/devices/system/cpu"),
)
_WINDOW = ("/etc/fonts", "/var/cache/fontconfig", "/etc/X11", "/etc/vulkan", "/etc/drirc")
_WINDOW_AT_HOME = (".Xauthority", ".fonts", ".local/share/fonts", ".config/fontconfig", ".XCompose")
_RANDOM = ("/dev/urandom", "/dev/random")
_DEVICES = ("/dev/null", "/dev/zero", "/dev/tty")


def reach_of_courier(
    models_folder: Path,
    policy_file: Path,
    more_files: tuple[Path, ...],
    environment: Mapping[str, str],
) -> AllowList:
    """What a courier may read and write. `more_files` are named by the policy: its own CA."""
    named = (*_LIBRARIES, *_LOADER, *_CERTIFICATES, *_RESOLVER, *_SYSTEM, *_WINDOW, *_RANDOM)
    read = [
        *_program(),
        *(Path(name) for name in named),
        *_at_home(environment),
        policy_file,
        *more_files,
    ]
    devices = tuple(Path(name) for name in _DEVICES)
    return AllowList(tuple(read), (models_folder,), devices, _listed())


def _listed() -> tuple[Path, ...]:
    """Python lists the folder that its modules lie in; of what else lies there, names alone."""
    return () if getattr(sys, "frozen", False) else (_ROOT,)


def _program() -> list[Path]:
    """This program and the Python that runs it; frozen, the folder that it lies in."""
    if getattr(sys, "frozen", False):
        return [Path(sys.executable).resolve().parent]
    python = {sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix}
    python |= {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    found = [_ROOT / name for name in _PROGRAM]
    found += [Path(name) for name in sorted(python) if name]
    return [*found, Path(os.path.realpath(sys.executable))]


def _at_home(environment: Mapping[str, str]) -> list[Path]:
    home = environment.get("HOME", "")
    found = [Path(home) / name for name in _WINDOW_AT_HOME] if os.path.isabs(home) else []
    authority = environment.get("XAUTHORITY", "")
    if os.path.isabs(authority):
        found.append(Path(authority))
    return found
