"""Waiting for a keyring on the command line: as long as a person likes, and never for ever."""

from __future__ import annotations

import pytest

from app.chats.history_states import CannotOpen, DoorState, KeyringWaits
from app.cli import opening
from app.cli.failure import CommandError
from app.cli.opening import opened
from app.cli.passphrases import Passphrases


class SlowDoor:
    """A door whose keyring never answers; `interrupted_in` is the round with a Ctrl-C."""

    def __init__(self, interrupted_in: int = 0) -> None:
        self.waits_s: list[float] = []
        self._interrupted_in = interrupted_in
        self._is_cancelled = False

    def wait_on(self, limit_s: float) -> DoorState:
        self.waits_s.append(limit_s)
        if self._is_cancelled:
            return CannotOpen("The keyring had not answered yet.")
        if len(self.waits_s) == self._interrupted_in:
            raise KeyboardInterrupt
        return KeyringWaits()

    def cancel(self) -> None:
        self._is_cancelled = True


def test_where_nobody_is_it_gives_up_and_lets_others_in() -> None:
    door = SlowDoor()
    with pytest.raises(CommandError, match="had not answered"):
        opened(door, KeyringWaits(), Passphrases(None))  # type: ignore[arg-type]
    assert door.waits_s == [60.0, 60.0, 60.0, 0]


def test_a_person_waits_until_they_press_ctrl_c(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(opening, "is_terminal", lambda: True)
    door = SlowDoor(interrupted_in=20)
    with pytest.raises(CommandError, match="had not answered"):
        opened(door, KeyringWaits(), Passphrases(None))  # type: ignore[arg-type]
    assert door.waits_s == [60.0] * 20 + [0]
    assert "Ctrl-C stops waiting" in capsys.readouterr().err
