"""The child of `benchmarks.responsiveness`: the real window, probed while it starts and streams.

Runs offscreen in a process of its own, so that its start can be timed; prints one JSON object.
A timer says how late the event loop is, keys are typed ten times a second, and the time from a
key to its paint is taken.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

_PROBE_MS = 4
_KEY_EVERY_MS = 100
_CLEAR_AFTER_KEYS = 300
_SETTLE_MS = 500
_QUESTION = "Write a very long story about a crow and a pitcher, with many chapters."


class LoopProbe(QObject):
    """How late a timer of 4 ms comes, phase by phase."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.late_ms: dict[str, list[float]] = {}
        self._phase: list[float] = []
        self._last_s = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """From here on there is something to wait for."""
        self._last_s = time.perf_counter()
        self._timer.start(_PROBE_MS)

    def enter(self, phase: str) -> None:
        """What happens from now on."""
        self._phase = self.late_ms.setdefault(phase, [])

    def _tick(self) -> None:
        now_s = time.perf_counter()
        self._phase.append(max(0.0, (now_s - self._last_s) * 1e3 - _PROBE_MS))
        self._last_s = now_s


class PaintWatch(QObject):
    """Calls back at the first paint of a widget after it was armed."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._then: Callable[[], None] | None = None
        widget.installEventFilter(self)

    def arm(self, then: Callable[[], None]) -> None:
        """At the next paint, unless it is armed already."""
        self._then = self._then or then

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if self._then is not None and event.type() == QEvent.Type.Paint:
            then, self._then = self._then, None
            then()
        return False


class Journey(QObject):
    """Start, type, load, ask, and stream for so many seconds."""

    def __init__(self, qt: QApplication, application: object, started_s: float, seconds: float):
        super().__init__()
        from app.application import Application

        assert isinstance(application, Application)
        self._qt = qt
        self._app = application
        self._started_s = started_s
        self._seconds = seconds
        self.times_s: dict[str, float] = {}
        self.key_ms: list[float] = []
        self.tokens = 0
        self.probe = LoopProbe(self)
        self.probe.enter("importing the engine")
        self._window_paint = PaintWatch(application.window)
        self._window_paint.arm(self._on_first_frame)
        self._edit = application.page.composer.edit
        self._edit_paint = PaintWatch(self._edit.viewport())
        self._keys = 0
        self._typing = QTimer(self)
        self._typing.timeout.connect(self._type)
        worker = application.worker
        worker.load_progressed.connect(lambda p: self.probe.enter(f"loading: {p.step}"))
        worker.loaded.connect(self._on_loaded)
        worker.load_failed.connect(self._fail)
        worker.answer_updated.connect(self._on_update)
        application.chat.busy_changed.connect(self._on_busy_changed)

    def begin(self) -> None:
        """Right behind `Application.start`."""
        self._typing.start(_KEY_EVERY_MS)
        self._type()

    def _on_first_frame(self) -> None:
        self._mark("first frame")
        self.probe.start()

    def _mark(self, name: str) -> None:
        self.times_s[name] = time.clock_gettime(time.CLOCK_MONOTONIC) - self._started_s

    def _type(self) -> None:
        self._keys += 1
        if self._keys % _CLEAR_AFTER_KEYS == 0:
            self._edit.clear()
        pressed_s = time.perf_counter()
        self._edit_paint.arm(lambda: self._on_key_painted(pressed_s))
        QTest.keyClick(self._edit, Qt.Key.Key_A)

    def _on_key_painted(self, pressed_s: float) -> None:
        self.key_ms.append((time.perf_counter() - pressed_s) * 1e3)
        if "usable composer" not in self.times_s:
            self._mark("usable composer")

    def _on_loaded(self) -> None:
        self._mark("model loaded")
        self.probe.enter("the first moments with the model")
        if self._seconds:
            QTimer.singleShot(_SETTLE_MS, self, self._ask)
        else:
            QTimer.singleShot(_SETTLE_MS, self, self._qt.quit)

    def _ask(self) -> None:
        self.probe.enter("streaming")
        self._app.chat.send(_QUESTION)

    def _on_busy_changed(self, is_busy: bool) -> None:
        if not is_busy and "model loaded" in self.times_s:
            QTimer.singleShot(0, self, self._ask_in_a_new_chat)

    def _ask_in_a_new_chat(self) -> None:
        if not self._app.chat.is_busy():
            self._app.chat.new_chat()
            self._ask()

    def _on_update(self, update: object) -> None:
        new_tokens = getattr(update, "new_tokens", 0)
        if new_tokens and not self.tokens:  # a slow machine reads the question first
            QTimer.singleShot(int(self._seconds * 1000), self, self._qt.quit)
        self.tokens += new_tokens

    def _fail(self, sentence: str) -> None:
        sys.stderr.write(f"the model was not loaded: {sentence}\n")
        self._qt.exit(1)


def main(started_s: float, seconds: float, model: str | None) -> int:
    """`started_s`: when the process was started, by the monotonic clock."""
    from app.application import Application
    from app.chats.profile import Holder, Profile
    from app.chats.profile_opening import HistoryDoor
    from app.collector import uncollected
    from app.model_opening import FileModelOpener
    from app.settings import WELCOMED, Settings
    from app.theme.assets import load_fonts
    from benchmarks.fake_surroundings import ENFORCED, keyrings

    times_s = {"imports": time.clock_gettime(time.CLOCK_MONOTONIC) - started_s}
    qt = QApplication([sys.argv[0]])
    load_fonts()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        door = HistoryDoor(Profile(home / "history"), Holder.WINDOW, keyrings())
        settings = Settings(home / "settings.json")
        settings.change(WELCOMED, True)
        with uncollected():
            application = Application(qt, ENFORCED, settings, FileModelOpener(model), door=door)
        times_s["built"] = time.clock_gettime(time.CLOCK_MONOTONIC) - started_s
        journey = Journey(qt, application, started_s, seconds)
        application.start()
        journey.begin()
        code = qt.exec()
        application.close()
    found = {
        "times_s": times_s | journey.times_s,
        "late_ms": journey.probe.late_ms,
        "key_ms": journey.key_ms,
        "tokens": journey.tokens,
    }
    sys.stdout.write(json.dumps(found))
    return code
