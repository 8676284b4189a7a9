"""What a profile folder turns out to be, and that nothing new is ever put beside something old."""

from __future__ import annotations

import errno
import json
import os
import threading
from pathlib import Path

import pytest

from app.chats.errors import (
    DiskFailedError,
    EnvelopeError,
    PassphraseRefusedError,
    VaultError,
)
from app.chats.vault import envelope_file
from app.chats.vault.backends import KeyringKind
from app.chats.vault.states import KeyringWaits, NeedsPassphrase, NewHistory, Unlocked, Unopenable
from app.chats.vault.words import Choice, Reason

LIMIT_S = 60.0
TOLD = "what only its owner may read"
SECRET_SERVICE = KeyringKind.SECRET_SERVICE
NEW = NewHistory(SECRET_SERVICE)


# ------------------------------------------------------------------ beginning and opening again


def test_an_empty_folder_is_new_and_looking_at_it_makes_nothing(desktop) -> None:
    assert desktop.opening().begin(LIMIT_S) == NEW
    assert not desktop.folder.exists()


def test_a_history_in_the_keyring_opens_by_itself(in_keyring) -> None:
    state = in_keyring.opening().begin(LIMIT_S)
    assert isinstance(state, Unlocked)
    assert (state.is_new, state.notice) == (False, "")
    assert in_keyring.told(state.key) == TOLD
    assert in_keyring.secret_service.prompts == 1


def test_a_history_under_a_passphrase_asks_for_it_and_never_asks_a_keyring(
    under_passphrase,
) -> None:
    opening = under_passphrase.opening()
    assert opening.begin(LIMIT_S) == NeedsPassphrase("")
    assert opening.try_passphrase("eight or nine") == NeedsPassphrase(
        "That passphrase does not open this history. Nothing was changed."
    )
    state = opening.try_passphrase("eight or more")
    assert isinstance(state, Unlocked)
    assert under_passphrase.told(state.key) == TOLD
    assert under_passphrase.secret_service.prompts == 0


def test_every_history_has_a_key_and_an_entry_of_its_own(in_keyring, tmp_path: Path) -> None:
    first = in_keyring.opening().begin(LIMIT_S)
    in_keyring.folder = tmp_path / "second"
    opening = in_keyring.opening()
    second = opening.create_in_keyring(SECRET_SERVICE, LIMIT_S)
    assert first.key.reveal() != second.key.reveal()
    assert len(in_keyring.secret_service.entries) == 2


def test_a_refused_passphrase_begins_nothing(desktop) -> None:
    opening = desktop.opening()
    opening.begin(LIMIT_S)
    with pytest.raises(PassphraseRefusedError):
        opening.create_under_passphrase("short")
    assert desktop.files() == {}
    assert opening.begin(LIMIT_S) == NEW


def test_locking_wipes_the_key_and_beginning_again_unlocks(in_keyring) -> None:
    opening = in_keyring.opening()
    state = opening.begin(LIMIT_S)
    opening.lock()
    assert state.key.is_wiped
    assert opening.key is None
    for needs_a_key in (opening.ways, opening.mark_used):
        with pytest.raises(VaultError, match="Unlock it to go on"):
            needs_a_key()
    again = opening.begin(LIMIT_S)
    assert in_keyring.told(again.key) == TOLD


def test_without_a_passphrase_none_can_be_tried(in_keyring) -> None:
    opening = in_keyring.opening()
    for _ in range(2):
        with pytest.raises(VaultError, match="has no passphrase"):
            opening.try_passphrase("whatever it is")
        opening.begin(LIMIT_S)


def test_a_passphrase_of_another_key_does_not_open(under_passphrase, history_key, cost) -> None:
    """Someone put a wrap of their own key there, under a passphrase that they know."""
    from dataclasses import replace

    from app.chats.vault.passphrase import Purpose, wrap

    envelope = envelope_file.load(under_passphrase.folder).envelope
    theirs = wrap(history_key, "they know it", envelope.history_id, Purpose.PASSPHRASE, cost)
    envelope_file.save(under_passphrase.folder, replace(envelope, passphrase=theirs))
    opening = under_passphrase.opening()
    opening.begin(LIMIT_S)
    assert isinstance(opening.try_passphrase("they know it"), NeedsPassphrase)


def test_waiting_without_having_asked_is_a_sentence(desktop) -> None:
    opening = desktop.opening()
    with pytest.raises(VaultError, match="No keyring was asked"):
        opening.wait_on(0)
    opening.cancel()


