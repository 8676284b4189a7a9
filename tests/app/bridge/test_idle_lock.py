"""The eyes of the auto-lock: what counts as presence, and what happens after a sleep."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from app.bridge.idle_lock import IdleLock

MINUTE_MS = 60_000


class Watch:
    def __init__(self, qapp) -> None:
        self.now_ms = 0
        self.is_busy = False
        self.due: list[int] = []
        self.idle = IdleLock(lambda: self.is_busy, qapp, lambda: self.now_ms)
        self.idle.due.connect(lambda: self.due.append(self.now_ms))

    def look(self) -> None:
        """What the timer does."""
        self.idle._timer.timeout.emit()


@pytest.fixture
def watch(qapp):
    made = Watch(qapp)
    yield made
    made.idle.stop()


def test_nobody_for_so_long_is_told_once(watch):
    watch.idle.start(5)
    watch.now_ms = 5 * MINUTE_MS - 1
    watch.look()
    assert watch.due == []
    watch.now_ms += 1
    watch.look()
    watch.look()
    assert watch.due == [5 * MINUTE_MS]


def test_a_key_and_the_mouse_are_presence(watch, qtbot):
    edit = QLineEdit()
    qtbot.addWidget(edit)
    edit.show()
    watch.idle.start(1)
    watch.now_ms = 50_000
    QTest.keyClick(edit, Qt.Key.Key_A)
    watch.now_ms = 100_000
    QTest.mouseClick(edit, Qt.MouseButton.LeftButton)
    watch.now_ms = 159_999
    watch.look()
    assert watch.due == []
    watch.now_ms = 160_000
    watch.look()
    assert watch.due == [160_000]
    assert edit.text() == "a"


def test_the_first_key_after_a_sleep_locks_and_is_not_typed(watch, qtbot):
    edit = QLineEdit()
    qtbot.addWidget(edit)
    edit.show()
    watch.idle.start(1)
    watch.now_ms = 10 * MINUTE_MS
    QTest.keyClick(edit, Qt.Key.Key_A)
    assert watch.due == [10 * MINUTE_MS]
    assert edit.text() == ""
    QTest.keyClick(edit, Qt.Key.Key_B)
    assert edit.text() == "b", "it no longer watches"


def test_an_answer_in_progress_is_presence(watch):
    watch.idle.start(1)
    watch.is_busy = True
    watch.now_ms = 5 * MINUTE_MS
    watch.look()
    assert watch.due == []
    watch.is_busy = False
    watch.now_ms = 6 * MINUTE_MS
    watch.look()
    assert watch.due == [6 * MINUTE_MS]


def test_never_is_never(watch):
    watch.idle.start(0)
    watch.now_ms = 1000 * MINUTE_MS
    watch.look()
    assert watch.due == []


def test_it_looks_often_enough_to_notice_a_sleep(watch):
    watch.idle.start(60)
    assert watch.idle._timer.interval() <= 15_000
    watch.idle.stop()
    assert not watch.idle._timer.isActive()
