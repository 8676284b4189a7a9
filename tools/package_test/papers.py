"""What the systems' own checkers say of the .deb: lintian, and of its menu entry and its metadata.

For: `python -m tools.package_test`. They run outside: the userlands have none of them.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tools.package_test.checks import Bench, Check
from tools.package_test.person import CheckFailed

_TOOLS = ("lintian", "desktop-file-validate", "appstreamcli", "dpkg-deb", "tar")
_SHARE = "usr/share"
_PAPERS = (f"./{_SHARE}/applications", f"./{_SHARE}/metainfo", f"./{_SHARE}/icons")


def checks() -> list[Check]:
    """One for all of them."""
    says = "lintian, desktop-file-validate and appstreamcli find nothing in the .deb"
    return [Check("papers-deb", says, _papers)]


def _papers(bench: Bench) -> str:
    package = bench.artefact("pitcher_*.deb")
    missing = [name for name in _TOOLS if shutil.which(name) is None]
    if missing:
        raise CheckFailed(f"{', '.join(missing)} must be installed first")
    with tempfile.TemporaryDirectory() as folder:
        _unpack(package, Path(folder))
        ran = [_ask(command) for command in _commands(package, Path(folder))]
    return f"{', '.join(ran)}: nothing found in {package.name}"


def _commands(package: Path, folder: Path) -> Iterator[list[str]]:
    share = folder / _SHARE
    yield ["desktop-file-validate", *map(str, sorted(share.glob("applications/*")))]
    yield ["appstreamcli", "validate", "--no-net", *map(str, sorted(share.glob("metainfo/*")))]
    yield ["appstreamcli", "validate-tree", "--no-net", str(folder)]
    yield ["lintian", "--allow-root", "--fail-on", "error,warning", str(package)]


def _unpack(package: Path, folder: Path) -> None:
    """The papers alone: the program has hundreds of megabytes."""
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE) as deb:
        command = ["tar", "-x", "-C", str(folder), *_PAPERS]
        done = subprocess.run(command, stdin=deb.stdout, capture_output=True, text=True)
    if done.returncode or deb.returncode:
        raise CheckFailed(f"{package.name} can't be unpacked: {done.stderr.strip()}")


def _ask(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    said = (done.stdout + done.stderr).strip()
    if done.returncode:
        raise CheckFailed(f"{command[0]} ended with {done.returncode}: {said[-600:]}")
    return command[0] if command[1] != "validate-tree" else "the same of the whole tree"
