"""A key is kept, told from another, never shown, and gone once it was wiped."""

import copy
import pickle

import pytest

from app.chats.errors import VaultError
from app.chats.vault.key import KEY_BYTES, HistoryKey, wipe

SECRET = bytes(range(32))


def test_a_new_key_is_random_and_of_full_length() -> None:
    keys = {HistoryKey.create().reveal() for _ in range(50)}
    assert len(keys) == 50
    assert {len(secret) for secret in keys} == {KEY_BYTES}


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_another_length_is_no_key(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        HistoryKey(bytes(length))


def test_text_and_back() -> None:
    text = HistoryKey(SECRET).to_text()
    assert len(text) == 64
    assert HistoryKey.from_text(text).reveal() == SECRET


@pytest.mark.parametrize("text", ["", "00", "zz" * 32, SECRET.hex().upper(), f" {SECRET.hex()}"])
def test_text_that_no_key_writes_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        HistoryKey.from_text(text)


def test_the_check_tells_keys_apart_and_holds_nothing_of_them() -> None:
    key, other = HistoryKey(SECRET), HistoryKey(bytes(32))
    assert key.matches(HistoryKey(SECRET).check)
    assert not other.matches(key.check)
    assert not key.matches("ä")
    assert SECRET.hex()[:8] not in key.check


@pytest.mark.parametrize("shown", [repr, str, "{}".format, "{!r}".format])
def test_it_is_never_shown(shown) -> None:
    assert shown(HistoryKey(SECRET)) == "HistoryKey(hidden)"


@pytest.mark.parametrize("taken", [pickle.dumps, copy.copy, copy.deepcopy])
def test_it_is_neither_pickled_nor_copied(taken) -> None:
    with pytest.raises(TypeError, match="never"):
        taken(HistoryKey(SECRET))


def test_once_wiped_it_is_gone() -> None:
    given = bytearray(SECRET)
    key = HistoryKey(given)
    kept = key._secret
    key.wipe()
    assert kept == bytes(32)
    assert given == SECRET, "whoever gave it wipes their own"
    assert key.is_wiped
    assert repr(key) == "HistoryKey(wiped)"
    with pytest.raises(VaultError, match="Unlock it to go on"):
        key.reveal()
    with pytest.raises(VaultError):
        key.check  # noqa: B018


def test_wiping_a_buffer_leaves_zeros_of_the_same_length() -> None:
    buffer = bytearray(b"secret")
    wipe(buffer)
    assert buffer == bytes(6)
