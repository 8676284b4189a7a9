"""A user who does everything in any order: what is shown at the end is what the history has.

`PITCHER_ODD_ORDERS=200 pytest …` tries more orders; each is drawn from its number alone.
"""

from __future__ import annotations

import os
import random
import threading
from pathlib import Path

import pytest

from app.bridge.history_states import Locked
from app.chats.history_states import Ready
from app.pages.chat.think_button import ThinkingChoice
from app.pages.chat.turns import Attached, TurnState
from app.settings import TEXT_SIZE_PERCENT
from inference.events import Overflow

ORDERS = range(int(os.environ.get("PITCHER_ODD_ORDERS", "6")))
STEPS = 70
OFTEN = {"send": 5, "wait": 4, "let_answer": 4, "lock": 1, "new_chat": 1, "temporary": 1}
AS_READ = {TurnState.FULL: TurnState.DONE, TurnState.LIMITED: TurnState.DONE}
pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),
    pytest.mark.timeout(300),
]


class User:
    """Does one thing after another, without looking whether it makes sense."""

    def __init__(self, application, engine, qtbot, folder: Path, draw: random.Random) -> None:
        self.application, self.engine, self.qtbot = application, engine, qtbot
        self.folder, self.draw = folder, draw
        self.page, self.chat = application.page, application.chat
        self.number = 0
        self.done: list[str] = []
        engine.gate = threading.Event()
        engine.gate.set()

    def act(self) -> None:
        ways = sorted(name[3:] for name in dir(self) if name.startswith("do_"))
        (way,) = self.draw.choices(ways, [OFTEN.get(each, 2) for each in ways])
        self.done.append(way)
        getattr(self, f"do_{way}")()

    def on_a_turn(self, do, *arguments) -> None:
        turns = self.chat.turns
        if turns:
            do(self.draw.choice(turns).turn_id, *arguments)

    def do_wait(self) -> None:
        self.qtbot.wait(self.draw.choice([0, 1, 5, 30]))

    def do_let_answer(self) -> None:
        self.engine.gate.set()

    def do_hold_answers(self) -> None:
        self.engine.gate.clear()

    def do_send(self) -> None:
        self.number += 1
        self.engine.words = tuple(f"answer {self.number}, word {word}. " for word in range(4))
        self.page.composer.edit.insert_text(f"question {self.number}")
        self.page.composer.send()

    def do_type(self) -> None:
        self.page.composer.edit.insert_text("typed ")

    def do_attach(self) -> None:
        self.chat.drafts.attach(Attached(f"{self.number}.txt", "x", 1))

    def do_attach_file(self) -> None:
        file = self.folder / f"read {self.number}.txt"
        file.write_text("words")
        self.page.desk.attaching.attach_files([file])

    def do_stop(self) -> None:
        self.page.stop()

    def do_answer_now(self) -> None:
        self.chat.answering.answer_now()

    def do_regenerate(self) -> None:
        self.on_a_turn(self.chat.branching.regenerate)

    def do_continue(self) -> None:
        self.on_a_turn(self.chat.branching.continue_answer)

    def do_edit(self) -> None:
        self.number += 1
        self.on_a_turn(self.chat.branching.edit, f"edited {self.number}")

    def do_delete(self) -> None:
        self.on_a_turn(self.chat.deleting.delete)

    def do_walk(self) -> None:
        part = self.draw.choice(["question", "answer"])
        self.on_a_turn(self.chat.branching.walk, part, self.draw.choice([-1, 1]))

    def do_what_a_toast_offers(self) -> None:
        offers = [toast.notice.action for toast in self.page.toasts.toasts()]
        for action in [each for each in offers if each is not None][:1]:
            action.run()

    def do_break_the_engine(self) -> None:
        self.engine.failure = None if self.engine.failure else RuntimeError("It broke.")

    def do_fill_the_context(self) -> None:
        self.engine.overflow = None if self.engine.overflow else Overflow(5210, 4096, (0, 1))

    def do_leave_out(self) -> None:
        if self.page.overflow.isVisible():
            self.page.overflow.leave_out.click()

    def do_think(self) -> None:
        self.page.composer.think.choose(ThinkingChoice(self.draw.choice([None, True, False])))

    def do_text_size(self) -> None:
        self.application.settings.choose(TEXT_SIZE_PERCENT, self.draw.choice([80, 100, 200]))

    def do_new_chat(self) -> None:
        self.page.new_chat()

    def do_temporary(self) -> None:
        self.page.new_temporary_chat()

    def do_open(self) -> None:
        chats = self.application.window.sidebar.chats.model.chats
        if chats:
            self.chat.open_chat(self.draw.choice(chats).id)

    def do_lock(self) -> None:
        history = self.application.history
        if not self.application.keeping.can_lock:
            return
        self.application.keeping.lock()
        if self.draw.random() < 0.5:
            self.qtbot.waitUntil(lambda: isinstance(history.state, Locked))
        history.open()
        if self.draw.random() < 0.5:
            self.qtbot.waitUntil(lambda: isinstance(history.state, Ready))

    def rest(self) -> None:
        """Until nothing is under way any more."""
        self.engine.overflow = self.engine.failure = None
        self.engine.gate.set()
        self.qtbot.waitUntil(lambda: isinstance(self.application.history.state, Ready))
        self.qtbot.waitUntil(lambda: self.chat.drafts.is_settled)
        self.qtbot.waitUntil(lambda: not self.chat.is_busy())
        self.qtbot.wait(100)


def said(chat):
    return [
        (
            turn.question,
            turn.answer,
            AS_READ.get(turn.state, turn.state),
            [each.name for each in turn.attached],
            turn.question_branch,
            turn.answer_branch,
        )
        for turn in chat.turns
    ]


def written(application):
    names = [chip.name.text() for chip in application.page.composer.files.chips()]
    return application.page.composer.edit.toPlainText(), names


def count_streaming(history) -> int:
    sql = "SELECT count(*) FROM message WHERE state = 'streaming'"
    return int(history.store.database.read(sql)[0][0])


@pytest.mark.parametrize("order", ORDERS)
def test_what_is_shown_at_the_end_is_what_is_kept(
    order, open_window, fake_engine, qtbot, shelf, tmp_path, monkeypatch
):
    monkeypatch.setattr("app.pages.chat.drafts._PAUSE_MS", 30)
    application = open_window()
    user = User(application, fake_engine, qtbot, tmp_path, random.Random(order))
    for _ in range(STEPS):
        user.act()
    user.rest()
    chat, way = application.chat, " ".join(user.done)
    shown = [turn.turn_id for turn in chat.turns]
    assert list(application.page.transcript.turn_ids()) == shown, way
    assert (chat.drafts.now.text, [file.name for file in chat.drafts.now.files]) == written(
        application
    ), way
    assert shelf.do(application, count_streaming) == 0, way
    chat_id, before = chat.shown_id, (said(chat), written(application))
    if chat_id is None:
        return
    application.page.new_chat()
    qtbot.waitUntil(lambda: chat.drafts.is_settled)
    chat.open_chat(chat_id)
    qtbot.waitUntil(lambda: chat.shown_id == chat_id)
    qtbot.waitUntil(lambda: len(chat.turns) == len(before[0]))
    assert (said(chat), written(application)) == before, way
