"""An export is written whole or not at all, and never over what should stay."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import paths
from app.chats.errors import TargetExistsError, TransferError
from app.chats.transfer import writing
from app.chats.transfer.writing import write_file

ROOT = Path(__file__).resolve().parents[4]


def names_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def failing(code: int):
    """A function of `os` that fails with `code`."""

    def fail(*args: object, **named: object) -> None:
        raise OSError(code, os.strerror(code))

    return fail


def test_the_pieces_become_one_file_for_its_owner_alone(tmp_path: Path):
    target = tmp_path / "chat.md"
    assert write_file(target, ["ä", "", "b" * 600_000, "\n"]) == 600_003
    assert target.read_text(encoding="utf-8") == "ä" + "b" * 600_000 + "\n"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert names_in(tmp_path) == ["chat.md"]


def test_a_file_that_is_there_stays_unless_told(tmp_path: Path):
    target = tmp_path / "chat.md"
    target.write_text("old")
    target.chmod(0o644)
    with pytest.raises(TargetExistsError, match="already there"):
        write_file(target, ["new"])
    assert target.read_text() == "old"
    write_file(target, ["new"], replace=True)
    assert target.read_text() == "new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert names_in(tmp_path) == ["chat.md"]


def test_a_dangling_link_is_not_followed(tmp_path: Path):
    target = tmp_path / "chat.md"
    target.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(TargetExistsError):
        write_file(target, ["new"])
    with pytest.raises(TransferError, match="not a plain file"):
        write_file(target, ["new"], replace=True)
    assert names_in(tmp_path) == ["chat.md"]


def test_a_folder_and_a_pipe_are_not_replaced(tmp_path: Path):
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name in ("folder", "pipe"):
        with pytest.raises(TransferError, match="not a plain file"):
            write_file(tmp_path / name, ["new"], replace=True)
    assert names_in(tmp_path) == ["folder", "pipe"]


def test_the_history_itself_is_never_a_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path))
    history = paths.data_dir() / "history" / "history.db"
    history.parent.mkdir(parents=True)
    history.write_bytes(b"encrypted")
    (tmp_path / "short-cut").symlink_to(history.parent)
    for target in (history, tmp_path / "short-cut" / "history.db"):
        with pytest.raises(TransferError, match="keeps its history"):
            write_file(target, ["new"], replace=True)
    assert history.read_bytes() == b"encrypted"


def test_a_file_that_appears_meanwhile_stays(tmp_path: Path):
    target = tmp_path / "chat.md"

    def pieces() -> Iterator[str]:
        yield "new"
        target.write_text("somebody else's")

    with pytest.raises(TargetExistsError, match="meanwhile"):
        write_file(target, pieces())
    assert target.read_text() == "somebody else's"
    assert names_in(tmp_path) == ["chat.md"]


def test_a_stick_without_links_takes_exports_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "link", failing(errno.EPERM))
    target = tmp_path / "chat.md"
    write_file(target, ["new"])
    assert target.read_text() == "new"
    other = tmp_path / "other.md"

    def pieces() -> Iterator[str]:
        yield "new"
        other.write_text("somebody else's")

    with pytest.raises(TargetExistsError):
        write_file(other, pieces())
    assert other.read_text() == "somebody else's"
    monkeypatch.setattr(os, "replace", failing(errno.EIO))
    with pytest.raises(TransferError, match="unchanged"):
        write_file(tmp_path / "third.md", ["new"])
    assert names_in(tmp_path) == ["chat.md", "other.md"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "The disk is full"),
        (errno.EDQUOT, "The disk is full"),
        (errno.EROFS, "can't be written to"),
        (errno.EIO, "What was there is unchanged"),
    ],
)
@pytest.mark.parametrize("function", ["fsync", "replace"])
def test_a_failing_disk_leaves_the_older_file(
    function: str, code: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    target = tmp_path / "chat.md"
    target.write_text("old")
    monkeypatch.setattr(os, function, failing(code))
    with pytest.raises(TransferError, match=words):
        write_file(target, ["new"], replace=True)
    assert target.read_text() == "old"
    assert names_in(tmp_path) == ["chat.md"]


def test_a_really_full_disk_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """/dev/full takes no byte: the temporary file is opened as it."""
    full = os.open("/dev/full", os.O_WRONLY)
    beside = tmp_path / ".pitcher-x.part"
    beside.touch()
    monkeypatch.setattr(writing.tempfile, "mkstemp", lambda **_: (full, str(beside)))
    with pytest.raises(TransferError, match="disk is full"):
        write_file(tmp_path / "chat.md", ["x" * 1_000_000])
    assert names_in(tmp_path) == []


def test_a_link_that_fails_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "link", failing(errno.ENOSPC))
    with pytest.raises(TransferError, match="disk is full"):
        write_file(tmp_path / "chat.md", ["new"])
    assert names_in(tmp_path) == []


def test_a_folder_that_is_not_there_is_said(tmp_path: Path):
    with pytest.raises(TransferError, match="There is no folder"):
        write_file(tmp_path / "nowhere" / "chat.md", ["new"])


def test_half_a_character_is_said(tmp_path: Path):
    with pytest.raises(TransferError, match="half a character"):
        write_file(tmp_path / "chat.md", ["\ud83d"])
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("error", [KeyError("from the store"), KeyboardInterrupt()])
def test_what_the_pieces_raise_passes_and_leaves_nothing(tmp_path: Path, error: BaseException):
    def pieces() -> Iterator[str]:
        yield "new"
        raise error

    with pytest.raises(type(error)):
        write_file(tmp_path / "chat.md", pieces())
    assert names_in(tmp_path) == []


def sync_failing_on_folders(code: int):
    real = os.fsync

    def sync(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(code, os.strerror(code))
        real(handle)

    return sync


def test_a_folder_that_cannot_be_flushed_at_all_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(os, "fsync", sync_failing_on_folders(errno.EINVAL))
    write_file(tmp_path / "chat.md", ["new"])
    assert (tmp_path / "chat.md").read_text() == "new"


def test_a_folder_whose_flush_fails_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "fsync", sync_failing_on_folders(errno.EIO))
    with pytest.raises(TransferError, match="did not confirm"):
        write_file(tmp_path / "chat.md", ["new"])


KILLED_WHILE_WRITING = """
import os, sys
from pathlib import Path
from app.chats.transfer.writing import write_file

def pieces():
    yield "new" * 200_000
    os.kill(os.getpid(), 9)

write_file(Path(sys.argv[1]), pieces(), replace=True)
"""


def test_killed_while_writing_it_leaves_the_older_file(tmp_path: Path):
    target = tmp_path / "chat.md"
    target.write_text("old")
    done = subprocess.run([sys.executable, "-c", KILLED_WHILE_WRITING, str(target)], cwd=ROOT)
    assert done.returncode == -signal.SIGKILL
    assert target.read_text() == "old"
    (left,) = [name for name in names_in(tmp_path) if name != "chat.md"]
    assert left.startswith(".pitcher-")
    assert stat.S_IMODE((tmp_path / left).stat().st_mode) == 0o600
