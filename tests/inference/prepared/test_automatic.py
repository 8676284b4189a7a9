"""What a model is opened as on the fast path: its prepared copy, or itself and a reason."""

import errno
import shutil
from hashlib import sha256

import pytest

from inference.errors import NotEnoughDiskError, PreparationCancelledError
from inference.loading import open_model
from inference.prepared.automatic import MIX, Ready, ready
from inference.prepared.cache import prepared_for
from inference.prepared.manifest import WEIGHTS_NAME, is_prepared
from inference.prepared.preparing import Watch, prepare
from inference.request import Compute
from kernels.cpu.library import LEVEL_VARIABLE, NativeStatus
from tests.inference.oracles import Case, make_oracle, save_safetensors
from tests.inference.prepared.making import assert_lossless, quantized_llama


@pytest.fixture(autouse=True)
def no_wish(monkeypatch):
    monkeypatch.delenv(LEVEL_VARIABLE, raising=False)


@pytest.fixture
def source(tmp_path):
    return quantized_llama(tmp_path / "m.gguf", {"weight": "Q4_K"}, layers=1)


@pytest.fixture
def cache(tmp_path):
    """A folder that is not there yet."""
    return tmp_path / "a" / "cache"


@pytest.fixture
def counted(monkeypatch):
    """Every preparation that is made."""
    made = []

    def prepare_and_count(source, target, *more, **named):
        made.append(target)
        return prepare(source, target, *more, **named)

    monkeypatch.setattr("inference.prepared.automatic.prepare", prepare_and_count)
    return made


def test_the_first_use_prepares_and_the_next_finds_it(source, cache, counted):
    told = []
    first = ready(source, Compute.FAST, cache, Watch(told.append))
    assert first == Ready(prepared_for(source, cache, MIX))
    assert_lossless(source, first.path)
    assert told[-1].done_bytes == told[-1].total_bytes
    told.clear()
    assert ready(source, Compute.FAST, cache, Watch(told.append)) == first
    assert told == []
    assert counted == [first.path]


def test_a_prepared_model_names_its_weights_and_the_file_they_were_made_from(source, cache):
    with open_model(ready(source, Compute.FAST, cache).path) as opened:
        info = opened.info
        weights = (opened.checkpoint.path / WEIGHTS_NAME).read_bytes()
    assert info.source_sha256 == sha256(source.read_bytes()).hexdigest()
    assert info.weights_sha256 == sha256(weights).hexdigest()
    with open_model(source) as opened:
        assert opened.info.weights_sha256 == opened.info.source_sha256 == ""


def test_full_precision_becomes_8_bits(tmp_path, cache):
    case = Case("llama", {"hidden_size": 64, "intermediate_size": 96})
    source = save_safetensors(make_oracle(case), tmp_path / "model")
    with open_model(ready(source, Compute.FAST, cache).path) as opened:
        assert opened.info.quantization == "Q8_0_P16"


def test_the_reference_reads_the_original(source, cache, counted):
    assert ready(source, Compute.REFERENCE, cache) == Ready(source)
    assert counted == []
    assert not cache.exists()


def test_a_prepared_model_is_opened_as_it_is(source, tmp_path, cache, counted):
    folder = prepare(source, tmp_path / "mine")
    for compute in Compute:
        assert ready(folder, compute, cache) == Ready(folder)
    assert counted == []


def test_without_native_kernels_the_reason_is_theirs(source, cache, counted, monkeypatch):
    reason = "The native kernels could not be loaded (they are gone)."
    monkeypatch.setattr("inference.prepared.automatic.status", lambda: NativeStatus((), "", reason))
    assert ready(source, Compute.FAST, cache) == Ready(source, reason)
    assert counted == []
    monkeypatch.undo()
    monkeypatch.setenv(LEVEL_VARIABLE, "mmx")
    assert "no kernels for mmx" in ready(source, Compute.FAST, cache).reason


