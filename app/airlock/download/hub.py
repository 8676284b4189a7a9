"""The Hub's list of what a repository holds: its commit, and every file with size and hash.

For: the courier's first consent. Two kinds of requests, as the Hub documents them:
    /api/models/{repository}/revision/{revision}            the commit that a revision names
    /api/models/{repository}/tree/{commit}?recursive=true   its files, in pages (Link: rel="next")
Every field is checked; what an honest hub can't say ends it, and so does a list without an end.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, quote, urlsplit

from app.airlock.download.control import Control
from app.airlock.download.errors import BusyError, DownloadError, HubAnswerError, UnreachableError
from app.airlock.download.exchange import Purpose
from app.airlock.download.faults import refusal_of
from app.airlock.download.listing import HubFile, Listing
from app.airlock.download.names import (
    MAIN,
    RepositoryName,
    is_blob,
    is_commit,
    is_sha256,
    revision_name,
)
from app.airlock.download.patience import Patience, Tries
from app.airlock.download.transport import Answer, Asked, Transport
from inference.errors import one_line
from inference.sentence import said

_MOST_PAGES = 50
_MOST_FILES = 20_000
_MOST_PAGE_BYTES = 16 << 20
_MOST_PATH_CHARACTERS = 1_024
_MOST_FILE_BYTES = 1 << 40
# Somebody waits for the list.
_TRIES = Tries(line=4, busy=5)
_NEXT = re.compile(r'<([^<>]{1,8000})>\s*;\s*rel="next"')
_CURSOR = re.compile(r"[\x21-\x7e]{1,4000}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")


def list_repository(
    transport: Transport,
    repository: RepositoryName,
    revision: str = MAIN,
    control: Control | None = None,
    tries: Tries = _TRIES,
) -> Listing:
    """Ask the hub; raises DownloadError's NoSuchRepositoryError, GatedError, BusyError,
    UnreachableError, HubAnswerError, RefusedAddressError, RepositoryNameError, StoppedError.
    """
    asking = _Asking(transport, repository, control or Control(), tries)
    head = asking.head(revision_name(revision))
    commit = head.get("sha")
    if not is_commit(commit):
        raise _senseless(said("it names no commit of {repository}", repository=repository))
    files = tuple(asking.files(str(commit)))
    return Listing(repository, revision, str(commit), files, head.get("gated") not in (None, False))


class _Asking:
    def __init__(
        self, transport: Transport, repository: RepositoryName, control: Control, tries: Tries
    ) -> None:
        self._transport, self._control, self._tries = transport, control, tries
        self._repository = repository
        self._url = f"{transport.rules.api_url}/api/models/{repository}"

    def head(self, revision: str) -> dict[str, object]:
        """What the hub says of the repository."""
        found, _next = self._page(f"{self._url}/revision/{quote(revision, safe='')}")
        if not isinstance(found, dict):
            raise _senseless(said("it says nothing of {name}", name=self._repository))
        return found

    def files(self, commit: str) -> Iterator[HubFile]:
        """All files, page after page."""
        url, seen = f"{self._url}/tree/{commit}?recursive=true&expand=false", 0
        cursor = ""
        paths: set[str] = set()
        for _page in range(_MOST_PAGES):
            entries, cursor = self._page(f"{url}&cursor={quote(cursor, '')}" if cursor else url)
            if not isinstance(entries, list):
                raise _senseless(said("its list of files is none"))
            for entry in entries:
                seen += 1
                file = _file(entry)
                if file is None:
                    continue
                if file.path in paths:
                    raise _senseless(said("it lists “{path}” twice", path=file.path[:80]))
                paths.add(file.path)
                yield file
            if not cursor:
                return
            if seen > _MOST_FILES:
                break
        raise _senseless(said("its list has more than {most:,} files or no end", most=_MOST_FILES))

    def _page(self, url: str) -> tuple[object, str]:
        """What it says there, and where the next page begins; tries again where that helps."""
        patience = Patience(self._tries)
        while True:
            try:
                return self._once(url)
            except (BusyError, UnreachableError) as error:
                self._control.sleep(patience.wait_after(error), self._control.check)

    def _once(self, url: str) -> tuple[object, str]:
        asked = Asked(url, Purpose.LIST, _MOST_PAGE_BYTES, check=self._control.check)
        with self._transport.ask(asked) as answer:
            if answer.status != 200:
                raise self._refusal(answer)
            if answer.headers.one("content-encoding") not in ("", "identity"):
                raise _senseless(said("it is compressed, which was not asked for"))
            text = answer.body()
            return _parsed(text), _next_cursor(answer)

    def _refusal(self, answer: Answer) -> DownloadError:
        return refusal_of(
            answer.status,
            answer.headers,
            answer.target,
            str(self._repository),
            self._transport.has_token,
        )


def _next_cursor(answer: Answer) -> str:
    """Where the next page begins, empty for the last. Of the address that is named for it only this
    is taken: the next page is asked of the hub, or of the mirror in its place, as this one was.
    """
    match = _NEXT.search(answer.headers.first("link"))
    if match is None:
        return ""
    try:
        found = parse_qs(urlsplit(match[1]).query).get("cursor", [])
    except ValueError:
        found = []
    if len(found) != 1 or _CURSOR.fullmatch(found[0]) is None:
        raise _senseless(said("it does not say where its next page begins"))
    return found[0]


def _parsed(text: bytes) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _senseless(said("it is not JSON")) from error


def _file(entry: object) -> HubFile | None:
    """One entry; None for a folder. Raises HubAnswerError."""
    if not isinstance(entry, dict):
        raise _senseless(said("its list of files holds something else"))
    path, kind = entry.get("path"), entry.get("type")
    if not isinstance(path, str) or not _is_path(path):
        raise _senseless(
            said("“{path}” is a name that no file can have", path=one_line(str(path), 80))
        )
    if kind != "file":
        return None
    lfs = entry.get("lfs")
    sha256 = lfs.get("oid") if isinstance(lfs, dict) else None
    size = lfs.get("size") if isinstance(lfs, dict) else entry.get("size")
    blob = entry.get("oid") if lfs is None else None
    is_known = is_sha256(sha256) if lfs is not None else is_blob(blob)
    if type(size) is not int or not 0 <= size <= _MOST_FILE_BYTES or not is_known:
        raise _senseless(said("it gives no size or hash of “{path}”", path=one_line(path, 80)))
    return HubFile(path, size, sha256, blob)


def _is_path(path: str) -> bool:
    """A path inside a repository: no way out of it, and no sign that steers anything."""
    if not 0 < len(path) <= _MOST_PATH_CHARACTERS or _CONTROL.search(path):
        return False
    return all(part not in ("", ".", "..") for part in path.split("/")) and path.isprintable()


def _senseless(why: str) -> HubAnswerError:
    return HubAnswerError(
        said(
            "The hub’s answer can’t be used: {why}. Nothing was fetched; try again later, or "
            "without the mirror.",
            why=why,
        )
    )
