"""A history's key under a passphrase: Argon2id, then AES-256-GCM.

For: the envelope and whoever opens or changes it. What is wrapped is the same random key that
a keyring would hold, so changing a passphrase rewrites nothing but the wrap. The history's id,
what the wrap is for, and every parameter are authenticated with it.
"""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from app.chats.errors import PassphraseRefusedError, VaultError
from app.chats.vault.key import KEY_BYTES, HistoryKey, wipe
from app.chats.vault.words import Reason, failure
from inference.sentence import said

MINIMUM_CHARACTERS = 8
MAXIMUM_CHARACTERS = 1024
SALT_BYTES = 16
NONCE_BYTES = 12
SEALED_BYTES = KEY_BYTES + 16

# What a file may ask for at most: about 4 s of one core, and memory that a PC has.
_MAXIMUM_MEMORY_KIB = 1 << 20
_MAXIMUM_ITERATIONS = 64
_MAXIMUM_LANES = 16
_MAXIMUM_WORK_KIB = 4 << 20


class Purpose(StrEnum):
    """What a wrap is for; one can't be passed off as the other."""

    PASSPHRASE = "passphrase"
    RECOVERY = "recovery"


@dataclass(frozen=True)
class Argon2Cost:
    """Argon2id's parameters. ValueError for what it, or a computer, can't do."""

    memory_kib: int
    iterations: int
    lanes: int

    def __post_init__(self) -> None:
        if not 1 <= self.lanes <= _MAXIMUM_LANES:
            raise ValueError(f"{self.lanes} lanes")
        if not 8 * self.lanes <= self.memory_kib <= _MAXIMUM_MEMORY_KIB:
            raise ValueError(f"{self.memory_kib} KiB of memory")
        if not 1 <= self.iterations <= _MAXIMUM_ITERATIONS:
            raise ValueError(f"{self.iterations} iterations")
        if self.iterations * self.memory_kib > _MAXIMUM_WORK_KIB:
            raise ValueError("more work than a passphrase is worth")


# 0.3 to 0.45 s on two cores of a 2020s server processor, 0.45 s on one.
COST = Argon2Cost(memory_kib=128 * 1024, iterations=4, lanes=4)


@dataclass(frozen=True)
class Wrap:
    """A key under a passphrase; public, and no use without the passphrase."""

    cost: Argon2Cost
    salt: bytes
    nonce: bytes
    sealed: bytes

    def __post_init__(self) -> None:
        lengths = (len(self.salt), len(self.nonce), len(self.sealed))
        if lengths != (SALT_BYTES, NONCE_BYTES, SEALED_BYTES):
            raise ValueError(f"a wrap's parts have {lengths} bytes")


def refuse_as_new(passphrase: str) -> None:
    """PassphraseRefusedError for what can't be a new passphrase: too short, too long, or
    not text. Nothing else is demanded.
    """
    normal = _normal(passphrase)
    if not normal:
        raise PassphraseRefusedError("The passphrase is empty. Nothing was changed.")
    if len(normal) < MINIMUM_CHARACTERS:
        raise PassphraseRefusedError(
            said(
                "A passphrase has at least {minimum_characters} characters; this one has "
                "{count}. Nothing was changed.",
                minimum_characters=MINIMUM_CHARACTERS,
                count=len(normal),
            )
        )
    if len(normal) > MAXIMUM_CHARACTERS:
        raise PassphraseRefusedError(
            said(
                "A passphrase has at most {maximum_characters:,} characters. Nothing was changed.",
                maximum_characters=MAXIMUM_CHARACTERS,
            )
        )
    if not _is_text(normal):
        raise PassphraseRefusedError("The passphrase is not valid text. Nothing was changed.")


def wrap(
    key: HistoryKey,
    passphrase: str,
    history_id: str,
    purpose: Purpose,
    cost: Argon2Cost = COST,
) -> Wrap:
    """A key under a new passphrase. Raises PassphraseRefusedError, and VaultError where the
    memory for it is missing.
    """
    refuse_as_new(passphrase)
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    sealing = _derive(passphrase, salt, cost)
    try:
        bound = _bound(history_id, purpose, cost, salt)
        sealed = AESGCM(bytes(sealing)).encrypt(nonce, key.reveal(), bound)
    finally:
        wipe(sealing)
    return Wrap(cost, salt, nonce, sealed)


def wrap_proved(
    key: HistoryKey,
    passphrase: str,
    history_id: str,
    purpose: Purpose,
    cost: Argon2Cost = COST,
) -> Wrap:
    """As `wrap`, and opened once with the same passphrase: it may be the only way to the key."""
    made = wrap(key, passphrase, history_id, purpose, cost)
    opened = unwrap(made, passphrase, history_id, purpose)
    is_right = opened.matches(key.check)
    opened.wipe()
    if not is_right:
        raise VaultError("The passphrase could not be set. Nothing was changed. Try again.")
    return made


def unwrap(wrapped: Wrap, passphrase: str, history_id: str, purpose: Purpose) -> HistoryKey:
    """The key. Raises WrongPassphraseError (also where the wrap was damaged, which can't be
    told apart), and VaultError where the memory for it is missing.
    """
    normal = _normal(passphrase)
    if not normal or len(normal) > MAXIMUM_CHARACTERS or not _is_text(normal):
        raise failure(Reason.WRONG_PASSPHRASE)
    sealing = _derive(passphrase, wrapped.salt, wrapped.cost)
    bound = _bound(history_id, purpose, wrapped.cost, wrapped.salt)
    try:
        return HistoryKey(AESGCM(bytes(sealing)).decrypt(wrapped.nonce, wrapped.sealed, bound))
    except InvalidTag as error:
        raise failure(Reason.WRONG_PASSPHRASE) from error
    finally:
        wipe(sealing)


def _normal(passphrase: str) -> str:
    """The same text whichever keyboard composed an é."""
    return unicodedata.normalize("NFKC", passphrase)


def _is_text(passphrase: str) -> bool:
    """Not so for halves of surrogate pairs, which stand for bytes that were no UTF-8."""
    return not any("\ud800" <= character <= "\udfff" for character in passphrase)


def _derive(passphrase: str, salt: bytes, cost: Argon2Cost) -> bytearray:
    secret = bytearray(_normal(passphrase).encode("utf-8"))
    argon2 = Argon2id(
        salt=salt,
        length=KEY_BYTES,
        iterations=cost.iterations,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    )
    try:
        return bytearray(argon2.derive(bytes(secret)))
    except MemoryError as error:
        needed_mb = cost.memory_kib // 1024
        raise VaultError(
            said(
                "Checking a passphrase needs {needed_mb} MB of free memory. Nothing was "
                "changed. Close another program and try again.",
                needed_mb=needed_mb,
            )
        ) from error
    finally:
        wipe(secret)


def _bound(history_id: str, purpose: Purpose, cost: Argon2Cost, salt: bytes) -> bytes:
    """What is authenticated along with the key."""
    parts = ("pitcher wrap 1", history_id, purpose, *_numbers(cost), salt.hex())
    return "\n".join(parts).encode()


def _numbers(cost: Argon2Cost) -> tuple[str, str, str]:
    return str(cost.memory_kib), str(cost.iterations), str(cost.lanes)
