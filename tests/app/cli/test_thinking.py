"""A model that thinks in the terminal chat: what goes where, flags, commands, keys."""

from __future__ import annotations

import io
import json
import os
import signal
import sys

import pytest

from app import cli
from app.airlock.report import LockReport, LockState
from app.cli.printers import TextPrinter
from inference.events import Channel, Recast, Token
from inference.prompt.families import UNKNOWN, Family, ThinkingMarkers
from tests.inference.scripted import R1_TEMPLATE, scripted_engine

LOCK = LockReport(LockState.NOT_TESTED, "a test")
R1 = Family("r1", ThinkingMarkers(), "\n</think>\n\n")
THOUGHTS = ["the hand is in it\n", "</think>", "\n\n"]


@pytest.fixture
def script(monkeypatch):
    """script(**changes): what the next `chat` runs on; its requests are kept."""
    made = {}

    def make(family=R1, **changes):
        said = {"thoughts": THOUGHTS, "answer": ["and hello."]} | changes

        def load(path, arguments, worker, title=""):
            context = arguments.context or 4096
            engine, _ = scripted_engine(family, context_tokens=context, **said)
            generate = engine.generate
            made.update(engine=engine, requests=[])

            def kept(request):
                made["requests"].append(request)
                return generate(request)

            engine.generate = kept
            return engine

        monkeypatch.setattr("app.cli.chat.load_engine", load)
        return made

    return make


@pytest.fixture
def run(capsys):
    def call(*argv):
        code = cli.main(["chat", "--temperature", "0", *argv], LOCK)
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def talk(run, monkeypatch):
    """talk(lines, *flags): as typed at the prompt."""

    def call(lines, *argv):
        waiting = iter(lines)

        def typed(prompt):
            try:
                line = next(waiting)
            except StopIteration:
                raise EOFError from None
            return line() if callable(line) else line

        monkeypatch.setattr("builtins.input", typed)
        return run(*argv)

    return call


def objects(out):
    return [json.loads(line) for line in out.splitlines()]


def test_with_prompt_standard_output_has_the_answer_alone(script, run):
    script()
    code, out, err = run("--prompt", "hello")
    assert (code, out) == (0, "and hello.\n")
    assert err == "Thinking:\nthe hand is in it\n\n"


def test_a_missing_opening_tag_does_not_spoil_a_piped_answer(script, run):
    template = R1_TEMPLATE.replace("<think>\n{% endif %}", "{% endif %}")
    script(template=template, header="<｜Assistant｜>")
    _, out, err = run("--prompt", "hello")
    assert out == "and hello.\n"
    assert "the hand is in it" in err
    script(template=template, header="<｜Assistant｜>", thoughts=[])
    assert run("--prompt", "hello")[1] == "and hello.\n", "held back, and told at the end"


def test_json_names_channels_and_the_figures_of_thinking(script, run):
    script()
    _, out, _ = run("--prompt", "hello", "--json", "--thinking-budget", "3")
    context, *tokens, finished = objects(out)
    assert context["type"] == "context"
    assert context["capacity_tokens"] == 4096
    assert {t["channel"] for t in tokens} == {"reasoning", "marker", "answer"}
    texts = {
        channel: "".join(t["text"] for t in tokens if t["channel"] == channel)
        for channel in ("reasoning", "marker", "answer")
    }
    assert texts == {
        "reasoning": "the h", "marker": "\n</think>\n\n", "answer": "and hello.",
    }  # fmt: skip
    assert finished["thinking_ended"] == "budget"
    assert finished["reasoning_tokens"] == 5
    named = [t for t in tokens if t["token_id"] is not None]
    assert finished["generated_tokens"] == len(named)


def test_json_tells_a_recast_and_an_overflow(script, run):
    template = R1_TEMPLATE.replace("<think>\n{% endif %}", "{% endif %}")
    script(template=template, header="<｜Assistant｜>")
    kinds = [o["type"] for o in objects(run("--prompt", "hello", "--json")[1])]
    assert kinds.count("recast") == 1
    code, out, err = run("--prompt", "hello " * 90, "--json", "--context", "64")
    overflow, finished = objects(out)
    assert (code, overflow["type"], finished["reason"]) == (1, "overflow", "overflow")
    assert (overflow["turns"], overflow["dropped"]) == ([], False)
    assert "no longer fits" in err


@pytest.mark.parametrize(
    ("flags", "wanted"),
    [
        ((), (None, None, None, "stop")),
        (("--think", "--keep-thoughts"), (True, None, True, "stop")),
        (("--no-think", "--drop-thoughts"), (False, None, False, "stop")),
        (("--thinking-budget", "7", "--on-overflow", "drop"), (None, 7, None, "drop")),
    ],
)
def test_flags_become_the_request(script, run, flags, wanted):
    made = script()
    run("--prompt", "hello", *flags)
    (request,) = made["requests"]
    assert (
        request.thinking,
        request.thinking_budget_tokens,
        request.keep_thoughts,
        request.on_overflow,
    ) == wanted


