"""What an open history is given from time to time: backups, and an end to old chats."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.bridge.history_upkeep import HistoryUpkeep
from app.bridge.history_worker import HistoryWorker
from app.bridge.tasks import Tasks
from app.chats.errors import DiskFullError
from app.chats.history import History
from app.chats.history_states import Ready
from app.chats.store import now_ms
from app.chats.upkeep.wipe import Wiped
from app.notices import Notice, NoticeKind, Notices

DAY_MS = 86_400_000


class Shelf:
    """An upkeep around the window's history, and what it told."""

    def __init__(self, door, qtbot) -> None:
        self.qtbot = qtbot
        self.shown: list[Notice] = []
        self.notices = Notices()
        self.notices.show_on(self.shown.append)
        self.history = HistoryWorker(door, self.notices)
        self.tasks = Tasks(self.notices)
        self.days = 0
        self.is_busy = False
        self.upkeep = HistoryUpkeep(
            self.history, self.tasks, self.notices, lambda: self.days, lambda: self.is_busy
        )
        self.wiped: list[bool] = []
        self.upkeep.wiped.connect(lambda: self.wiped.append(True))

    def open(self) -> History:
        self.history.open()
        self.qtbot.waitUntil(lambda: isinstance(self.history.state, Ready), timeout=20_000)
        assert isinstance(self.history.state, Ready)
        return self.history.state.history

    def after_all_work(self, work=lambda _history: None) -> object:
        """What `work` answers, once what was asked of the history before is done."""
        got: list[object] = []
        self.history.do(work, got.append, what_failed="")
        self.qtbot.waitUntil(lambda: bool(got), timeout=20_000)
        return got[0]

    def titles(self) -> list[str]:
        found = self.after_all_work(lambda h: [c.title for c in h.store.conversations()])
        assert isinstance(found, list)
        return found


@pytest.fixture
def shelf(history_door, qtbot) -> Iterator[Shelf]:
    made = Shelf(history_door, qtbot)
    yield made
    made.upkeep.close()
    made.history.close()
    made.tasks.close()


def age(history: History, title: str, days: int) -> None:
    """A chat that was last changed so many days ago."""
    chat = history.store.create(title)
    with history.store.database.write() as cursor:
        cursor.execute(
            "UPDATE conversation SET updated_at_ms = ? WHERE id = ?",
            (now_ms() - days * DAY_MS, chat.id),
        )


def trust_clock(history: History) -> None:
    """As if the program had run an hour ago."""
    with history.store.database.write() as cursor:
        cursor.execute(
            "INSERT INTO setting VALUES ('retention_clock', ?)", (f"[[{now_ms() - 3_600_000}, 0]]",)
        )


def test_the_days_backup_is_made_a_little_after_the_start_and_only_once(shelf, qtbot):
    history = shelf.open()
    assert history.backups() == ()
    assert shelf.upkeep._first_backup.isActive()
    shelf.upkeep._first_backup.timeout.emit()
    qtbot.waitUntil(lambda: len(history.backups()) == 1)
    shelf.upkeep._hourly.timeout.emit()
    shelf.tasks.close()
    assert len(history.backups()) == 1
    assert shelf.shown == []


def test_a_backup_that_fails_is_told(shelf, qtbot, monkeypatch):
    history = shelf.open()

    def fail() -> None:
        raise DiskFullError("The backup could not be made: the disk is full.")

    monkeypatch.setattr(history, "back_up_if_due", fail)
    shelf.upkeep.back_up()
    qtbot.waitUntil(lambda: bool(shelf.shown))
    assert shelf.shown[0].text.endswith("the disk is full.")
    assert shelf.shown[0].kind is NoticeKind.ERROR


def test_a_backup_that_a_lock_stops_is_not_told(shelf, qtbot, monkeypatch):
    history = shelf.open()
    monkeypatch.setattr(history, "back_up_if_due", lambda: history.store.get(404))
    shelf.upkeep.back_up()
    shelf.history.lock()
    qtbot.waitUntil(lambda: not shelf.upkeep._hourly.isActive())
    qtbot.wait(20)
    assert shelf.shown == []


def test_old_chats_go_at_the_start_if_that_was_asked_for(shelf):
    history = shelf.open()
    for days in (1, 40):
        age(history, f"{days} days", days)
    trust_clock(history)
    shelf.upkeep.delete_old()
    assert sorted(shelf.titles()) == ["1 days", "40 days"], "never is the default"
    shelf.days = 30
    shelf.is_busy = True
    shelf.upkeep.delete_old()
    assert len(shelf.titles()) == 2, "not while an answer is being kept"
    shelf.is_busy = False
    shelf.upkeep.delete_old()
    assert shelf.titles() == ["1 days"]
    assert shelf.wiped == [True]
    assert [n.text for n in shelf.shown] == ["Old chats deleted: 1."]


def test_what_a_wipe_could_not_reach_is_told(shelf):
    shelf.upkeep.tell_left_over(Wiped(3, (Path("b/one"),), (Path("b/two"),)))
    assert [n.kind for n in shelf.shown] == [NoticeKind.WARNING] * 2
    assert "one was damaged" in shelf.shown[0].text
    assert "Delete it by hand" in shelf.shown[1].text


def test_nothing_is_done_to_a_history_that_is_not_open(shelf):
    shelf.days = 30
    shelf.upkeep.back_up()
    shelf.upkeep.delete_old()
    assert shelf.shown == []
    assert not shelf.upkeep._hourly.isActive()
