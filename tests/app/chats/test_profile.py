"""One program at a time on a history, in a folder that is its owner's alone."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app import paths
from app.chats import profile as profile_module
from app.chats.database import Database
from app.chats.errors import DiskFullError, InUseError, NetworkShareError, ProfileError
from app.chats.profile import Holder, Profile

ROOT = Path(__file__).resolve().parents[3]
HOLDER = """
import sys, time
from pathlib import Path
from app.chats.profile import Holder, Profile
lock = Profile(Path(sys.argv[1])).lock(Holder(sys.argv[2]))
print("held", flush=True)
time.sleep(600)
"""


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path / "data" / "history")


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def refuse(monkeypatch: pytest.MonkeyPatch, name: str, code: int) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(name, fail)


def test_the_folder_is_the_histories_and_its_owners_alone(profile: Profile) -> None:
    assert Profile().folder == paths.data_dir() / "history"
    before = os.umask(0)
    try:
        profile.prepare()
    finally:
        os.umask(before)
    assert mode_of(profile.folder) == 0o700
    names = (profile.database.name, profile.envelope.name, profile.backups.name)
    assert names == ("history.db", "vault.json", "backups")
    assert profile.database.parent == profile.folder


def test_the_folders_above_that_are_made_are_its_owners_alone_too(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        Profile(tmp_path / "home" / "data" / "history").prepare()
    finally:
        os.umask(before)
    assert mode_of(tmp_path / "home") == 0o700
    assert mode_of(tmp_path / "home" / "data") == 0o700


def deep(folder: Path, length_bytes: int) -> Path:
    """A folder below `folder` whose path has so many bytes."""
    while (left := length_bytes - len(os.fsencode(folder))) > 200:
        folder /= "é" * 60
    return folder / ("x" * (left - 1))


@pytest.mark.parametrize("through_a_link", [False, True])
def test_a_path_that_is_too_long_for_a_database_is_refused(
    tmp_path: Path, *, through_a_link: bool
) -> None:
    folder = deep(tmp_path, 421)
    if through_a_link:
        folder.mkdir(parents=True)
        (tmp_path / "link").symlink_to(folder)
        folder = tmp_path / "link"
    with pytest.raises(ProfileError, match="its path has 421 bytes, 420 are the most"):
        Profile(folder).prepare()
    assert through_a_link or not (tmp_path / ("é" * 60)).exists()


def test_the_longest_path_holds_a_history_with_its_backups(tmp_path: Path) -> None:
    profile = Profile(deep(tmp_path, 420))
    profile.prepare()
    backup = profile.backups / ".part-2024-01-01T00-00-00Z-before-migration-999"
    backup.mkdir(parents=True)
    Database.open(backup / "history.db", bytes(32), create=True).close()


def test_a_path_that_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="its path is not UTF-8") as refused:
        Profile(tmp_path / os.fsdecode(b"\xff")).prepare()
    assert "Nothing was written" in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_others_may_list_is_closed_to_them(profile: Profile) -> None:
    profile.folder.mkdir(parents=True, mode=0o755)
    profile.folder.chmod(0o755)
    profile.prepare()
    assert mode_of(profile.folder) == 0o700


@pytest.mark.parametrize("mode", [0o770, 0o702, 0o777, 0o1777])
def test_a_folder_that_others_may_write_to_is_refused(profile: Profile, mode: int) -> None:
    profile.folder.mkdir(parents=True)
    profile.folder.chmod(mode)
    with pytest.raises(ProfileError, match="Other users may write"):
        profile.lock(Holder.WINDOW)
    assert list(profile.folder.iterdir()) == []
    assert mode_of(profile.folder) == mode


def test_a_folder_of_another_user_is_refused(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile.prepare()
    monkeypatch.setattr(profile_module.os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(ProfileError, match="belongs to another user"):
        profile.prepare()


def test_a_file_system_without_modes_is_used_as_it_is(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile.folder.mkdir(parents=True)
    profile.folder.chmod(0o755)
    refuse(monkeypatch, "app.chats.profile.Path.chmod", errno.EPERM)
    profile.prepare()
    refuse(monkeypatch, "app.chats.profile.Path.chmod", errno.EROFS)
    with pytest.raises(ProfileError, match="Read-only"):
        profile.prepare()


def test_a_system_without_modes_has_none_to_check(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile.folder.mkdir(parents=True)
    profile.folder.chmod(0o777)
    monkeypatch.setattr(profile_module.os, "name", "nt")
    profile._check()


def test_a_network_share_is_refused_before_anything_is_written(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profile_module, "share_kind", lambda _folder: "nfs4")
    with pytest.raises(NetworkShareError, match=r"network share \(nfs4\)"):
        profile.lock(Holder.WINDOW)
    assert not profile.folder.parent.exists()


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (errno.ENOSPC, DiskFullError, "disk is full"),
        (errno.EDQUOT, DiskFullError, "disk is full"),
        (errno.EACCES, ProfileError, "Permission denied"),
        (errno.EROFS, ProfileError, "Read-only"),
    ],
)
def test_a_folder_that_cannot_be_made_is_a_sentence(
    profile: Profile,
    monkeypatch: pytest.MonkeyPatch,
    code: int,
    kind: type[Exception],
    words: str,
) -> None:
    refuse(monkeypatch, "app.chats.profile.Path.mkdir", code)
    with pytest.raises(kind, match=words):
        profile.prepare()


def test_a_file_in_the_folders_place_is_a_sentence_and_is_kept(profile: Profile) -> None:
    profile.folder.parent.mkdir()
    profile.folder.write_text("mine")
    with pytest.raises(ProfileError, match="can't be used"):
        profile.prepare()
    assert profile.folder.read_text() == "mine"


@pytest.mark.parametrize(
    ("holder", "words"),
    [
        (Holder.WINDOW, "Pitcher's window has this history open"),
        (Holder.TERMINAL, "A chat in a terminal has this history open"),
        (Holder.COMMAND, "Another command is at work"),
    ],
)
def test_a_second_one_is_told_who_has_it(profile: Profile, holder: Holder, words: str) -> None:
    with profile.lock(holder), pytest.raises(InUseError, match=words):
        Profile(profile.folder).lock(Holder.COMMAND)
    with Profile(profile.folder).lock(Holder.COMMAND):
        pass
    assert mode_of(profile.folder / "history.lock") == 0o600


@pytest.mark.parametrize("word", [b"", b"nobody", b"\xff\xfe", b"x" * 10_000])
def test_a_holder_that_says_nothing_sensible_is_another_pitcher(
    profile: Profile, word: bytes
) -> None:
    with profile.lock(Holder.WINDOW):
        (profile.folder / "history.lock").write_bytes(word)
        with pytest.raises(InUseError, match="Another Pitcher"):
            profile.lock(Holder.COMMAND)


def test_a_lock_file_that_was_left_behind_means_nothing(profile: Profile) -> None:
    profile.prepare()
    (profile.folder / "history.lock").write_text("window")
    profile.lock(Holder.TERMINAL).release()
    assert (profile.folder / "history.lock").read_text() == "terminal"


def test_releasing_twice_closes_no_strangers_descriptor(profile: Profile) -> None:
    lock = profile.lock(Holder.WINDOW)
    lock.release()
    other = os.open(os.devnull, os.O_RDONLY)
    lock.release()
    os.fstat(other)
    os.close(other)


def test_a_killed_holder_holds_nothing(profile: Profile) -> None:
    command = [sys.executable, "-c", HOLDER, str(profile.folder), "window"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(InUseError, match="window"):
            profile.lock(Holder.COMMAND)
        process.kill()
    profile.lock(Holder.COMMAND).release()


def test_one_who_waits_gets_it_when_it_is_free(profile: Profile) -> None:
    lock = profile.lock(Holder.WINDOW)
    timer = threading.Timer(0.2, lock.release)
    timer.start()
    profile.lock(Holder.WINDOW, wait_s=60).release()
    timer.join()


def test_one_who_waits_in_vain_is_told(profile: Profile) -> None:
    with profile.lock(Holder.TERMINAL), pytest.raises(InUseError, match="terminal"):
        profile.lock(Holder.WINDOW, wait_s=0.1)


def test_a_lock_on_a_file_that_was_taken_away_is_none(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = profile_module._lock
    taken_away: list[bool] = []

    def lose_the_first(descriptor: int) -> bool:
        if not taken_away:
            (profile.folder / "history.lock").unlink()
            taken_away.append(True)
        return take(descriptor)

    monkeypatch.setattr(profile_module, "_lock", lose_the_first)
    with profile.lock(Holder.WINDOW, wait_s=60):
        assert (profile.folder / "history.lock").exists()
        with pytest.raises(InUseError):
            profile.lock(Holder.COMMAND)


def test_a_disk_without_locks_is_a_sentence_and_nothing_stays_open(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile.prepare()
    before = len(os.listdir("/dev/fd"))
    refuse(monkeypatch, "fcntl.flock", errno.ENOLCK)
    with pytest.raises(ProfileError, match="can't be locked"):
        profile.lock(Holder.WINDOW)
    assert len(os.listdir("/dev/fd")) == before


def test_a_full_disk_keeps_nobody_out(profile: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, "app.chats.profile.os.write", errno.ENOSPC)
    with profile.lock(Holder.WINDOW), pytest.raises(InUseError, match="Another Pitcher"):
        profile.lock(Holder.COMMAND)


def test_no_child_inherits_the_lock(profile: Profile) -> None:
    lock = profile.lock(Holder.WINDOW)
    child = subprocess.Popen(["sleep", "600"], close_fds=False)
    try:
        lock.release()
        profile.lock(Holder.COMMAND).release()
    finally:
        child.kill()
        child.wait()


def test_a_link_in_the_lock_files_place_is_not_followed(profile: Profile, tmp_path: Path) -> None:
    profile.prepare()
    target = tmp_path / "precious"
    target.write_text("kept")
    (profile.folder / "history.lock").symlink_to(target)
    with pytest.raises(ProfileError, match="can't be locked"):
        profile.lock(Holder.WINDOW)
    assert target.read_text() == "kept"


class Msvcrt:
    """Windows' locks by Linux's own."""

    LK_NBLCK = 2

    @staticmethod
    def locking(descriptor: int, _mode: int, _count: int) -> None:
        assert os.lseek(descriptor, 0, os.SEEK_CUR) > 100_000
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PermissionError from None


def test_windows_locks_a_byte_that_nobody_reads(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "msvcrt", Msvcrt)
    monkeypatch.setattr(profile_module.sys, "platform", "win32")
    monkeypatch.setattr(profile_module, "share_kind", lambda _folder: None)
    with profile.lock(Holder.WINDOW), pytest.raises(InUseError, match="window"):
        profile.lock(Holder.COMMAND)