def test_think_for_a_model_that_does_not_is_said(script, run):
    script(UNKNOWN, thoughts=[])
    assert "does not think aloud" in run("--prompt", "hello", "--think")[2]
    assert run("--prompt", "hello")[2] == ""


@pytest.mark.parametrize("flags", [("--think", "--thinking-budget", "-1"), ("--context", "0"),
                                   ("--keep-thoughts", "--drop-thoughts"),
                                   ("--on-overflow", "forget")])  # fmt: skip
def test_wrong_flags_are_wrong_usage(flags, capsys):
    with pytest.raises(SystemExit) as leaving:
        cli.main(["chat", *flags], LOCK)
    assert leaving.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_talking_shows_thoughts_and_then_the_answer(script, talk):
    made = script()
    _, out, _ = talk(["hello", "is it?"])
    assert "Thinking:\nthe hand is in it\n\nand hello.\n" in out
    assert "Ctrl-\\ ends its thoughts" in out
    messages = made["requests"][1].messages
    assert messages[1].content == "and hello."
    assert messages[1].reasoning == "the hand is in it"


def test_commands_ask_again_and_steer_the_thinking(script, talk):
    made = script()
    _, out, err = talk(
        ["/again", "hello", "/again", "/edit is it?", "/think off", "/budget 3", "and?",
         "/think auto", "/budget off", "and it?", "/help", "/think maybe", "/etc is it?"]
    )  # fmt: skip
    assert "There is no question yet." in err
    asked = [r.messages[-1].content for r in made["requests"]]
    assert asked == ["hello", "hello", "is it?", "and?", "and it?", "/think maybe", "/etc is it?"]
    sizes = [len(r.messages) for r in made["requests"]]
    assert sizes == [1, 1, 1, 3, 5, 7, 9], "an answer that is asked again is forgotten"
    steered = [(r.thinking, r.thinking_budget_tokens) for r in made["requests"][3:5]]
    assert steered == [(False, 3), (None, None)]
    assert "/budget N|off" in out


def test_drop_leaves_out_what_no_longer_fits(script, talk):
    made = script()
    long = "hello and " * 8
    _, out, err = talk([long, long, "/drop"], "--context", "70")
    assert "It fits without the first 2 messages: /drop" in err
    assert "Left out, as they no longer fit: the first 2 messages." in err
    assert out.count("and hello.") == 2
    assert [r.on_overflow for r in made["requests"]] == ["stop", "stop", "drop"]
    assert made["requests"][2].messages == made["requests"][1].messages


@pytest.mark.skipif(not hasattr(signal, "SIGQUIT"), reason="no such key on this system")
def test_the_quit_key_ends_the_thoughts_and_does_nothing_at_the_prompt(script, talk):
    made = script(thoughts=["and " * 300])

    def at_the_prompt():
        os.kill(os.getpid(), signal.SIGQUIT)
        return "hello"

    def while_thinking(event_source):
        for count, event in enumerate(event_source):
            if count == 12:
                os.kill(os.getpid(), signal.SIGQUIT)
            yield event

    def ask():
        generate = made["engine"].generate
        made["engine"].generate = lambda request: while_thinking(generate(request))
        return at_the_prompt()

    _, out, _ = talk([ask])
    assert "and hello." in out
    assert out.count("and ") < 300


def test_stopping_before_the_answer_says_so_and_keeps_no_half_turn(script, talk):
    made = script(thoughts=["and " * 300])

    def interrupted(event_source):
        for count, event in enumerate(event_source):
            if count == 12:
                os.kill(os.getpid(), signal.SIGINT)
            yield event

    def first():
        generate = made["engine"].generate
        made["engine"].generate = lambda request: interrupted(generate(request))
        return "hello"

    _, _, err = talk([first, "again"], "--max-tokens", "40")
    assert "Stopped. The answer had not begun." in err
    assert [len(r.messages) for r in made["requests"]] == [1, 1]


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_on_a_terminal_thoughts_are_dimmed(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    printer = TextPrinter(terminal)
    printer.take(Token(1, "Hm\x1b[0m", Channel.REASONING))
    printer.take(Token(2, "\n</think>\n\n", Channel.MARKER))
    printer.take(Token(3, "Yes.", Channel.ANSWER))
    assert terminal.getvalue() == "\x1b[2mHm\ufffd[0m\x1b[0m\n\nYes."


def test_on_a_terminal_a_recast_is_named(monkeypatch, capsys):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    printer = TextPrinter(terminal)
    printer.take(Token(1, "Hm", Channel.ANSWER))
    printer.take(Recast())
    printer.take(Token(3, "Yes.", Channel.ANSWER))
    assert terminal.getvalue() == "Hm\nYes."
    assert "were thoughts" in capsys.readouterr().err
