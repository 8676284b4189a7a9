"""Reading a model whole: against what it is compared, and what is kept of it."""

import hashlib
import json

import pytest

from app import paths
from app.airlock.download.source import SOURCE_NAME, Source, SourceFile, as_json
from app.library.bundles.checking import open_bundle
from app.library.bundles.errors import ContentError
from app.library.bundles.exporting import export_bundle
from app.library.bundles.importing import import_bundle
from app.library.bundles.signing import SigningKey
from app.library.checks import Checks, check_model
from app.library.errors import ChecksError, DamagedError
from app.library.facts import shelf
from app.library.models import resolve
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


def test_one_that_came_by_a_bundle_is_compared_with_what_was_signed(home):
    key = SigningKey.make(home / "key.pem")
    (home / "stick").mkdir()
    folder, _ = export_bundle(source_in(home / "source"), home / "stick", key, PART_BYTES)
    imported = import_bundle(open_bundle(folder), paths.models_dir(), "me")
    model = resolve("tiny")
    assert check_model(model, Checks()).against is Against.SIGNATURE
    flip(imported.folder / "w.safetensors", 77)
    with pytest.raises(ContentError, match=r"w\.safetensors"):
        check_model(model, Checks())
    kept = Checks().of(model.path)
    assert kept is not None
    assert not kept.is_sound


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
