"""The documentation text: the Python documentation's sources, as Debian packages them.

For `vocabulary` and `batches`. Fetches the package by name with apt and unpacks it without
installing. The two FAQs that `tests/data/perplexity` measures with are left out, and so is
the changelog, which is a list.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tools.train_test_model.settings import HELD_OUT_TEXT, WORK

PACKAGE = "python3.11-doc"
SOURCES = "usr/share/doc/python3.11/html/_sources"
# The first two are the held-out text.
LEFT_OUT = ("faq/general", "faq/design", "whatsnew/changelog", "c-api/", "contents", "genindex")


class DocumentsMissingError(Exception):
    """The package is not here and could not be fetched."""


def fetch(work: Path = WORK) -> Path:
    """The folder of the sources, fetched if it is not there."""
    folder = work / "documents"
    if (folder / SOURCES).is_dir():
        return folder / SOURCES
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        raise DocumentsMissingError(
            f"The text comes from Debian's package {PACKAGE}, and this system has no apt-get."
        )
    work.mkdir(parents=True, exist_ok=True)
    try:
        subprocess.run(["apt-get", "download", PACKAGE], cwd=work, check=True, capture_output=True)
        (archive,) = work.glob(f"{PACKAGE}_*.deb")
        subprocess.run(["dpkg-deb", "-x", archive, folder], check=True, capture_output=True)
    except (subprocess.CalledProcessError, ValueError) as error:
        raise DocumentsMissingError(
            f"apt-get could not fetch {PACKAGE}; is there a network, and a Debian 12?"
        ) from error
    return folder / SOURCES


def is_used(name: str) -> bool:
    """Whether a page, named as the sources have it, is trained on."""
    return not name.startswith(LEFT_OUT)


def training_texts(folder: Path) -> list[str]:
    """Every page that is trained on, in the order of their names."""
    pages = sorted(folder.rglob("*.rst.txt"))
    return [
        page.read_text(encoding="utf-8")
        for page in pages
        if is_used(page.relative_to(folder).as_posix())
    ]


def held_out_text() -> str:
    """The text that is only measured with."""
    return HELD_OUT_TEXT.read_text(encoding="utf-8")
