"""The window says that its model rests, wakes it as one writes, and follows the settings."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest

from app.settings import IDLE_UNLOAD_MINUTES, THEME, THREADS, ThemeChoice

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
RESTS = "The model rests; it comes back when you write"


def put_to_rest(qtbot, application):
    with qtbot.waitSignal(application.worker.resting_changed):
        application.worker.rest(0)


def test_it_comes_back_as_one_writes(qtbot, open_window, fake_opener):
    application = open_window()
    header = application.page.header
    put_to_rest(qtbot, application)
    assert header.model.text() == RESTS
    QTest.keyClicks(application.page.composer.edit, "h")
    qtbot.waitUntil(lambda: header.model.text() == "Fake-135M")
    assert fake_opener.loads == 2
    assert not header.chip.isHidden()


def test_a_question_that_was_written_before_is_answered(qtbot, open_window, fake_engine):
    application = open_window()
    composer = application.page.composer
    QTest.keyClicks(composer.edit, "hello")
    put_to_rest(qtbot, application)
    composer.send()
    qtbot.waitUntil(lambda: bool(fake_engine.requests))
    qtbot.waitUntil(lambda: not application.chat.is_busy())
    assert application.chat.turns[-1].answer == "Paris is the capital."
    assert application.page.header.model.text() == "Fake-135M"


def test_settings_take_effect_with_the_next_answer(qtbot, open_window, fake_engine):
    application = open_window()
    application.settings.choose(THREADS, 7)
    application.settings.choose(THEME, ThemeChoice.DARK)
    application.settings.choose(IDLE_UNLOAD_MINUTES, 5)
    assert application.model.keeper._idle_minutes == 5
    application.chat.send("hello")
    qtbot.waitUntil(lambda: bool(fake_engine.used_threads))
    assert fake_engine.used_threads[0] in (3, 7)  # on battery, half
