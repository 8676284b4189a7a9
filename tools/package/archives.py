"""Archives whose bytes depend on their contents alone: tar, xz, and the ar of Debian's packages.

For: `deb` and `run_installer`. Everything belongs to root and bears the commit's time.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO

from tools.package.freeze import PackageError
from tools.package.linux_files import Entry, is_folder

# Blocks of one size are the same bytes however many threads write them; xz(1), --block-size. Of
# PyTorch's library -2 makes 12 % more bytes than -6, in a quarter of the time (13.5 s for 24 MB).
_XZ = ("xz", "--format=xz", "--check=crc64", "-2", "--threads=2", "--block-size=48MiB", "--stdout")
_AR_MAGIC = b"!<arch>\n"


def write_tar(entries: Iterable[Entry], stream: IO[bytes], seconds: int, root: str = "") -> None:
    """The entries in their order, their paths below `root`."""
    with tarfile.open(fileobj=stream, mode="w|", format=tarfile.GNU_FORMAT) as tar:
        for entry in entries:
            member = tarfile.TarInfo(f"{root}{entry.path}")
            member.mtime, member.mode = seconds, entry.mode
            member.uname = member.gname = "root"
            if entry.link is not None:
                member.type, member.linkname = tarfile.SYMTYPE, entry.link
                tar.addfile(member)
            elif is_folder(entry):
                member.type = tarfile.DIRTYPE
                tar.addfile(member)
            else:
                member.size = entry.size
                with _opened(entry) as content:
                    tar.addfile(member, content)


def write_tar_xz(entries: Iterable[Entry], file: Path, seconds: int, root: str = "") -> None:
    """As `write_tar`, compressed. Raises PackageError where xz is missing or fails."""
    if shutil.which("xz") is None:
        raise PackageError("xz is missing, which packs the artefacts. Install it (xz-utils).")
    with (
        file.open("wb") as packed,
        subprocess.Popen(_XZ, stdin=subprocess.PIPE, stdout=packed) as process,
    ):
        assert process.stdin is not None
        with process.stdin as stream:
            write_tar(entries, stream, seconds, root)
    if process.returncode:
        raise PackageError(f"xz could not pack {file.name}: it ended with {process.returncode}.")


def write_deb(file: Path, control: bytes, data: Path, seconds: int) -> int:
    """A Debian package (deb(5)) of its packed control files and its data; where the data begin."""
    small = (("debian-binary", b"2.0\n"), ("control.tar.gz", control))
    with file.open("wb") as package, data.open("rb") as packed:
        package.write(_AR_MAGIC)
        for name, content in small:
            package.write(_ar_head(name, len(content), seconds) + content + _odd(len(content)))
        package.write(_ar_head("data.tar.xz", data.stat().st_size, seconds))
        start = package.tell()
        shutil.copyfileobj(packed, package)
        package.write(_odd(data.stat().st_size))
    return start


def tar_bytes(files: Sequence[tuple[str, bytes, int]], seconds: int) -> bytes:
    """A small tar of files: name, content and mode."""
    made = io.BytesIO()
    write_tar((Entry(name, mode, content) for name, content, mode in files), made, seconds)
    return made.getvalue()


def _ar_head(name: str, size: int, seconds: int) -> bytes:
    return f"{name:<16}{seconds:<12}{0:<6}{0:<6}{'100644':<8}{size:<10}`\n".encode("ascii")


def _odd(size: int) -> bytes:
    return b"\n" * (size % 2)


def _opened(entry: Entry) -> IO[bytes]:
    content = entry.content
    return content.open("rb") if isinstance(content, Path) else io.BytesIO(content or b"")
