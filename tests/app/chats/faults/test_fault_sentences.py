"""What a person reads when a disk fails or a file is damaged: what happened, what is safe, and
what to do, whichever part of the history says it.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import apsw
import pytest

from app.chats import profile as profile_module
from app.chats.database_errors import files_translated, translated
from app.chats.errors import ChatsError, DiskFailedError, DiskFullError
from app.chats.profile import Profile
from app.chats.transfer import writing
from app.chats.upkeep.damaged_log import go_on_after
from app.chats.upkeep.disk import check_holds_a_page, check_room, failures_said
from app.chats.upkeep.restore import restore_newest
from app.chats.upkeep.wal_mark import WalLoss
from app.chats.vault import envelope_file
from app.chats.vault.envelope import Envelope, new_history_id
from app.chats.vault.key import HistoryKey
from app.chats.vault.passphrase import Argon2Cost, Purpose, wrap
from app.chats.vault.words import Choice, Reason, sentence
from tools.fault_words import lacking

ERRNOS = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EACCES, errno.EMFILE)
FULL = (errno.ENOSPC, errno.EDQUOT)
SQLITE = (
    apsw.FullError, apsw.IOError, apsw.NotADBError, apsw.CorruptError, apsw.BusyError,
    apsw.ReadOnlyError, apsw.CantOpenError, apsw.NoMemError, apsw.TooBigError,
    apsw.ConnectionClosedError, apsw.ConstraintError,
)  # fmt: skip
FILES = (Reason.ENVELOPE_DAMAGED, Reason.ENVELOPE_MISSING, Reason.ENVELOPE_UNREADABLE,
         Reason.DATABASE_MISSING, Reason.WRONG_KEY)  # fmt: skip


def said_by(block: AbstractContextManager[None], failure: Exception) -> str:
    with pytest.raises(ChatsError) as caught, block:
        raise failure
    return str(caught.value)


def refused(code: int) -> OSError:
    return OSError(code, {errno.EIO: "Input/output error"}.get(code, "No way"))


@pytest.mark.parametrize("kind", SQLITE)
def test_what_sqlite_refuses_is_said_whole(kind: type[apsw.Error]) -> None:
    said = said_by(translated(), kind("a word of the library"))
    assert lacking(said) == "", said


@pytest.mark.parametrize("code", ERRNOS)
def test_what_the_file_system_refuses_is_said_whole(code: int) -> None:
    for block in (files_translated(), failures_said("The backup could not be made")):
        said = said_by(block, refused(code))
        assert lacking(said) == "", said
        assert ("disk is full" in said) == (code in FULL)


@pytest.mark.parametrize("code", ERRNOS)
def test_an_envelope_that_is_not_written_says_it_whole(
    code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise refused(code)

    key, history_id = HistoryKey.create(), new_history_id()
    wrapped = wrap(key, "rain on the roof", history_id, Purpose.PASSPHRASE, Argon2Cost(16, 1, 1))
    envelope = Envelope(history_id, key.check, is_in_use=True, passphrase=wrapped)
    monkeypatch.setattr(envelope_file.os, "fsync", refuse)
    with pytest.raises((DiskFullError, DiskFailedError)) as caught:
        envelope_file.save(tmp_path, envelope)
    assert lacking(str(caught.value)) == "", caught.value
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("code", ERRNOS)
def test_a_folder_that_can_not_be_made_says_it_whole(
    code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise refused(code)

    monkeypatch.setattr(profile_module.Path, "mkdir", refuse)
    with pytest.raises(ChatsError) as caught:
        Profile(tmp_path / "history").prepare()
    assert lacking(str(caught.value)) == "", caught.value


@pytest.mark.parametrize("code", ERRNOS)
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_an_export_that_is_not_written_says_it_whole(
    code: int,
    call: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise refused(code)

    target = tmp_path / "chats.json"
    target.write_text("older")
    monkeypatch.setattr(writing.os, call, refuse)
    with pytest.raises(ChatsError) as caught:
        writing.write_file(target, ["newer"], replace=True)
    assert lacking(str(caught.value)) == "", caught.value
    assert target.read_text() == "older"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("reason", FILES)
@pytest.mark.parametrize("has_backup", [False, True])
def test_a_file_that_is_damaged_or_gone_is_said_whole(
    reason: Reason, has_backup: bool, tmp_path: Path
) -> None:
    choices = (Choice.BACKUP, Choice.RETRY) if has_backup else (Choice.RETRY,)
    said = sentence(reason, choices, tmp_path, detail="Input/output error")
    assert lacking(said) == "", said
    assert ("restore a backup" in said) == has_backup


def test_no_room_no_backup_and_a_cut_file_are_said_whole(tmp_path: Path) -> None:
    database = tmp_path / "history.db"
    database.write_bytes(bytes(100))
    tries: tuple[Callable[[], object], ...] = (
        lambda: check_room(tmp_path, 1 << 60, "The backup could not be made"),
        lambda: check_holds_a_page(database),
        lambda: restore_newest(Profile(tmp_path), HistoryKey.create()),
        lambda: go_on_after(Profile(tmp_path), HistoryKey.create(), WalLoss.REDUNDANT),
    )
    for attempt in tries:
        with pytest.raises(ChatsError) as caught:
            attempt()
        assert lacking(str(caught.value)) == "", caught.value
