"""What of a hostile text is seen and heard in a window, and for how long that did not answer.

For `hostile_player`, which puts the texts there.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.markup.visible import visible
from tests.flows.hostile_hearing import heard
from tests.flows.hostile_watching import Probe

WORDS = re.compile(r"[A-Za-z0-9]{5,}")
_LIMIT_S = 120.0
_MOST_WORDS = 400
_ENTITY = re.compile(r"&#?\w+;")  # shown as what it stands for


class Eyes:
    """Watches a window, and waits for it."""

    def __init__(self, qt: QApplication, window: QWidget) -> None:
        self._qt = qt
        self._window = window
        self._probe = Probe()
        self._begin()

    def _begin(self) -> None:
        """Nothing was found yet."""
        self._worst_ms: dict[str, float] = {}
        self._hidden: dict[str, list[str]] = {}
        self._refers: dict[str, list[str]] = {}

    def _found(self) -> dict[str, object]:
        return {"hidden": self._hidden, "refers": self._refers, "worst_ms": self._worst_ms}

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        self._settle()
        self._probe.begin()
        yield
        self._settle()
        self._probe.tick()
        worst = max(self._worst_ms.get(name, 0.0), self._probe.worst_ms)
        self._worst_ms[name] = round(worst, 1)

    def _see(
        self, where: str, shown: str, text: str, *, whole: bool = True, is_clean: bool = True
    ) -> None:
        """Every word of the text is in what is shown; on one line, of its beginning."""
        text = visible(_ENTITY.sub(" ", text))
        words = WORDS.findall(text if whole else " ".join(text.split())[:40])
        if not whole:
            words = words[:-1]
        missing = [word for word in dict.fromkeys(words[:_MOST_WORDS]) if word not in shown]
        if whole and "lastword" in text and "lastword" not in shown:
            missing.append("lastword")
        if missing:
            self._hidden[where] = missing[:8]
        if is_clean:
            self._see_clean(where, shown)

    def _see_clean(self, where: str, shown: str) -> None:
        """Nothing that can't be seen, or turns the order round, is in it."""
        if visible(shown) != shown:
            at = next(i for i in range(len(shown)) if visible(shown)[i] != shown[i])
            self._hidden[f"{where}, unseen"] = [ascii(shown[max(0, at - 5) : at + 5])]

    def _refer(self, where: str, found: list[str]) -> None:
        if found:
            self._refers[where] = found[:5]

    def _hear(self, where: str, thing: QWidget | None = None) -> str:
        """All that the window tells a screen reader; nothing of it is hidden in it either."""
        told = list(heard(thing or self._window))
        for words in told:
            self._see_clean(f"told in {where}", words)
        return "\n".join(told)

    def _settle(self) -> None:
        self._pause(2)

    def _pause(self, rounds: int) -> None:
        for _ in range(rounds):
            end = time.monotonic() + 0.012
            while time.monotonic() < end:
                self._turn()

    def _until(self, holds: Callable[[], bool]) -> None:
        end = time.monotonic() + _LIMIT_S
        while not holds():
            if time.monotonic() > end:
                raise SystemExit("a state did not come")
            self._turn()

    def _turn(self) -> None:
        """What a running loop does: what was closed goes, too."""
        self._qt.processEvents()
        self._qt.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        time.sleep(0.002)
