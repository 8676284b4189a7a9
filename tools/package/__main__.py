"""Builds every artefact that can be built on this system, into `dist/`.

    make package [RELEASE_KEY=file]

`RELEASE_KEY`: a file with the release's Ed25519 public key in hexadecimal digits. Without one the
program says that nobody signs for it, and takes no updates.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from tools.package.freeze import ROOT, PackageError, freeze, read_release_key, say
from tools.package.sums import of_artefacts

# Each a module with `build(tree, out) -> list[Path]`, in this order: what changes the program's
# own folder first, then what is made of it.
STEPS: tuple[str, ...] = (
    "tools.package.licences",
    "tools.package.sbom",
    "tools.package.sums",  # the last to write into the tree: it lists every file
    "tools.package.update_bundle",  # of the whole tree: after what adds to it
    "tools.package.deb",
    "tools.package.rpm",
    "tools.package.run_installer",
    "tools.package.nsis",
)


def main(arguments: list[str]) -> int:
    """0, or 1 with one sentence on stderr."""
    parser = argparse.ArgumentParser(prog="tools.package", description=__doc__)
    parser.add_argument("--release-key", type=Path, help="the release's public key, in a file")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="where artefacts go")
    parser.add_argument("--only-freeze", action="store_true", help="no artefacts")
    chosen = parser.parse_args(arguments)
    try:
        key = None if chosen.release_key is None else read_release_key(chosen.release_key)
        tree = freeze(key)
        say(f"The program: {tree}")
        if not chosen.only_freeze:
            build_artefacts(tree, chosen.out)
    except PackageError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def build_artefacts(tree: Path, out: Path) -> None:
    """Every step in order, each with its lines."""
    out.mkdir(parents=True, exist_ok=True)
    for step in STEPS:
        for path in importlib.import_module(step).build(tree, out):
            say(f"{path.name}: {path.stat().st_size / 1e6:.0f} MB")
    say(f"Hashes of all: {of_artefacts(out)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
