"""What `vault.json` says: which history it is, and the ways to its key. No secret in clear.

For: opening a history and changing how it is locked. The text is read as hostile: small,
strictly typed, nothing missing and nothing unknown, and with a sum of its own so that a
flipped bit is damage and not another meaning. Not here: the file (`envelope_file`).
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from app.chats.vault.backends import KeyringEntry, KeyringKind
from app.chats.vault.passphrase import Argon2Cost, Wrap
from app.chats.vault.words import Reason, failure

FORMAT = "pitcher-vault"
VERSION = 1
MAXIMUM_BYTES = 16 * 1024
_HISTORY_ID = re.compile(r"[0-9a-f]{32}")
_CHECK = re.compile(r"[0-9a-f]{64}")

_Fields = Mapping[str, object]


def new_history_id() -> str:
    """A random name for a history, which its wraps are bound to."""
    return secrets.token_hex(16)


@dataclass(frozen=True)
class Envelope:
    """How a history is locked. `is_in_use` is false until its database exists: before that
    nothing was ever kept under its key.

    A keyring or a passphrase is always there; a recovery passphrase is one more way.
    """

    history_id: str
    check: str
    is_in_use: bool
    keyring: KeyringEntry | None = None
    passphrase: Wrap | None = None
    recovery: Wrap | None = None

    def __post_init__(self) -> None:
        if not _HISTORY_ID.fullmatch(self.history_id) or not _CHECK.fullmatch(self.check):
            raise ValueError("not an id and a check of a history")
        if self.keyring is None and self.passphrase is None:
            raise ValueError("no way to the key")

    @property
    def has_passphrase(self) -> bool:
        """Whether a passphrase of either kind opens it."""
        return self.passphrase is not None or self.recovery is not None


def write_envelope(envelope: Envelope) -> bytes:
    """The bytes of `vault.json`."""
    ways: dict[str, object] = {}
    if envelope.keyring is not None:
        ways["keyring"] = {"kind": envelope.keyring.kind.value, "entry": envelope.keyring.name}
    if envelope.passphrase is not None:
        ways["passphrase"] = _written(envelope.passphrase)
    if envelope.recovery is not None:
        ways["recovery"] = _written(envelope.recovery)
    fields: dict[str, object] = {
        "format": FORMAT,
        "version": VERSION,
        "history": envelope.history_id,
        "check": envelope.check,
        "in_use": envelope.is_in_use,
        "ways": ways,
    }
    fields["sum"] = _sum(fields)
    return (json.dumps(fields, indent=2) + "\n").encode("ascii")


def read_envelope(stored: bytes) -> Envelope:
    """What the bytes say. EnvelopeError where they are damaged, or of a later version."""
    try:
        fields = _parsed(stored)
        # Every version keeps these three, so that a later one is told from damage.
        version, told = fields.pop("version"), fields.pop("sum")
        _expect(_text(told) == _sum({**fields, "version": version}))
        _expect(fields.pop("format") == FORMAT)
    except (ValueError, KeyError, RecursionError) as error:
        raise failure(Reason.ENVELOPE_DAMAGED) from error
    if type(version) is not int or version != VERSION:
        raise failure(Reason.ENVELOPE_NEWER)
    try:
        return _envelope(fields)
    except (ValueError, KeyError) as error:
        raise failure(Reason.ENVELOPE_DAMAGED) from error


def _sum(fields: _Fields) -> str:
    """Of everything but itself, whatever the spaces and the order."""
    canonical = json.dumps(fields, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def _parsed(stored: bytes) -> dict[str, object]:
    _expect(len(stored) <= MAXIMUM_BYTES)
    loaded: object = json.loads(
        stored.decode("ascii"), object_pairs_hook=_without_repeats, parse_constant=_no_constant
    )
    return dict(_table(loaded))


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    _expect(len(fields) == len(pairs))
    return fields


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def _envelope(fields: _Fields) -> Envelope:
    _only(fields, "history", "check", "in_use", "ways")
    ways = _table(fields["ways"])
    _expect(set(ways) <= {"keyring", "passphrase", "recovery"})
    is_in_use = fields["in_use"]
    if not isinstance(is_in_use, bool):
        raise ValueError("neither true nor false")
    return Envelope(
        _text(fields["history"]),
        _text(fields["check"]),
        is_in_use,
        _entry(ways["keyring"]) if "keyring" in ways else None,
        _wrap(ways["passphrase"]) if "passphrase" in ways else None,
        _wrap(ways["recovery"]) if "recovery" in ways else None,
    )


def _entry(stored: object) -> KeyringEntry:
    fields = _table(stored)
    _only(fields, "kind", "entry")
    return KeyringEntry(KeyringKind(_text(fields["kind"])), _text(fields["entry"]))


def _written(wrap: Wrap) -> dict[str, object]:
    return {
        "memory_kib": wrap.cost.memory_kib,
        "iterations": wrap.cost.iterations,
        "lanes": wrap.cost.lanes,
        "salt": wrap.salt.hex(),
        "nonce": wrap.nonce.hex(),
        "sealed": wrap.sealed.hex(),
    }


def _wrap(stored: object) -> Wrap:
    fields = _table(stored)
    _only(fields, "memory_kib", "iterations", "lanes", "salt", "nonce", "sealed")
    cost = Argon2Cost(
        _whole(fields["memory_kib"]), _whole(fields["iterations"]), _whole(fields["lanes"])
    )
    parts = (bytes.fromhex(_text(fields[name])) for name in ("salt", "nonce", "sealed"))
    return Wrap(cost, *parts)


def _only(fields: _Fields, *names: str) -> None:
    _expect(set(fields) == set(names))


def _expect(is_right: bool) -> None:
    if not is_right:
        raise ValueError("not an envelope")


def _table(stored: object) -> _Fields:
    if not isinstance(stored, dict):
        raise ValueError("not a table")
    return stored


def _text(stored: object) -> str:
    if not isinstance(stored, str):
        raise ValueError("not a text")
    return stored


def _whole(stored: object) -> int:
    if isinstance(stored, bool) or not isinstance(stored, int):
        raise ValueError("not a whole number")
    return stored
