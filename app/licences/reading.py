"""The licences of this program: those that its build wrote down, or, from source, what the
distributions of its environment say.

For: the page of the licences.
"""

from __future__ import annotations

import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path

from app.licences.distributions import licence_of, parts_of, texts_of
from app.licences.works import FILE_NAME, Kind, Licences, LicencesError, Shelf, Work, from_json
from inference.sentence import said, system_words
from inference.version import ENGINE_VERSION

_ROOT = Path(__file__).resolve().parents[2]
_NOT_NAMED = "not named by its distribution"


def licences() -> Licences:
    """Takes a moment: it is no work for the window's thread. Raises LicencesError."""
    if getattr(sys, "frozen", False):
        return read(_ROOT / "assets" / "licences" / FILE_NAME)
    return of_environment(_ROOT)


def read(file: Path) -> Licences:
    """Those that a build wrote down; raises LicencesError."""
    try:
        return from_json(file.read_bytes())
    except OSError as error:
        raise LicencesError(
            said("{file} can’t be read: {why}.", file=file, why=system_words(error))
        ) from error


def of_environment(root: Path) -> Licences:
    """Pitcher's own, and of every distribution that this Python has."""
    shelf = Shelf()
    own = tuple(
        shelf.put(f"Pitcher: {name}", (root / name).read_bytes())
        for name in ("LICENSE", "NOTICE")
        if (root / name).is_file()
    )
    works = [Work(Kind.PROGRAM, "Pitcher", ENGINE_VERSION, "Apache-2.0", "this program", own)]
    works += [_python(shelf)]
    works += [
        work_of(distribution, shelf)
        for distribution in distributions()
        if distribution.metadata["Name"].lower() != "pitcher"
    ]
    return shelf.licences(works)


def _python(shelf: Shelf) -> Work:
    version = ".".join(map(str, sys.version_info[:3]))
    file = Path(sys.base_prefix, "lib", f"python3.{sys.version_info[1]}", "LICENSE.txt")
    texts = (shelf.put("Python: LICENSE.txt", file.read_bytes()),) if file.is_file() else ()
    return Work(Kind.PROGRAM, "Python", version, "PSF-2.0", "python.org", texts)


def work_of(distribution: Distribution, shelf: Shelf) -> Work:
    """One distribution, as it describes itself."""
    return Work(
        Kind.PYTHON,
        distribution.metadata["Name"],
        distribution.version,
        licence_of(distribution) or _NOT_NAMED,
        "PyPI",
        tuple(shelf.put(title, text) for title, text in texts_of(distribution)),
        tuple(part.in_words() for part in parts_of(distribution)),
    )
