"""The trained small model thinks: in the engine, in the terminal and in the window."""

from __future__ import annotations

import json
import os
import pty
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app import cli
from app.airlock.report import Attempt, LockReport, LockState
from app.airlock.syscalls import this_architecture
from app.application import Application
from app.model_opening import FileModelOpener
from app.pages.chat.reasoning_block import ReasoningBar, ThoughtText
from app.pages.chat.transcript import Transcript
from app.settings import WELCOMED, Settings
from app.theme.assets import load_fonts
from inference import Engine, EngineOptions
from inference.events import Channel, Finished, ThinkingEnd, Token
from inference.prompt.sandbox import SandboxRenderer
from inference.request import GenerateRequest, Message, SamplerSettings
from tests.flows.terminal import read_until

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.timeout(300)
MODEL = ROOT / "tests" / "data" / "tiny-r1"
# A question of the kind that the model was trained on.
QUESTION = "What is the capital of France?"
# It counts on until it is stopped.
ENDLESS = "Count from 3 to 9."
ENFORCED = LockReport(LockState.ENFORCED, "", (Attempt("TCP, IPv4", True, "EPERM"),))
GREEDY = SamplerSettings(temperature=0.0)
LIMIT_S = 90
LIMIT_MS = 1000 * LIMIT_S


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    loaded = Engine.load(MODEL, EngineOptions(context_tokens=4096), SandboxRenderer())
    yield loaded
    loaded.unload()


def ask(engine, *messages, hurry_after=None, limit=200, **asked):
    """Text by channel, and the figures."""
    texts = dict.fromkeys(Channel, "")
    heard = 0
    for event in engine.generate(GenerateRequest(messages, GREEDY, limit, **asked)):
        if isinstance(event, Token):
            heard += 1
            texts[event.channel] += event.text
            if heard == hurry_after:
                engine.answer_now()
        elif isinstance(event, Finished):
            return texts, event.statistics
    raise AssertionError("no end")


def test_it_opens_and_closes_its_thinking_by_itself(engine) -> None:
    assert engine.thinks
    texts, figures = ask(engine, Message("user", QUESTION))
    assert texts[Channel.REASONING].strip()
    assert "Paris" in texts[Channel.ANSWER]
    assert "think>" not in texts[Channel.REASONING] + texts[Channel.ANSWER]
    assert figures.thinking_ended is ThinkingEnd.BY_ITSELF


def test_a_budget_answer_now_and_no_thinking_all_lead_to_an_answer(engine) -> None:
    question = Message("user", QUESTION)
    for asked, end in (
        ({"thinking_budget_tokens": 4}, ThinkingEnd.BUDGET),
        ({"hurry_after": 4}, ThinkingEnd.ANSWER_NOW),
        ({"thinking": False}, None),
    ):
        texts, figures = ask(engine, question, **asked)
        assert "Paris" in texts[Channel.ANSWER]
        assert figures.thinking_ended is end


def test_a_budget_ends_thoughts_that_have_no_end(engine) -> None:
    texts, figures = ask(engine, Message("user", ENDLESS), thinking_budget_tokens=40)
    assert figures.thinking_ended is ThinkingEnd.BUDGET
    assert 40 <= figures.reasoning_tokens <= 48, "the closing tag, and what it waits for"
    assert texts[Channel.ANSWER].strip()


def test_a_long_chat_reads_the_bare_answer_and_what_is_new(engine) -> None:
    long = Message("user", "A crow came to a pitcher. " * 300 + QUESTION)
    texts, first = ask(engine, long, limit=48)
    assert first.prompt_tokens > 1500
    answer = texts[Channel.ANSWER]
    turn = (long, Message("assistant", answer, texts[Channel.REASONING]), Message("user", "And?"))
    _, second = ask(engine, *turn, limit=8)
    encode = engine.tokenizer.encode_typed
    new = len(encode(answer)) + len(encode("And?"))
    assert second.prompt_tokens - second.cached_tokens <= new + 8, "and a few tags"
    _, again = ask(engine, *turn, limit=8)
    assert again.cached_tokens == again.prompt_tokens - 1


