"""The package for Debian and its relatives: `dist/pitcher_VERSION_ARCHITECTURE.deb`.

For: `make package`. Written by hand (deb(5)), so that two builds of a commit are the same bytes.
Packed with xz: Debian 11 reads no zstd, and xz is the smaller one. It has no script of its own:
menu, types of files and icons are looked at anew by the triggers of packages that know of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.package.archives import tar_bytes, write_deb, write_tar_xz
from tools.package.freeze import PackageError
from tools.package.linux_files import (
    LINUX,
    OF_GLIBC,
    Build,
    Entry,
    compressed,
    filled,
    is_folder,
    read_build,
    system_entries,
    with_folders,
)

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
# Which package has a library, by its soname. Names differ where Debian renamed a package for
# 64-bit times.
_PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libOpenGL.so.0": "libopengl0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libXau.so.6": "libxau6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libexpat.so.1": "libexpat1",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libgcc_s.so.1": "libgcc-s1",
    "libglib-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
    "libgobject-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
    "libgtk-3.so.0": "libgtk-3-0t64 | libgtk-3-0",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libxcb-xinput.so.0": "libxcb-xinput0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
}
# https://gcc.gnu.org/onlinedocs/libstdc++/manual/abi.html
_GCC_OF_SYMBOLS = {
    "3.4.26": "9",
    "3.4.27": "9",
    "3.4.28": "9",
    "3.4.29": "11",
    "3.4.30": "12",
    "3.4.31": "13",
    "3.4.32": "13",
    "3.4.33": "14",
}
_FOLDER_KB = 1
_MAINTAINER = "The Pitcher authors <pitcher@pitcher.internal>"


def build(tree: Path, out: Path) -> list[Path]:
    """The package. Raises PackageError."""
    told = read_build(tree)
    entries = with_folders(data_entries(tree, told))
    control = control_text(told, _installed_kb(entries))
    file = out / f"pitcher_{told.packaged}_{ARCHITECTURES[told.machine]}.deb"
    papers = (("./control", control.encode(), 0o644), ("./md5sums", _md5sums(entries), 0o644))
    with TemporaryDirectory(dir=out) as folder:
        data = Path(folder) / "data.tar.xz"
        write_tar_xz(entries, data, told.seconds, root="./")
        made = Path(folder) / file.name
        write_deb(made, compressed(tar_bytes(papers, told.seconds)), data, told.seconds)
        made.rename(file)
    return [file]


def data_entries(tree: Path, told: Build) -> list[Entry]:
    """All files of the package, with the papers that Debian wants beside them."""
    return [
        *system_entries(tree, told),
        Entry("usr/share/doc/pitcher/copyright", 0o644, copyright_text()),
        Entry("usr/share/doc/pitcher/changelog.gz", 0o644, compressed(changelog(told))),
        Entry("usr/share/lintian/overrides/pitcher", 0o644, LINUX / "lintian-overrides"),
    ]


def control_text(told: Build, installed_kb: int) -> str:
    """Debian Policy 5.3."""
    return (
        filled(LINUX / "control", told)
        .decode()
        .format(
            architecture=ARCHITECTURES[told.machine],
            installed_kb=installed_kb,
            depends=", ".join(depends(told)),
        )
    )


def depends(told: Build) -> list[str]:
    """The packages of the libraries that the program takes from the system. Raises PackageError."""
    found = {f"libc6 (>= {told.glibc})"}
    for name in told.needed:
        if name == "libstdc++.so.6":
            found.add(_libstdcxx(told.glibcxx))
        elif name in _PACKAGES:
            found.add(_PACKAGES[name])
        elif not name.startswith(OF_GLIBC):
            raise PackageError(
                f"{name} is taken from the system, and tools/package/deb.py does not know which "
                "package of Debian has it. Add it there, or bundle the library."
            )
    return sorted(found)


def _libstdcxx(symbols: str) -> str:
    """Its package has the version of its GCC. Raises PackageError."""
    if symbols not in _GCC_OF_SYMBOLS:
        raise PackageError(
            f"tools/package/deb.py does not know which GCC brought GLIBCXX_{symbols}. Add it there."
        )
    return f"libstdc++6 (>= {_GCC_OF_SYMBOLS[symbols]})"


def copyright_text() -> bytes:
    """The licence, and what others made, in the form that Debian asks for."""
    return (LINUX / "copyright").read_bytes()


def changelog(told: Build) -> bytes:
    """One entry: what changed stands in the program's own CHANGELOG."""
    return (
        f"pitcher ({told.packaged}) unstable; urgency=medium\n\n"
        f"  * Release {told.version}. What changed stands in CHANGELOG.md of the source.\n\n"
        f" -- {_MAINTAINER}  {told.date:%a, %d %b %Y %H:%M:%S +0000}\n"
    ).encode()


def _installed_kb(entries: Sequence[Entry]) -> int:
    """Debian Policy 5.6.20: each file in whole KiB, and one for each folder."""
    return sum(_FOLDER_KB if is_folder(entry) else -(-entry.size // 1024) for entry in entries)


def _md5sums(entries: Sequence[Entry]) -> bytes:
    lines = []
    for entry in entries:
        if entry.content is not None:
            digest = hashlib.md5(entry.read(), usedforsecurity=False).hexdigest()
            lines.append(f"{digest}  {entry.path}\n")
    return "".join(lines).encode()
