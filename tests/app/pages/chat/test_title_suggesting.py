"""A title that the model suggests after the first exchange, and all that keeps it from doing so."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from inference.events import Channel, FinishReason, Token
from tests.app.conftest import FakeEngine, finished

CTRL = Qt.KeyboardModifier.ControlModifier
# What the offscreen platform says of itself when a dialog or a menu opens.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


class TitlingEngine(FakeEngine):
    """Answers as its parent does, and requests for a title with `title`."""

    title = "Capital of France"
    title_reason = FinishReason.STOP
    title_gate: threading.Event | None = None
    title_begun = threading.Event()

    def generate(self, request):
        if not asks_for_title(request):
            yield from super().generate(request)
            return
        self.cancelled.clear()
        self.requests.append(request)
        yield Token(1, self.title, Channel.ANSWER)
        self.title_begun.set()
        while self.title_gate is not None and not self.title_gate.wait(0.005):
            if self.cancelled.is_set():
                yield finished(FinishReason.CANCELLED, generated=1)
                return
        yield finished(self.title_reason)


def asks_for_title(request) -> bool:
    return request.messages[-1].content.startswith("Write a title")


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr("app.pages.chat.title_suggesting._IDLE_MS", 5)


@pytest.fixture
def fake_engine() -> FakeEngine:
    engine = TitlingEngine(reasoning=("I must ", "think."))
    engine.title_begun = threading.Event()
    return engine


@pytest.fixture
def window(open_window):
    return open_window(suggests_titles=True)


def titles(application) -> list[str]:
    return [chat.title for chat in application.window.sidebar.chats.model.chats]


def title_requests(engine) -> list:
    return [request for request in engine.requests if asks_for_title(request)]


def settle(qtbot, application) -> None:
    """Long enough for a suggestion that should not come."""
    qtbot.wait(60)
    qtbot.waitUntil(lambda: not application.chat.is_busy())


def test_the_first_exchange_gets_a_title_of_the_model_and_none_of_its_thoughts(
    hand, qtbot, window, shelf, fake_engine
):
    hand.ask(window, "what is the capital of france")
    qtbot.waitUntil(lambda: titles(window) == ["Capital of France"])
    assert window.page.header.title.text() == "Capital of France"
    assert [chat.title for chat in shelf.chats(window)] == ["Capital of France"]
    (request,) = title_requests(fake_engine)
    said = [(message.role, message.content) for message in request.messages[:-1]]
    assert said == [
        ("user", "what is the capital of france"),
        ("assistant", "Paris is the capital."),
    ]
    assert all(message.reasoning == "" for message in request.messages)
    assert request.thinking is False
    assert request.max_tokens == 40
    hand.ask(window, "and of spain")
    hand.wait_idle(window)
    settle(qtbot, window)
    assert len(title_requests(fake_engine)) == 1


def test_a_title_that_is_whole_is_taken_though_what_follows_it_is_not(
    hand, qtbot, window, fake_engine
):
    fake_engine.title = 'Here is one:\n\n"Capital of France: all about the'
    fake_engine.title_reason = FinishReason.LENGTH
    hand.ask(window, "what is the capital of france")
    qtbot.waitUntil(lambda: titles(window) == ["Capital of France"])


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("Capital of France", FinishReason.CANCELLED),
        ("Capital of France", FinishReason.OVERFLOW),
        ("As an assistant I can not say which city this one is", FinishReason.STOP),
        ("Capital of France", FinishReason.LENGTH),
        ("", FinishReason.STOP),
    ],
)
def test_what_is_no_title_leaves_the_first_words(
    hand, qtbot, window, fake_engine, shelf, title, reason
):
    fake_engine.title, fake_engine.title_reason = title, reason
    hand.ask(window, "what is the capital of france")
    qtbot.waitUntil(fake_engine.title_begun.is_set)
    settle(qtbot, window)
    assert titles(window) == ["what is the capital of france"]


def test_what_the_user_sends_goes_first(hand, qtbot, window, fake_engine):
    fake_engine.title_gate = threading.Event()  # it never ends by itself
    hand.ask(window, "what is the capital of france")
    qtbot.waitUntil(fake_engine.title_begun.is_set)
    hand.ask(window, "and of spain")
    qtbot.waitUntil(lambda: len(hand.views(window)) == 2)
    hand.wait_idle(window)
    settle(qtbot, window)
    assert titles(window) == ["what is the capital of france"]
    assert len(title_requests(fake_engine)) == 1


def test_a_chat_that_was_renamed_meanwhile_keeps_its_name(hand, qtbot, window, fake_engine):
    fake_engine.title_gate = threading.Event()
    hand.ask(window, "what is the capital of france")
    qtbot.waitUntil(fake_engine.title_begun.is_set)
    chat_id = window.chat.shown_id
    window.chats.rename(chat_id, "Mine")
    qtbot.waitUntil(lambda: titles(window) == ["Mine"])
    fake_engine.title_gate.set()
    settle(qtbot, window)
    assert titles(window) == ["Mine"]


def test_leaving_the_chat_ends_its_suggestion(hand, qtbot, window, fake_engine):
    fake_engine.title_gate = threading.Event()
    hand.ask(window, "what is the capital of france")
    qtbot.waitUntil(fake_engine.title_begun.is_set)
    QTest.keyClick(window.window, Qt.Key.Key_N, CTRL)
    qtbot.waitUntil(fake_engine.cancelled.is_set)
    settle(qtbot, window)
    assert titles(window) == ["what is the capital of france"]


@pytest.mark.parametrize("kind", ["unwanted", "temporary", "failed", "thoughts alone"])
def test_nothing_is_suggested_where_nothing_should_be(hand, qtbot, open_window, fake_engine, kind):
    application = open_window(suggests_titles=kind != "unwanted")
    if kind == "temporary":
        application.page.new_temporary_chat()
    if kind == "failed":
        fake_engine.failure = RuntimeError("It broke.")
    if kind == "thoughts alone":
        fake_engine.words = ()
    hand.ask(application, "what is the capital of france")
    hand.wait_idle(application)
    settle(qtbot, application)
    assert title_requests(fake_engine) == []
