"""A key under a passphrase: opened by it alone, and bound to all that stands beside it."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from app.chats.errors import PassphraseRefusedError, VaultError, WrongPassphraseError
from app.chats.vault import passphrase
from app.chats.vault.key import HistoryKey
from app.chats.vault.passphrase import (
    COST,
    Argon2Cost,
    Purpose,
    Wrap,
    unwrap,
    wrap,
    wrap_proved,
)

HISTORY = "0f" * 16
OTHER = "f0" * 16
WORDS = "correct horse"


@pytest.fixture
def wrapped(history_key: HistoryKey, cost: Argon2Cost) -> Wrap:
    return wrap(history_key, WORDS, HISTORY, Purpose.PASSPHRASE, cost)


def test_the_passphrase_opens_what_it_wrapped(wrapped: Wrap, history_key: HistoryKey) -> None:
    opened = unwrap(wrapped, WORDS, HISTORY, Purpose.PASSPHRASE)
    assert opened.reveal() == history_key.reveal()
    assert history_key.reveal() not in wrapped.sealed


def test_the_real_cost_opens_too_and_takes_the_memory_that_was_promised(
    history_key: HistoryKey,
) -> None:
    made = wrap_proved(history_key, WORDS, HISTORY, Purpose.RECOVERY)
    assert made.cost == COST
    assert COST.memory_kib >= 64 * 1024
    assert unwrap(made, WORDS, HISTORY, Purpose.RECOVERY).reveal() == history_key.reveal()


@pytest.mark.parametrize(
    "other", ["", "correct hors", "Correct horse", "correct horse ", "x" * 5000, "\udcff" * 8]
)
def test_another_passphrase_does_not(wrapped: Wrap, other: str) -> None:
    with pytest.raises(WrongPassphraseError) as raised:
        unwrap(wrapped, other, HISTORY, Purpose.PASSPHRASE)
    assert str(raised.value) == ("That passphrase does not open this history. Nothing was changed.")


def test_it_opens_for_its_own_history_and_purpose_alone(wrapped: Wrap) -> None:
    with pytest.raises(WrongPassphraseError):
        unwrap(wrapped, WORDS, OTHER, Purpose.PASSPHRASE)
    with pytest.raises(WrongPassphraseError):
        unwrap(wrapped, WORDS, HISTORY, Purpose.RECOVERY)


def test_a_changed_bit_anywhere_does_not_open(wrapped: Wrap) -> None:
    for name in ("salt", "nonce", "sealed"):
        stored = getattr(wrapped, name)
        for bit in range(len(stored) * 8):
            changed = bytearray(stored)
            changed[bit // 8] ^= 1 << bit % 8
            with pytest.raises(WrongPassphraseError):
                unwrap(
                    replace(wrapped, **{name: bytes(changed)}), WORDS, HISTORY, Purpose.PASSPHRASE
                )


def test_a_changed_cost_does_not_open_even_where_the_derived_key_is_the_same(
    wrapped: Wrap, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The parameters are authenticated, not only used."""
    derived = passphrase._derive(WORDS, wrapped.salt, wrapped.cost)
    monkeypatch.setattr(passphrase, "_derive", lambda *_: bytearray(derived))
    unwrap(wrapped, WORDS, HISTORY, Purpose.PASSPHRASE)
    changed = replace(wrapped, cost=Argon2Cost(17, 1, 1))
    with pytest.raises(WrongPassphraseError):
        unwrap(changed, WORDS, HISTORY, Purpose.PASSPHRASE)


def test_two_wraps_of_one_key_share_nothing(history_key: HistoryKey, cost: Argon2Cost) -> None:
    one, two = (wrap(history_key, WORDS, HISTORY, Purpose.PASSPHRASE, cost) for _ in range(2))
    assert one.salt != two.salt
    assert one.nonce != two.nonce
    assert one.sealed != two.sealed


def test_letters_composed_otherwise_are_the_same_passphrase(
    history_key: HistoryKey, cost: Argon2Cost
) -> None:
    made = wrap(history_key, "caf\u00e9 \uff21 \ufb01 1", HISTORY, Purpose.PASSPHRASE, cost)
    opened = unwrap(made, "cafe\u0301 A fi 1", HISTORY, Purpose.PASSPHRASE)
    assert opened.reveal() == history_key.reveal()


