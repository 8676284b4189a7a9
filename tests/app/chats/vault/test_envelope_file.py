"""`vault.json` on the disk: replaced whole, kept twice, put back, and small."""

import errno
import json
import logging
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from app.chats.errors import DiskFailedError, DiskFullError, EnvelopeError
from app.chats.vault import envelope_file
from app.chats.vault.backends import KeyringEntry, KeyringKind
from app.chats.vault.envelope import Envelope, write_envelope
from app.chats.vault.envelope_file import COPY_NAME, ENVELOPE_NAME, Found
from app.chats.vault.key import HistoryKey
from app.chats.vault.words import Reason


class KilledError(BaseException):
    """The process ends here, without any cleaning up."""


@pytest.fixture
def envelope(history_key: HistoryKey) -> Envelope:
    entry = KeyringEntry(KeyringKind.KWALLET, "12" * 16)
    return Envelope("34" * 16, history_key.check, False, keyring=entry)


@pytest.fixture
def later(envelope: Envelope) -> Envelope:
    return replace(envelope, is_in_use=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "history"


def reason_of(folder: Path) -> str:
    with pytest.raises(EnvelopeError) as raised:
        envelope_file.load(folder)
    return raised.value.reason


def test_what_is_saved_is_loaded_and_belongs_to_its_owner_alone(folder, envelope, later) -> None:
    assert not envelope_file.is_there(folder)
    envelope_file.save(folder, envelope)
    assert envelope_file.is_there(folder)
    assert envelope_file.load(folder) == Found(envelope)
    envelope_file.save(folder, later)
    assert envelope_file.load(folder) == Found(later)
    assert sorted(path.name for path in folder.iterdir()) == [COPY_NAME, ENVELOPE_NAME]
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_without_any_it_is_missing(folder: Path) -> None:
    assert reason_of(folder) == Reason.ENVELOPE_MISSING


@pytest.mark.parametrize("harm", ["gone", "empty", "garbage"])
def test_it_is_put_back_from_its_copy_and_this_is_said(folder, later, harm: str) -> None:
    envelope_file.save(folder, later)
    main = folder / ENVELOPE_NAME
    if harm == "gone":
        main.unlink()
    else:
        main.write_bytes({"empty": b"", "garbage": b"\x00" * 100}[harm])
    found = envelope_file.load(folder)
    was = "was missing" if harm == "gone" else "was damaged"
    assert found == Found(
        later,
        f"vault.json, which says how the history is locked, {was}. It was put back from its "
        "copy; nothing is lost.",
    )
    assert envelope_file.load(folder) == Found(later)


def test_where_it_can_not_be_put_back_its_copy_serves(
    folder, later, monkeypatch: pytest.MonkeyPatch
) -> None:
    envelope_file.save(folder, later)
    (folder / ENVELOPE_NAME).unlink()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    found = envelope_file.load(folder)
    assert found.envelope == later
    assert found.notice.endswith(
        "Its copy was used, but could not be put back: No space left on device."
    )


@pytest.mark.parametrize("harm", ["gone", "stale", "garbage"])
def test_the_copy_is_made_anew_from_it(folder, envelope, later, harm: str) -> None:
    envelope_file.save(folder, later)
    copy = folder / COPY_NAME
    if harm == "gone":
        copy.unlink()
    else:
        copy.write_bytes(b"" if harm == "garbage" else write_envelope(envelope))
    assert envelope_file.load(folder) == Found(later)
    assert copy.read_bytes() == write_envelope(later)


def test_a_copy_that_can_not_be_written_hinders_no_one_and_is_logged(
    folder, later, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    envelope_file.save(folder, later)
    (folder / COPY_NAME).unlink()

    def refused(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "replace", refused)
    with caplog.at_level(logging.WARNING):
        assert envelope_file.load(folder) == Found(later)
    assert "vault.copy.json could not be written: Read-only file system" in caplog.text


def test_both_damaged_is_damage_and_both_stay_as_they_are(folder, later) -> None:
    envelope_file.save(folder, later)
    for name in (ENVELOPE_NAME, COPY_NAME):
        (folder / name).write_bytes(b"{}")
    assert reason_of(folder) == Reason.ENVELOPE_DAMAGED
    assert {path.read_bytes() for path in folder.iterdir()} == {b"{}"}


def test_a_later_version_is_never_replaced_by_its_copy(folder, later, summed) -> None:
    envelope_file.save(folder, later)
    stored = summed({**json.loads(write_envelope(later)), "version": 2})
    (folder / ENVELOPE_NAME).write_bytes(stored)
    assert reason_of(folder) == Reason.ENVELOPE_NEWER
    assert (folder / ENVELOPE_NAME).read_bytes() == stored


def test_a_folder_a_pipe_and_an_endless_file_in_its_place_do_not_hang_anything(
    folder: Path,
) -> None:
    folder.mkdir(parents=True)
    main = folder / ENVELOPE_NAME
    main.mkdir()
    assert reason_of(folder) == Reason.ENVELOPE_UNREADABLE
    main.rmdir()
    os.mkfifo(main)
    with pytest.raises(EnvelopeError, match=r"can't be read: it is not a file\. Nothing was"):
        envelope_file.load(folder)
    main.unlink()
    main.symlink_to("/dev/zero")
    assert reason_of(folder) == Reason.ENVELOPE_UNREADABLE
    main.unlink()
    with open(main, "wb") as stream:
        stream.truncate(1 << 40)
    assert reason_of(folder) == Reason.ENVELOPE_DAMAGED


@pytest.mark.parametrize(
    ("number", "kind", "told"),
    [
        (errno.ENOSPC, DiskFullError, "The disk is full: vault.json could not be written. "),
        (errno.EDQUOT, DiskFullError, "The disk is full: vault.json could not be written. "),
        (errno.EIO, DiskFailedError, "The disk refused to write vault.json: "),
    ],
)
def test_whatever_the_disk_refuses_one_of_the_two_states_is_there(
    folder, envelope, later, fail_at, number: int, kind: type[Exception], told: str
) -> None:
    envelope_file.save(folder, envelope)
    steps = fail_at(-1, OSError())
    envelope_file.save(folder, later)
    total = len(steps.done)
    assert steps.done.count("fsync") == 4, "two files and two names"
    for step in range(1, total + 1):
        fail_at(-1, OSError())
        envelope_file.save(folder, envelope)
        fail_at(step, OSError(number, os.strerror(number)))
        try:
            envelope_file.save(folder, later)
            failed = ""
        except kind as error:
            failed = str(error)
        fail_at(-1, OSError())
        assert failed.startswith(told), steps.done[step - 1]
        assert "The history is safe." in failed
        # What could not be written did not happen, but for a name that is not confirmed.
        is_renamed = step > total - 2
        assert envelope_file.load(folder).envelope == (later if is_renamed else envelope)
        envelope_file.save(folder, later)
        assert envelope_file.load(folder) == Found(later)


def test_a_kill_at_any_step_leaves_one_of_the_two_states(folder, envelope, later, fail_at) -> None:
    steps = fail_at(-1, KilledError())
    envelope_file.save(folder, envelope)
    total = len(steps.done)
    for step in range(1, total + 1):
        fail_at(-1, KilledError())
        envelope_file.save(folder, envelope)
        fail_at(step, KilledError())
        with pytest.raises(KilledError):
            envelope_file.save(folder, later)
        fail_at(-1, KilledError())
        found = envelope_file.load(folder)
        assert found.envelope in (envelope, later)
        assert found.notice == ""
        envelope_file.save(folder, later)
        assert sorted(path.name for path in folder.iterdir()) == [COPY_NAME, ENVELOPE_NAME]


def test_removing_leaves_nothing_not_even_what_a_kill_left(folder, envelope, fail_at) -> None:
    envelope_file.save(folder, envelope)
    (folder / f".{ENVELOPE_NAME}.new").write_bytes(b"left")
    envelope_file.remove(folder)
    assert list(folder.iterdir()) == []
    envelope_file.remove(folder)
    fail_at(1, PermissionError(errno.EACCES, "Permission denied"))
    with pytest.raises(DiskFailedError, match="Permission denied"):
        envelope_file.remove(folder)


def test_what_is_said_after_a_failed_save(folder, envelope, later) -> None:
    assert not envelope_file.says(folder, envelope)
    envelope_file.save(folder, envelope)
    assert envelope_file.says(folder, envelope)
    assert not envelope_file.says(folder, later)


def test_another_user_s_file_is_known_by_its_owner(
    folder, envelope, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not envelope_file.is_of_another_user(folder)
    envelope_file.save(folder, envelope)
    assert not envelope_file.is_of_another_user(folder)
    monkeypatch.setattr(os, "getuid", lambda: 123_456)
    assert envelope_file.is_of_another_user(folder)
    monkeypatch.delattr(os, "getuid")
    assert not envelope_file.is_of_another_user(folder)


def test_where_folders_can_not_be_flushed_the_rename_is_the_promise(
    folder, envelope, fail_at, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "O_DIRECTORY")
    steps = fail_at(-1, OSError())
    envelope_file.save(folder, envelope)
    assert steps.done.count("fsync") == 2
