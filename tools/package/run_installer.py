"""The installer for one user: `dist/pitcher-VERSION-MACHINE.run`, a shell script and one archive.

For: `make package`. The scripts are those of `packaging/linux`; the archive is a Debian package in
form, so that a Debian without xz can unpack it too, and holds

    support/    the start script, the uninstaller, what the menu gets, and a list of the links
    program/    the frozen program, without its links: a stick's file system may have none
    support/whole   last of all: without it the archive was cut short
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.package.archives import tar_bytes, write_deb, write_tar_xz
from tools.package.freeze import PackageError
from tools.package.linux_files import (
    LINUX,
    Build,
    Entry,
    compressed,
    read_build,
    share_entries,
    tree_entries,
    with_folders,
)

_CHUNK_BYTES = 1 << 20
_PARTS = ("common", "menu")


def build(tree: Path, out: Path) -> list[Path]:
    """The installer. Raises PackageError."""
    told = read_build(tree)
    entries = archive_entries(tree, told)
    file = out / f"pitcher-{told.version}-{told.machine}.run"
    with TemporaryDirectory(dir=out) as folder:
        data, payload, made = (Path(folder, name) for name in ("data", "payload", "run"))
        write_tar_xz(entries, data, told.seconds)
        start = write_deb(payload, _control(told), data, told.seconds)
        size = sum(entry.size for entry in entries)
        with made.open("wb") as run, payload.open("rb") as stream:
            run.write(head(told, payload, packed_start=start, installed_bytes=size))
            shutil.copyfileobj(stream, run)
        made.chmod(0o755)
        made.rename(file)
    return [file]


def archive_entries(tree: Path, told: Build) -> list[Entry]:
    """The archive's files in their order, with the mark of a whole one at the end."""
    program = list(tree_entries(tree, "program"))
    links = "".join(_link_line(entry) for entry in program if entry.link is not None)
    support = [
        Entry("support/links", 0o644, links.encode()),
        Entry("support/pitcher", 0o755, LINUX / "pitcher-start.sh"),
        Entry("support/pitcher-uninstall", 0o755, with_common("pitcher-uninstall.sh").encode()),
        *share_entries(told, "support/share"),
    ]
    files = with_folders([*support, *(entry for entry in program if entry.link is None)])
    files.sort(key=lambda entry: not entry.path.startswith("support"))
    return [*files, Entry("support/whole", 0o644, b"")]


def with_common(name: str) -> str:
    """A script of `packaging/linux`, with what installer and uninstaller share, and other parts."""
    script = (LINUX / name).read_text(encoding="utf-8")
    for part in _PARTS:
        text = (LINUX / f"{part}.sh").read_text(encoding="utf-8")
        script = script.replace(f"# @{part.upper()}@\n", text)
    return script


def head(told: Build, payload: Path, *, packed_start: int, installed_bytes: int) -> bytes:
    """The script before the archive, which it knows by size and SHA-256."""
    text = with_common("installer.sh")
    for name, value in (
        ("VERSION", told.version),
        ("MACHINE", told.machine),
        ("GLIBC", told.glibc),
        ("PAYLOAD_BYTES", str(payload.stat().st_size)),
        ("PACKED_START", str(packed_start)),
        ("PAYLOAD_SHA256", _sha256(payload)),
        ("INSTALLED_BYTES", str(installed_bytes)),
    ):
        text = text.replace(f"@{name}@", value)
    size = len(text.encode()) - len("@HEAD_BYTES@")
    size += len(str(size + len(str(size))))  # a number of so many digits is part of it
    return text.replace("@HEAD_BYTES@", str(size)).encode()


def _control(told: Build) -> bytes:
    text = f"Package: pitcher-run\nVersion: {told.version}\nArchitecture: all\n"
    return compressed(tar_bytes([("./control", text.encode(), 0o644)], told.seconds))


def _link_line(entry: Entry) -> str:
    line = f"{entry.path.removeprefix('program/')}\t{entry.link}\n"
    if line.count("\n") != 1 or line.count("\t") != 1 or str(entry.link).startswith("/"):
        raise PackageError(f"The link {entry.path} can't be carried: it leads to {entry.link}.")
    return line


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
