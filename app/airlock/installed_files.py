"""Whether a frozen program's files are those that were built: compared with the list beside it.

For: `audit`, its report, the privacy page. The last step of a build lists every file with its hash
in SHA256SUMS, as `sha256sum -c` reads it. Whoever can change the files can change the list too,
so it shows accidents and careless hands; the hash of the list is there to be compared with the
published one, and a build that is signed signs the list.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.airlock.proof_files import UNREADABLE, FileHash, program_files
from app.installation import Installation, Kind
from app.library.bundles.files import read_small
from inference.sentence import said

LIST_NAME = "SHA256SUMS"
SIGNATURE_NAME = "SHA256SUMS.sig"
# What is signed says what it is, so that a signature is never taken for one of something else.
PURPOSE = b"pitcher installed files 1\n"
# The list has neither itself nor what signs it.
NOT_LISTED = frozenset({LIST_NAME, SIGNATURE_NAME})
_MOST_LIST_BYTES = 32 << 20
_MOST_SIGNATURE_BYTES = 1024
_LINE = re.compile(r"([0-9a-f]{64})  (?!/)([^\x00-\x1f\\]+)")


class Verdict(StrEnum):
    """What the comparison says."""

    AS_BUILT = "as built"
    DIFFERENT = "different"
    NOT_COMPARED = "not compared"  # run from source: nothing was built
    NO_LIST = "no list"  # it is not there, or can't be read as one


class Signed(StrEnum):
    """What the signature of the list says."""

    BY_RELEASE_KEY = "by the release key"
    UNSIGNED_BUILD = "unsigned build"  # nobody signs for it
    MISSING = "missing"
    WRONG = "wrong"


@dataclass(frozen=True)
class InstalledFiles:
    """`list_sha256`: of the list itself, as `sha256sum SHA256SUMS` gives it; empty without one."""

    verdict: Verdict
    signed: Signed = Signed.UNSIGNED_BUILD
    count: int = 0
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    list_sha256: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether nothing speaks against these files. From source there is nothing to say."""
        if self.verdict is Verdict.NOT_COMPARED:
            return True
        signature = self.signed in (Signed.BY_RELEASE_KEY, Signed.UNSIGNED_BUILD)
        return self.verdict is Verdict.AS_BUILT and signature


NOT_COMPARED = InstalledFiles(Verdict.NOT_COMPARED)


def check_installed(
    installed: Installation,
    files: Sequence[FileHash] | None = None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> InstalledFiles:
    """Compare every file with the list. `files`: those of the program's folder, where they were
    hashed already; else it takes a second or two for each 500 MB, and StoppedError is raised soon
    after `is_stopped` says so.
    """
    if installed.kind is Kind.SOURCE:
        return NOT_COMPARED
    try:
        text = read_small(installed.program / LIST_NAME, _MOST_LIST_BYTES)
        listed = read_list(text)
    except (OSError, ValueError):
        return InstalledFiles(Verdict.NO_LIST, _signed(installed, b""))
    found = program_files(installed.program, is_stopped) if files is None else files
    return _compared(listed, found, _signed(installed, text), hashlib.sha256(text).hexdigest())


def read_list(text: bytes) -> dict[str, str]:
    """Name → hash; ValueError for what no build writes: an odd line, a name twice or outside."""
    listed: dict[str, str] = {}
    for line in text.decode("utf-8").removesuffix("\n").split("\n"):
        found = _LINE.fullmatch(line)
        if found is None or ".." in found[2].split("/") or found[2] in listed:
            raise ValueError(line[:200])
        listed[found[2]] = found[1]
    return listed


def file_lines(files: InstalledFiles) -> tuple[str, ...]:
    """Sentences: what the comparison says, each file by name where it says something of it."""
    if files.verdict is Verdict.NOT_COMPARED:
        return (said("Pitcher runs from source: there is no list of built files to compare with."),)
    if files.verdict is Verdict.NO_LIST:
        return (
            said(
                "{name} is missing or damaged: whether the program’s files are those that were "
                "built can’t be told. Install Pitcher again.",
                name=LIST_NAME,
            ),
        )
    return (
        _first_line(files),
        *(said("Changed: {name}", name=name) for name in files.changed),
        *(said("Missing: {name}", name=name) for name in files.missing),
        *(said("Added: {name}", name=name) for name in files.added),
        *(said("Can’t be read: {name}", name=name) for name in files.unreadable),
        signature_line(files),
    )


def signature_line(files: InstalledFiles) -> str:
    """A sentence on who signed the list."""
    if files.signed is Signed.BY_RELEASE_KEY:
        return said("The list of the files is signed with the key of this build.")
    if files.signed is Signed.UNSIGNED_BUILD:
        return said("This build is not signed: compare the hash of the list with a published one.")
    if files.signed is Signed.MISSING:
        return said("The signature of the list of files is missing. Install Pitcher again.")
    return said("The list of files is not as it was signed. Install Pitcher again.")


def _first_line(files: InstalledFiles) -> str:
    if files.verdict is Verdict.AS_BUILT:
        return said("{count} files are as they were built.", count=f"{files.count:,}")
    return said(
        "Not as built: {changed} changed, {missing} missing, {added} added, {unreadable} "
        "unreadable, of {count} files. Install Pitcher again.",
        changed=f"{len(files.changed):,}",
        missing=f"{len(files.missing):,}",
        added=f"{len(files.added):,}",
        unreadable=f"{len(files.unreadable):,}",
        count=f"{files.count:,}",
    )


def _compared(
    listed: dict[str, str], found: Sequence[FileHash], signed: Signed, list_sha256: str
) -> InstalledFiles:
    here = {file.name: file.sha256 for file in found if file.name not in NOT_LISTED}
    differs = sorted(name for name, each in here.items() if listed.get(name, each) != each)
    unreadable = tuple(name for name in differs if here[name] == UNREADABLE)
    changed = tuple(name for name in differs if here[name] != UNREADABLE)
    missing = tuple(sorted(listed.keys() - here.keys()))
    added = tuple(sorted(here.keys() - listed.keys()))
    is_different = bool(changed or missing or added or unreadable)
    verdict = Verdict.DIFFERENT if is_different else Verdict.AS_BUILT
    return InstalledFiles(
        verdict, signed, len(listed), changed, missing, added, unreadable, list_sha256
    )


def _signed(installed: Installation, text: bytes) -> Signed:
    from app.library.bundles.errors import ManifestError
    from app.library.bundles.signing import signer_of

    if installed.build.release_key is None:
        return Signed.UNSIGNED_BUILD
    try:
        signature = read_small(installed.program / SIGNATURE_NAME, _MOST_SIGNATURE_BYTES)
    except OSError:
        return Signed.MISSING
    try:
        signer = signer_of(text, signature, PURPOSE)
    except ManifestError:
        return Signed.WRONG
    return Signed.BY_RELEASE_KEY if signer.raw == installed.build.release_key else Signed.WRONG
