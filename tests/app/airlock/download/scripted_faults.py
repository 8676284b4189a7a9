"""What a scripted hub can do wrong, and what its lists then say."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

LARGE = (".safetensors", ".gguf", ".bin")
FLIPPED_AT = 1_000


class Evil(StrEnum):
    """What goes wrong. The first word says where: in the list, in a file's bytes, or anywhere."""

    LIST_WRONG_SIZE = "list: wrong size"
    LIST_WRONG_HASH = "list: wrong hash"
    LIST_ESCAPES = "list: names that lead outside"
    LIST_ODD_NAME = "list: a name with a control character"
    LIST_ENDLESS_PAGES = "list: pages without end"
    LIST_ENDLESS_PAGE = "list: a page without end"
    LIST_NOT_JSON = "list: not JSON"
    LIST_DEEP = "list: deeply nested"
    LIST_TWICE = "list: one file twice"
    LIST_NEXT_ELSEWHERE = "list: next page on another host"
    LIST_NO_COMMIT = "list: no commit"
    FILE_FLIPPED = "file: one byte flipped"
    FILE_OK_TO_RANGE = "file: 200 to a range"
    FILE_WRONG_OFFSET = "file: another range than asked"
    FILE_LYING_OFFSET = "file: other bytes under the right range"
    FILE_416 = "file: 416"
    FILE_GZIP = "file: gzip"
    FILE_TRUNCATED = "file: cut off"
    FILE_SHORT = "file: fewer bytes than the range"
    FILE_SLOW = "file: a byte now and then"
    FILE_STALLED = "file: nothing after a while"
    FILE_RESET = "file: connection reset"
    FILE_ENDLESS = "file: without end"
    FILE_CHANGED = "file: another one at the content host"
    FILE_NEW_COMMIT = "file: another commit"
    FILE_TWO_LENGTHS = "file: two lengths"
    REDIRECT_LOOP = "redirect: to itself"
    REDIRECT_ELSEWHERE = "redirect: to another host"
    REDIRECT_PLAIN = "redirect: to http"
    REDIRECT_PRIVATE = "redirect: to a private address"
    REDIRECT_USER = "redirect: with a user"
    REDIRECT_FILE = "redirect: to a file"
    REDIRECT_EMPTY = "redirect: to nowhere"
    STATUS_401 = "401"
    STATUS_403 = "403"
    STATUS_404 = "404"
    STATUS_418 = "418"
    STATUS_429 = "429"
    STATUS_500 = "500"
    STATUS_503 = "503"
    HEADERS_ENDLESS = "headers without end"
    INTERIM_ENDLESS = "100 Continue without end"
    NO_HTTP = "no HTTP"
    HANG_UP = "hangs up at once"


@dataclass
class Fault:
    """`evil` for requests whose path ends with `ending`, after `skip` of them, `times` times."""

    evil: Evil
    ending: str = ""
    times: int | None = None
    skip: int = 0

    def strikes(self, path: str) -> bool:
        if not path.endswith(self.ending):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.times is not None:
            self.times -= 1
            return self.times >= 0
        return True


def blob_of(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def commit_of(files: Mapping[str, bytes]) -> str:
    text = "".join(f"{path}:{blob_of(data)};" for path, data in sorted(files.items()))
    return hashlib.sha1(text.encode()).hexdigest()


def entry_of(path: str, data: bytes) -> dict[str, Any]:
    entry: dict[str, Any] = {"type": "file", "oid": blob_of(data), "size": len(data), "path": path}
    if path.endswith(LARGE):
        digest = hashlib.sha256(data).hexdigest()
        entry["lfs"] = {"oid": digest, "size": len(data), "pointerSize": 135}
        entry["xetHash"] = digest
    return entry


def spoil(
    evil: Evil, page: list[dict[str, Any]], headers: dict[str, str], base: str, start: int,
    elsewhere: str,
) -> None:  # fmt: skip
    large = [entry for entry in page if "lfs" in entry]
    if evil is Evil.LIST_WRONG_SIZE:
        for entry in large:
            entry["lfs"]["size"] += 1
    elif evil is Evil.LIST_WRONG_HASH:
        for entry in large:
            entry["lfs"]["oid"] = "0" * 64
    elif evil is Evil.LIST_ESCAPES:
        page.append({**page[0], "path": "../../outside.safetensors"})
    elif evil is Evil.LIST_ODD_NAME:
        page.append({**page[0], "path": "model\x1b[2J.safetensors"})
    elif evil is Evil.LIST_TWICE:
        page.append(dict(page[0]))
    elif evil is Evil.LIST_ENDLESS_PAGES:
        page[:] = [{**page[0], "path": f"{start}.txt"}] if page else []
        headers["Link"] = f'<{base}{start + 1}>; rel="next"'
    elif evil is Evil.LIST_NEXT_ELSEWHERE:
        headers["Link"] = f'<{elsewhere}>; rel="next"'


def flipped(data: bytes) -> bytes:
    at = min(FLIPPED_AT, len(data) - 1)
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
