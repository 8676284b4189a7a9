"""A call that may never be answered: waited for, given up, and its late answer dropped."""

import threading

import pytest

from app.chats.errors import KeyMissingError, KeyringUnavailableError
from app.chats.vault.waiting import KeyringCall
from app.chats.vault.words import Reason, failure


class Slow:
    """Work that is over when the test says so."""

    def __init__(self, answer: object = "the answer") -> None:
        self.gate = threading.Event()
        self.dropped: list[object] = []
        self.has_dropped = threading.Event()
        self._answer = answer

    def __call__(self) -> object:
        assert self.gate.wait(60)
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer

    def drop(self, answer: object) -> None:
        self.dropped.append(answer)
        self.has_dropped.set()


def test_an_answer_is_handed_on() -> None:
    call = KeyringCall(lambda: 42)
    assert call.wait(60)
    assert call.result() == 42
    assert call.result() == 42


def test_a_failure_is_raised_where_the_result_is_asked_for() -> None:
    def fail() -> None:
        raise failure(Reason.MISSING)

    call = KeyringCall(fail)
    assert call.wait(60)
    with pytest.raises(KeyMissingError):
        call.result()


def test_one_can_wait_and_wait_on_for_the_same_answer() -> None:
    slow = Slow()
    call = KeyringCall(slow, slow.drop)
    assert not call.wait(0.01)
    assert not call.wait(0)
    with pytest.raises(KeyringUnavailableError) as raised:
        call.result()
    assert raised.value.reason == Reason.SLOW
    slow.gate.set()
    assert call.wait(60)
    assert call.result() == "the answer"
    assert slow.dropped == []


def test_cancelling_wakes_whoever_waits_and_a_late_answer_is_dropped() -> None:
    slow = Slow()
    call = KeyringCall(slow, slow.drop)
    threading.Timer(0.02, call.cancel).start()
    assert call.wait(60)
    with pytest.raises(KeyringUnavailableError) as raised:
        call.result()
    assert raised.value.reason == Reason.CANCELLED
    slow.gate.set()
    assert slow.has_dropped.wait(60)
    assert slow.dropped == ["the answer"]
    call.cancel()
    with pytest.raises(KeyringUnavailableError):
        call.result()


def test_a_late_failure_and_a_late_answer_that_no_one_drops_are_nothing(join_keyrings) -> None:
    for slow, drop in ((Slow(failure(Reason.LOCKED)), None), (Slow(), None)):
        call = KeyringCall(slow, drop)
        call.cancel()
        slow.gate.set()
        join_keyrings()
        with pytest.raises(KeyringUnavailableError) as raised:
            call.result()
        assert raised.value.reason == Reason.CANCELLED


def test_cancelling_too_late_leaves_the_answer() -> None:
    call = KeyringCall(lambda: "here")
    assert call.wait(60)
    call.cancel()
    assert call.result() == "here"


def test_waiting_once_gives_up_at_the_limit() -> None:
    slow = Slow()
    call = KeyringCall(slow, slow.drop)
    with pytest.raises(KeyringUnavailableError) as raised:
        call.answer_within(0.01)
    assert raised.value.reason == Reason.SLOW
    slow.gate.set()
    assert slow.has_dropped.wait(60)
    assert KeyringCall(lambda: 1).answer_within(60) == 1


def test_a_fault_of_our_own_is_reported_and_leaves_no_one_waiting(
    monkeypatch: pytest.MonkeyPatch, join_keyrings
) -> None:
    reported: list[object] = []
    monkeypatch.setattr(threading, "excepthook", lambda told: reported.append(told.exc_type))

    def broken() -> None:
        raise ZeroDivisionError

    call = KeyringCall(broken)
    assert call.wait(60)
    with pytest.raises(KeyringUnavailableError):
        call.result()
    join_keyrings()
    assert reported == [ZeroDivisionError]


def test_the_program_can_leave_while_a_keyring_is_silent() -> None:
    slow = Slow()
    call = KeyringCall(slow)
    (thread,) = (thread for thread in threading.enumerate() if thread.name == "keyring")
    assert thread.daemon
    call.cancel()
    slow.gate.set()