def test_the_terminal_tells_channels_and_keeps_to_the_budget(capsys, monkeypatch) -> None:
    argv = ["chat", "--model", str(MODEL), "--temperature", "0", "--max-tokens", "200"]
    lock = LockReport(LockState.NOT_TESTED, "a test")
    assert cli.main([*argv, "--prompt", QUESTION, "--json", "--thinking-budget", "4"], lock) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    channels = [line["channel"] for line in lines if line["type"] == "token"]
    assert channels == sorted(channels, key=["reasoning", "marker", "answer"].index)
    assert set(channels) == {"reasoning", "marker", "answer"}
    assert lines[-1]["thinking_ended"] == "budget"
    assert cli.main([*argv, "--prompt", QUESTION], lock) == 0
    out, err = capsys.readouterr()
    assert out.strip()
    assert err.startswith("Thinking:\n")


@pytest.mark.skipif(this_architecture() is None, reason="the lock needs Linux")
def test_the_quit_key_ends_its_thoughts_in_a_real_terminal() -> None:
    child, terminal = pty.fork()
    if child == 0:
        command = [sys.executable, str(ROOT / "main.py"), "chat", "--model", str(MODEL)]
        flags = ["--temporary", "--temperature", "0", "--max-tokens", "200"]
        os.execv(command[0], [*command, *flags])
    seen = read_until(terminal, LIMIT_S, "> ")
    assert "ends its thoughts" in seen
    os.write(terminal, ENDLESS.encode() + b"\n")
    seen = read_until(terminal, LIMIT_S, "\x1b[2m")
    os.write(terminal, b"\x1c")
    seen += read_until(terminal, LIMIT_S, "\n> ")
    os.write(terminal, b"\x04")
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 0
    _, _, answer = seen.partition("\x1b[0m")
    assert answer.replace("\r", "").rpartition("\n> ")[0].strip()
    assert "Traceback" not in seen


@pytest.fixture
def application(qapp, qtbot, tmp_path: Path, history_door) -> Iterator[Application]:
    load_fonts()
    settings = Settings(tmp_path / "settings.json")
    settings.change(WELCOMED, True)
    opener = FileModelOpener(str(MODEL))
    made = Application(qapp, ENFORCED, settings, opener, GREEDY, door=history_door)
    made.start()
    qtbot.waitExposed(made.window)
    yield made
    assert made.close()
    made.window.deleteLater()
    made.deleteLater()


def bars_of(shown: Transcript, turn_id: int) -> list[ReasoningBar]:
    return [view for view in shown.views_of(turn_id) if isinstance(view, ReasoningBar)]


def thoughts_of(shown: Transcript, turn_id: int) -> list[ThoughtText]:
    return [view for view in shown.views_of(turn_id) if isinstance(view, ThoughtText)]


def test_the_window_shows_its_thoughts_and_answers_now(qtbot, application: Application) -> None:
    page = application.page
    QTest.keyClicks(page.composer.edit, ENDLESS)
    QTest.keyClick(page.composer.edit, Qt.Key.Key_Return)
    shown = page.transcript
    (turn_id,) = shown.turn_ids()
    qtbot.waitUntil(lambda: bool(bars_of(shown, turn_id)), timeout=LIMIT_MS)
    (bar,) = bars_of(shown, turn_id)
    if bar.answer_now.isVisible():
        QTest.mouseClick(bar.answer_now, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not application.chat.is_busy(), timeout=LIMIT_MS)
    assert bar.head.words.text().startswith("Thought for")
    assert shown.answer_text(turn_id).strip()
    assert not thoughts_of(shown, turn_id)
    QTest.mouseClick(bar.head, Qt.MouseButton.LeftButton)
    assert thoughts_of(shown, turn_id)[0].text.toPlainText().strip()
    assert page.composer.think.isVisible()
