"""Whether an answer is the very part that was asked for, of the very version that was listed.

For: `fetching`, before a byte of the answer is written.
"""

from __future__ import annotations

from app.airlock.download.arrival import Arrival
from app.airlock.download.errors import BadPartError, FileChangedError
from app.airlock.download.headers import ByteRange
from app.airlock.download.listing import HubFile
from app.airlock.download.names import is_blob, is_sha256
from app.airlock.download.transport import Answer, Asked
from inference.sentence import said

_WHOLE, _PART, _BEYOND = 200, 206, 416


class StartOverError(Exception):
    """Another version than that of the parts that are here: all of it must come again."""


def check_hub(answer: Answer, file: HubFile, commit: str) -> None:
    """What the hub itself said of the file must be what it listed; raises FileChangedError."""
    headers = answer.hub_headers
    told = headers.first("x-repo-commit")
    if told and told != commit:
        raise _changed(file)
    size = headers.first("x-linked-size")
    if size and size != str(file.size):
        raise _changed(file)
    for name in ("x-linked-etag", "etag"):
        mark = headers.etag(name)
        if (file.sha256 and is_sha256(mark) and mark != file.sha256) or (
            file.blob and is_blob(mark) and mark != file.blob
        ):
            raise _changed(file)


def check_part(answer: Answer, asked: Asked, arrival: Arrival) -> None:
    """A 200, 206 or 416, of what was asked. Raises BadPartError (try again), StartOverError,
    FileChangedError.
    """
    assert asked.range is not None
    first, last = asked.range
    file, host = arrival.file, answer.target.name
    if answer.status == _BEYOND:
        raise _changed(file)
    if answer.headers.one("content-encoding") not in ("", "identity"):
        raise _bad(file, said("it came compressed"))
    if answer.status == _WHOLE:
        _check_whole(answer, asked, file)
    elif (found := answer.headers.content_range()) != ByteRange(first, last, file.size):
        if found is not None and found.total != file.size:
            raise _changed(file)
        raise _bad(file, said("it was another part than asked for"))
    length = answer.headers.count("content-length")
    if length is not None and length != last - first + 1:
        raise _bad(file, said("it was longer or shorter than asked for"))
    mark = answer.headers.strong_etag()
    if mark and not arrival.note_mark(host, mark):
        raise StartOverError


def _check_whole(answer: Answer, asked: Asked, file: HubFile) -> None:
    """All of a file in place of a part is good for a file that is one part, and else means that
    it is another version, where we had named one.
    """
    if asked.range == (0, file.size - 1):
        return
    named = asked.if_range.get(answer.target.name)
    if named and answer.headers.strong_etag() != named:
        raise StartOverError
    raise _bad(file, said("all of it came, and not the part that was asked for"))


def _changed(file: HubFile) -> FileChangedError:
    return FileChangedError(
        said(
            "{file} is not the file that was listed: it was changed on the hub. Nothing of the new "
            "one was used; start again for a new list.",
            file=file.name,
        )
    )


def _bad(file: HubFile, why: str) -> BadPartError:
    return BadPartError(
        said(
            "The answer for {file} was not used: {why}. What had arrived is kept; try again later, "
            "or by another mirror.",
            file=file.name,
            why=why,
        )
    )
