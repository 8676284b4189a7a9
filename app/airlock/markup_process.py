"""The chat process's hold on its markup worker.

For: `pages/chat/transcript_reading`, in a thread of its own. One job at a time. Not here: what
blocks are, and which texts are long enough for this.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.airlock.command import Role, command_for
from app.airlock.sealed_process import SealedProcess
from app.markup.block_wire import MalformedError, blocks_in
from app.markup.blocks import Block
from app.markup.growing import STEP_CHARACTERS
from app.markup.markup_wire import (
    AGAIN,
    ANSWER_LIMIT_BYTES,
    JOB_LIMIT_BYTES,
    PIECE,
    REPLY_LIMIT_BYTES,
    End,
    Job,
    decode_end,
    encode_job,
)

TIME_LIMIT_S = 30.0  # the worst of the hostile texts takes 1 s, where nothing else computes
_STEPS = 4  # of a growing text for one job: 16,000 characters
# Between two pieces the interpreter is the window's: it need not even ask for it.
_REST_S = 0.0005


class UnreadableError(Exception):
    """The worker gives no blocks for a text."""


@dataclass
class Growth:
    """A text that grows in the worker, `number` unlike that of any other.

    `blocks` are those of what was read so far, `text` what the worker was given.
    """

    number: int
    text: str = ""
    blocks: list[Block] = field(default_factory=list)
    is_behind: bool = False


class MarkupProcess:
    """A markup worker, started by the first job."""

    def __init__(
        self, command: Sequence[str] | None = None, time_limit_s: float = TIME_LIMIT_S
    ) -> None:
        self.worker = SealedProcess(command or command_for(Role.MARKUP), time_limit_s)

    def read(self, text: str) -> tuple[Block, ...]:
        """The blocks of a whole text; raises WorkerError and UnreadableError."""
        blocks, _end = self._ask(Job(text))
        return tuple(blocks)

    def grow(self, growth: Growth, text: str, at_least_steps: int = 0) -> None:
        """Read on in a text that goes on as `growth` began, or begins anew: a few steps of what
        is left. Raises WorkerError and UnreadableError; the growth is of no more use then.
        """
        start = len(growth.text) if text.startswith(growth.text) else 0
        steps = max(_STEPS, at_least_steps)
        blocks, end = self._ask(Job(text[start:], growth.number, start, steps))
        if end is None:  # it was ended meanwhile, or had another text to read
            steps += start // STEP_CHARACTERS
            blocks, end = self._ask(Job(text, growth.number, 0, steps))
        if end is None or end.keep > len(growth.blocks):
            raise UnreadableError
        growth.blocks[end.keep :] = blocks
        growth.text, growth.is_behind = text, end.is_behind

    def interrupt(self) -> None:
        """End the worker and what it holds, from any thread; a job that it has fails."""
        self.worker.interrupt()

    def close(self) -> None:
        """End the worker, for good."""
        self.worker.close()

    def _ask(self, job: Job) -> tuple[list[Block], End | None]:
        """What came, and how it ended: None where the worker wants all of a growing text."""
        payload = encode_job(job)
        if len(payload) > JOB_LIMIT_BYTES:
            raise UnreadableError
        try:
            *pieces, last = self.worker.ask_until(payload, REPLY_LIMIT_BYTES, _Ending())
            if last == AGAIN:
                return [], None
            return _unpacked(pieces), decode_end(last)
        except MalformedError as error:
            raise UnreadableError from error


class _Ending:
    """Whether an answer is over; raises MalformedError for one without an end."""

    def __init__(self) -> None:
        self._bytes = 0

    def __call__(self, replies: Sequence[bytes]) -> bool:
        self._bytes += len(replies[-1])
        if self._bytes > ANSWER_LIMIT_BYTES:
            raise MalformedError
        return replies[-1][:1] != PIECE


def _unpacked(pieces: Sequence[bytes]) -> list[Block]:
    blocks: list[Block] = []
    for piece in pieces:
        blocks += blocks_in(piece[1:])
        time.sleep(_REST_S)
    return blocks
