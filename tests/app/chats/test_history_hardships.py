"""What stands in a history's way without being lost: wipes and moves that a kill cut short, a
backup that can't be reached, a disk that refuses one file.
"""

from __future__ import annotations

import errno
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.chats import history_entry, profile_opening
from app.chats.errors import DiskFailedError, StoreError
from app.chats.history import History
from app.chats.history_states import CannotOpen, Choice, DoorState, NoHistory, Ready
from app.chats.model import TextPart
from app.chats.profile import Holder, Profile
from app.chats.profile_opening import HistoryDoor
from app.chats.upkeep import integrity, wipe
from app.chats.upkeep.backup_list import Backup
from app.chats.vault.backends import KeyringKind
from app.chats.vault.envelope_file import COPY_NAME
from app.chats.vault.keyrings import Keyrings
from app.chats.vault.passphrase import Argon2Cost
from app.chats.vault.ways import Ways
from tests.app.chats.vault.conftest import FakeKeyring

LIMIT_S = 30.0
CHEAP = Argon2Cost(memory_kib=16, iterations=1, lanes=1)
WORDS = "rain on the roof"

pytestmark = pytest.mark.usefixtures("small_margin")


class KilledError(BaseException):
    """The process ends here."""


@pytest.fixture
def keyring() -> FakeKeyring:
    return FakeKeyring()


@pytest.fixture
def new_door(tmp_path: Path, keyring: FakeKeyring) -> Iterator[Callable[[], HistoryDoor]]:
    doors: list[HistoryDoor] = []

    def make() -> HistoryDoor:
        keyrings = Keyrings({KeyringKind.SECRET_SERVICE: keyring})
        for door in doors:  # the process before this one has ended
            door.close()
        doors.append(HistoryDoor(Profile(tmp_path / "history"), Holder.WINDOW, keyrings, CHEAP))
        return doors[-1]

    yield make
    for door in doors:
        door.close()
    for thread in threading.enumerate():
        if thread.name == "keyring":
            thread.join(60)


@pytest.fixture
def history(new_door: Callable[[], HistoryDoor]) -> History:
    """Two chats and a backup of them."""
    history = ready(new_door().open(LIMIT_S))
    for text in ("one", "two"):
        history.store.start(text, (TextPart(text),))
    history.back_up()
    return history


def ready(state: DoorState) -> History:
    assert isinstance(state, Ready), state
    return state.history


def titles(history: History) -> list[str]:
    return sorted(chat.title for chat in history.store.conversations())


def ways_of(backup: Backup) -> set[str]:
    return set(json.loads((backup.folder / "vault.json").read_text())["ways"])


def kill_in(monkeypatch: pytest.MonkeyPatch, place: object, name: str) -> None:
    def killed(*_arguments: object) -> None:
        raise KilledError

    monkeypatch.setattr(place, name, killed)


def cut_short(history: History, monkeypatch: pytest.MonkeyPatch) -> Backup:
    """A wipe of the first chat that did not come to the backups; the backup."""
    with monkeypatch.context() as patch:
        kill_in(patch, wipe, "_clean_backups")
        with pytest.raises(KilledError):
            history.wipe([1])
    return history.backups()[0]


