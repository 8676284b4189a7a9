"""The idle clock says when it is time to lock."""

import time

import pytest

from app.chats.vault.autolock import AutoLock, elapsed_ms


class Clock:
    def __init__(self) -> None:
        self.now_ms = 5_000

    def __call__(self) -> int:
        return self.now_ms


def test_it_is_due_once_no_one_was_here_long_enough() -> None:
    clock = Clock()
    lock = AutoLock(600_000, clock)
    clock.now_ms += 599_999
    assert not lock.is_due()
    assert lock.due_in_ms() == 1
    clock.now_ms += 1
    assert lock.is_due()
    clock.now_ms += 10_000_000
    assert lock.is_due()
    assert lock.due_in_ms() == 0


def test_a_touch_begins_the_time_anew() -> None:
    clock = Clock()
    lock = AutoLock(1_000, clock)
    clock.now_ms += 999
    lock.touch()
    clock.now_ms += 999
    assert not lock.is_due()
    assert lock.due_in_ms() == 1


def test_without_a_time_it_is_never_due() -> None:
    clock = Clock()
    lock = AutoLock(None, clock)
    clock.now_ms += 10**12
    assert not lock.is_due()
    assert lock.due_in_ms() is None


@pytest.mark.parametrize("after_ms", [0, -1])
def test_no_time_at_all_is_refused(after_ms: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        AutoLock(after_ms)


def test_the_clock_goes_on_while_the_computer_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "CLOCK_BOOTTIME", 7, raising=False)
    monkeypatch.setattr(time, "clock_gettime_ns", lambda clock: clock * 1_000_000, raising=False)
    assert elapsed_ms() == 7


def test_where_there_is_no_such_clock_the_monotonic_one_serves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(time, "CLOCK_BOOTTIME", raising=False)
    monkeypatch.setattr(time, "monotonic_ns", lambda: 42_900_000)
    assert elapsed_ms() == 42