@pytest.mark.parametrize(
    ("refused", "sentence"),
    [
        ("", "The passphrase is empty. Nothing was changed."),
        (
            "1234567",
            "A passphrase has at least 8 characters; this one has 7. Nothing was changed.",
        ),
        # Eight code points, composed into seven characters.
        (
            "123456e\u0301",
            "A passphrase has at least 8 characters; this one has 7. Nothing was changed.",
        ),
        ("x" * 1025, "A passphrase has at most 1,024 characters. Nothing was changed."),
        ("1234567\udcff", "The passphrase is not valid text. Nothing was changed."),
    ],
)
def test_what_can_not_be_a_new_passphrase_is_refused(
    refused: str, sentence: str, history_key: HistoryKey, cost: Argon2Cost
) -> None:
    with pytest.raises(PassphraseRefusedError) as raised:
        wrap(history_key, refused, HISTORY, Purpose.PASSPHRASE, cost)
    assert str(raised.value) == sentence


@pytest.mark.parametrize("accepted", ["12345678", "aaaaaaaa", "        ", "x" * 1024, "火" * 8])
def test_nothing_else_is_demanded(accepted: str, history_key: HistoryKey, cost: Argon2Cost) -> None:
    made = wrap(history_key, accepted, HISTORY, Purpose.PASSPHRASE, cost)
    opened = unwrap(made, accepted, HISTORY, Purpose.PASSPHRASE)
    assert opened.reveal() == history_key.reveal()


@pytest.mark.parametrize(
    ("memory_kib", "iterations", "lanes"),
    [
        (1 << 30, 1, 1),
        ((1 << 20) + 1, 1, 1),
        (1 << 20, 5, 1),
        (1024, 65, 1),
        (1024, 0, 1),
        (1024, 1, 0),
        (1024, 1, 17),
        (15, 1, 2),
        (-1, 1, 1),
        (1024, -1, 1),
    ],
)
def test_a_cost_that_no_computer_should_pay_is_refused(
    memory_kib: int, iterations: int, lanes: int
) -> None:
    with pytest.raises(ValueError):
        Argon2Cost(memory_kib, iterations, lanes)


@pytest.mark.parametrize(("salt", "nonce", "sealed"), [(15, 12, 48), (16, 11, 48), (16, 12, 49)])
def test_parts_of_a_wrong_length_are_no_wrap(
    salt: int, nonce: int, sealed: int, cost: Argon2Cost
) -> None:
    with pytest.raises(ValueError):
        Wrap(cost, bytes(salt), bytes(nonce), bytes(sealed))


def test_too_little_memory_is_a_sentence(wrapped: Wrap, monkeypatch: pytest.MonkeyPatch) -> None:
    class Starved:
        def __init__(self, **_: object) -> None:
            pass

        def derive(self, _: bytes) -> bytes:
            raise MemoryError("no")

    monkeypatch.setattr(passphrase, "Argon2id", Starved)
    with pytest.raises(VaultError, match="needs 0 MB of free memory"):
        unwrap(wrapped, WORDS, HISTORY, Purpose.PASSPHRASE)


def test_a_wrap_that_does_not_open_again_is_never_handed_out(
    history_key: HistoryKey, cost: Argon2Cost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passphrase, "unwrap", lambda *_: HistoryKey(bytes(32)))
    with pytest.raises(VaultError, match="could not be set"):
        wrap_proved(history_key, WORDS, HISTORY, Purpose.PASSPHRASE, cost)


def test_it_is_argon2id_with_the_stored_parameters(wrapped: Wrap, history_key: HistoryKey) -> None:
    """What another program would compute: the format is what the docstring says."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    sealing = Argon2id(salt=wrapped.salt, length=32, iterations=1, lanes=1, memory_cost=16).derive(
        WORDS.encode()
    )
    bound = f"pitcher wrap 1\n{HISTORY}\npassphrase\n16\n1\n1\n{wrapped.salt.hex()}".encode()
    opened = AESGCM(sealing).decrypt(wrapped.nonce, wrapped.sealed, bound)
    assert opened == history_key.reveal()
