"""A program without a console: what Pitcher says is shown, what libraries write is dropped."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app import roles
from app.airlock import streams


@contextmanager
def no_streams() -> Iterator[None]:
    """As Windows starts a window's program; what was opened for it is closed."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("stdin", "stdout", "stderr"):
            patch.setattr(sys, name, None)
        yield
        sys.stdin.close()
        sys.stdout.close()


def test_our_sentences_are_shown_and_nothing_else() -> None:
    shown: list[str] = []
    with no_streams():
        streams.fill(shown.append)
        print("for nobody")
        print("warning of a library", file=sys.stderr)
        sys.stderr.write("pitcher: The window ")
        sys.stderr.write("can't open.\nand more")
        sys.stderr.flush()
        typed, can_be_written = sys.stdin.read(), sys.stderr.writable()
    assert shown == ["The window can't open."]
    assert typed == ""
    assert can_be_written


def test_streams_that_are_there_stay() -> None:
    before = (sys.stdin, sys.stdout, sys.stderr)
    streams.fill()
    assert (sys.stdin, sys.stdout, sys.stderr) == before


def test_a_wrong_role_is_told_without_a_console(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(streams, "show_box", shown.append)
    with no_streams():
        code = roles.main(["--role", "cook"])
    assert code == 2
    assert [sentence.split(" is ")[0] for sentence in shown] == ["--role"]


def test_the_box_is_windows_own(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[object, ...]] = []

    class User32:
        @staticmethod
        def MessageBoxW(*arguments: object) -> None:
            calls.append(arguments)

    class Windll:
        user32 = User32

    monkeypatch.setattr(ctypes, "windll", Windll, raising=False)
    streams.show_box("not shown")
    monkeypatch.setattr(sys, "platform", "win32")
    streams.show_box("It can't start.")
    assert calls == [(None, "It can't start.", "Pitcher", 16)]
