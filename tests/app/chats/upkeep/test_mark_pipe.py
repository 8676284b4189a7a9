"""A pipe, a device or a folder in the place of the history's small files is not waited for."""

import os
from pathlib import Path

import pytest

from app.chats.history_states import CannotOpen, Ready
from app.chats.profile import Holder, Profile
from app.chats.profile_opening import HistoryDoor
from app.chats.upkeep.disk import open_plain
from app.chats.upkeep.wal_mark import mark_path, read_mark, wal_path
from app.chats.vault.keyrings import Keyrings
from app.chats.vault.passphrase import Argon2Cost

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
CHEAP = Argon2Cost(memory_kib=16, iterations=1, lanes=1)
WORDS = "correct horse battery staple"


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Profile:
    monkeypatch.setattr("app.chats.upkeep.disk.MARGIN_BYTES", 0)
    found = Profile(tmp_path / "history")
    door = HistoryDoor(found, Holder.WINDOW, Keyrings({}), CHEAP)
    door.open()
    assert isinstance(door.begin_under_passphrase(WORDS), Ready)
    door.close()
    return found


def test_a_pipe_in_the_place_of_the_mark_hangs_nothing_and_is_replaced(profile: Profile) -> None:
    mark = mark_path(profile.database)
    mark.unlink()
    os.mkfifo(mark)
    assert read_mark(profile.database) is None
    door = HistoryDoor(profile, Holder.WINDOW, Keyrings({}), CHEAP)
    door.open()
    assert isinstance(door.try_passphrase(WORDS), Ready)
    door.close()
    assert mark.is_file()
    found = read_mark(profile.database)
    assert found is not None
    assert not found.is_open


def test_a_pipe_in_the_place_of_the_log_is_said(profile: Profile) -> None:
    os.mkfifo(wal_path(profile.database))
    door = HistoryDoor(profile, Holder.WINDOW, Keyrings({}), CHEAP)
    door.open()
    state = door.try_passphrase(WORDS)
    door.close()
    assert isinstance(state, CannotOpen)


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path):
        with pytest.raises(OSError, match=r"no ordinary file|directory"):
            open_plain(path)
    (tmp_path / "file").write_bytes(b"one")
    with open_plain(tmp_path / "file") as stream:
        assert stream.read() == b"one"
