"""Which files a Linux artefact holds, and where: the same program and menu entry for all of them.

For: `deb`, `rpm` and `run_installer`. Nothing here depends on the machine or the hour: contents and
rights come from the frozen tree and `packaging/linux`, times from the commit.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tools.package.floors import scan
from tools.package.freeze import ROOT, PackageError

LINUX = ROOT / "packaging" / "linux"
ICONS = ROOT / "assets" / "icons"
# Their ID has dots, as stores want it, and no domain, as nobody has one.
METAINFO = "internal.pitcher.pitcher.metainfo.xml"
_RUNS, _READS = 0o755, 0o644
_LIBRARY = re.compile(r"\.so(\.|$)")  # loaded, never started, whatever rights its wheel gave it
_GZIP_LEVEL = 9
_EARLY = re.compile(r"(?:a|b|rc)\d+$")
# A package depends on glibc as a whole, by its floor.
OF_GLIBC = (
    "libc.so",
    "libm.so",
    "libdl.so",
    "libpthread.so",
    "librt.so",
    "libutil.so",
    "ld-linux",
)


@dataclass(frozen=True)
class Entry:
    """A file, a folder or a link below an archive's root; `content` is a file's bytes or place."""

    path: str
    mode: int
    content: bytes | Path | None = None
    link: str | None = None

    @property
    def size(self) -> int:
        """Of a file's content."""
        match self.content:
            case bytes():
                return len(self.content)
            case Path():
                return self.content.stat().st_size
        return 0

    def read(self) -> bytes:
        """A file's content."""
        return self.content.read_bytes() if isinstance(self.content, Path) else self.content or b""


@dataclass(frozen=True)
class Build:
    """What a frozen tree says of itself. `machine` is what `uname -m` says where it runs, `needed`
    the libraries that it has not itself, `glibc` the oldest that it starts with, `glibcxx` the
    newest symbols that it asks of libstdc++, where it asks for any.
    """

    version: str
    seconds: int
    machine: str
    glibc: str
    needed: tuple[str, ...]
    glibcxx: str = ""

    @property
    def date(self) -> datetime:
        """Of the commit."""
        return datetime.fromtimestamp(self.seconds, UTC)

    @property
    def packaged(self) -> str:
        """The version as dpkg, rpm and AppStream sort it: 0.2.0~rc1 comes before 0.2.0."""
        return _EARLY.sub(r"~\g<0>", self.version)


_MACHINES = {"x86-64": "x86_64", "AArch64": "aarch64"}


def read_build(tree: Path) -> Build:
    """Raises PackageError."""
    file = tree / "build.json"
    try:
        version = str(json.loads(file.read_text(encoding="utf-8"))["version"])
        seconds = int(file.stat().st_mtime)
    except (OSError, ValueError, KeyError) as error:
        raise PackageError(f"{file} does not say which version this is: {error}.") from error
    found = scan(tree)
    if len(found.machines) != 1 or found.machines[0] not in _MACHINES:
        machines = ", ".join(found.machines) or "no processor"
        raise PackageError(f"The program in {tree} is built for {machines}; it has to be for one.")
    floors = {floor.family: floor.version for floor in found.floors}
    if "GLIBC" not in floors:
        raise PackageError(f"Nothing in {tree} is linked with glibc.")
    machine, needed = _MACHINES[found.machines[0]], tuple(found.foreign)
    return Build(version, seconds, machine, floors["GLIBC"], needed, floors.get("GLIBCXX", ""))


def tree_entries(tree: Path, at: str) -> Iterator[Entry]:
    """All of the frozen program, in the folder `at`."""
    for path in sorted(tree.rglob("*")):
        name = f"{at}/{path.relative_to(tree).as_posix()}"
        if path.is_symlink():
            yield Entry(name, 0o777, link=str(path.readlink()))
        elif path.is_dir():
            yield Entry(name, _RUNS)
        else:
            runs = path.stat().st_mode & 0o100 and not _LIBRARY.search(path.name)
            yield Entry(name, _RUNS if runs else _READS, path)


def share_entries(build: Build, at: str) -> Iterator[Entry]:
    """The entry in the menu, icons, types of files and what stores show, in a folder `share`."""
    yield Entry(f"{at}/applications/pitcher.desktop", _READS, LINUX / "pitcher.desktop")
    for size in (16, 256):
        icon = ICONS / f"pitcher-{size}.png"
        yield Entry(f"{at}/icons/hicolor/{size}x{size}/apps/pitcher.png", _READS, icon)
    yield Entry(f"{at}/icons/hicolor/scalable/apps/pitcher.svg", _READS, ICONS / "pitcher.svg")
    yield Entry(f"{at}/metainfo/{METAINFO}", _READS, filled(LINUX / "pitcher.metainfo.xml", build))
    yield Entry(f"{at}/mime/packages/pitcher.xml", _READS, LINUX / "pitcher.xml")


def system_entries(tree: Path, build: Build) -> list[Entry]:
    """What a package of a system holds, without its papers."""
    manual = compressed(filled(LINUX / "pitcher.1", build))
    return [
        *tree_entries(tree, "usr/lib/pitcher"),
        Entry("usr/bin/pitcher", 0o777, link="../lib/pitcher/pitcher"),
        *share_entries(build, "usr/share"),
        Entry("usr/share/man/man1/pitcher.1.gz", _READS, manual),
    ]


def filled(template: Path, build: Build) -> bytes:
    """A text of `packaging/linux` with this build's version and date."""
    text = template.read_text(encoding="utf-8")
    text = text.replace("@VERSION@", build.packaged).replace("@DATE@", f"{build.date:%Y-%m-%d}")
    return text.encode()


def compressed(data: bytes) -> bytes:
    """As gzip has it, without name and hour."""
    return gzip.compress(data, _GZIP_LEVEL, mtime=0)


def with_folders(entries: Iterable[Entry]) -> list[Entry]:
    """Each folder before what lies in it, sorted; raises PackageError for a path twice."""
    found: dict[str, Entry] = {}
    for entry in entries:
        if entry.path in found:
            raise PackageError(f"Two files of the package have one path: {entry.path}.")
        found[entry.path] = entry
    for path in list(found):
        for parent in Path(path).parents:
            if parent != Path():
                found.setdefault(parent.as_posix(), Entry(parent.as_posix(), _RUNS))
    return [found[path] for path in sorted(found)]


def is_folder(entry: Entry) -> bool:
    """Whether it is neither a file nor a link."""
    return entry.content is None and entry.link is None
