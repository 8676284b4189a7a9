"""The history's thread: its states as a window sees them, and that work waits its turn."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from app.bridge.history_states import HistoryState, Locked, Opening, TemporaryOnly
from app.bridge.history_worker import HistoryWorker, Place
from app.chats.errors import DiskFullError, VaultError
from app.chats.history import AnyHistory, History
from app.chats.history_states import (
    CannotOpen,
    FirstTime,
    InUse,
    NeedsPassphrase,
    Ready,
)
from app.chats.profile import Holder, Profile
from app.chats.profile_opening import HistoryDoor
from app.chats.vault.backends import KeyringKind
from app.chats.vault.keyrings import Keyrings
from app.chats.vault.passphrase import Argon2Cost
from app.notices import Notice, Notices
from tests.app.chats.vault.conftest import FakeKeyring

CHEAP = Argon2Cost(memory_kib=16, iterations=1, lanes=1)
WORDS = "rain on the roof"
T = TypeVar("T")


class Desk:
    """A window's history over a profile, and what it told."""

    def __init__(self, folder: Path, wait: Callable[[Callable[[], bool]], None]) -> None:
        self.folder = folder
        self.keyring = FakeKeyring()
        self.wait = wait
        self.told: list[HistoryState] = []
        self.notices = Notices()
        self.shown: list[Notice] = []
        self.notices.show_on(self.shown.append)
        self.workers: list[HistoryWorker] = []

    def door(self, holder: Holder = Holder.WINDOW) -> HistoryDoor:
        keyrings = Keyrings({KeyringKind.SECRET_SERVICE: self.keyring})
        return HistoryDoor(Profile(self.folder), holder, keyrings, CHEAP)

    def start(self) -> HistoryWorker:
        worker = HistoryWorker(self.door(), self.notices)
        worker.changed.connect(self.told.append)
        self.workers.append(worker)
        return worker

    def after(self, act: Callable[[], None]) -> HistoryState:
        """The state that `act` leads to."""
        self.told.clear()
        act()
        self.wait(lambda: bool(self.told) and not isinstance(self.told[-1], Opening))
        return self.told[-1]

    def done(
        self,
        worker: HistoryWorker,
        work: Callable[[AnyHistory], T],
        place: Place = Place.KEPT,
    ) -> T | Exception:
        got: list[T | Exception] = []
        worker.do(work, got.append, what_failed="", on_failure=got.append, place=place)
        self.wait(lambda: bool(got))
        return got[0]

    def close(self) -> None:
        for worker in self.workers:
            worker.close()


@pytest.fixture
def desk(tmp_path: Path, qtbot) -> Iterator[Desk]:
    desk = Desk(tmp_path / "history", lambda met: qtbot.waitUntil(met, timeout=20_000))
    yield desk
    desk.close()
    for thread in threading.enumerate():
        if thread.name == "keyring":
            thread.join(60)


def begin(title: str) -> Callable[[AnyHistory], int]:
    return lambda history: history.store.create(title).id


def titles(history: AnyHistory) -> list[str]:
    return [chat.title for chat in history.store.conversations()]


def test_a_history_begins_in_the_keyring_and_keeps_what_it_is_given(desk):
    worker = desk.start()
    assert isinstance(worker.state, Opening)
    state = desk.after(worker.open)
    assert isinstance(state, Ready)
    assert worker.state is state
    assert isinstance(desk.done(worker, begin("rain")), int)
    worker.close()
    again = desk.start()
    assert isinstance(desk.after(again.open), Ready)
    assert desk.done(again, titles) == ["rain"]


def test_work_is_done_elsewhere_in_the_order_in_which_it_was_given(desk):
    worker = desk.start()
    desk.after(worker.open)
    order: list[int] = []
    for number in range(20):
        worker.do(lambda _history, n=number: order.append(n), lambda _: None, what_failed="")
    assert desk.done(worker, lambda _history: threading.get_ident()) != threading.get_ident()
    assert order == list(range(20))


def test_what_was_asked_before_a_lock_is_done_and_what_comes_after_is_refused(desk):
    worker = desk.start()
    desk.after(worker.open)
    got: list[object] = []
    worker.do(begin("before"), got.append, what_failed="")
    state = desk.after(worker.lock)
    assert state == Locked(asks_passphrase=False)
    assert len(got) == 1
    refused = desk.done(worker, begin("after"))
    assert isinstance(refused, VaultError)
    assert "locked" in str(refused)
    assert isinstance(desk.after(worker.open), Ready)
    assert desk.done(worker, titles) == ["before"]


def test_a_lock_between_two_openings_locks_what_the_second_one_opened(desk):
    worker = desk.start()
    desk.after(worker.open)
    state = worker.state
    worker.open()
    worker._tell(state)  # as the window still saw it when its owner pressed Ctrl+L
    desk.told.clear()
    worker.lock()
    desk.wait(lambda: Locked(asks_passphrase=False) in desk.told)
    desk.done(worker, titles)
    assert isinstance(worker.state, Locked)


