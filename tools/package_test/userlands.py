"""The Debian systems that the installers are tried in, made by debootstrap and kept as archives.

For: `machine`. The oldest is the oldest stable release whose glibc (2.36) is not below what
PySide6 and torch are built for (2.34): bullseye, the one before, has 2.31. The mirror and its keys
are those that this computer's apt is configured with. Needs root, debootstrap and, once, a network.

What is in them: the smallest Debian, the libraries that the package depends on (there is no
network to fetch them while it is tried), and what a desktop brings: a session bus, a keyring, a
font, the data bases of programs and file types, an ssh server. And no Python.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "build" / "userlands"
USER = "anna"
USER_ID = 1000
_PACKAGES = ROOT / "packaging" / "test" / "packages.txt"
_NO_SERVICES = "#!/bin/sh\nexit 101\n"  # a chroot starts none


class UserlandError(Exception):
    """A userland can't be made; the message is a sentence."""


@dataclass(frozen=True)
class Release:
    """A Debian release. `glib`: what its GLib's package is called."""

    name: str
    glib: str


RELEASES = (Release("bookworm", "libglib2.0-0"), Release("trixie", "libglib2.0-0t64"))


def userland(release: Release) -> Path:
    """The root folder of an untouched userland: unpacked from its archive, which is made first
    where it is missing. Raises UserlandError.
    """
    root = KEPT / release.name
    if (root / "etc" / "debian_version").is_file():
        return root
    archive = KEPT / f"{release.name}.tar.zst"
    if not archive.is_file():
        _make(release, archive)
    unpacking = KEPT / f"{release.name}.unpacking"
    shutil.rmtree(unpacking, ignore_errors=True)
    unpacking.mkdir(parents=True)
    _run(["tar", "-C", str(unpacking), "--zstd", "--numeric-owner", "-xpf", str(archive)])
    unpacking.rename(root)
    return root


def pythons_in(root: Path) -> list[str]:
    """Every file of a userland by which a Python could come into play."""
    found = [
        str(path.relative_to(root))
        for folder in ("usr/bin", "usr/local", "opt", "usr/lib")
        for path in (root / folder).rglob("*")
        if path.name.startswith(("python", "libpython", "pypy"))
        # Other programs' scripts for a Python that isn't there.
        and not path.is_relative_to(root / "usr" / "share")
    ]
    return sorted(found)


def _make(release: Release, archive: Path) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=KEPT, prefix=f"{release.name}.") as made:
        root = Path(made) / "root"
        mirror, keys = _mirror(), "/usr/share/keyrings/debian-archive-keyring.gpg"
        _run(
            # What it mounts goes with its namespace, however it ends.
            [
                *("unshare", "--mount", "debootstrap", "--variant=minbase", f"--keyring={keys}"),
                *(release.name, str(root), mirror),
            ]
        )
        _install(root, release)
        _tidy(root)
        part = archive.with_suffix(".part")
        _run(["tar", "-C", str(root), "--zstd", "--numeric-owner", "-cpf", str(part), "."])
        part.rename(archive)


def _mirror() -> str:
    """The Debian mirror that apt uses here, for the main component."""
    told = "$(REPO_URI) $(COMPONENT) $(LABEL)"
    lines = _run(["apt-get", "indextargets", "--format", told]).splitlines()
    for line in lines:
        where, component, label = line.split(" ", 2)
        if component == "main" and label == "Debian":
            return where
    raise UserlandError("apt names no Debian mirror here: apt-get update has to run first.")


def _install(root: Path, release: Release) -> None:
    policy = root / "usr" / "sbin" / "policy-rc.d"
    policy.write_text(_NO_SERVICES)
    policy.chmod(0o755)
    shutil.copy("/etc/resolv.conf", root / "etc" / "resolv.conf")
    listed = _PACKAGES.read_text(encoding="utf-8").splitlines()
    names = [release.glib, *(line for line in listed if line and not line.startswith("#"))]
    install = ["apt-get", "install", "-y", "--no-install-recommends", *names]
    inside = ["chroot", str(root), "env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8"]
    _run([*inside, *install])
    _run([*inside, "useradd", "--create-home", "--shell=/bin/bash", f"--uid={USER_ID}", USER])


def _tidy(root: Path) -> None:
    for left in ("etc/resolv.conf", "usr/sbin/policy-rc.d"):
        (root / left).unlink()
    for folder in ("var/cache/apt", "var/lib/apt/lists"):
        shutil.rmtree(root / folder)
    for device in (root / "dev").iterdir():  # each machine gets its own
        shutil.rmtree(device) if device.is_dir() and not device.is_symlink() else device.unlink()


def _run(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    except FileNotFoundError as error:
        raise UserlandError(f"{command[0]} is not installed here.") from error
    if done.returncode:
        said = (done.stdout + done.stderr).strip().splitlines()[-3:]
        raise UserlandError(f"{' '.join(command[:4])} … failed: {' / '.join(said)}")
    return done.stdout
