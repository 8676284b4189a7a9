"""Looking for words in all that a program leaves, in every way in which text is written down.

For: tests of what must be found nowhere. It reads no encrypted file's inside.
"""

from __future__ import annotations

import base64
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote


def written(word: str) -> frozenset[bytes]:
    """`word` as it may stand in a file: UTF-8, UTF-16, these in Base64 or hexadecimal, in a URI."""
    plain = [word.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")]
    found = {*plain, quote(word).encode()}
    for stored in plain:
        found |= {stored.hex().encode(), stored.hex().upper().encode(), *_base64(stored)}
    return frozenset(found)


def _base64(stored: bytes) -> Iterator[bytes]:
    """What is sure to stand there, at each of the three places where it may begin."""
    for before in range(3):
        coded = base64.b64encode(bytes(before) + stored)
        sure = coded[-(-before * 8 // 6) : (before + len(stored)) * 8 // 6]
        yield sure
        yield sure.translate(bytes.maketrans(b"+/", b"-_"))


class Searcher:
    """Looks at every byte and every name below its folders, and behind descriptors."""

    def __init__(self, words: Iterable[str], *folders: Path) -> None:
        self._needles = frozenset[bytes]().union(*map(written, words))
        self._folders = folders
        self.searched_bytes = 0

    def holds(self, stored: bytes) -> bool:
        """Whether one of the words stands there."""
        self.searched_bytes += len(stored)
        return any(needle in stored for needle in self._needles)

    def traces(self) -> list[str]:
        """Files that hold one, or whose names do."""
        paths = [path for folder in self._folders for path in folder.rglob("*")]
        return [str(path) for path in paths if self._is_trace(path)] + self.nameless()

    def nameless(self, process: int | str = "self") -> list[str]:
        """Files that a process has open and that have no name any more, or never had one."""
        return [target for target, stored in _opened(process) if self.holds(stored)]

    def _is_trace(self, path: Path) -> bool:
        try:
            stored = path.read_bytes() if stat.S_ISREG(path.lstat().st_mode) else b""
        except FileNotFoundError:  # gone meanwhile
            stored = b""
        return self.holds(os.fsencode(path.name)) or self.holds(stored)


def _opened(process: int | str) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of nameless files behind a process's descriptors."""
    descriptors = Path(f"/proc/{process}/fd")
    try:
        links = list(descriptors.iterdir())
    except OSError:  # ended, or closed to this user
        return
    for link in links:
        try:
            target = os.readlink(link)
            is_nameless = "(deleted)" in target or target.startswith("/memfd:")
            if is_nameless and stat.S_ISREG(link.stat().st_mode):
                yield target, _read(link)
        except OSError:
            continue


def _read(link: Path) -> bytes:
    with open(link, "rb") as file:
        return os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0)