def test_a_model_that_cannot_be_planned_is_not_prepared(tmp_path, cache, counted):
    source = save_safetensors(make_oracle(Case("llama", {"mlp_bias": True})), tmp_path / "model")
    found = ready(source, Compute.FAST, cache)
    assert found.path == source
    assert found.reason.startswith("The native kernels do not run this model: layer 0 has a feed-")
    assert counted == []


def test_a_model_that_changed_is_prepared_anew(source, cache, counted):
    first = ready(source, Compute.FAST, cache)
    quantized_llama(source, {"weight": "Q8_0"}, layers=1)
    second = ready(source, Compute.FAST, cache)
    assert second.path != first.path
    assert_lossless(source, second.path)
    assert counted == [first.path, second.path]


def test_an_outdated_copy_at_its_place_is_replaced(source, cache, counted):
    """Of another layout or other files, or with a manifest that can't be read."""
    folder = ready(source, Compute.FAST, cache).path
    (folder / "manifest.json").write_text("{}")
    assert ready(source, Compute.FAST, cache) == Ready(folder)
    assert_lossless(source, folder)
    assert counted == [folder, folder]


@pytest.mark.parametrize("name", ["weights.safetensors", "source-header.gguf"])
def test_a_copy_that_was_cut_short_is_made_again(source, cache, counted, name):
    folder = ready(source, Compute.FAST, cache).path
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[:-1])
    assert ready(source, Compute.FAST, cache) == Ready(folder)
    assert_lossless(source, folder)
    assert (folder / name).read_bytes() == whole
    assert counted == [folder, folder]


def test_what_a_kill_left_of_a_replaced_copy_goes(source, cache, counted):
    """It is as large as the model, and nobody else would look for it."""
    folder = ready(source, Compute.FAST, cache).path
    shutil.copytree(folder, folder.with_name(f"{folder.name}.outdated"))
    assert ready(source, Compute.FAST, cache) == Ready(folder)
    assert [path.name for path in cache.iterdir()] == [folder.name]
    assert counted == [folder]


def test_too_little_room_leaves_the_original_and_a_sentence(source, cache, monkeypatch):
    def full(*more, **named):
        raise NotEnoughDiskError("m", 5 * 10**9, 10**9)

    monkeypatch.setattr("inference.prepared.automatic.prepare", full)
    found = ready(source, Compute.FAST, cache)
    assert found.path == source
    assert found.reason == str(NotEnoughDiskError("m", 5 * 10**9, 10**9))


def test_a_disk_that_fills_up_on_the_way_does_too(source, cache, monkeypatch):
    def fails(*more, **named):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("inference.prepared.preparing._Preparation.run", fails)
    found = ready(source, Compute.FAST, cache)
    assert found.path == source
    assert "GB" in found.reason
    monkeypatch.undo()
    assert is_prepared(ready(source, Compute.FAST, cache).path)


def test_a_place_that_cannot_be_written_leaves_the_original(source, tmp_path):
    (tmp_path / "file").write_text("where the folder should be")
    found = ready(source, Compute.FAST, tmp_path / "file" / "cache")
    assert found.path == source
    assert found.reason.startswith("Its prepared copy can't be written (")


def test_something_else_at_its_place_leaves_the_original(source, cache):
    target = prepared_for(source, cache, MIX)
    target.mkdir(parents=True)
    (target / "letter.txt").write_text("not ours to remove")
    found = ready(source, Compute.FAST, cache)
    assert found.path == source
    assert "is there already" in found.reason
    assert (target / "letter.txt").exists()


def test_who_stops_it_is_heard_and_what_is_done_is_kept(source, cache):
    with pytest.raises(PreparationCancelledError):
        ready(source, Compute.FAST, cache, Watch(cancelled=lambda: True))
    assert is_prepared(ready(source, Compute.FAST, cache).path)


def test_what_is_not_there_is_said_as_ever(tmp_path, cache):
    with pytest.raises(FileNotFoundError):
        ready(tmp_path / "none.gguf", Compute.FAST, cache)