def test_a_slow_keyring_is_waited_for_before_a_history_is_new(desktop) -> None:
    gate = threading.Event()
    real = type(desktop.secret_service).__call__

    def slow(keyring):
        assert gate.wait(60)
        return real(keyring)

    opening = desktop.opening()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(desktop.secret_service), "__call__", slow)
        assert opening.begin(0.01) == KeyringWaits()
        gate.set()
        assert opening.wait_on(LIMIT_S) == NEW


def test_a_key_that_is_given_up_while_it_is_stored_leaves_nothing(desktop, join_keyrings) -> None:
    opening = desktop.opening()
    opening.begin(LIMIT_S)
    desktop.secret_service.gate = threading.Event()
    assert opening.create_in_keyring(SECRET_SERVICE, 0.01) == KeyringWaits()
    opening.cancel()
    state = opening.wait_on(LIMIT_S)
    assert state == NewHistory(
        SECRET_SERVICE,
        "The keyring had not answered yet. Nothing was created. Choose a passphrase or try again.",
    )
    desktop.secret_service.gate.set()
    join_keyrings()
    assert desktop.secret_service.entries == {}
    assert desktop.files() == {}


# ------------------------------------------------------------------ what is there is never lost


def begin_anew(desktop) -> str:
    return f"or move {desktop.folder} away to begin anew."


@pytest.mark.parametrize("left", ["history.db", "history.db-wal", "history.db-journal"])
def test_a_database_without_its_envelope_is_never_new(desktop, left: str) -> None:
    desktop.folder.mkdir()
    (desktop.folder / left).write_bytes(b"")
    before = desktop.files()
    opening = desktop.opening()
    assert opening.begin(LIMIT_S) == Unopenable(
        Reason.ENVELOPE_MISSING,
        "vault.json, which says how the history is locked, is missing. Nothing was changed. Put "
        f"it back and try again, {begin_anew(desktop)}",
        (Choice.RETRY,),
    )
    for create in (
        lambda: opening.create_in_keyring(SECRET_SERVICE, LIMIT_S),
        lambda: opening.create_under_passphrase("eight or more"),
    ):
        with pytest.raises(VaultError, match="a history here already"):
            create()
    assert desktop.files() == before
    assert desktop.secret_service.entries == {}


def test_a_broken_link_in_the_database_s_place_is_a_database(desktop) -> None:
    desktop.folder.mkdir()
    desktop.database.symlink_to("/nowhere/history.db")
    assert desktop.opening().begin(LIMIT_S).reason == Reason.ENVELOPE_MISSING


@pytest.mark.parametrize("others", ["nothing", "a note", "a folder"])
def test_what_a_user_put_among_the_backups_is_no_history(desktop, others: str) -> None:
    (desktop.folder / "backups").mkdir(parents=True)
    if others == "a note":
        (desktop.folder / "backups" / "notes.txt").write_text("mine")
    if others == "a folder":
        (desktop.folder / "backups" / "photos").mkdir()
    assert isinstance(desktop.opening().begin(LIMIT_S), NewHistory)


def test_a_backup_that_can_not_be_looked_into_counts(desktop) -> None:
    (desktop.folder / "backups").mkdir(parents=True)
    (desktop.folder / "backups" / "loop").symlink_to("loop")
    assert isinstance(desktop.opening().begin(LIMIT_S), Unopenable)


def test_backups_alone_are_never_new(desktop) -> None:
    (desktop.folder / "backups" / "one").mkdir(parents=True)
    (desktop.folder / "backups" / "one" / "history.db").write_bytes(b"damaged")
    state = desktop.opening().begin(LIMIT_S)
    assert state == Unopenable(
        Reason.ENVELOPE_MISSING,
        "vault.json, which says how the history is locked, is missing. Nothing was changed. Put "
        "it back and try again, or restore a backup.",
        (Choice.BACKUP, Choice.RETRY),
    )
    with pytest.raises(VaultError, match="a history here already"):
        desktop.opening().create_under_passphrase("eight or more")


def test_an_empty_folder_of_backups_is_nothing_and_a_file_in_its_place_is_something(
    desktop,
) -> None:
    (desktop.folder / "backups").mkdir(parents=True)
    assert desktop.opening().begin(LIMIT_S) == NEW
    (desktop.folder / "backups").rmdir()
    (desktop.folder / "backups").write_bytes(b"")
    assert desktop.opening().begin(LIMIT_S).reason == Reason.ENVELOPE_MISSING


