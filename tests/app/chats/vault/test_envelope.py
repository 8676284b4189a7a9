"""`vault.json` is read as hostile: nothing missing, nothing unknown, no bit flipped unseen."""

import json

import pytest

from app.chats.errors import EnvelopeError
from app.chats.vault.backends import KeyringEntry, KeyringKind
from app.chats.vault.envelope import (
    MAXIMUM_BYTES,
    Envelope,
    new_history_id,
    read_envelope,
    write_envelope,
)
from app.chats.vault.key import HistoryKey
from app.chats.vault.passphrase import Argon2Cost, Purpose, wrap
from app.chats.vault.words import Reason

DAMAGED = (
    "vault.json, which says how the history is locked, is damaged. Nothing was changed. "
    "Put a copy of it back and try again."
)


@pytest.fixture
def envelope(history_key: HistoryKey, cost: Argon2Cost) -> Envelope:
    history_id = "ab" * 16
    return Envelope(
        history_id,
        history_key.check,
        is_in_use=True,
        keyring=KeyringEntry(KeyringKind.SECRET_SERVICE, "cd" * 16),
        passphrase=wrap(history_key, "one of eight", history_id, Purpose.PASSPHRASE, cost),
        recovery=wrap(history_key, "another of eight", history_id, Purpose.RECOVERY, cost),
    )


def is_damaged(stored: bytes) -> bool:
    with pytest.raises(EnvelopeError) as raised:
        read_envelope(stored)
    assert str(raised.value) == DAMAGED
    return raised.value.reason == Reason.ENVELOPE_DAMAGED


def test_what_is_written_is_read(envelope: Envelope) -> None:
    assert read_envelope(write_envelope(envelope)) == envelope


@pytest.mark.parametrize("gone", ["keyring", "passphrase", "recovery"])
def test_each_way_can_be_missing(envelope: Envelope, gone: str) -> None:
    from dataclasses import replace

    fewer = replace(envelope, **{gone: None})
    assert read_envelope(write_envelope(fewer)) == fewer
    assert fewer.has_passphrase


def test_no_secret_stands_in_it(envelope: Envelope, history_key: HistoryKey) -> None:
    stored = write_envelope(envelope)
    for secret in (history_key.reveal(), history_key.to_text().encode(), b"of eight"):
        assert secret not in stored


def test_every_flipped_bit_is_damage_or_makes_no_difference(envelope: Envelope) -> None:
    stored = write_envelope(envelope)
    seen: set[str] = set()
    for bit in range(len(stored) * 8):
        flipped = bytearray(stored)
        flipped[bit // 8] ^= 1 << bit % 8
        try:
            seen.add("the same" if read_envelope(bytes(flipped)) == envelope else "another")
        except EnvelopeError as error:
            seen.add(error.reason)
    # A space may become a line break, and nothing else may pass.
    assert seen <= {"the same", Reason.ENVELOPE_DAMAGED}


def test_every_truncation_is_damage(envelope: Envelope) -> None:
    stored = write_envelope(envelope).rstrip()
    for length in range(len(stored)):
        assert is_damaged(stored[:length])


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"{}",
        b'"text"',
        b"12",
        b"NaN",
        b'{"version": NaN, "sum": ""}',
        b'{"version": 1, "sum": 5}',
        b"[" * MAXIMUM_BYTES,
        b'{"a":' * 3000 + b"1",
        b" " * (MAXIMUM_BYTES + 1),
        b"9" * 9000,
    ],
)
def test_what_is_no_envelope_is_damage(stored: bytes) -> None:
    assert is_damaged(stored)


def test_more_than_its_largest_size_is_not_read(envelope: Envelope) -> None:
    stored = write_envelope(envelope)
    padded = stored + b" " * (MAXIMUM_BYTES - len(stored))
    assert read_envelope(padded) == envelope
    assert is_damaged(padded + b" ")


def test_a_repeated_name_is_damage(envelope: Envelope) -> None:
    stored = write_envelope(envelope).decode()
    assert is_damaged(stored.replace('"version": 1,', '"version": 1, "version": 1,').encode())


@pytest.mark.parametrize("version", [2, 10**30, 0, -1, True, 1.0, "1", None])
def test_a_later_version_is_told_from_damage(envelope: Envelope, summed, version: object) -> None:
    fields = json.loads(write_envelope(envelope))
    with pytest.raises(EnvelopeError) as raised:
        read_envelope(summed({**fields, "version": version, "anything": [1, {}]}))
    assert raised.value.reason == Reason.ENVELOPE_NEWER
    assert str(raised.value) == (
        "A later version of Pitcher wrote vault.json, which says how the history is locked. "
        "Nothing was changed. Open it with that version."
    )


def changed(fields: dict, path: tuple[str, ...], value: object) -> dict:
    if not path:
        return value  # type: ignore[return-value]
    return {**fields, path[0]: changed(fields.get(path[0], {}), path[1:], value)}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format",), "other"),
        (("history",), "AB" * 16),
        (("history",), "ab" * 16 + "\n"),
        (("history",), 5),
        (("check",), "ab"),
        (("check",), None),
        (("in_use",), 1),
        (("in_use",), "true"),
        (("unknown",), 1),
        (("ways",), []),
        (("ways",), {}),
        (("ways", "unknown"), 1),
        (("ways", "keyring"), "secret-service"),
        (("ways", "keyring", "kind"), "plaintext"),
        (("ways", "keyring", "entry"), "../x"),
        (("ways", "keyring", "more"), 1),
        (("ways", "passphrase", "memory_kib"), 1 << 30),
        (("ways", "passphrase", "memory_kib"), 16.0),
        (("ways", "passphrase", "memory_kib"), True),
        (("ways", "passphrase", "iterations"), 10**9),
        (("ways", "passphrase", "lanes"), 1 << 24),
        (("ways", "passphrase", "salt"), "00"),
        (("ways", "passphrase", "salt"), "zz" * 16),
        (("ways", "passphrase", "nonce"), ""),
        (("ways", "passphrase", "sealed"), "00" * 47),
        (("ways", "recovery"), None),
        (("ways", "recovery", "unknown"), 1),
    ],
)
def test_a_field_that_says_something_else_is_damage_though_the_sum_is_right(
    envelope: Envelope, summed, path: tuple[str, ...], value: object
) -> None:
    fields = json.loads(write_envelope(envelope))
    assert read_envelope(summed(fields)) == envelope
    assert is_damaged(summed(changed(fields, path, value)))


@pytest.mark.parametrize("gone", ["history", "check", "in_use", "ways", "format", "version"])
def test_a_missing_field_is_damage(envelope: Envelope, summed, gone: str) -> None:
    fields = json.loads(write_envelope(envelope))
    del fields[gone]
    assert is_damaged(summed(fields))


def test_a_recovery_passphrase_alone_is_no_envelope(envelope: Envelope) -> None:
    with pytest.raises(ValueError, match="no way"):
        Envelope(envelope.history_id, envelope.check, False, recovery=envelope.recovery)


def test_ids_are_random() -> None:
    assert len({new_history_id() for _ in range(50)}) == 50