def test_a_lock_after_an_opening_that_failed_says_that_it_is_closed(desk):
    worker = desk.start()
    desk.after(worker.open)
    state = worker.state
    worker.restore()  # there is no backup
    worker._tell(state)
    desk.told.clear()
    worker.lock()
    desk.wait(lambda: any(isinstance(told, CannotOpen) for told in desk.told[1:]))
    desk.done(worker, titles)
    assert isinstance(worker.state, CannotOpen)


def test_locking_what_is_not_open_changes_nothing(desk):
    worker = desk.start()
    worker.lock()
    assert desk.told == []


def test_without_a_keyring_a_passphrase_begins_it_and_unlocks_it_again(desk):
    desk.keyring.is_here = False
    worker = desk.start()
    assert isinstance(desk.after(worker.open), FirstTime)
    short = desk.after(lambda: worker.begin_under_passphrase("a"))
    assert isinstance(short, FirstTime)
    assert short.sentence
    assert isinstance(desk.after(lambda: worker.begin_under_passphrase(WORDS)), Ready)
    desk.done(worker, begin("rain"))
    assert desk.after(worker.lock) == Locked(asks_passphrase=True)
    wrong = desk.after(lambda: worker.unlock("rain on the road"))
    assert isinstance(wrong, NeedsPassphrase)
    assert "Nothing was changed" in wrong.why
    assert isinstance(desk.after(lambda: worker.try_passphrase(WORDS)), Ready)
    desk.after(worker.lock)
    assert isinstance(desk.after(lambda: worker.unlock(WORDS)), Ready)
    assert desk.done(worker, titles) == ["rain"]


def test_a_temporary_chat_lives_beside_the_history_and_leaves_nothing_in_it(desk):
    worker = desk.start()
    desk.after(worker.open)
    desk.done(worker, begin("kept"))
    desk.done(worker, begin("gone"), Place.TEMPORARY)
    assert desk.done(worker, titles) == ["kept"]
    assert desk.done(worker, titles, Place.TEMPORARY) == ["gone"]


def test_who_goes_on_without_a_history_leaves_it_to_others(desk):
    desk.keyring.is_here = False
    worker = desk.start()
    desk.after(worker.open)
    assert isinstance(desk.after(worker.go_on_temporary), TemporaryOnly)
    assert isinstance(desk.done(worker, begin("x")), VaultError)
    assert isinstance(desk.done(worker, begin("x"), Place.TEMPORARY), int)
    other = desk.start()
    assert isinstance(desk.after(other.open), FirstTime)


def test_a_second_window_is_told_who_has_it(desk):
    first, second = desk.start(), desk.start()
    desk.after(first.open)
    assert isinstance(desk.after(second.open), InUse)
    first.close()
    assert isinstance(desk.after(second.open), Ready)


def test_a_keyring_that_waits_is_told_and_can_be_given_up(desk, monkeypatch):
    monkeypatch.setattr("app.bridge.history_worker._FIRST_WAIT_S", 0.01)
    worker = desk.start()
    desk.after(worker.open)
    worker.close()
    desk.keyring.gate = threading.Event()
    again = desk.start()
    again.open()
    desk.wait(lambda: Opening(waits=True) in desk.told)
    try:
        state = desk.after(again.cancel)
    finally:
        desk.keyring.gate.set()
    assert isinstance(state, CannotOpen)
    desk.keyring.gate = None
    assert isinstance(desk.after(again.open), Ready)


def test_a_lock_whose_log_cannot_be_written_back_says_so_and_locks(desk, monkeypatch):
    worker = desk.start()
    state = desk.after(worker.open)
    assert isinstance(state, Ready)
    close = state.history.close_database

    def full() -> None:
        close()
        raise DiskFullError("The disk is full. Nothing is lost.")

    monkeypatch.setattr(state.history, "close_database", full)
    locked = desk.after(worker.lock)
    assert locked == Locked(asks_passphrase=False, sentence="The disk is full. Nothing is lost.")
    assert isinstance(desk.done(worker, titles), VaultError)


def test_a_backup_takes_the_history_s_place(desk):
    worker = desk.start()
    desk.after(worker.open)
    desk.done(worker, begin("old"))
    desk.done(worker, History.back_up)
    desk.done(worker, begin("new"))
    state = desk.after(worker.restore)
    assert isinstance(state, Ready)
    assert state.notices
    found = desk.done(worker, titles)
    assert isinstance(found, list)
    assert "old" in found


def test_nothing_to_restore_is_a_sentence_and_the_history_opens_again(desk):
    worker = desk.start()
    desk.after(worker.open)
    state = desk.after(worker.restore)
    assert isinstance(state, CannotOpen)
    assert "backup" in state.sentence
    assert isinstance(desk.after(worker.open), Ready)


def test_after_closing_nothing_more_is_done(desk):
    worker = desk.start()
    desk.after(worker.open)
    worker.close()
    worker.close()
    done: list[object] = []
    worker.do(done.append, done.append, what_failed="")
    desk.told.clear()
    worker.open()
    assert desk.told == []
    assert done == []
