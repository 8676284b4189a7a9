"""The markup worker's loop: texts in, blocks out, until the stream ends.

For: the process of role `markup`, which app/airlock starts and seals. A text that can't be read is
answered with a refusal; only a lost pipe ends the loop. Of growing texts it remembers the last
one. Imports no Qt.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from app.markup.block_wire import pieces_of
from app.markup.growing import GrowingText
from app.markup.markup_wire import (
    AGAIN,
    JOB_LIMIT_BYTES,
    PIECE,
    REFUSED,
    End,
    Job,
    decode_job,
    encode_end,
)
from app.markup.reading import read
from inference.prompt.wire import read_frame, write_frame


def serve(reader: BinaryIO, writer: BinaryIO) -> None:
    """Answer every job, each piece as soon as it is packed."""
    held = _Held()
    while (payload := read_frame(reader, JOB_LIMIT_BYTES)) is not None:
        try:
            _serve_one(held, payload, writer)
        except BrokenPipeError:
            return


def _serve_one(held: _Held, payload: bytes, writer: BinaryIO) -> None:
    try:
        for frame in held.answer(decode_job(payload)):
            write_frame(writer, frame)
    except BrokenPipeError:
        raise
    except Exception:  # noqa: BLE001 - a parser raises what it likes; the source is shown instead
        held.forget()
        write_frame(writer, REFUSED)


class _Held:
    """The text that grows."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """None is known."""
        self._number = 0
        self._text = ""
        self._growing = GrowingText()

    def answer(self, job: Job) -> Iterator[bytes]:
        """The frames that answer a job."""
        if not job.number:
            yield from (PIECE + piece for piece in pieces_of(read(job.text)))
            yield encode_end(End())
            return
        if not job.start:
            self.forget()
            self._number = job.number
        if job.number != self._number or job.start != len(self._text):
            yield AGAIN
            return
        self._text += job.text
        change = self._growing.show(self._text, steps=max(1, job.steps))
        yield from (PIECE + piece for piece in pieces_of(change.blocks))
        yield encode_end(End(change.keep, self._growing.is_behind))
