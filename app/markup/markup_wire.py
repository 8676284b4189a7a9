"""What is asked of the process that reads long texts, and how its answer ends.

For: `markup_serving` on one side, `airlock/markup_process` on the other. A job is a line of JSON
and the text after it. An answer is pieces of blocks (`block_wire`), each behind a sign, and then an
end. A text that grows is sent once: each job has what is new of it, and where that begins.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from app.markup.block_wire import MalformedError

JOB_LIMIT_BYTES = 32 * 2**20
REPLY_LIMIT_BYTES = 8 * 2**20  # for one frame
ANSWER_LIMIT_BYTES = 64 * 2**20  # for all of one answer
PIECE = b"B"
REFUSED = b""  # it can't be read
AGAIN = b"A"  # what came before this is not there any more: all of it, please
_END = b"E"


@dataclass(frozen=True)
class Job:
    """A text to read: whole, or (`number`, from 1) one that grows, of which `text` is what is new.

    `start`: how much of it came before; `steps`: how many of those of a growing text to read.
    """

    text: str
    number: int = 0
    start: int = 0
    steps: int = 0


@dataclass(frozen=True)
class End:
    """The first `keep` blocks of before stay; whether some of the text is not read yet."""

    keep: int = 0
    is_behind: bool = False


def encode_job(job: Job) -> bytes:
    """A job."""
    head = json.dumps([job.number, job.start, job.steps])
    return f"{head}\n{job.text}".encode("utf-8", "surrogatepass")


def decode_job(payload: bytes) -> Job:
    """What `encode_job` wrote."""
    head, _, text = payload.decode("utf-8", "surrogatepass").partition("\n")
    number, start, steps = json.loads(head)
    return Job(text, number, start, steps)


def encode_end(end: End) -> bytes:
    """The last frame of an answer."""
    return _END + json.dumps([end.keep, end.is_behind]).encode()


def decode_end(frame: bytes) -> End:
    """How an answer ends; raises MalformedError for a frame of any other kind."""
    if frame[:1] != _END:
        raise MalformedError
    try:
        keep, is_behind = json.loads(frame[1:])
    except (ValueError, TypeError) as error:
        raise MalformedError from error
    if type(keep) is not int or keep < 0 or type(is_behind) is not bool:
        raise MalformedError
    return End(keep, is_behind)