def test_a_backup_that_a_wipe_can_not_reach_keeps_nobody_from_their_chats(
    history: History, new_door: Callable[[], HistoryDoor], monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = cut_short(history, monkeypatch)
    elsewhere = backup.folder / "elsewhere"
    backup.database.rename(elsewhere)
    backup.database.mkdir()
    state = new_door().open(LIMIT_S)
    assert titles(ready(state)) == ["two"]
    assert isinstance(state, Ready)
    (notice,) = state.notices
    assert notice.startswith("Chats that were deleted for good may still be in backups.")
    assert notice.endswith("Pitcher tries again at its next start.")
    backup.database.rmdir()
    elsewhere.rename(backup.database)
    state = new_door().open(LIMIT_S)
    assert isinstance(state, Ready)
    assert state.notices == ()
    door = new_door()
    door.open(LIMIT_S)
    assert titles(ready(door.restore(backup))) == ["two"]


def test_a_wipe_takes_what_a_kill_left_of_other_backups(
    history: History, new_door: Callable[[], HistoryDoor]
) -> None:
    folder = history.backups()[0].folder
    for left in (".part-2024-01-01T00-00-00Z-daily", ".gone-2024-01-01T00-00-00Z-daily"):
        (folder.parent / left).mkdir()
        (folder.parent / left / "history.db").write_bytes(b"all chats")
    history.wipe([1])
    assert list(folder.parent.iterdir()) == [folder]


def test_a_key_goes_with_its_history_also_when_the_wipe_was_cut_short(
    history: History,
    keyring: FakeKeyring,
    new_door: Callable[[], HistoryDoor],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    history.close()
    with monkeypatch.context() as patch:
        kill_in(patch, profile_opening.HistoryDoor, "_entry_deleted")
        with pytest.raises(KilledError):
            new_door().wipe_everything(LIMIT_S)
    assert len(keyring.entries) == 1
    assert new_door().open(LIMIT_S, begins=False) == NoHistory()
    assert keyring.entries == {}


def test_a_key_that_stays_is_told_when_the_wipe_is_completed(
    history: History,
    keyring: FakeKeyring,
    new_door: Callable[[], HistoryDoor],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    history.close()
    with monkeypatch.context() as patch:
        kill_in(patch, profile_opening.HistoryDoor, "_entry_deleted")
        with pytest.raises(KilledError):
            new_door().wipe_everything(LIMIT_S)
    keyring.is_here = False
    door = new_door()
    door.open(LIMIT_S)
    state = door.begin_under_passphrase(WORDS)
    assert isinstance(state, Ready)
    assert "could not be deleted from" in "".join(state.notices)


def test_after_a_wipe_a_history_begins_beside_what_a_user_put_among_the_backups(
    history: History, new_door: Callable[[], HistoryDoor]
) -> None:
    mine = history.profile.backups / "mine" / "notes.txt"
    mine.parent.mkdir()
    mine.write_text("mine")
    (history.profile.backups / "list.txt").write_text("mine too")
    history.close()
    assert new_door().wipe_everything(LIMIT_S) == ""
    assert titles(ready(new_door().open(LIMIT_S))) == []
    assert mine.read_text() == "mine"


def test_backups_of_a_history_that_leaves_its_keyring_can_be_opened_after_a_kill(
    history: History, new_door: Callable[[], HistoryDoor], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        kill_in(patch, Ways, "_delete_entry")
        with pytest.raises(KilledError):
            history.move_to_passphrase(WORDS, LIMIT_S)
    assert ways_of(history.backups()[0]) == {"keyring", "passphrase"}


def test_a_disk_that_refuses_the_database_leaves_the_backup_to_choose(
    history: History, new_door: Callable[[], HistoryDoor], monkeypatch: pytest.MonkeyPatch
) -> None:
    history.close()

    def refused(_path: Path) -> None:
        raise DiskFailedError("The disk refused to read the history.")

    door = new_door()
    with monkeypatch.context() as patch:
        patch.setattr(history_entry, "examine", refused)
        state = door.open(LIMIT_S)
    assert isinstance(state, CannotOpen)
    assert state.choices == (Choice.BACKUP, Choice.RETRY)
    assert titles(ready(door.restore())) == ["one", "two"]


def test_an_unreadable_sector_of_vault_json_is_what_its_copy_is_for(
    history: History, new_door: Callable[[], HistoryDoor], monkeypatch: pytest.MonkeyPatch
) -> None:
    history.close()
    refused = history.profile.envelope
    real = os.open

    def opened(path: str | Path, *arguments: int) -> int:
        if Path(path) == refused:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(path, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", opened)
        state = new_door().open(LIMIT_S)
    assert titles(ready(state)) == ["one", "two"]
    assert isinstance(state, Ready)
    assert "could not be read. It was put back from its copy" in "".join(state.notices)


def test_a_backup_that_can_not_be_looked_into_hides_no_other(
    history: History, new_door: Callable[[], HistoryDoor]
) -> None:
    whole = history.backups()[0]
    unreachable = whole.folder.with_name("2099-01-01T00-00-00Z-daily")
    unreachable.symlink_to(unreachable.name)
    assert [backup.folder for backup in history.backups()] == [unreachable, whole.folder]
    history.profile.database.rename(history.profile.folder / "lost")
    door = new_door()
    assert isinstance(door.open(LIMIT_S), CannotOpen)
    assert titles(ready(door.restore())) == ["one", "two"]


def test_a_backup_does_not_undo_half_a_change_of_the_ways(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thread that makes a backup reads the envelope between the writing of its two files."""
    copy, copies = history.profile.folder / COPY_NAME, list[bytes]()
    real = os.replace

    def replace(source: Path, target: Path) -> None:
        if target == history.profile.envelope and not copies:
            copies.append(copy.read_bytes())
            with ThreadPoolExecutor(1) as pool:
                pool.submit(history.back_up).result(60)
            copies.append(copy.read_bytes())
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", replace)
        history.set_recovery(WORDS)
    assert copies == [history.profile.envelope.read_bytes()] * 2
    assert all("recovery" in ways_of(backup) for backup in history.backups())


@pytest.mark.parametrize("stage", ["read_all_pages", "check_index"])
def test_locking_ends_a_check_and_lets_go_of_the_file(
    history: History, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    begins, real = threading.Event(), getattr(integrity, stage)

    def slow(*arguments: object) -> None:
        begins.set()
        while not history._is_leaving:
            time.sleep(0.01)
        real(*arguments)

    monkeypatch.setattr(integrity, stage, slow)
    with history.store.database.write():
        for number in range(300):
            history.store.create(f"chat {number}")
    with ThreadPoolExecutor(1) as pool:
        check = pool.submit(history.verify)
        assert begins.wait(60)
        history.lock_now()
        # The last one that has it open takes the log away.
        assert not (history.profile.folder / "history.db-wal").exists()
        with pytest.raises(StoreError, match="check was stopped"):
            check.result(60)


def test_a_backup_that_a_clock_ahead_of_time_dated_is_not_the_newest(
    history: History, new_door: Callable[[], HistoryDoor]
) -> None:
    """Nothing of the history itself can be read, so that the backup is all there is."""
    folder = history.backups()[0].folder
    folder.rename(folder.with_name("2099-01-01T00-00-00Z-daily"))
    history.store.start("three", (TextPart("three"),))
    newest = history.back_up()
    history.close()
    history.profile.database.write_bytes(bytes(8192))
    door = new_door()
    assert isinstance(door.open(LIMIT_S), CannotOpen)
    assert titles(ready(door.restore())) == ["one", "three", "two"]
    assert newest.folder.exists()


def test_what_a_user_calls_a_restoring_is_none(
    history: History, new_door: Callable[[], HistoryDoor]
) -> None:
    mine = history.profile.folder / "restoring-notes.txt"
    mine.write_text("mine")
    history.close()
    assert titles(ready(new_door().open(LIMIT_S))) == ["one", "two"]
    assert mine.read_text() == "mine"
