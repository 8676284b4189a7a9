"""Twelve ways in which a keyring fails its owner. In each the words are right, nothing in the
folder changes, and once the cause is gone the history says what it said.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from keyring.errors import InitError, KeyringLocked
from secretstorage.exceptions import LockedException, PromptDismissedException

from app.chats.database import Database
from app.chats.errors import WrongKeyError
from app.chats.vault import backends
from app.chats.vault.key import HistoryKey
from app.chats.vault.states import KeyringWaits, NeedsPassphrase, NewHistory, Unlocked, Unopenable
from app.chats.vault.words import Choice, Reason

LIMIT_S = 60.0
TOLD = "what only its owner may read"
RECOVERY = "rain on the roof"
NO_KEYRING = (
    "No keyring answers here; one that keeps nothing, or keeps secrets in plain text, is not "
    "used. The history is safe. Try again once your keyring runs"
)
DISMISSED = (
    "The keyring stayed locked: its prompt was closed or could not be shown. The history is "
    "safe. Try again"
)


def prompt_dismissed() -> Exception:
    """As the backend raises it where the user closes the prompt for a new collection."""
    error = InitError("Failed to create the collection: Prompt dismissed..")
    error.__cause__ = PromptDismissedException("Prompt dismissed.")
    return error


def lock(desktop, _) -> None:
    desktop.secret_service.failure = LockedException("Item is locked!")


def dismiss(desktop, _) -> None:
    desktop.secret_service.failure = KeyringLocked("Failed to unlock the collection!")


def dismiss_creation(desktop, _) -> None:
    desktop.secret_service.failure = prompt_dismissed()


def take_away(desktop, _) -> None:
    desktop.secret_service.is_here = False


def offer_null(desktop, monkeypatch) -> None:
    from keyring.backends import null

    monkeypatch.setattr(
        type(desktop.secret_service), "__call__", lambda _: backends._made(null.Keyring)
    )


def offer_plaintext(desktop, monkeypatch) -> None:
    """A stand-in for keyrings.alt: it would work, and says itself that it is no good."""
    from keyring.backend import KeyringBackend

    class PlaintextKeyring(KeyringBackend):
        priority = 0.5  # type: ignore[assignment]

        def get_password(self, service: str, username: str) -> str | None:
            raise AssertionError("asked for a secret")

        def set_password(self, service: str, username: str, password: str) -> None:
            raise AssertionError("given a secret")

    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyrings.alt.file.PlaintextKeyring")
    monkeypatch.setattr(
        type(desktop.secret_service), "__call__", lambda _: backends._made(PlaintextKeyring)
    )


def change_desktop(desktop, _) -> None:
    desktop.secret_service.is_here = False
    desktop.kwallet.is_here = True


def change_user(desktop, monkeypatch) -> None:
    """Another account that may read the files, with a keyring of its own."""
    monkeypatch.setattr(desktop.secret_service, "entries", {})
    monkeypatch.setattr(os, "getuid", lambda: 123_456)


def delete_entry(desktop, monkeypatch) -> None:
    monkeypatch.setattr(desktop.secret_service, "entries", {})


def alter_entry(desktop, monkeypatch) -> None:
    altered = dict.fromkeys(desktop.secret_service.entries, "00" * 32)
    monkeypatch.setattr(desktop.secret_service, "entries", altered)


@dataclass(frozen=True)
class Case:
    happens: Callable[[object, pytest.MonkeyPatch], None]
    reason: Reason
    alone: str
    """The whole sentence where there is no other way."""
    beside_recovery: str
    """And where there is a recovery passphrase."""


CASES = {
    "locked": Case(
        lock,
        Reason.LOCKED,
        "The keyring is locked. Unlock it, then try again.",
        "The keyring is locked. Unlock it or use your passphrase.",
    ),
    "dismissed prompt": Case(
        dismiss, Reason.DISMISSED, f"{DISMISSED}.", f"{DISMISSED} or use your passphrase."
    ),
    "dismissed prompt for a new collection": Case(
        dismiss_creation, Reason.DISMISSED, f"{DISMISSED}.", f"{DISMISSED} or use your passphrase."
    ),
    "absent": Case(
        take_away, Reason.ABSENT, f"{NO_KEYRING}.", f"{NO_KEYRING} or use your passphrase."
    ),
    "null": Case(
        offer_null, Reason.ABSENT, f"{NO_KEYRING}.", f"{NO_KEYRING} or use your passphrase."
    ),
    "plaintext": Case(
        offer_plaintext, Reason.ABSENT, f"{NO_KEYRING}.", f"{NO_KEYRING} or use your passphrase."
    ),
    "changed desktop": Case(
        change_desktop,
        Reason.OTHER_DESKTOP,
        "The key is kept in the Secret Service (GNOME Keyring, KeePassXC, …), which does not "
        "answer on this desktop. The history is safe. Log in to the desktop that has it and try "
        "again.",
        "The key is kept in the Secret Service (GNOME Keyring, KeePassXC, …), which does not "
        "answer on this desktop. The history is safe. Log in to the desktop that has it and try "
        "again, or use your passphrase.",
    ),
    "changed user": Case(
        change_user,
        Reason.OTHER_USER,
        "Another user of this computer made this history, and its key is in that user's keyring. "
        "The history is safe. Open it as that user.",
        "Another user of this computer made this history, and its key is in that user's keyring. "
        "The history is safe. Open it as that user or use your passphrase.",
    ),
    "entry deleted": Case(
        delete_entry,
        Reason.MISSING,
        "The keyring has no key for this history: the entry was deleted, or it is in the keyring "
        "of another desktop, user or computer. The history is safe. Bring the entry back and try "
        "again, or move {folder} away to begin anew.",
        "The keyring has no key for this history: the entry was deleted, or it is in the keyring "
        "of another desktop, user or computer. The history is safe. Bring the entry back and try "
        "again, or use your passphrase.",
    ),
    "entry altered": Case(
        alter_entry,
        Reason.CHANGED,
        "The keyring's entry for this history was altered and is not its key. The history is "
        "safe. Bring the right entry back and try again, or move {folder} away to begin anew.",
        "The keyring's entry for this history was altered and is not its key. The history is "
        "safe. Bring the right entry back and try again, or use your passphrase.",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_history_stays_and_the_words_are_right(
    in_keyring, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop, case, before = in_keyring, CASES[name], in_keyring.files()
    opening = desktop.opening()
    with monkeypatch.context() as patch:
        case.happens(desktop, patch)
        state = opening.begin(LIMIT_S)
        assert state == Unopenable(
            case.reason, case.alone.format(folder=desktop.folder), (Choice.RETRY,)
        )
        assert opening.key is None
        assert desktop.files() == before
    desktop.secret_service.failure = None
    desktop.secret_service.is_here, desktop.kwallet.is_here = True, False
    again = opening.begin(LIMIT_S)
    assert isinstance(again, Unlocked)
    assert not again.is_new
    assert desktop.told(again.key) == TOLD


@pytest.mark.parametrize("name", CASES)
def test_a_recovery_passphrase_opens_it_all_the_same(
    with_recovery, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop, case, before = with_recovery, CASES[name], with_recovery.files()
    case.happens(desktop, monkeypatch)
    opening = desktop.opening()
    state = opening.begin(LIMIT_S)
    assert state == Unopenable(case.reason, case.beside_recovery, (Choice.PASSPHRASE, Choice.RETRY))
    wrong = opening.try_passphrase("rain on the road")
    assert wrong == NeedsPassphrase(
        "That passphrase does not open this history. Nothing was changed."
    )
    unlocked = opening.try_passphrase(RECOVERY)
    assert isinstance(unlocked, Unlocked)
    assert desktop.files() == before
    assert desktop.told(unlocked.key) == TOLD


def test_slow_it_waits_without_asking_twice_and_opens_in_the_end(in_keyring) -> None:
    """Thirty seconds and more: the limit is how long one call blocks, not how long it lasts."""
    desktop, before = in_keyring, in_keyring.files()
    desktop.secret_service.gate = threading.Event()
    opening = desktop.opening()
    for state in (opening.begin(0.01), opening.wait_on(0.01), opening.wait_on(0)):
        assert state == KeyringWaits("Waiting for the keyring")
    assert desktop.secret_service.prompts == 1
    assert desktop.files() == before
    desktop.secret_service.gate.set()
    unlocked = opening.wait_on(LIMIT_S)
    assert isinstance(unlocked, Unlocked)
    assert desktop.secret_service.prompts == 1
    assert desktop.told(unlocked.key) == TOLD


def test_slow_it_can_be_given_up_while_someone_waits(in_keyring) -> None:
    desktop, before = in_keyring, in_keyring.files()
    desktop.secret_service.gate = threading.Event()
    opening = desktop.opening()
    threading.Timer(0.05, opening.cancel).start()
    state = opening.begin(LIMIT_S)
    assert state == Unopenable(
        Reason.CANCELLED,
        "The keyring had not answered yet. The history is safe. Try again.",
        (Choice.RETRY,),
    )
    desktop.secret_service.gate.set()
    assert desktop.files() == before
    again = opening.begin(LIMIT_S)
    assert isinstance(again, Unlocked)
    assert desktop.told(again.key) == TOLD


def test_slow_the_passphrase_can_be_used_meanwhile(with_recovery) -> None:
    desktop = with_recovery
    desktop.secret_service.gate = threading.Event()
    opening = desktop.opening()
    assert opening.begin(0) == KeyringWaits()
    unlocked = opening.try_passphrase(RECOVERY)
    assert isinstance(unlocked, Unlocked)
    desktop.secret_service.gate.set()
    assert desktop.told(unlocked.key) == TOLD


def test_it_appears_later(in_keyring) -> None:
    desktop, before = in_keyring, in_keyring.files()
    desktop.secret_service.is_here = False
    opening = desktop.opening()
    for _ in range(3):
        state = opening.begin(LIMIT_S)
        assert state == Unopenable(Reason.ABSENT, f"{NO_KEYRING}.", (Choice.RETRY,))
    assert desktop.files() == before
    desktop.secret_service.is_here = True
    unlocked = opening.begin(LIMIT_S)
    assert isinstance(unlocked, Unlocked)
    assert desktop.told(unlocked.key) == TOLD


@pytest.mark.parametrize("has_backup", [False, True])
def test_the_key_is_not_the_database_s(in_keyring, tmp_path, has_backup: bool) -> None:
    """The database of another history lies there: neither it nor the key is touched."""
    desktop, own = in_keyring, in_keyring.database.read_bytes()
    other_key = HistoryKey.create()
    Database.open(tmp_path / "other.db", other_key.reveal(), create=True).close()
    desktop.database.write_bytes((tmp_path / "other.db").read_bytes())
    if has_backup:
        backup = desktop.folder / "backups" / "one"
        backup.mkdir(parents=True)
        (backup / "history.db").write_bytes(b"a backup")
    before = desktop.files()
    opening = desktop.opening()
    state = opening.begin(LIMIT_S)
    assert isinstance(state, Unlocked)
    with pytest.raises(WrongKeyError):
        Database.open(desktop.database, state.key.reveal())
    refused = opening.refuse_database()
    happened = (
        "The key does not open the database, which is damaged or belongs to another history. "
        "Nothing was changed. Put the right file back and try again, or "
    )
    if has_backup:
        assert refused.sentence == f"{happened}restore a backup."
        assert refused.choices == (Choice.BACKUP, Choice.RETRY)
    else:
        assert refused.sentence == f"{happened}move {desktop.folder} away to begin anew."
        assert refused.choices == (Choice.RETRY,)
    assert refused.reason == Reason.WRONG_KEY
    assert opening.key is not None, "a backup is opened with it"
    assert desktop.files() == before
    desktop.database.write_bytes(own)
    again = opening.begin(LIMIT_S)
    assert isinstance(again, Unlocked)
    assert desktop.told(again.key) == TOLD


# ------------------------------------------------------------------ where nothing was kept yet


@pytest.mark.parametrize(
    ("happens", "told"),
    [
        (lock, "The keyring is locked."),
        (
            dismiss,
            "The keyring stayed locked: its prompt was closed or could not be shown.",
        ),
        (
            dismiss_creation,
            "The keyring stayed locked: its prompt was closed or could not be shown.",
        ),
        (
            lambda desktop, _: setattr(desktop.secret_service, "keeps", False),
            "The keyring did not keep the key: what was read back is not what was written.",
        ),
    ],
)
def test_a_keyring_that_fails_at_the_beginning_creates_nothing(
    desktop, monkeypatch: pytest.MonkeyPatch, happens, told: str
) -> None:
    opening = desktop.opening()
    first = opening.begin(LIMIT_S)
    assert isinstance(first, NewHistory)
    assert first.keyring is not None
    happens(desktop, monkeypatch)
    state = opening.create_in_keyring(first.keyring, LIMIT_S)
    assert state == NewHistory(
        first.keyring, f"{told} Nothing was created. Choose a passphrase or try again."
    )
    assert desktop.files() == {}
    assert desktop.secret_service.entries == {}
    under_passphrase = opening.create_under_passphrase("eight or more")
    desktop.keep_something(opening, under_passphrase)
    assert desktop.told(under_passphrase.key) == TOLD


@pytest.mark.parametrize("happens", [take_away, offer_null, offer_plaintext])
def test_without_a_keyring_a_new_history_asks_for_a_passphrase(
    desktop, monkeypatch: pytest.MonkeyPatch, happens
) -> None:
    happens(desktop, monkeypatch)
    assert desktop.opening().begin(LIMIT_S) == NewHistory(
        None,
        "No keyring answers here; one that keeps nothing, or keeps secrets in plain text, is not "
        "used. Nothing was created. Choose a passphrase or try again.",
    )
    assert desktop.files() == {}
