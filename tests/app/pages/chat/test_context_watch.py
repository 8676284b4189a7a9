"""The meter follows an answer that grows a few times a second, and all else at once."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.bridge.engine_worker import EngineWorker
from app.pages.chat.composer_counting import ContextWatch
from inference.events import ContextUse

USE = ContextUse(1000, 0, 10, 0, 0, 0)


def test_a_growing_answer_is_told_now_and_then_and_in_the_end_whole(qtbot):
    parent = QObject()
    watch = ContextWatch(EngineWorker(parent), parent)
    told = []
    watch.filled.connect(lambda fill: told.append(fill.used_tokens))
    for tokens in range(1, 21):
        watch.on_context_changed(USE, tokens)
    assert told == [11]
    qtbot.waitUntil(lambda: told == [11, 30])


def test_another_use_of_the_context_is_told_at_once(qtbot):
    parent = QObject()
    watch = ContextWatch(EngineWorker(parent), parent)
    told = []
    watch.filled.connect(lambda fill: told.append(fill.used_tokens))
    watch.on_context_changed(USE, 5)
    watch.on_context_changed(USE, 6)
    watch.on_context_changed(ContextUse(1000, 0, 20, 0, 0, 0), 0)
    assert told == [15, 20]
