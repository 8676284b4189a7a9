"""Reading a model whole: against what it is compared, and what is kept of it."""

import hashlib
import json
import re
from dataclasses import replace

import pytest

from app import paths
from app.airlock.download.source import SOURCE_NAME, Source, SourceFile, as_json
from app.library.bundles.checking import open_bundle
from app.library.bundles.errors import ContentError, KeyFileError, ManifestError
from app.library.bundles.exporting import export_bundle
from app.library.bundles.importing import import_bundle
from app.library.bundles.report import REPORT_NAMES
from app.library.bundles.signing import SigningKey
from app.library.bundles.trust import TrustStore
from app.library.checks import Checks, check_model, trusted_now
from app.library.errors import ChecksError, DamagedError
from app.library.facts import shelf
from app.library.incomplete import incomplete, missing_files
from app.library.models import NoSuchModelError, installed, resolve
from app.library.shelved import Against
from inference.errors import CheckpointError, PreparationCancelledError
from inference.prepared.automatic import ready
from inference.prepared.preparing import Watch
from inference.request import Compute
from tests.app.library.bundles.conftest import PART_BYTES, source_in
from tests.inference.prepared.making import quantized_llama


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path / "home"))
    paths.models_dir().mkdir(parents=True)
    return tmp_path


def flip(path, at):
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(bytes(data))


def test_a_file_of_which_nothing_is_known_is_compared_with_its_first_reading(home):
    file = paths.models_dir() / "a.gguf"
    file.write_bytes(b"GGUF" * 1000)
    checks = Checks()
    assert checks.of(file) is None
    first = check_model(resolve("a"), checks)
    assert (first.against, first.is_sound, first.since_s) == (Against.READING, True, first.at_s)
    assert check_model(resolve("a"), checks).since_s == first.since_s
    flip(file, 1234)
    with pytest.raises(DamagedError, match=r"a\.gguf changed since"):
        check_model(resolve("a"), checks)
    kept = checks.of(file)
    assert kept is not None
    assert not kept.is_sound
    flip(file, 1234)
    assert check_model(resolve("a"), checks).is_sound


def test_a_part_that_is_gone_is_found(home):
    for number in (1, 2):
        (paths.models_dir() / f"b-0000{number}-of-00002.gguf").write_bytes(b"GGUF")
    model = resolve("b-00001-of-00002")
    check_model(model, Checks())
    (paths.models_dir() / "b-00002-of-00002.gguf").unlink()
    with pytest.raises(DamagedError, match="b-00002"):
        check_model(model, Checks())


# One of each kind of file that a model has, beside those that a bundle adds.
KINDS = ("LICENSE", "config.json", "tokenizer.json", "chat_template.jinja", "w.safetensors")
ADDED = ("bundle.json", "bundle.sig", "bundle-sbom.json", *REPORT_NAMES)


@pytest.fixture
def imported(home):
    """A model that came by the bundle of a key that nobody trusts here."""
    key = SigningKey.make(home / "key.pem")
    (home / "stick").mkdir()
    source = source_in(home / "source", sizes=dict.fromkeys(KINDS, 2000))
    folder, _ = export_bundle(source, home / "stick", key, PART_BYTES)
    return import_bundle(open_bundle(folder), paths.models_dir(), "me")


def test_one_that_came_by_a_bundle_is_compared_with_what_was_signed(imported):
    model = resolve("tiny")
    assert check_model(model, Checks()).against is Against.SIGNATURE
    flip(imported.folder / "w.safetensors", 77)
    with pytest.raises(ContentError, match=r"w\.safetensors"):
        check_model(model, Checks())
    kept = Checks().of(model.path)
    assert kept is not None
    assert not kept.is_sound


