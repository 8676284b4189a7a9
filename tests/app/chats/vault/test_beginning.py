"""Beginning a history, cut short or refused by the disk at any step: it opens or is plainly new."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from app.chats.database import Database
from app.chats.errors import DiskFullError
from app.chats.vault import envelope_file
from app.chats.vault.backends import KeyringKind
from app.chats.vault.states import NewHistory, Unlocked

LIMIT_S = 60.0
TOLD = "what only its owner may read"
SECRET_SERVICE = KeyringKind.SECRET_SERVICE
NEW = NewHistory(SECRET_SERVICE)


class KilledError(BaseException):
    """The process ends here."""


def make(desktop) -> None:
    """A whole beginning, as the vault's caller does it."""
    opening = desktop.opening()
    assert opening.begin(LIMIT_S) == NEW
    desktop.keep_something(opening, opening.create_in_keyring(SECRET_SERVICE, LIMIT_S))


def test_a_kill_at_any_step_leaves_what_opens_or_is_plainly_new(
    desktop, fail_at, tmp_path: Path
) -> None:
    steps = fail_at(-1, KilledError())
    make(desktop)
    total = len(steps.done)
    assert total > 10
    seen: set[str] = set()
    for step in range(1, total + 1):
        desktop.folder = tmp_path / f"killed-{step}"
        fail_at(step, KilledError())
        with pytest.raises(KilledError):
            make(desktop)
        fail_at(-1, KilledError())
        state = desktop.opening().begin(LIMIT_S)
        if isinstance(state, NewHistory):
            seen.add("new")
            assert not desktop.database.exists()
            make(desktop)
            assert desktop.told(desktop.opening().begin(LIMIT_S).key) == TOLD
        else:
            seen.add("opens")
            assert isinstance(state, Unlocked)
            assert desktop.database.exists()
    assert seen == {"new", "opens"}


def test_a_full_disk_at_any_step_is_told_and_leaves_what_opens_or_is_plainly_new(
    desktop, fail_at, tmp_path: Path, join_keyrings
) -> None:
    steps = fail_at(-1, OSError())
    make(desktop)
    desktop.secret_service.entries.clear()
    total = len(steps.done)
    for step in range(1, total + 1):
        desktop.folder = tmp_path / f"full-{step}"
        fail_at(step, OSError(errno.ENOSPC, "No space left on device"))
        with pytest.raises(DiskFullError, match="disk is full"):
            make(desktop)
        fail_at(-1, OSError())
        join_keyrings()
        state = desktop.opening().begin(LIMIT_S)
        if isinstance(state, NewHistory):
            make(desktop)
            state = desktop.opening().begin(LIMIT_S)
            assert desktop.told(state.key) == TOLD
        assert isinstance(state, Unlocked)
        join_keyrings()
        assert len(desktop.secret_service.entries) == 1, "no litter is left"
        desktop.secret_service.entries.clear()


def test_nothing_counts_as_kept_before_it_is_marked(in_keyring, tmp_path: Path) -> None:
    """A kill after the database was made and before it came into use: it opens."""
    in_keyring.folder = tmp_path / "other"
    opening = in_keyring.opening()
    opening.begin(LIMIT_S)
    state = opening.create_in_keyring(SECRET_SERVICE, LIMIT_S)
    Database.open(in_keyring.database, state.key.reveal(), create=True).close()
    again = in_keyring.opening()
    opened = again.begin(LIMIT_S)
    assert isinstance(opened, Unlocked)
    assert not opened.is_new
    again.mark_used()
    assert envelope_file.load(in_keyring.folder).envelope.is_in_use
    before = in_keyring.files()
    again.mark_used()
    assert in_keyring.files() == before


def test_the_entry_of_a_beginning_that_was_cut_short_is_deleted_by_the_next(
    desktop, join_keyrings
) -> None:
    first = desktop.opening()
    first.begin(LIMIT_S)
    assert isinstance(first.create_in_keyring(SECRET_SERVICE, LIMIT_S), Unlocked)
    (old,) = desktop.secret_service.entries
    second = desktop.opening()
    assert second.begin(LIMIT_S) == NEW
    second.create_in_keyring(SECRET_SERVICE, LIMIT_S)
    join_keyrings()
    (new,) = desktop.secret_service.entries
    assert new != old
