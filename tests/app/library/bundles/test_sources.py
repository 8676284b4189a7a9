"""Which files a bundle carries for a model, and what it says of it."""

import shutil
from pathlib import Path

import pytest

from app import paths
from app.library.bundles.checking import open_bundle
from app.library.bundles.errors import SourceError
from app.library.bundles.exporting import export_bundle
from app.library.bundles.importing import import_bundle
from app.library.bundles.sources import source_of
from app.library.models import resolve, starter
from inference.errors import CheckpointError
from inference.loading import open_model
from inference.prepared.preparing import prepare
from tests.inference.gguf_oracle import save_gguf
from tests.inference.oracles import Case, make_oracle, save_safetensors
from tests.inference.prepared.making import quantized_llama

TINY_R1 = Path(__file__).resolve().parents[3] / "data" / "tiny-r1"
BESIDE = {"README.md", "config.json", "figures.json", "generation_config.json", "tokenizer.json",
          "tokenizer_config.json"}  # fmt: skip


@pytest.fixture
def models(tmp_path, monkeypatch):
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path / "home"))
    paths.models_dir().mkdir(parents=True)
    return paths.models_dir()


def names(source):
    return {file.name for file in source.files}


def test_a_folder_goes_with_its_texts_and_without_code(models):
    folder = models / "r1"
    shutil.copytree(TINY_R1, folder)
    (folder / "LICENSE").write_text("Do as you like.")
    (folder / "modeling_evil.py").write_text("import os")
    (folder / "weights.bin").write_bytes(b"\x80pickle")
    (folder / ".hidden.json").write_text("{}")
    (folder / "original").mkdir()
    (folder / "original" / "config.json").write_text("{}")
    source = source_of(resolve("r1"))
    assert names(source) == {"model.safetensors", "LICENSE", *BESIDE}
    with open_model(folder) as opened:
        assert source.entry.family == opened.info.architecture
        assert source.entry.parameters == opened.info.parameters
    assert source.entry.context_tokens > 0
    assert not source.entry.is_prepared


def test_a_hub_cache_with_links_goes_as_files(models, tmp_path, key, stick):
    blobs, snapshot = tmp_path / "hub" / "blobs", tmp_path / "hub" / "snapshots" / "abc"
    blobs.mkdir(parents=True)
    snapshot.mkdir(parents=True)
    for file in TINY_R1.iterdir():
        shutil.copy(file, blobs / f"blob-{file.name}")
        (snapshot / file.name).symlink_to(Path("../../blobs") / f"blob-{file.name}")
    source = source_of(resolve(str(snapshot)))
    folder, _ = export_bundle(source, stick, key)
    done = import_bundle(open_bundle(folder), models, "test").folder
    weights = done / "model.safetensors"
    assert not weights.is_symlink()
    assert weights.read_bytes() == (TINY_R1 / "model.safetensors").read_bytes()


def test_a_link_out_of_the_folder_is_not_carried(models, tmp_path):
    shutil.copytree(TINY_R1, models / "r1")
    (tmp_path / "secret.txt").write_text("secret")
    (models / "r1" / "notes.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(CheckpointError, match="leads out"):
        source_of(resolve("r1"))


def test_all_parts_of_a_split_model_go_and_its_neighbour_stays(models, key, stick, tmp_path):
    oracle = make_oracle(Case("deepseek_v3"))
    save_gguf(oracle, models / "m.gguf", tmp_path, "Q8_0", split_tensors=20)
    (models / "m.gguf").unlink(missing_ok=True)
    parts = {path.name for path in models.glob("m-*.gguf")}
    assert len(parts) > 2
    quantized_llama(models / "other.gguf", {"weight": "Q8_0"}, layers=1)
    source = source_of(resolve("m-00001-of-" + next(iter(parts))[-10:-5]))
    assert names(source) == parts
    folder, _ = export_bundle(source, stick, key)
    done = import_bundle(open_bundle(folder), tmp_path / "models", "test").folder
    with open_model(done) as opened:
        assert opened.info.parameters == source.entry.parameters


def test_all_shards_of_a_folder_go_with_their_index(models):
    save_safetensors(make_oracle(Case("llama")), models / "sharded", shard_size="40KB")
    found = names(source_of(resolve("sharded")))
    assert len([name for name in found if name.endswith(".safetensors")]) > 1
    assert {"model.safetensors.index.json", "config.json"} <= found


def test_the_starter_goes_under_its_makers_name():
    model = starter()
    assert model is not None
    assert source_of(model).name == "SmolLM2-135M-Instruct"


def test_a_name_that_no_stick_takes_is_refused(models):
    quantized_llama(models / "größe.gguf", {"weight": "Q8_0"}, layers=1)
    with pytest.raises(SourceError, match="Rename it"):
        source_of(resolve("größe"))


def test_what_was_recorded_of_a_source_travels_on(models, key, stick, tmp_path):
    path = quantized_llama(tmp_path / "tiny.gguf", {"weight": "Q8_0"}, layers=1)
    folder, manifest = export_bundle(source_of(resolve(str(path))), stick, key)
    assert manifest.entry.source.startswith("GGUF")
    import_bundle(open_bundle(folder), models, "test")
    again = source_of(resolve("tiny"))
    assert again.entry.source == manifest.entry.source
    assert names(again) == {"tiny.gguf"}
    (models / "tiny" / "bundle.json").write_bytes(b"{}")
    with pytest.raises(SourceError, match=r"bundle\.json"):
        source_of(resolve("tiny"))


def test_an_original_of_the_same_size_but_other_bytes_is_not_taken_for_it(models, key, stick):
    path = quantized_llama(models / "tiny.gguf", {"weight": "Q8_0"}, layers=1)
    prepare(path, models / "tiny-prepared")
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    source = source_of(resolve("tiny-prepared"))
    assert names(source) == {"tiny.gguf"}
    with pytest.raises(SourceError, match="is not what it was"):
        export_bundle(source, stick, key)
