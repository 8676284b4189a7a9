"""Ed25519 keys and the signature of a bundle: made, written, read, checked.

For: making and checking bundles, and updates of the program (`app/updates`). A fingerprint is the
SHA-256 of the public key's 32 bytes, in groups that two people can read to each other. Whose key
is trusted is `trust`'s to say.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from app import owner_file
from app.library.bundles.errors import KeyFileError, ManifestError
from app.library.bundles.files import read_small
from app.library.bundles.manifest import MANIFEST_NAME
from inference.sentence import said, system_words

SIGNATURE_NAME = "bundle.sig"
MOST_SIGNATURE_BYTES = 1024
_MOST_KEY_BYTES = 4096
# What is signed says what it is, so that a signature is never taken for one of something else.
BUNDLE_PURPOSE = b"pitcher bundle manifest 1\n"
UPDATE_PURPOSE = b"pitcher update manifest 1\n"
_GROUP = 4
_SIGNATURE = re.compile(
    rb"pitcher signature 1\nkey ([0-9a-f]{64})\nmanifest ([0-9a-f]{64})\n"
    rb"signature ([0-9a-f]{128})\n"
)
_PUBLIC = re.compile(r"pitcher public key 1\n([0-9a-f]{64})\n")


@dataclass(frozen=True)
class PublicKey:
    """Who signed, by 32 bytes."""

    raw: bytes

    @property
    def fingerprint(self) -> str:
        """64 hexadecimal digits in groups of four."""
        digits = hashlib.sha256(self.raw).hexdigest()
        return " ".join(digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP))

    def written(self) -> bytes:
        """The file in which a public key is handed on."""
        return f"pitcher public key 1\n{self.raw.hex()}\n".encode()


def fingerprint_from(text: str) -> str:
    """A fingerprint as somebody typed it, in our groups; raises KeyFileError."""
    digits = re.sub(r"[\s:-]+", "", text).lower()
    if not re.fullmatch(r"[0-9a-f]{64}", digits):
        raise KeyFileError(
            said(
                "“{text}” is no fingerprint: it has 64 hexadecimal digits, in groups or not.",
                text=text[:100],
            )
        )
    return " ".join(digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP))


def read_public_key(file: Path) -> PublicKey:
    """A public key that somebody handed over; raises KeyFileError."""
    found = _PUBLIC.fullmatch(_read_key(file).decode("ascii", "replace"))
    if found is None:
        raise KeyFileError(said("{file} holds no public key of Pitcher’s.", file=file))
    return PublicKey(bytes.fromhex(found[1]))


class SigningKey:
    """A private key. It is kept in a file that its owner alone can read."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @classmethod
    def make(cls, file: Path) -> SigningKey:
        """A new one, kept in `file`, which must not be there; raises KeyFileError."""
        if os.path.lexists(file):
            raise KeyFileError(
                said("There is a key in {file} already. It was not changed.", file=file)
            )
        key = Ed25519PrivateKey.generate()
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            owner_file.replace(
                file, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            )
        except OSError as error:
            raise KeyFileError(
                said("The key can’t be kept in {file}: {why}.", file=file, why=system_words(error))
            ) from error
        return cls(key)

    @classmethod
    def read(cls, file: Path) -> SigningKey:
        """Raises KeyFileError, also where others than its owner can read it."""
        if not os.path.lexists(file):
            raise KeyFileError(
                said("There is no key in {file}. “models key make” makes one.", file=file)
            )
        pem = _read_key(file)
        if os.name == "posix" and stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise KeyFileError(
                said(
                    "Others can read the private key in {file}. Take their rights away "
                    "(chmod 600), or make another key.",
                    file=file,
                )
            )
        try:
            key = load_pem_private_key(pem, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, Ed25519PrivateKey):
            raise KeyFileError(said("{file} holds no private key for Ed25519.", file=file))
        return cls(key)

    @property
    def public(self) -> PublicKey:
        """What others trust."""
        return PublicKey(self._key.public_key().public_bytes_raw())

    def signature_of(self, manifest: bytes, purpose: bytes = BUNDLE_PURPOSE) -> bytes:
        """bundle.sig for a manifest's bytes. Its hash is there to say which file was altered.
        Who signs something else names another purpose.
        """
        signature = self._key.sign(purpose + manifest)
        return (
            f"pitcher signature 1\nkey {self.public.raw.hex()}\n"
            f"manifest {hashlib.sha256(manifest).hexdigest()}\nsignature {signature.hex()}\n"
        ).encode()


def signer_of(manifest: bytes, signature: bytes, purpose: bytes = BUNDLE_PURPOSE) -> PublicKey:
    """Whose signature it is; raises ManifestError that names the file that was altered. One that
    was made for another purpose is none.
    """
    found = _SIGNATURE.fullmatch(signature)
    if found is None:
        raise _altered(SIGNATURE_NAME)
    key, told, signed = (bytes.fromhex(text.decode()) for text in found.groups())
    is_manifest_told = hashlib.sha256(manifest).digest() == told
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signed, purpose + manifest)
    except (InvalidSignature, ValueError):
        raise _altered(SIGNATURE_NAME if is_manifest_told else MANIFEST_NAME) from None
    if not is_manifest_told:
        raise _altered(SIGNATURE_NAME)
    return PublicKey(key)


def _altered(name: str) -> ManifestError:
    return ManifestError(
        said(
            "{name} is not as it was signed: it was altered, or damaged on its way. Nothing was "
            "used of this bundle; copy it again.",
            name=name,
        )
    )


def _read_key(file: Path) -> bytes:
    try:
        return read_small(file, _MOST_KEY_BYTES)
    except OSError as error:
        raise KeyFileError(
            said("{file} can’t be read: {why}.", file=file, why=system_words(error))
        ) from error
