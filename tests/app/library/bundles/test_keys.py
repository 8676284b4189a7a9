"""Keys are their owner's alone, and only a trusted one counts."""

import re

import pytest

from app.library.bundles.errors import KeyFileError, ManifestError
from app.library.bundles.signing import (
    SigningKey,
    fingerprint_from,
    read_public_key,
    signer_of,
)
from app.library.bundles.trust import TrustStore


@pytest.fixture
def store(tmp_path):
    return TrustStore(tmp_path / "keys")


def test_a_key_is_made_once_and_for_its_owner_alone(store):
    made = SigningKey.make(store.own_file)
    assert store.own_file.stat().st_mode & 0o777 == 0o600
    assert store.own_file.parent.stat().st_mode & 0o777 == 0o700
    assert SigningKey.read(store.own_file).public == made.public == store.own_key()
    before = store.own_file.read_bytes()
    with pytest.raises(KeyFileError, match="already"):
        SigningKey.make(store.own_file)
    assert store.own_file.read_bytes() == before


def test_a_key_that_others_can_read_is_not_used(store):
    SigningKey.make(store.own_file)
    store.own_file.chmod(0o640)
    with pytest.raises(KeyFileError, match="Others can read"):
        SigningKey.read(store.own_file)


def test_what_is_no_key_is_a_sentence(store, tmp_path):
    with pytest.raises(KeyFileError, match="models key make"):
        SigningKey.read(store.own_file)
    file = tmp_path / "file"
    for data in (b"", b"no", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"):
        file.write_bytes(data)
        file.chmod(0o600)
        with pytest.raises(KeyFileError, match="no private key"):
            SigningKey.read(file)
        with pytest.raises(KeyFileError, match="no public key"):
            read_public_key(file)
    file.write_bytes(b"x" * 5000)
    with pytest.raises(KeyFileError, match="can’t be read"):
        read_public_key(file)
    with pytest.raises(KeyFileError, match="can’t be read"):
        read_public_key(tmp_path / "none")


def test_a_key_of_another_kind_is_refused(tmp_path):
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    file = tmp_path / "ec.pem"
    file.touch(mode=0o600)
    key = generate_private_key(SECP256R1())
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(KeyFileError, match="no private key for Ed25519"):
        SigningKey.read(file)


def test_a_fingerprint_is_typed_in_any_way(key):
    shown = key.public.fingerprint
    assert re.fullmatch(r"([0-9a-f]{4} ){15}[0-9a-f]{4}", shown)
    for typed in (shown.upper(), shown.replace(" ", ""), shown.replace(" ", ":"), f" {shown}\n"):
        assert fingerprint_from(typed) == shown
    for wrong in ("", shown[:-1], shown + "0", shown.replace(shown[0], "g")):
        with pytest.raises(KeyFileError, match="no fingerprint"):
            fingerprint_from(wrong)


def test_a_public_key_is_handed_on(key, tmp_path):
    (tmp_path / "k").write_bytes(key.public.written())
    assert read_public_key(tmp_path / "k") == key.public


def test_trust_is_given_listed_and_taken_back(store, key, tmp_path):
    fingerprint = key.public.fingerprint
    assert store.trusted() == ()
    assert store.name_of(fingerprint) is None
    store.trust(fingerprint.upper(), "Anna")
    store.trust("0" * 64, "Zoe")
    assert [each.name for each in store.trusted()] == ["Anna", "Zoe"]
    store.trust(fingerprint, "Anna Two")
    assert TrustStore(tmp_path / "keys").name_of(fingerprint) == "Anna Two"
    assert (tmp_path / "keys" / "trusted.json").stat().st_mode & 0o777 == 0o600
    store.remove(fingerprint)
    assert store.name_of(fingerprint) is None
    with pytest.raises(KeyFileError, match="not among"):
        store.remove(fingerprint)


def test_ones_own_key_is_trusted(store):
    own = SigningKey.make(store.own_file)
    assert store.name_of(own.public.fingerprint) == "this computer"


@pytest.mark.parametrize("data", [b"", b"[]", b'{"x": "y"}', b'{"x": 1}', b"\xff", b"{" * 99])
def test_a_damaged_list_trusts_nobody(store, data, tmp_path):
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "trusted.json").write_bytes(data)
    with pytest.raises(KeyFileError):
        store.name_of("0" * 64)


def test_a_list_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "keys").write_bytes(b"a file is in the way")
    with pytest.raises(KeyFileError, match="can’t be"):
        TrustStore(tmp_path / "keys").trust("0" * 64, "x")
    with pytest.raises(KeyFileError, match="can’t be kept"):
        SigningKey.make(tmp_path / "keys" / "private.pem")


def test_a_signature_is_of_these_bytes_by_this_key(key, tmp_path):
    signature = key.signature_of(b"text")
    assert signer_of(b"text", signature) == key.public
    other = SigningKey.make(tmp_path / "other.pem")
    forged = signature.replace(key.public.raw.hex().encode(), other.public.raw.hex().encode())
    with pytest.raises(ManifestError, match=r"bundle\.sig"):
        signer_of(b"text", forged)
    with pytest.raises(ManifestError, match=r"bundle\.json"):
        signer_of(b"texT", signature)
    for wrong in (b"", signature + b"\n", signature.upper(), signature[:-1]):
        with pytest.raises(ManifestError, match=r"bundle\.sig"):
            signer_of(b"text", wrong)
