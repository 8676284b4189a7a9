"""What comes late of an answer that was cut: nobody takes it for the answer that came after."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from app.pages.chat.turns import TurnState
from inference.events import Event
from inference.request import GenerateRequest


def hold_the_end(fake_engine, released: threading.Event) -> None:
    """Let the engine's first answer not end before it may."""
    began = fake_engine.generate

    def generate(request: GenerateRequest) -> Iterator[Event]:
        fake_engine.generate = began
        for event in began(request):
            yield event
            released.wait(30)

    fake_engine.generate = generate


def test_an_answer_that_is_asked_for_again_while_it_comes_hears_nothing_of_the_one_before(
    hand, qtbot, open_window, fake_engine
):
    application, released = open_window(), threading.Event()
    hold_the_end(fake_engine, released)
    fake_engine.words = ("before",)
    hand.ask(application, "one")
    qtbot.waitUntil(lambda: application.chat.turns[0].state is TurnState.READING)
    application.chat.branching.regenerate(application.chat.turns[0].turn_id)
    qtbot.waitUntil(lambda: application.chat.turns[0].state is TurnState.READING)
    fake_engine.words = ("after",)
    released.set()
    hand.wait_idle(application)
    assert [turn.answer for turn in application.chat.turns] == ["after"]
    assert application.chat.turns[0].state is TurnState.DONE