@pytest.mark.parametrize("name", [*KINDS, *ADDED])
def test_a_flipped_byte_in_a_file_of_each_kind_is_found_and_the_file_named(imported, name):
    model = resolve("tiny")
    size = (imported.folder / name).stat().st_size
    for at in (0, size // 2, size - 1):
        flip(imported.folder / name, at)
        with pytest.raises((ContentError, ManifestError), match=re.escape(name)):
            check_model(model, Checks())
        flip(imported.folder / name, at)
    assert check_model(model, Checks()).is_sound


def test_whether_its_signer_is_trusted_is_said_as_it_is_now(imported):
    model, fingerprint = resolve("tiny"), imported.bundle.signer.fingerprint
    found = check_model(model, Checks())
    assert (found.is_sound, found.signer, found.is_trusted) == (True, fingerprint, False)
    assert Checks().of(model.path) == found
    TrustStore().trust(fingerprint, "Anna")
    assert trusted_now(found) == replace(found, is_trusted=True)
    assert check_model(model, Checks()).is_trusted
    (shown,) = [each for each in shelf() if each.name == "tiny"]
    assert shown.checked is not None
    assert shown.checked.is_trusted
    TrustStore().remove(fingerprint)
    (shown,) = [each for each in shelf() if each.name == "tiny"]
    assert shown.checked is not None
    assert not shown.checked.is_trusted
    assert trusted_now(None) is None


def test_a_list_of_keys_that_can_not_be_used_says_nothing_of_the_model(imported):
    model, fingerprint = resolve("tiny"), imported.bundle.signer.fingerprint
    TrustStore().trust(fingerprint, "Anna")
    found = check_model(model, Checks())
    file = paths.data_dir() / "bundle-keys" / "trusted.json"
    file.write_bytes(b"{")
    with pytest.raises(KeyFileError):
        check_model(model, Checks())
    assert Checks().of(model.path) == found
    assert not trusted_now(found).is_trusted


def test_one_whose_signature_was_taken_away_is_damaged(imported):
    for file in imported.folder.glob("bundle*"):
        file.unlink()
    with pytest.raises(ManifestError, match="came by a bundle"):
        check_model(resolve("tiny"), Checks())
    kept = Checks().of(imported.folder)
    assert kept is not None
    assert not kept.is_sound


# ---------------------------------------------------------------------- a file is gone


def test_a_bundles_model_without_its_configuration_is_damaged(imported):
    (imported.folder / "config.json").unlink()
    assert "tiny" not in {model.name for model in installed()}
    with pytest.raises(NoSuchModelError, match=r"tiny is damaged; missing: config\.json"):
        resolve("tiny")
    model = resolve("tiny", takes_damaged=True)
    assert missing_files(model.path) == ("config.json",)
    with pytest.raises(ContentError, match=r"config\.json is missing"):
        check_model(model, Checks())
    (shown,) = [each for each in shelf() if each.name == "tiny"]
    assert (shown.is_damaged, shown.is_ours, shown.facts) == (True, True, None)
    assert "config.json" in shown.problem
    (imported.folder / "bundle.sig").write_bytes(b"")
    assert missing_files(model.path) == ("config.json",)


def test_one_of_which_nothing_is_known_without_its_configuration_is_damaged(home):
    folder = paths.models_dir() / "hub"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"1")
    with pytest.raises(DamagedError, match=r"hub is damaged; missing: config\.json"):
        check_model(resolve("hub", takes_damaged=True), Checks())
    kept = Checks().of(folder)
    assert kept is not None
    assert not kept.is_sound
    (folder / "config.json").write_text("{}")
    assert missing_files(folder) == ()
    assert check_model(resolve("hub"), Checks()).is_sound


def test_what_a_download_lacks_is_named_by_its_record(home):
    folder = paths.models_dir() / "fetched"
    folder.mkdir()
    listed = (SourceFile("big.gguf", 4, "0" * 64), SourceFile("README.md", 4, "0" * 64))
    (folder / SOURCE_NAME).write_bytes(as_json(Source("a/b", "main", "a" * 40, "hub", 1, listed)))
    (folder / "README.md").write_bytes(b"read")
    assert missing_files(folder) == ("big.gguf",)


@pytest.mark.parametrize("name", ["pictures", "tiny.importing", "tiny.copying", ".removing"])
def test_other_folders_were_never_models(home, name):
    folder = paths.models_dir() / name
    folder.mkdir()
    (folder / ("photo.png" if name == "pictures" else "w.safetensors")).write_bytes(b"1")
    assert incomplete() == ()


