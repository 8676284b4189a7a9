"""When what was drawn of a chat may not stay in memory: after a temporary chat, and a lock."""

from __future__ import annotations

import pytest

from app.bridge.history_states import Locked


@pytest.fixture
def watched(hand, open_window):
    """A window in which a kept chat was answered; and how often it was told to forget."""
    application = open_window()
    times: list[None] = []
    application.chat.unseen.connect(lambda: times.append(None))
    hand.ask(application, "one")
    hand.wait_idle(application)
    return application, times


def test_a_kept_chat_that_is_left_for_another_leaves_its_drawings(watched):
    application, times = watched
    application.page.new_chat()
    assert not times


def test_a_temporary_chat_leaves_nothing(watched, hand):
    application, times = watched
    application.page.new_temporary_chat()
    assert application.chat.is_temporary
    assert not times
    hand.ask(application, "two")
    hand.wait_idle(application)
    application.page.new_chat()
    assert len(times) == 1


def test_a_lock_leaves_nothing(watched, qtbot):
    application, times = watched
    application.keeping.lock()
    qtbot.waitUntil(lambda: isinstance(application.history.state, Locked))
    assert len(times) == 1
