"""What went wrong since the start: the class of each error, where in our code, how often and when.

For: the log, which hands every record on, and the diagnostics. Nothing else of an error or a
record is kept: no message, no argument, no local, no name of a thread. In memory alone.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from traceback import walk_tb

from app.diagnostics.own_code import ROOTS, class_word, place_of

MOST_FAILURES = 50
MOST_PLACES = 16


@dataclass(frozen=True)
class Failure:
    """One kind of failure at one place; `places` from the outermost call to the innermost."""

    level: str
    error: str | None
    cause: str | None
    system_error: int | None  # errno
    places: tuple[str, ...]
    count: int
    first_at_ms: int
    last_at_ms: int


class FailureMemory(logging.Handler):
    """Remembers the last kinds of failures; from any thread."""

    def __init__(self, now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000) -> None:
        super().__init__(logging.DEBUG)
        self._now_ms = now_ms
        self._kept: dict[tuple[object, ...], Failure] = {}
        self._guard = threading.RLock()

    def emit(self, record: logging.LogRecord) -> None:
        """What was logged with an error, and every warning of our own code."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            self._keep(record.levelname.lower(), error, tuple(_places(error)))
        elif record.levelno >= logging.WARNING and record.name.partition(".")[0] in ROOTS:
            place = f"{record.name}:{record.lineno} {record.funcName}"
            self._keep(record.levelname.lower(), None, (place,))

    def remember(self, error: BaseException) -> None:
        """An error that nobody caught."""
        self._keep("critical", error, tuple(_places(error)))

    def failures(self) -> tuple[Failure, ...]:
        """Those of this process, the latest first."""
        with self._guard:
            kept = tuple(self._kept.values())
        return tuple(sorted(kept, key=lambda failure: -failure.last_at_ms))

    def _keep(self, level: str, error: BaseException | None, places: tuple[str, ...]) -> None:
        word = None if error is None else class_word(type(error))
        before = None if error is None else error.__cause__ or error.__context__
        cause = None if before is None else class_word(type(before))
        number = error.errno if isinstance(error, OSError) else None
        key, now_ms = (level, word, cause, number, places), self._now_ms()
        first = Failure(level, word, cause, number, places, 0, now_ms, now_ms)
        with self._guard:
            known = self._kept.pop(key, first)
            self._kept[key] = replace(known, count=known.count + 1, last_at_ms=now_ms)
            while len(self._kept) > MOST_FAILURES:
                del self._kept[next(iter(self._kept))]


def failures() -> tuple[Failure, ...]:
    """What the log's own memory holds; nothing where no log was configured."""
    found = (one for one in logging.getLogger().handlers if isinstance(one, FailureMemory))
    return tuple(failure for memory in found for failure in memory.failures())


def watch_uncaught(memory: FailureMemory) -> None:
    """Remember what nobody catches, in any thread, before it is shown as it was before."""
    main, of_thread, of_nobody = sys.excepthook, threading.excepthook, sys.unraisablehook

    def on_main(kind: type[BaseException], error: BaseException, trace: object) -> None:
        memory.remember(error)
        main(kind, error, trace)  # type: ignore[arg-type]

    def on_thread(told: threading.ExceptHookArgs) -> None:
        if told.exc_value is not None:
            memory.remember(told.exc_value)
        of_thread(told)

    def on_nobody(told: sys.UnraisableHookArgs) -> None:
        if told.exc_value is not None:
            memory.remember(told.exc_value)
        of_nobody(told)

    sys.excepthook, threading.excepthook, sys.unraisablehook = on_main, on_thread, on_nobody


def _places(error: BaseException) -> Iterator[str]:
    """Our own frames alone, the innermost ones where there are many."""
    ours = [place_of(frame, line) for frame, line in walk_tb(error.__traceback__)]
    yield from [place for place in ours if place is not None][-MOST_PLACES:]
