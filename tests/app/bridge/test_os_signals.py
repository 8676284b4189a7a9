"""Signals of the operating system reach Qt's loop, and what was before comes back."""

from __future__ import annotations

import os
import signal

import pytest

from app.bridge.os_signals import QuitSignals


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_is_told_on_the_gui_thread(qtbot, number):
    before = signal.getsignal(number)
    with QuitSignals() as signals:
        with qtbot.waitSignal(signals.received) as told:
            os.kill(os.getpid(), number)
        assert told.args == [number]
    assert signal.getsignal(number) is before


def test_other_signals_are_not_taken_for_it(qtbot):
    got: list[int] = []
    before = signal.signal(signal.SIGUSR1, lambda *_: None)
    try:
        with QuitSignals() as signals:
            signals.received.connect(got.append)
            os.kill(os.getpid(), signal.SIGUSR1)
            qtbot.wait(20)
        assert got == []
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_where_no_pipe_can_be_watched_the_handler_itself_tells(qtbot, monkeypatch):
    monkeypatch.setattr("app.bridge.os_signals.os.name", "nt")
    signals = QuitSignals()
    with signals:
        monkeypatch.undo()
        with qtbot.waitSignal(signals.received) as told:
            os.kill(os.getpid(), signal.SIGTERM)
    assert told.args == [signal.SIGTERM]
