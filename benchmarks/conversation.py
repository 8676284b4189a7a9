"""How a conversation of 10,000 messages opens and scrolls, and how an answer grows in it.

    python -m benchmarks.conversation [--messages 10000]

Every figure is time that the window's thread was taken: for opening, for each step of scrolling
(with what is made in idle time after it), for each update of a growing answer.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop
from PySide6.QtWidgets import QApplication

from app.notices import Notices
from app.pages.chat.transcript import Transcript
from app.pages.chat.turns import Turn, TurnState
from app.settings import ThemeChoice
from app.theme.assets import load_fonts
from app.theme.theme import Theme

_SENTENCE = (
    "the crow drops pebbles into a pitcher until water rises to its rim and it drinks at last "
    "while nobody counts how many there were of each size"
)
_WORDS = _SENTENCE.split(" ")
_CODE = """```python
def rises(pebbles, volume):
    # each of them takes the place of water
    return sum(volume for _ in range(pebbles))
```"""
_TABLE = "| size | count |\n|---|--:|\n" + "\n".join(f"| {n} cm | {n * n} |" for n in range(6))
_LIST = "\n".join(f"{n}. **step {n}** with `code` and *stress*" for n in range(1, 8))


def _paragraph(chance: random.Random) -> str:
    return " ".join(chance.choice(_WORDS) for _ in range(chance.randint(20, 90))) + "."


def _answer(chance: random.Random) -> str:
    parts = [_paragraph(chance) for _ in range(chance.randint(1, 5))]
    for extra in (_CODE, _TABLE, _LIST, "## A heading", "$$E = mc^2$$", "> " + _paragraph(chance)):
        if chance.random() < 0.3:
            parts.insert(chance.randint(0, len(parts)), extra)
    return "\n\n".join(parts)


def _turns(count: int) -> list[Turn]:
    chance = random.Random(6)
    return [
        Turn(
            number,
            _paragraph(chance)[:200],
            _answer(chance),
            _paragraph(chance) if number % 3 == 0 else "",
            thinking_s=2.0,
            state=TurnState.DONE,
            model_name="Model",
            tokens_per_s=12.3,
        )
        for number in range(count)
    ]


class _Bench:
    def __init__(self, messages: int) -> None:
        self._qt = QApplication([])
        load_fonts()
        self._theme = Theme(self._qt, ThemeChoice.LIGHT)
        self._transcript = Transcript(self._theme, Notices())
        self._transcript.resize(1000, 760)
        self._transcript.show()
        self._turns = _turns(messages // 2)
        self._pump()

    def run(self) -> None:
        """Open, scroll, grow."""
        opening_ms = self._timed(lambda: self._transcript.show_all(self._turns))
        painting_ms = self._timed(self._pump)
        print(
            f"open: show_all {opening_ms:.1f} ms, painted after {opening_ms + painting_ms:.1f} ms"
        )
        bar = self._transcript.verticalScrollBar()
        wheel = [self._step(lambda: bar.setValue(bar.value() - 72)) for _ in range(1500)]
        self._say("wheel step up (72 px)", wheel)
        page = [self._step(lambda: bar.setValue(bar.value() - 700)) for _ in range(300)]
        self._say("page up", page)
        chance = random.Random(7)
        drag = [
            self._step(lambda: bar.setValue(chance.randint(0, bar.maximum()))) for _ in range(200)
        ]
        self._say("dragging the bar anywhere", drag)
        self._say("growing answer, an update", self._grow())
        self._transcript.end_workers()

    def _grow(self) -> list[float]:
        text = "\n\n".join(_answer(random.Random(seed)) for seed in range(12))
        turn = Turn(10**6, "And now?", state=TurnState.ANSWERING)
        self._transcript.add(turn)
        steps = []
        for end in range(0, len(text), 12):
            grown = replace(turn, answer=text[:end], generated_tokens=end // 4)
            steps.append(self._step(partial(self._transcript.change, grown)))
        print(f"  ({len(text):,} characters in {len(steps):,} updates)")
        return steps

    def _step(self, act: Callable[[], None]) -> float:
        """The act, and what the event loop does because of it, painting too."""
        return self._timed(act) + self._timed(self._pump)

    def _timed(self, act: Callable[[], None]) -> float:
        begin = time.perf_counter()
        act()
        return 1000.0 * (time.perf_counter() - begin)

    def _pump(self) -> None:
        self._qt.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 0)
        # As a running loop does by itself: rows that left the neighbourhood go.
        self._qt.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def _say(self, what: str, steps_ms: list[float]) -> None:
        steps_ms = sorted(steps_ms)
        p50, p99 = steps_ms[len(steps_ms) // 2], steps_ms[int(len(steps_ms) * 0.99)]
        print(f"{what}: p50 {p50:.1f} ms, p99 {p99:.1f} ms, worst {steps_ms[-1]:.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000)
    _Bench(parser.parse_args().messages).run()


if __name__ == "__main__":
    main()
