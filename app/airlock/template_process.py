"""The chat process's hold on its template worker.

For: whoever needs a `TemplateRenderer` (the engine, `template`, `tokenize`). Safe to use
from several threads; one job at a time. Not here: rendering, and what a frame looks like.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from app.airlock.command import Role, command_for
from app.airlock.sealed_process import SealedProcess, WorkerLostError, WorkerUnavailableError
from app.airlock.sealed_worker import MEMORY_LIMIT_BYTES
from inference.errors import TemplateError
from inference.prompt.rendered import RenderedPrompt, TemplateJob
from inference.prompt.wire import JOB_LIMIT_BYTES, REPLY_LIMIT_BYTES, decode_reply, encode_job
from inference.sentence import said

TIME_LIMIT_S = 1.0


class TemplateProcess:
    """A template worker, alive or to be started; a `TemplateRenderer`."""

    def __init__(
        self, command: Sequence[str] | None = None, time_limit_s: float = TIME_LIMIT_S
    ) -> None:
        self.worker = SealedProcess(command or command_for(Role.TEMPLATE), time_limit_s)
        self._time_limit_s = time_limit_s

    def start(self) -> None:
        """Start the worker without waiting for it; raises TemplateError."""
        with _told():
            self.worker.start()

    def render(self, job: TemplateJob) -> RenderedPrompt:
        """The prompt's text and what of it was typed; raises TemplateError."""
        payload = encode_job(job)
        if len(payload) > JOB_LIMIT_BYTES:
            raise TemplateError(
                said(
                    "This chat has {count:,} bytes, and at most {job_limit_bytes:,} can be "
                    "turned into a prompt. Start a new chat.",
                    count=len(payload),
                    job_limit_bytes=JOB_LIMIT_BYTES,
                )
            )
        try:
            with _told():
                (reply,) = self.worker.ask(payload, REPLY_LIMIT_BYTES)
        except WorkerLostError as error:
            raise TemplateError(self._what_ended_it(error)) from error
        return decode_reply(reply)

    def is_sealed(self) -> bool:
        """Whether the worker says that the system refuses it all but computing."""
        with _told():
            return self.worker.is_sealed()

    def process_id(self) -> int | None:
        """The living worker's process id."""
        return self.worker.process_id()

    def close(self) -> None:
        """End the worker, for good."""
        self.worker.close()

    def _what_ended_it(self, error: WorkerLostError) -> str:
        if error.was_stopped:
            return said(
                "The model's chat template took longer than {time_limit_s:g} s and was stopped.",
                time_limit_s=self._time_limit_s,
            )
        return said(
            "The model's chat template brought down the process that renders it, which may use "
            "{memory_mb} MB and nothing else of this computer.",
            memory_mb=MEMORY_LIMIT_BYTES >> 20,
        )


@contextmanager
def _told() -> Iterator[None]:
    """Say of a worker that is not there what that means for a prompt."""
    try:
        yield
    except WorkerUnavailableError as error:
        raise TemplateError(said("No prompt can be made. {error}", error=error)) from error
