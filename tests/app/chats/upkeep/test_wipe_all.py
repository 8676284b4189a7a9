"""Everything gone but what is not ours; cut short anywhere, it is completed."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.chats.errors import DiskFailedError, EnvelopeError
from app.chats.upkeep.backup_list import BackupKind
from app.chats.upkeep.restore import restore
from app.chats.upkeep.wipe_all import finish_wipe_all, wipe_all
from app.chats.vault import envelope_file


class Killed(BaseException):
    """The end of the process, as far as a test can stage it."""


@pytest.fixture
def full(house: Any) -> Any:
    """Every kind of file that a history has, and two of the user's own."""
    house.chat("chat", "text")
    backup = house.backups.make(BackupKind.DAILY)
    house.close()
    restore(house.profile, backup, house.key, house.clock)
    for name in ("history.db-wal", "history.db.new", "history.lock", ".reading", "mine.txt"):
        (house.profile.folder / name).write_bytes(b"x")
    for name in (".draft", "restoring-2024-01-01T00-00-00Z", "my folder"):
        (house.profile.folder / name).mkdir()
        (house.profile.folder / name / "vault.json").write_bytes(b"x")
    return house


def left(house: Any) -> list[str]:
    files = (path for path in house.profile.folder.rglob("*") if path.is_file())
    return sorted(str(path.relative_to(house.profile.folder)) for path in files)


MINE = ["history.lock", "mine.txt", "my folder/vault.json"]


def test_all_that_is_ours_goes_and_nothing_else(full: Any) -> None:
    wipe_all(full.profile)
    assert left(full) == MINE
    assert not finish_wipe_all(full.profile)
    with pytest.raises(EnvelopeError):
        envelope_file.load(full.profile.folder)


def test_backups_on_another_disk_go_and_what_else_is_there_stays(
    house: Any, tmp_path: Path
) -> None:
    other = tmp_path / "stick"
    other.mkdir()
    (other / "holiday.jpg").write_bytes(b"x")
    (house.profile.backups).symlink_to(other)
    house.chat("chat", "text")
    house.backups.make(BackupKind.DAILY)
    house.close()
    wipe_all(house.profile)
    assert [path.name for path in other.iterdir()] == ["holiday.jpg"]
    assert not os.path.lexists(house.profile.backups)


def test_what_a_user_put_among_the_backups_stays(full: Any) -> None:
    (full.profile.backups / "mine").mkdir()
    (full.profile.backups / "mine" / "notes.txt").write_bytes(b"x")
    wipe_all(full.profile)
    assert left(full) == sorted([*MINE, "backups/mine/notes.txt"])


def test_cut_short_anywhere_it_is_completed(full: Any, tmp_path: Path) -> None:
    ends_at, is_done = 1, False
    while not is_done:
        copy = full.killed(tmp_path / "copy")
        count = 0

        def counted(function: Callable[..., Any], last: int = ends_at) -> Callable[..., Any]:
            def call(*values: Any, **options: Any) -> Any:
                nonlocal count
                count += 1
                if count >= last:
                    raise Killed
                return function(*values, **options)

            return call

        with pytest.MonkeyPatch.context() as patched:
            for name in ("unlink", "rmdir", "fsync"):
                patched.setattr(os, name, counted(getattr(os, name)))
            try:
                wipe_all(copy.profile)
                is_done = True
            except Killed:
                ends_at += 2
        finish_wipe_all(copy.profile)
        assert left(copy) == MINE
    assert ends_at > 20


def test_a_disk_that_refuses_is_told(full: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path) -> None:
        raise OSError(errno.EIO, "broken")

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "rmtree", fail)
        with pytest.raises(DiskFailedError, match="next start"):
            wipe_all(full.profile)
    assert "vault.json" not in left(full)
    assert finish_wipe_all(full.profile)
    assert left(full) == MINE
