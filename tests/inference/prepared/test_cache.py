"""Where a model's automatic preparation lies, and whether it is still of that model."""

import os
import shutil

import pytest

from inference.prepared.cache import is_current, prepared_for
from inference.prepared.preparing import prepare
from tests.inference.oracles import Case, make_oracle, save_safetensors
from tests.inference.prepared.making import quantized_llama


def test_a_source_has_one_folder_until_it_changes(tmp_path):
    source, cache = tmp_path / "A model: (1).gguf", tmp_path / "cache"
    source.write_bytes(b"1")
    folder = prepared_for(source, cache)
    assert folder.parent == cache
    assert folder.name.startswith("A-model-1-")
    assert folder == prepared_for(source, cache)
    others = {folder, prepared_for(source, cache, "q4")}
    os.utime(source, (5, 5))
    others.add(prepared_for(source, cache))
    source.write_bytes(b"12")
    others.add(prepared_for(source, cache))
    shutil.copytree(tmp_path, tmp_path / "elsewhere")
    others.add(prepared_for(tmp_path / "elsewhere" / source.name, cache))
    assert len(others) == 5
    with pytest.raises(FileNotFoundError):
        prepared_for(tmp_path / "none.gguf", cache)


def test_parts_and_folders_are_of_one_model(tmp_path):
    for number in (1, 2):
        (tmp_path / f"m-0000{number}-of-00002.gguf").write_bytes(b"1")
    first = prepared_for(tmp_path / "m-00001-of-00002.gguf", tmp_path)
    (tmp_path / "m-00002-of-00002.gguf").write_bytes(b"12")
    assert prepared_for(tmp_path / "m-00001-of-00002.gguf", tmp_path) != first
    before = prepared_for(tmp_path, tmp_path)
    (tmp_path / "notes.txt").write_text("of no weight")
    assert prepared_for(tmp_path, tmp_path) == before
    (tmp_path / "m-00001-of-00002.gguf").write_bytes(b"123")
    assert prepared_for(tmp_path, tmp_path) != before


def test_what_is_current_is_whole_and_of_the_same_files(tmp_path):
    source = quantized_llama(tmp_path / "m.gguf", {"weight": "Q4_0"}, layers=1)
    folder = prepared_for(source, tmp_path / "cache")
    assert not is_current(folder, source)
    prepare(source, folder)
    assert is_current(folder, source)
    quantized_llama(source, {"weight": "Q8_0"}, layers=1)
    assert not is_current(folder, source)
    (folder / "manifest.json").write_text("{}")
    assert not is_current(folder, source)


def test_a_folders_preparation_is_current(tmp_path):
    source = save_safetensors(make_oracle(Case("llama")), tmp_path / "model", shard_size="40KB")
    folder = prepare(source, prepared_for(source, tmp_path / "cache"))
    assert is_current(folder, source)
    min(source.glob("*.safetensors")).unlink()
    assert not is_current(folder, source)
