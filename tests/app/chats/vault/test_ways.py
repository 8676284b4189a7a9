"""Passphrases and keyrings come and go; the key and what it opens stay."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest
from keyring.errors import KeyringLocked

from app.chats.errors import (
    DiskFullError,
    KeyringLockedError,
    KeyringUnavailableError,
    PassphraseRefusedError,
)
from app.chats.vault.backends import KeyringKind
from app.chats.vault.states import NeedsPassphrase, Unlocked, Unopenable
from app.chats.vault.words import Choice, Reason

LIMIT_S = 60.0
TOLD = "what only its owner may read"
FIRST, SECOND, THIRD = "eight or more", "nine or more", "ten or more"
SECRET_SERVICE = KeyringKind.SECRET_SERVICE


class KilledError(BaseException):
    """The process ends here."""


def unlocked(desktop, passphrase: str = ""):
    opening = desktop.opening()
    state = opening.begin(LIMIT_S)
    if passphrase:
        state = opening.try_passphrase(passphrase)
    assert isinstance(state, Unlocked), state
    return opening


def opens(desktop, passphrase: str = "") -> bool:
    opening = desktop.opening()
    state = opening.begin(LIMIT_S)
    if passphrase:
        state = opening.try_passphrase(passphrase)
    return isinstance(state, Unlocked) and desktop.told(state.key) == TOLD


def test_another_passphrase_replaces_the_first_and_the_database_is_not_touched(
    under_passphrase,
) -> None:
    stored = under_passphrase.database.read_bytes()
    opening = unlocked(under_passphrase, FIRST)
    ways = opening.ways()
    assert (ways.keyring, ways.has_passphrase, ways.has_recovery) == (None, True, False)
    ways.set_passphrase(SECOND)
    assert under_passphrase.database.read_bytes() == stored
    assert opens(under_passphrase, SECOND)
    assert not opens(under_passphrase, FIRST)
    # The attempt that is open knows of it too.
    opening.lock()
    assert isinstance(opening.try_passphrase(FIRST), NeedsPassphrase)
    assert isinstance(opening.try_passphrase(SECOND), Unlocked)


def test_a_recovery_passphrase_is_added_changed_and_removed(under_passphrase) -> None:
    ways = unlocked(under_passphrase, FIRST).ways()
    ways.set_recovery(SECOND)
    assert ways.has_recovery
    assert opens(under_passphrase, FIRST)
    assert opens(under_passphrase, SECOND)
    ways.set_recovery(THIRD)
    assert not opens(under_passphrase, SECOND)
    assert opens(under_passphrase, THIRD)
    ways.remove_recovery()
    assert not ways.has_recovery
    assert not opens(under_passphrase, THIRD)
    assert opens(under_passphrase, FIRST)


@pytest.mark.parametrize("change", ["set_passphrase", "set_recovery"])
def test_a_refused_passphrase_changes_nothing(under_passphrase, change: str) -> None:
    before = under_passphrase.files()
    ways = unlocked(under_passphrase, FIRST).ways()
    with pytest.raises(PassphraseRefusedError):
        getattr(ways, change)("short")
    assert under_passphrase.files() == before


def test_from_the_keyring_to_a_passphrase_and_back(in_keyring, join_keyrings) -> None:
    desktop = in_keyring
    ways = unlocked(desktop).ways()
    assert ways.keyring is SECRET_SERVICE
    assert ways.move_to_passphrase(FIRST, LIMIT_S) == ""
    assert (ways.keyring, ways.has_passphrase) == (None, True)
    assert desktop.secret_service.entries == {}
    assert opens(desktop, FIRST)
    back = unlocked(desktop, FIRST).ways()
    back.set_recovery(THIRD)
    back.move_to_keyring(SECRET_SERVICE, LIMIT_S)
    join_keyrings()
    assert len(desktop.secret_service.entries) == 1
    assert opens(desktop)
    assert not opens(desktop, FIRST)
    assert opens(desktop, THIRD)


def test_an_altered_entry_is_replaced_after_a_recovery(with_recovery, join_keyrings) -> None:
    desktop = with_recovery
    (old,) = desktop.secret_service.entries
    desktop.secret_service.entries[old] = "altered"
    unlocked(desktop, "rain on the roof").ways().move_to_keyring(SECRET_SERVICE, LIMIT_S)
    join_keyrings()
    assert old not in desktop.secret_service.entries
    assert opens(desktop)


def test_to_the_keyring_of_another_desktop(with_recovery, join_keyrings) -> None:
    desktop = with_recovery
    ways = unlocked(desktop).ways()
    desktop.kwallet.is_here = True
    ways.move_to_keyring(KeyringKind.KWALLET, LIMIT_S)
    join_keyrings()
    assert ways.keyring is KeyringKind.KWALLET
    assert desktop.secret_service.entries == {}
    assert opens(desktop)


def test_a_keyring_that_refuses_leaves_the_passphrase(under_passphrase) -> None:
    desktop = under_passphrase
    ways = unlocked(desktop, FIRST).ways()
    before = desktop.files()
    desktop.secret_service.failure = KeyringLocked("dismissed")
    with pytest.raises(KeyringLockedError):
        ways.move_to_keyring(SECRET_SERVICE, LIMIT_S)
    desktop.secret_service.failure = None
    desktop.secret_service.keeps = False
    with pytest.raises(KeyringUnavailableError):
        ways.move_to_keyring(SECRET_SERVICE, LIMIT_S)
    assert desktop.files() == before
    assert opens(desktop, FIRST)


def test_waiting_for_a_keyring_can_be_given_up(under_passphrase, join_keyrings) -> None:
    desktop = under_passphrase
    ways = unlocked(desktop, FIRST).ways()
    ways.cancel()
    desktop.secret_service.gate = threading.Event()
    threading.Timer(0.05, ways.cancel).start()
    with pytest.raises(KeyringUnavailableError) as raised:
        ways.move_to_keyring(SECRET_SERVICE, LIMIT_S)
    assert raised.value.reason == Reason.CANCELLED
    with pytest.raises(KeyringUnavailableError) as raised:
        ways.move_to_keyring(SECRET_SERVICE, 0.01)
    assert raised.value.reason == Reason.SLOW
    desktop.secret_service.gate.set()
    join_keyrings()
    assert desktop.secret_service.entries == {}
    assert opens(desktop, FIRST)


def test_an_entry_that_can_not_be_deleted_is_told_and_hinders_no_one(in_keyring) -> None:
    desktop = in_keyring
    ways = unlocked(desktop).ways()
    desktop.secret_service.is_here = False
    assert ways.move_to_passphrase(FIRST, LIMIT_S) == (
        "The key's entry could not be deleted from the Secret Service (GNOME Keyring, KeePassXC, "
        "…). The history is safe. Delete “Pitcher history” there by hand."
    )
    assert opens(desktop, FIRST)


def test_an_entry_deleted_late_is_not_one_that_was_stored_since(in_keyring, join_keyrings) -> None:
    """A prompt stays open, the user moves back to the keyring, and then answers the prompt."""
    desktop = in_keyring
    ways = unlocked(desktop).ways()
    desktop.secret_service.gate = threading.Event()
    assert "could not be deleted" in ways.move_to_passphrase(FIRST, 0.01)
    late, desktop.secret_service.gate = desktop.secret_service.gate, None
    ways.move_to_keyring(SECRET_SERVICE, LIMIT_S)
    late.set()
    join_keyrings()
    assert len(desktop.secret_service.entries) == 1
    assert opens(desktop)


@pytest.mark.parametrize("way", ["to the passphrase", "to the keyring", "another passphrase"])
def test_a_kill_at_any_step_leaves_a_way_in(
    desktop, fail_at, tmp_path, way: str, join_keyrings
) -> None:
    def prepare(name: str):
        desktop.folder = tmp_path / name
        opening = desktop.opening()
        opening.begin(LIMIT_S)
        if way == "to the passphrase":
            state = opening.create_in_keyring(SECRET_SERVICE, LIMIT_S)
        else:
            state = opening.create_under_passphrase(FIRST)
        desktop.keep_something(opening, state)
        return opening.ways()

    def change(ways) -> None:
        if way == "to the passphrase":
            ways.move_to_passphrase(FIRST, LIMIT_S)
        elif way == "to the keyring":
            ways.move_to_keyring(SECRET_SERVICE, LIMIT_S)
        else:
            ways.set_passphrase(SECOND)

    def can_be_opened() -> bool:
        opening = desktop.opening()
        state = opening.begin(LIMIT_S)
        if isinstance(state, Unopenable):
            assert Choice.PASSPHRASE in state.choices
        if not isinstance(state, Unlocked):
            state = opening.try_passphrase(FIRST)
        if isinstance(state, NeedsPassphrase):
            state = opening.try_passphrase(SECOND)
        return isinstance(state, Unlocked) and desktop.told(state.key) == TOLD

    ways = prepare("counted")
    steps = fail_at(-1, KilledError())
    change(ways)
    join_keyrings()
    for step in range(1, len(steps.done) + 1):
        ways = prepare(f"killed-{step}")
        fail_at(step, KilledError())
        with pytest.raises(KilledError):
            change(ways)
        fail_at(-1, KilledError())
        assert can_be_opened()


def test_a_full_disk_leaves_the_passphrase_and_no_litter(
    under_passphrase, fail_at, join_keyrings
) -> None:
    desktop = under_passphrase
    ways = unlocked(desktop, FIRST).ways()
    fail_at(1, OSError(errno.ENOSPC, "No space left on device"))
    with pytest.raises(DiskFullError, match="The history is safe"):
        ways.move_to_keyring(SECRET_SERVICE, LIMIT_S)
    join_keyrings()
    assert desktop.secret_service.entries == {}
    fail_at(-1, OSError())
    assert opens(desktop, FIRST)
    ways.move_to_keyring(SECRET_SERVICE, LIMIT_S)
    assert opens(desktop)


def test_an_entry_that_the_copy_alone_speaks_of_is_kept(
    under_passphrase, monkeypatch: pytest.MonkeyPatch, join_keyrings
) -> None:
    """The disk is full between the two files, and later the first of them is damaged."""
    desktop = under_passphrase
    ways = unlocked(desktop, FIRST).ways()
    real, written = os.replace, []

    def replace(source: Path, target: Path) -> None:
        if written:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written.append(target)
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", replace)
        with pytest.raises(DiskFullError):
            ways.move_to_keyring(SECRET_SERVICE, LIMIT_S)
        join_keyrings()
    (desktop.folder / "vault.json").write_bytes(b"damaged")
    assert opens(desktop)


def test_a_disk_that_fails_after_the_change_leaves_the_new_entry(
    under_passphrase, fail_at, join_keyrings
) -> None:
    desktop = under_passphrase
    ways = unlocked(desktop, FIRST).ways()
    steps = fail_at(-1, OSError())
    ways.set_recovery(THIRD)
    # The last step confirms the name of vault.json, which is in its place by then.
    fail_at(len(steps.done), OSError(errno.EIO, "Input/output error"))
    with pytest.raises(Exception, match="refused to write"):
        ways.move_to_keyring(SECRET_SERVICE, LIMIT_S)
    fail_at(-1, OSError())
    join_keyrings()
    assert opens(desktop)
