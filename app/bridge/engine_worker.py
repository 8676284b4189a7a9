"""The engine's own thread: loads the model, answers, and tells the GUI thread what happened.

Commands are taken in order; `cancel`, `answer_now` and `close` act at once. The engine, and
torch with it, is imported and used in that thread alone. A model that rests holds no memory
and comes back by itself at the next question, which waits for it.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
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
from app.bridge.power import ThreadRule
from app.bridge.priority import yield_to_the_window
from app.bridge.token_counter import TokenCounter
from app.bridge.update_merger import UpdateMerger
from app.error_words import words_of
from inference.errors import CardFailedError
from inference.events import LoadProgress
from inference.memory import give_back
from inference.request import GenerateRequest

_log = logging.getLogger(__name__)
_JOIN_TIMEOUT_S = 15.0


@dataclass(frozen=True)
class _Load:
    open_model: ModelOpener


@dataclass(frozen=True)
class _Generate:
    answer_id: int
    request: GenerateRequest


@dataclass(frozen=True)
class _Rest:
    after_idle_ms: int


@dataclass(frozen=True)
class _Wake:
    pass


@dataclass(frozen=True)
class _Forget:
    pass


@dataclass(frozen=True)
class _ContinueOnProcessor:
    pass


@dataclass(frozen=True)
class _Close:
    pass


_Command = _Load | _Generate | _Rest | _Wake | _Forget | _ContinueOnProcessor | _Close


class _LoadingAbandonedError(Exception):
    """The window closed while a model was being loaded."""


def now_ms() -> int:
    """A clock that stands still while the computer sleeps."""
    return time.monotonic_ns() // 1_000_000


class EngineWorker(QObject):
    """Belongs to the GUI thread, as its signals' receivers do."""

    load_progressed = Signal(object)
    loaded = Signal(object)
    load_failed = Signal(str)
    moved = Signal(object)  # a ModelCard: it is loaded, and computes where it says now
    resting_changed = Signal(bool)  # the model gave its memory back, or has come back
    answer_updated = Signal(object)
    counted = Signal(object, int)  # the key, and the text's tokens
    tokens_counted = Signal(object, object)  # the key, and the texts' tokens in a tuple

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        threads: ThreadRule | None = None,
        now: Callable[[], int] = now_ms,
    ) -> None:
        super().__init__(parent)
        self._threads = threads or ThreadRule()
        self._now = now
        self._commands: queue.SimpleQueue[_Command] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._cancelled: set[int] = set()
        self._hurried: set[int] = set()
        self._asked = 0  # answers that are not over
        self._running_id: int | None = None
        self._is_closing = False
        self._model: OpenModel | None = None
        self._opener: ModelOpener | None = None  # of a model that was loaded once
        self._used_at_ms = now()
        self._merger = UpdateMerger(self)
        self._merger.merged.connect(self._on_merged)
        self._counter = TokenCounter(self)
        self._counter.counted.connect(self._on_counted)
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)

    def load(self, open_model: ModelOpener) -> None:
        """Start the thread, if need be, and load a model in it."""
        if not self._thread.is_alive():
            self._thread.start()
        self._commands.put(_Load(open_model))

    def generate(self, answer_id: int, request: GenerateRequest) -> None:
        """Answer a request; what happens comes as `answer_updated` under this id."""
        with self._lock:
            self._asked += 1
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

    def count(self, key: object, text: str) -> None:
        """Count a text's tokens as typed, beside whatever runs; `counted` follows.

        Without a model, or while it rests, it follows when there is one.
        """
        self._counter.count((True, key), (text,))

    def count_tokens(self, key: object, texts: Sequence[str]) -> None:
        """The same for several texts; `tokens_counted` follows."""
        self._counter.count((False, key), tuple(texts))

    def use_threads(self, wanted: int) -> None:
        """How many compute the answers to come; 0: as many as the machine has cores."""
        self._threads.wanted = wanted

    def idle_ms(self) -> int | None:
        """How long the model has done nothing; None while it is busy, or holds no memory."""
        with self._lock:
            is_idle = self._model is not None and not self._asked
            return self._now() - self._used_at_ms if is_idle else None

    def rest(self, after_idle_ms: int) -> None:
        """Unload the model, if it is still idle for so long when it comes to it."""
        self._commands.put(_Rest(after_idle_ms))

    def wake(self) -> None:
        """Load a model that rests, as somebody begins to write."""
        if self._model is None and self._opener is not None:
            self._commands.put(_Wake())

    def forget(self) -> None:
        """Keep nothing of what was asked and counted, once the answer in progress has ended."""
        self._counter.forget()
        self._commands.put(_Forget())

    def continue_on_processor(self) -> None:
        """After an answer that `Failed` by the graphics card: make the next ones without it."""
        self._commands.put(_ContinueOnProcessor())

    def close(self) -> bool:
        """Stop everything, let go of the model, join the thread; False if it would not end."""
        with self._lock:
            self._is_closing = True
            running_id = self._running_id
        if running_id is not None:
            self.cancel(running_id)
        self._counter.close()
        if not self._thread.is_alive():
            return True
        self._commands.put(_Close())
        self._thread.join(_JOIN_TIMEOUT_S)
        return not self._thread.is_alive()

    def _on_merged(self, update: AnswerUpdate) -> None:
        if not self._is_closing:
            self.answer_updated.emit(update)

    def _on_counted(self, key: tuple[bool, object], counts: tuple[int, ...]) -> None:
        is_single, of_caller = key
        if is_single:
            self.counted.emit(of_caller, counts[0])
        else:
            self.tokens_counted.emit(of_caller, counts)

    # What follows runs in the engine's thread.

    def _run(self) -> None:
        yield_to_the_window()
        while self._obey(self._commands.get()):  # while it waits, it holds no command
            pass
        self._let_go()

    def _obey(self, command: _Command) -> bool:
        """False for the last one."""
        match command:
            case _Load(open_model):
                self._opener = None
                self._load(open_model)
            case _Generate():
                self._answer(command)
            case _Rest(after_idle_ms):
                self._rest(after_idle_ms)
            case _Wake():
                self._wake()
            case _Forget() if self._model is not None:
                self._model.engine.forget()
            case _ContinueOnProcessor() if self._model is not None:
                self._model.engine.continue_on_processor()
                self.moved.emit(card_of(self._model))
        return not isinstance(command, _Close)

    def _load(self, open_model: ModelOpener) -> None:
        self._let_go()
        try:
            model = open_model(self._on_load_progress)
        except _LoadingAbandonedError:
            return
        except BaseException as error:  # noqa: BLE001 - panics of native libraries are told too
            _log.debug("The model was not loaded", exc_info=True)
            self._opener = None
            self.load_failed.emit(_sentence_of(error))
            return
        with self._lock:
            self._model = model
            self._used_at_ms = self._now()
        was_resting = self._opener is not None
        self._opener = open_model
        self._counter.use(model.engine)
        if was_resting:
            self.moved.emit(card_of(model))  # the settings may be others than when it was loaded
            self.resting_changed.emit(False)
        else:
            self.loaded.emit(card_of(model))

    def _on_load_progress(self, progress: LoadProgress) -> None:
        if self._is_closing:
            raise _LoadingAbandonedError
        self.load_progressed.emit(progress)

    def _rest(self, after_idle_ms: int) -> None:
        idle_ms = self.idle_ms()
        if idle_ms is not None and idle_ms >= after_idle_ms:
            self._let_go()
            give_back()
            self.resting_changed.emit(True)

    def _wake(self) -> None:
        """Bring back what rests; while that is loaded, `_opener` says that it did."""
        if self._model is None and self._opener is not None:
            self._load(self._opener)

    def _answer(self, command: _Generate) -> None:
        answer_id = command.answer_id
        with self._lock:
            self._running_id = answer_id
        try:
            self._answer_in_full(answer_id, command.request)
        except BaseException as error:  # noqa: BLE001 - panics of native libraries are told too
            _log.debug("An answer failed", exc_info=True)
            is_cards = isinstance(error, CardFailedError)
            self._merger.put(answer_id, Failed(_sentence_of(error), is_cards))
        finally:
            with self._lock:
                self._running_id = None
                self._asked -= 1
                self._used_at_ms = self._now()
                self._cancelled.discard(answer_id)
                self._hurried.discard(answer_id)

    def _answer_in_full(self, answer_id: int, request: GenerateRequest) -> None:
        if not self._must_stop(answer_id):
            self._wake()
        if self._must_stop(answer_id):
            self._merger.put(answer_id, Withdrawn())
            return
        if self._model is None:
            self._merger.put(answer_id, Failed(self.tr("No model is loaded.")))
            return
        engine = self._model.engine
        engine.use_threads(self._threads.threads(engine.default_threads))
        for event in engine.generate(request):
            self._merger.put(answer_id, event)
            # What came just before the engine began would be lost without this.
            if self._must_stop(answer_id):
                engine.cancel()
            if self._must_hurry(answer_id):
                engine.answer_now()

    def _must_stop(self, answer_id: int) -> bool:
        with self._lock:
            return self._is_closing or answer_id in self._cancelled

    def _must_hurry(self, answer_id: int) -> bool:
        with self._lock:
            return answer_id in self._hurried

    def _let_go(self) -> None:
        self._counter.use(None)
        with self._lock:
            model, self._model = self._model, None
        if model is not None:
            model.engine.unload()
            model.close()


def _sentence_of(error: BaseException) -> str:
    """The error's own sentence, in the window's language; one without words is named."""
    return words_of(error).strip() or type(error).__name__