@pytest.mark.parametrize("has_backup", [False, True])
def test_an_envelope_without_its_database_makes_no_new_one(in_keyring, has_backup: bool) -> None:
    stored = in_keyring.database.read_bytes()
    in_keyring.database.unlink()
    if has_backup:
        (in_keyring.folder / "backups" / "one").mkdir(parents=True)
        (in_keyring.folder / "backups" / "one" / "history.db").write_bytes(b"pages")
    before = in_keyring.files()
    opening = in_keyring.opening()
    state = opening.begin(LIMIT_S)
    happened = (
        "The history's database, history.db, is missing. Its key is safe. Put it back and try again"
    )
    if has_backup:
        assert state.sentence == f"{happened}, or restore a backup."
        assert state.choices == (Choice.BACKUP, Choice.RETRY)
    else:
        assert state.sentence == f"{happened}, {begin_anew(in_keyring)}"
        assert state.choices == (Choice.RETRY,)
    assert state.reason == Reason.DATABASE_MISSING
    assert opening.key is not None
    with pytest.raises(VaultError, match="a history here already"):
        opening.create_in_keyring(SECRET_SERVICE, LIMIT_S)
    assert in_keyring.files() == before
    in_keyring.database.write_bytes(stored)
    assert in_keyring.told(opening.begin(LIMIT_S).key) == TOLD


def test_damage_to_both_envelopes_is_said_and_touches_nothing(in_keyring) -> None:
    saved = in_keyring.files()
    for name in ("vault.json", "vault.copy.json"):
        (in_keyring.folder / name).write_bytes(b"\x00" * 64)
    before = in_keyring.files()
    opening = in_keyring.opening()
    assert opening.begin(LIMIT_S) == Unopenable(
        Reason.ENVELOPE_DAMAGED,
        "vault.json, which says how the history is locked, is damaged. Nothing was changed. Put "
        f"a copy of it back and try again, {begin_anew(in_keyring)}",
        (Choice.RETRY,),
    )
    with pytest.raises(EnvelopeError):
        opening.create_under_passphrase("eight or more")
    assert in_keyring.files() == before
    for path, stored in saved.items():
        Path(path).write_bytes(stored)
    assert in_keyring.told(opening.begin(LIMIT_S).key) == TOLD


def test_one_damaged_envelope_is_put_back_and_told(in_keyring) -> None:
    (in_keyring.folder / "vault.json").write_bytes(b"")
    state = in_keyring.opening().begin(LIMIT_S)
    assert isinstance(state, Unlocked)
    assert state.notice.endswith("It was put back from its copy; nothing is lost.")
    assert in_keyring.told(state.key) == TOLD


def test_an_envelope_of_a_later_version_is_left_to_it(in_keyring, summed) -> None:
    envelope = in_keyring.folder / "vault.json"
    envelope.write_bytes(summed({**json.loads(envelope.read_bytes()), "version": 2}))
    before = in_keyring.files()
    assert in_keyring.opening().begin(LIMIT_S) == Unopenable(
        Reason.ENVELOPE_NEWER,
        "A later version of Pitcher wrote vault.json, which says how the history is locked. "
        "Nothing was changed. Open it with that version.",
        (Choice.RETRY,),
    )
    assert in_keyring.files() == before


def test_an_envelope_that_can_not_be_read_is_not_new(in_keyring, fail_at) -> None:
    opening = in_keyring.opening()
    fail_at(1, PermissionError(errno.EACCES, "Permission denied"))
    assert opening.begin(LIMIT_S) == Unopenable(
        Reason.ENVELOPE_UNREADABLE,
        "vault.json, which says how the history is locked, can't be read: Permission denied. "
        "Nothing was changed. Try again.",
        (Choice.RETRY,),
    )


@pytest.mark.parametrize("call", ["lstat", "listdir"])
def test_a_folder_that_can_not_be_searched_is_not_new(
    desktop, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    desktop.folder.mkdir()
    opening = desktop.opening()

    def refused(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(os, call, refused)
        with pytest.raises(DiskFailedError, match=r"can't be read: Permission denied\. Nothing"):
            opening.begin(LIMIT_S)
    assert opening.begin(LIMIT_S) == NEW
