"""The installer for Windows, of a program that was frozen there.

For: `make package`. PyInstaller freezes for the system that it runs on, so the program comes from a
Windows machine (packaging/windows/README.md) into build/package/windows/pitcher; all else is made
here: the starters, by mingw's gcc, and the installer, by makensis.
"""

from __future__ import annotations

import json
import re
import shutil
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from tools.package.freeze import ROOT, PackageError, say

SOURCES = ROOT / "packaging" / "windows"
PROGRAM, CONSOLE_PROGRAM = "pitcher.exe", "pitcher-cli.exe"
_ICON = ROOT / "assets" / "icons" / "pitcher-256.png"
_ICON_PIXELS = (16, 24, 32, 48, 64)
_COMPILER, _RESOURCES, _NSIS = (
    "x86_64-w64-mingw32-g++-posix",
    "x86_64-w64-mingw32-windres",
    "makensis",
)
# As small as it gets; nothing is loaded but the system's own libraries, at places of its choice.
_HARD = ("-Wl,--nxcompat", "-Wl,--dynamicbase", "-Wl,--high-entropy-va")
_OPTIONS = ("-std=c++20", "-Os", "-s", "-Wall", "-Wextra", "-Werror", "-static", *_HARD)
_COPIED = ("block-network.ps1",)
_BESIDE = ("LICENSE", "NOTICE")
_NUMBERS = 4


@dataclass(frozen=True)
class Parts:
    """What the installer brings beside the frozen program, in one folder."""

    folder: Path

    @property
    def starters(self) -> tuple[Path, Path]:
        """The window's and the console's."""
        return self.folder / PROGRAM, self.folder / CONSOLE_PROGRAM


def build(tree: Path, out: Path) -> list[Path]:
    """The installer, where a program for Windows lies beside the one for Linux, and there is what
    makes it; else none, said.
    """
    windows = tree.parent / "windows" / tree.name
    if not (windows / PROGRAM).is_file():
        say(
            f"Windows: no installer, as there is no {windows / PROGRAM}. "
            "packaging/windows/README.md says how it is frozen on Windows."
        )
        return []
    missing = what_is_missing()
    if missing:
        say(f"Windows: no installer, as {', '.join(missing)} must be installed to make it.")
        return []
    version = json.loads((windows / "build.json").read_text(encoding="utf-8"))["version"]
    target = out / f"pitcher-{version}-windows-x86_64-setup.exe"
    return [installer(windows, str(version), parts(tree.parent / "windows" / "parts"), target)]


def what_is_missing() -> list[str]:
    """Tools that are not installed here."""
    return [name for name in (_COMPILER, _RESOURCES, _NSIS) if not shutil.which(name)]


def parts(folder: Path) -> Parts:
    """Starters, icon, script and licence. Raises PackageError."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pitcher.ico").write_bytes(icon(_ICON))
    for name in _COPIED:
        shutil.copyfile(SOURCES / name, folder / name)
    for name in _BESIDE:
        shutil.copyfile(ROOT / name, folder / name)
    resources = folder / "starter.o"
    included = ["-I", str(folder), "-I", str(SOURCES)]
    run([_RESOURCES, *included, str(SOURCES / "starter.rc"), "-O", "coff", "-o", str(resources)])
    for program, options in zip(
        Parts(folder).starters, (["-mwindows"], ["-DPK_CONSOLE"]), strict=True
    ):
        source = str(SOURCES / "starter.cpp")
        run([_COMPILER, *_OPTIONS, *options, source, str(resources), "-o", str(program)])
    return Parts(folder)


def installer(tree: Path, version: str, brought: Parts, target: Path) -> Path:
    """`target`, made by makensis of a frozen program and what is brought. Raises PackageError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    defined = {
        "TARGET": "amd64-unicode",
        "VERSION": version,
        "FILE_VERSION": file_version(version),
        "TREE": str(tree),
        "PARTS": str(brought.folder),
        "OUTPUT": str(target.absolute()),
    }
    options = [f"-D{name}={value}" for name, value in defined.items()]
    run([_NSIS, "-V2", "-WX", "-INPUTCHARSET", "UTF8", *options, str(SOURCES / "pitcher.nsi")])
    return target


def file_version(version: str) -> str:
    """Windows' four numbers: 0.2.0rc1 is 0.2.0.0 there."""
    numbers = re.findall(r"\d+", re.split(r"[a-z]", version)[0])[:_NUMBERS]
    return ".".join([*numbers, "0", "0", "0"][:_NUMBERS])


def icon(png: Path) -> bytes:
    """An ICO file: small sizes as bitmaps, the picture itself as it is. Raises PackageError."""
    whole = QImage(str(png))
    if whole.isNull():
        raise PackageError(f"The icon {png} can't be read.")
    images = [(size, _bitmap(whole, size)) for size in _ICON_PIXELS]
    images.append((0, png.read_bytes()))  # 0: 256 pixels
    head, body = struct.pack("<HHH", 0, 1, len(images)), b""
    start = len(head) + 16 * len(images)
    for size, data in images:
        head += struct.pack("<BBBBHHII", size, size, 0, 0, 1, 32, len(data), start + len(body))
        body += data
    return head + body


def _bitmap(whole: QImage, size: int) -> bytes:
    """BITMAPINFOHEADER, rows of BGRA from below, and a mask that hides nothing."""
    small = whole.scaled(
        size,
        size,
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    ).convertToFormat(QImage.Format.Format_ARGB32)
    rows = b"".join(_row(small, y) for y in reversed(range(size)))
    mask = bytes((size + 31) // 32 * 4 * size)
    length = len(rows) + len(mask)
    return (
        struct.pack("<IiiHHIIiiII", 40, size, 2 * size, 1, 32, 0, length, 0, 0, 0, 0) + rows + mask
    )


def _row(image: QImage, y: int) -> bytes:
    return cast(memoryview, image.constScanLine(y)).tobytes()[: image.width() * 4]


def run(command: list[str]) -> None:
    """A tool that has to succeed; its last words where it does not. Raises PackageError."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stdout + done.stderr).strip().splitlines()[-6:]
        raise PackageError(f"{command[0]} failed:\n" + "\n".join(said))
