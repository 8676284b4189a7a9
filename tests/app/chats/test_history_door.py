"""The door to a history: every state it can come to, and that nothing is lost on the way."""

from __future__ import annotations

import os
import threading

import pytest

from app.chats.errors import BackupError, PassphraseRefusedError
from app.chats.history_states import (
    Choice,
    FirstTime,
    InUse,
    KeyringWaits,
    NeedsPassphrase,
    NoHistory,
    OnNetworkShare,
)
from app.chats.profile import Holder
from app.chats.vault.backends import KeyringKind
from tests.app.chats.history_home import LIMIT_S, WORDS, Home, cannot, ready, said, say

pytestmark = pytest.mark.usefixtures("small_margin")


def test_the_first_start_begins_a_history_in_the_keyring_and_the_next_one_finds_it(home: Home):
    home.begin()
    assert len(home.keyring.entries) == 1
    history = home.open()
    assert said(history) == ["hello"]
    assert history.ways().keyring is KeyringKind.SECRET_SERVICE


def test_without_a_keyring_the_first_time_a_passphrase_is_chosen(without_keyring: Home):
    door = without_keyring.door()
    state = door.open(LIMIT_S)
    assert isinstance(state, FirstTime)
    assert "No keyring answers here" in state.sentence
    with pytest.raises(PassphraseRefusedError):
        door.begin_under_passphrase("short")
    assert not door.profile.database.exists()
    assert said(ready(door.begin_under_passphrase(WORDS))) == []


def test_a_passphrase_opens_and_a_wrong_one_changes_nothing(under_passphrase: Home):
    door = under_passphrase.door()
    state = door.open(LIMIT_S)
    assert state == NeedsPassphrase()
    wrong = door.try_passphrase("sun on the roof")
    assert isinstance(wrong, NeedsPassphrase)
    assert "does not open this history" in wrong.why
    assert said(ready(door.try_passphrase(WORDS))) == ["hello"]


def test_nothing_is_begun_where_nothing_shall_be(home: Home):
    assert home.door().open(LIMIT_S, begins=False) == NoHistory()
    assert home.keyring.entries == {}
    assert not (home.folder / "vault.json").exists()


def test_a_keyring_that_is_slow_is_waited_for(home: Home):
    home.begin()
    home.keyring.gate = threading.Event()
    door = home.door()
    assert isinstance(door.open(0.01), KeyringWaits)
    assert isinstance(door.wait_on(0.01), KeyringWaits)
    home.keyring.gate.set()
    assert said(ready(door.wait_on(LIMIT_S))) == ["hello"]


def test_waiting_is_given_up_and_tried_again_later(home: Home):
    home.begin()
    home.keyring.gate = threading.Event()
    door = home.door()
    door.open(0.01)
    door.cancel()
    state = cannot(door.wait_on(LIMIT_S))
    assert "had not answered" in state.sentence
    assert Choice.RETRY in state.choices
    home.keyring.gate.set()
    assert said(ready(door.open(LIMIT_S))) == ["hello"]


def test_a_keyring_that_keeps_nothing_leads_to_a_passphrase(home: Home):
    home.keyring.keeps = False
    state = home.door().open(LIMIT_S)
    assert isinstance(state, FirstTime)
    assert "did not keep the key" in state.sentence


def test_a_missing_entry_never_begins_a_second_history(home: Home):
    home.begin()
    before = home.keyring.entries.copy()
    home.keyring.entries.clear()
    database = (home.folder / "history.db").read_bytes()
    state = cannot(home.door().open(LIMIT_S))
    assert "no key for this history" in state.sentence
    assert (home.folder / "history.db").read_bytes() == database
    home.doors[-1].close()
    home.keyring.entries.update(before)
    assert said(home.open()) == ["hello"]


def test_a_recovery_passphrase_opens_what_the_keyring_no_longer_does(home: Home):
    history = home.open()
    say(history, "hello")
    history.set_recovery(WORDS)
    history.close()
    home.keyring.failure = RuntimeError("locked")
    home.keyring.is_here = False
    door = home.door()
    assert Choice.PASSPHRASE in cannot(door.open(LIMIT_S)).choices
    assert said(ready(door.try_passphrase(WORDS))) == ["hello"]


def test_one_program_at_a_time_and_the_second_is_told_which(home: Home):
    history = home.open()
    second = home.door(Holder.COMMAND)
    state = second.open(LIMIT_S)
    assert isinstance(state, InUse)
    assert "window" in state.sentence
    with pytest.raises(BackupError, match="could not be taken"):
        second.restore()
    history.close()
    ready(second.open(LIMIT_S))


def test_a_network_share_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("app.chats.profile.share_kind", lambda folder: "NFS")
    state = home.door().open(LIMIT_S)
    assert isinstance(state, OnNetworkShare)
    assert "NFS" in state.sentence
    assert not home.folder.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to give a folder away")
def test_a_folder_of_another_user_is_a_sentence(home: Home):
    home.folder.mkdir()
    os.chown(home.folder, 12345, -1)
    assert "belongs to another user" in cannot(home.door().open(LIMIT_S)).sentence


def test_wiping_everything_needs_no_passphrase_and_leaves_no_key(home: Home):
    home.begin()
    assert home.door().wipe_everything(LIMIT_S) == ""
    assert home.keyring.entries == {}
    assert not (home.folder / "history.db").exists()
    assert home.door().open(LIMIT_S, begins=False) == NoHistory()


def test_a_keyring_that_keeps_the_entry_of_a_wiped_history_is_named(home: Home):
    home.begin()
    home.keyring.is_here = False
    assert "by hand" in home.door().wipe_everything(LIMIT_S)
    assert not (home.folder / "history.db").exists()
