"""The chat process's hold on its formula worker.

For: `widgets/markup/formula_drawing`. Safe to use from several threads; one job at a time. Not
here: what an outline is.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.airlock.command import Role, command_for
from app.airlock.sealed_process import SealedProcess, WorkerLostError
from app.markup.formula_outline import FormulaKey
from app.markup.formula_wire import JOB_LIMIT_BYTES, REFUSED, REPLY_LIMIT_BYTES, encode_job

TIME_LIMIT_S = 8.0  # for a job; a long formula, which is a job of its own, gives up after 1.5


class FormulaProcess:
    """A formula worker, started by the first job."""

    def __init__(
        self, command: Sequence[str] | None = None, time_limit_s: float = TIME_LIMIT_S
    ) -> None:
        self.worker = SealedProcess(command or command_for(Role.FORMULA), time_limit_s)

    def draw(self, keys: Sequence[FormulaKey]) -> list[bytes]:
        """A reply for each, in their order; fewer where one ended the worker: that one is refused,
        and those after it are to be asked for again. Raises WorkerUnavailableError.
        """
        payload = encode_job(keys)
        if len(payload) > JOB_LIMIT_BYTES:
            return [REFUSED]
        try:
            return self.worker.ask(payload, REPLY_LIMIT_BYTES, len(keys))
        except WorkerLostError as error:
            return [*error.replies, REFUSED]

    def close(self) -> None:
        """End the worker, for good."""
        self.worker.close()
