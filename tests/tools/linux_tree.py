"""A frozen program in small, for tests of what is made of it: its executable is a script."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

SECONDS = 1_700_000_000
PROGRAM = """#!/bin/sh
case ${1-} in
    --version) echo "Pitcher VERSION" ;;
    *) printf '%s\\n' VERSION "$0" "$@" ;;
esac
"""


def make_tree(folder: Path, version: str = "0.1.0", program: str = PROGRAM) -> Path:
    """In the shape of build/package/pitcher, with one real ELF file in it."""
    (folder / "_internal" / "ä b").mkdir(parents=True)
    write(folder / "pitcher", program.replace("VERSION", version), 0o755)
    shutil.copyfile("/bin/true", folder / "_internal" / "true.so")
    write(folder / "_internal" / "ä b" / "words.txt", "words")
    (folder / "_internal" / "true.so").chmod(0o755)  # as wheels have them
    (folder / "_internal" / "link.so").symlink_to("true.so")
    (folder / "top.so").symlink_to("_internal/true.so")
    for name in ("LICENSE", "NOTICE"):
        write(folder / name, name)
    write(
        folder / "build.json", json.dumps({"version": version, "commit": "", "release_key": None})
    )
    os.utime(folder / "build.json", (SECONDS, SECONDS))
    return folder


def write(path: Path, text: str, mode: int = 0o644) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