def test_a_stick_that_was_copied_beside_the_models_is_none(home):
    key = SigningKey.make(home / "key.pem")
    export_bundle(source_in(home / "source"), paths.models_dir(), key, PART_BYTES)
    assert incomplete() == ()


def test_a_prepared_one_is_compared_with_what_was_written(home):
    source = quantized_llama(home / "tiny.gguf", {"weight": "Q8_0"}, layers=1)
    copy = ready(source, Compute.FAST, paths.models_dir()).path
    model = resolve(copy.name)
    assert check_model(model, Checks()).against is Against.PREPARATION
    with pytest.raises(PreparationCancelledError):
        check_model(model, Checks(), Watch(cancelled=lambda: True))
    flip(copy / "weights.safetensors", -1)
    with pytest.raises(CheckpointError):
        check_model(model, Checks())


def test_one_that_was_downloaded_is_compared_with_what_the_hub_listed(home):
    folder = paths.models_dir() / "fetched"
    folder.mkdir()
    file = quantized_llama(folder / "fetched.gguf", {"weight": "Q8_0"}, layers=1)
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    listed = (SourceFile("fetched.gguf", file.stat().st_size, sha256),)
    source = Source("owner/fetched", "main", "a" * 40, "huggingface.co", 1, listed)
    (folder / SOURCE_NAME).write_bytes(as_json(source))
    assert check_model(resolve("fetched"), Checks()).against is Against.HUB
    with pytest.raises(PreparationCancelledError):
        check_model(resolve("fetched"), Checks(), Watch(cancelled=lambda: True))
    (found,) = [model for model in shelf() if model.name == "fetched"]
    assert found.source == "owner/fetched, huggingface.co"
    flip(file, -1)
    with pytest.raises(DamagedError, match=r"fetched\.gguf is not as it was downloaded"):
        check_model(resolve("fetched"), Checks())
    flip(file, -1)
    flip(folder / SOURCE_NAME, 40)
    with pytest.raises(DamagedError, match=r"source\.json is not as it was written"):
        check_model(resolve("fetched"), Checks())


def test_it_can_be_stopped_and_then_nothing_is_kept(home):
    (paths.models_dir() / "a.gguf").write_bytes(b"GGUF")
    with pytest.raises(PreparationCancelledError):
        check_model(resolve("a"), Checks(), Watch(cancelled=lambda: True))
    assert Checks().of(paths.models_dir() / "a.gguf") is None


def test_what_is_known_goes_with_the_model(home):
    file = paths.models_dir() / "a.gguf"
    file.write_bytes(b"GGUF")
    found = check_model(resolve("a"), Checks())
    Checks().carry(file, home / "there")
    assert Checks().of(file) is None
    assert Checks().of(home / "there") == found
    Checks().carry(home / "there", None)
    Checks().carry(home / "unknown", None)
    assert Checks().of(home / "there") is None


@pytest.mark.parametrize(
    "entry",
    [
        3,
        {},
        {"at_s": 1, "since_s": 1, "sha256": []},
        {"at_s": "1", "since_s": 1, "sha256": {}},
        {"at_s": 1, "since_s": True, "sha256": {}},
        {"at_s": 1, "since_s": 1, "sha256": {}, "against": "rumour"},
    ],
)
def test_a_record_that_is_not_ours_is_none(home, entry):
    file = home / "checks.json"
    file.write_text(json.dumps({"/a": entry}))
    assert Checks(file).of(home / "/a") is None


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000, " " * (9 << 20)])
def test_a_damaged_record_is_begun_anew(home, text):
    file = home / "checks.json"
    file.write_text(text)
    assert Checks(file).of(home) is None


def test_a_record_that_can_not_be_written_is_said(home):
    (home / "file").write_bytes(b"")
    (paths.models_dir() / "a.gguf").write_bytes(b"GGUF")
    with pytest.raises(ChecksError):
        check_model(resolve("a"), Checks(home / "file" / "checks.json"))
