"""Asking something that may take for ever, in a thread of its own.

For: keyrings, which may be slow, or show a prompt and wait for the user. Whoever asks can
wait a while, do something else, wait on, and give up; what is answered after that is dropped.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from app.chats.errors import VaultError
from app.chats.vault.words import Reason, failure

_Answer = TypeVar("_Answer")


class KeyringCall(Generic[_Answer]):
    """One question under way. `work` raises VaultError and nothing else.

    An answer that comes after `cancel` is handed to `drop`, in the call's own thread.
    """

    def __init__(
        self, work: Callable[[], _Answer], drop: Callable[[_Answer], None] | None = None
    ) -> None:
        self._work = work
        self._drop = drop
        self._changed = threading.Condition()
        self._answers: list[_Answer] = []
        self._failure: VaultError | None = None
        self._is_over = False
        self._is_cancelled = False
        # A daemon: a keyring that never answers must not keep the program from leaving.
        threading.Thread(target=self._run, name="keyring", daemon=True).start()

    def wait(self, limit_s: float) -> bool:
        """Whether `result` knows something: answered, failed or cancelled within `limit_s`."""
        with self._changed:
            return self._changed.wait_for(lambda: self._is_over or self._is_cancelled, limit_s)

    def result(self) -> _Answer:
        """The answer. Raises the VaultError it failed with, or that it was given up, and
        KeyringUnavailableError where it is not there yet.
        """
        with self._changed:
            if self._is_cancelled:
                raise failure(Reason.CANCELLED)
            if self._failure is not None:
                raise self._failure
            if not self._answers:
                raise failure(Reason.SLOW)
            return self._answers[0]

    def answer_within(self, limit_s: float) -> _Answer:
        """Wait once and give up after `limit_s`. Raises as `result` does."""
        if not self.wait(limit_s):
            self.cancel()
            raise failure(Reason.SLOW)
        return self.result()

    def cancel(self) -> None:
        """Give up, from any thread; does nothing to an answer that is already there."""
        with self._changed:
            if not self._is_over:
                self._is_cancelled = True
                self._changed.notify_all()

    def _run(self) -> None:
        try:
            answer = self._work()
        except VaultError as error:
            self._end(failed=error)
        else:
            self._end(answer)
        finally:
            self._end()

    def _end(self, *answer: _Answer, failed: VaultError | None = None) -> None:
        """The first call counts; one with nothing stands for a fault of our own, which the
        thread's hook reports.
        """
        with self._changed:
            if self._is_over:
                return
            self._is_over = True
            self._failure = failed
            is_late = self._is_cancelled
            if not is_late:
                self._answers.extend(answer)
            self._changed.notify_all()
        if is_late and answer and self._drop is not None:
            self._drop(*answer)
