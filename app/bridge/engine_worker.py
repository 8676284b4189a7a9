"""The engine's own thread: loads the model, answers, and tells the GUI thread what happened.

Commands are taken in order; `cancel`, `answer_now` and `close` act at once. The engine, and
torch with it, is imported and used in that thread alone.
"""

from __future__ import annotations

import logging
import os
import queue
import sys
import threading
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.bridge.engine_port import (
    AnswerUpdate,
    Failed,
    ModelOpener,
    OpenModel,
    Withdrawn,
    card_of,
)
from app.bridge.update_merger import UpdateMerger
from inference.events import LoadProgress
from inference.request import GenerateRequest

_log = logging.getLogger(__name__)
_NICENESS = 5  # the window's thread goes first: 26 ms became 7 ms in the worst case
_JOIN_TIMEOUT_S = 15.0


@dataclass(frozen=True)
class _Load:
    open_model: ModelOpener


@dataclass(frozen=True)
class _Generate:
    answer_id: int
    request: GenerateRequest


@dataclass(frozen=True)
class _Close:
    pass


class _LoadingAbandonedError(Exception):
    """The window closed while a model was being loaded."""


class EngineWorker(QObject):
    """Belongs to the GUI thread, as its signals' receivers do."""

    load_progressed = Signal(object)
    loaded = Signal(object)
    load_failed = Signal(str)
    answer_updated = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._commands: queue.SimpleQueue[_Load | _Generate | _Close] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._cancelled: set[int] = set()
        self._hurried: set[int] = set()
        self._running_id: int | None = None
        self._is_closing = False
        self._model: OpenModel | None = None
        self._merger = UpdateMerger(self)
        self._merger.merged.connect(self._on_merged)
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)

    def load(self, open_model: ModelOpener) -> None:
        """Start the thread, if need be, and load a model in it."""
        if not self._thread.is_alive():
            self._thread.start()
        self._commands.put(_Load(open_model))

    def generate(self, answer_id: int, request: GenerateRequest) -> None:
        """Answer a request; what happens comes as `answer_updated` under this id."""
        self._commands.put(_Generate(answer_id, request))

    def cancel(self, answer_id: int) -> None:
        """Stop one answer, begun or not; it ends within one decode step."""
        with self._lock:
            self._cancelled.add(answer_id)
            engine = self._model.engine if self._model is not None else None
            is_running = self._running_id == answer_id
        if is_running and engine is not None:
            engine.cancel()

    def answer_now(self, answer_id: int) -> None:
        """Let an answer, begun or not, end its thoughts and come to the point."""
        with self._lock:
            self._hurried.add(answer_id)
            engine = self._model.engine if self._model is not None else None
            is_running = self._running_id == answer_id
        if is_running and engine is not None:
            engine.answer_now()

    def close(self) -> bool:
        """Stop everything, let go of the model, join the thread; False if it would not end."""
        with self._lock:
            self._is_closing = True
            running_id = self._running_id
        if running_id is not None:
            self.cancel(running_id)
        if not self._thread.is_alive():
            return True
        self._commands.put(_Close())
        self._thread.join(_JOIN_TIMEOUT_S)
        return not self._thread.is_alive()

    def _on_merged(self, update: AnswerUpdate) -> None:
        if not self._is_closing:
            self.answer_updated.emit(update)

    # What follows runs in the engine's thread.

    def _run(self) -> None:
        _yield_to_the_window()
        while not isinstance(command := self._commands.get(), _Close):
            if isinstance(command, _Load):
                self._load(command.open_model)
            else:
                self._answer(command)
        self._let_go()

    def _load(self, open_model: ModelOpener) -> None:
        self._let_go()
        try:
            model = open_model(self._on_load_progress)
        except _LoadingAbandonedError:
            return
        except BaseException as error:  # noqa: BLE001 - panics of native libraries are told too
            _log.debug("The model was not loaded", exc_info=True)
            self.load_failed.emit(_sentence_of(error))
            return
        with self._lock:
            self._model = model
        self.loaded.emit(card_of(model))

    def _on_load_progress(self, progress: LoadProgress) -> None:
        if self._is_closing:
            raise _LoadingAbandonedError
        self.load_progressed.emit(progress)

    def _answer(self, command: _Generate) -> None:
        answer_id = command.answer_id
        with self._lock:
            self._running_id = answer_id
        try:
            self._answer_in_full(answer_id, command.request)
        except BaseException as error:  # noqa: BLE001 - panics of native libraries are told too
            _log.debug("An answer failed", exc_info=True)
            self._merger.put(answer_id, Failed(_sentence_of(error)))
        finally:
            with self._lock:
                self._running_id = None
                self._cancelled.discard(answer_id)
                self._hurried.discard(answer_id)

    def _answer_in_full(self, answer_id: int, request: GenerateRequest) -> None:
        if self._model is None:
            self._merger.put(answer_id, Failed(self.tr("No model is loaded.")))
            return
        if self._must_stop(answer_id):
            self._merger.put(answer_id, Withdrawn())
            return
        for event in self._model.engine.generate(request):
            self._merger.put(answer_id, event)
            # What came just before the engine began would be lost without this.
            if self._must_stop(answer_id):
                self._model.engine.cancel()
            if self._must_hurry(answer_id):
                self._model.engine.answer_now()

    def _must_stop(self, answer_id: int) -> bool:
        with self._lock:
            return self._is_closing or answer_id in self._cancelled

    def _must_hurry(self, answer_id: int) -> bool:
        with self._lock:
            return answer_id in self._hurried

    def _let_go(self) -> None:
        with self._lock:
            model, self._model = self._model, None
        if model is not None:
            model.engine.unload()
            model.close()


def _sentence_of(error: BaseException) -> str:
    """The error's own sentence; one without words is named."""
    return str(error).strip() or type(error).__name__


def _yield_to_the_window() -> None:
    """Lower this thread's priority; the threads that it starts inherit it."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
