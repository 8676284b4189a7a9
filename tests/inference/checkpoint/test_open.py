"""From what a user names to the reader of its format, or a sentence."""

import json
import os
import struct

import pytest

from inference.checkpoint.base import Checkpoint
from inference.checkpoint.gguf import GgufFile
from inference.checkpoint.gguf_split import SplitGguf
from inference.checkpoint.open import open_checkpoint
from inference.checkpoint.safetensors import SafetensorsModel
from inference.errors import CheckpointError

A = ("a", "F32", (2,))
UINT16 = 2


def use(checkpoint: Checkpoint):
    """Whatever a caller may use, whatever the format."""
    with checkpoint:
        assert checkpoint.file_bytes > 0
        assert checkpoint.format.startswith(("GGUF", "safetensors"))
        for name, info in checkpoint.tensors.items():
            assert info.name == name
            assert checkpoint.packed(name).shape == info.shape
            assert checkpoint.packed(name).scheme.name == info.scheme
            assert checkpoint.packed(name).stored_bytes == info.stored_bytes
        return set(checkpoint.tensors), type(checkpoint)


def split_gguf(raw_file, folder, count=2, stem="m"):
    for n in range(count):
        raw_file(
            name=f"{folder}/{stem}-{n + 1:05}-of-{count:05}.gguf",
            fields=[
                ("split.no", struct.pack("<IH", UINT16, n)),
                ("split.count", struct.pack("<IH", UINT16, count)),
                ("split.tensors.count", struct.pack("<IH", UINT16, count)),
            ],
            tensors=[(f"t{n}", (8,), 0, 0, bytes(32))],
        )


def test_files_are_told_apart_by_what_is_in_them(raw_file, safetensors_file, tmp_path):
    assert use(open_checkpoint(raw_file(name="m.bin"))) == ({"a"}, GgufFile)
    path = safetensors_file([A])
    assert use(open_checkpoint(path)) == ({"a"}, SafetensorsModel)
    path.rename(tmp_path / "blob")
    assert use(open_checkpoint(tmp_path / "blob")) == ({"a"}, SafetensorsModel)


def test_any_part_and_the_folder_open_the_whole(raw_file, raw_model, tmp_path):
    (tmp_path / "g").mkdir()
    split_gguf(raw_file, "g", 3)
    for path in (tmp_path / "g", *(tmp_path / "g").iterdir()):
        assert use(open_checkpoint(path)) == ({"t0", "t1", "t2"}, SplitGguf)
    names = [f"model-0000{n}-of-00002.safetensors" for n in (1, 2)]
    files = {names[0]: [A], names[1]: [("b", "F16", (3,))]}
    folder = raw_model(files, {"a": names[0], "b": names[1]})
    for path in (folder, *folder.iterdir()):
        assert use(open_checkpoint(path)) == ({"a", "b"}, SafetensorsModel)


def test_a_folder_of_one_model_is_that_model(raw_file, raw_model, tmp_path):
    (tmp_path / "g").mkdir()
    raw_file(name="g/m.gguf")
    (tmp_path / "g" / "README.md").write_text("x")
    assert use(open_checkpoint(tmp_path / "g")) == ({"a"}, GgufFile)
    folder = raw_model({"model.safetensors": [A], "config.json": b"{}", "pytorch_model.bin": b"x"})
    assert use(open_checkpoint(folder)) == ({"a"}, SafetensorsModel)


def refused(path, sentence):
    with pytest.raises(CheckpointError, match=sentence) as caught:
        open_checkpoint(path)
    assert path.name in str(caught.value)


def test_folders_that_say_no_one_thing_are_a_sentence(raw_file, raw_model, tmp_path, monkeypatch):
    refused(raw_model({"config.json": b"{}"}), "no GGUF and no safetensors file in this folder")
    refused(raw_model({"pytorch_model.bin": b"x"}), "pickles, which may hold code")
    both = raw_model({"model.safetensors": [A]}, name="both")
    raw_file(name="both/m.gguf")
    refused(both, "it holds safetensors and m.gguf; name the file to open")
    two = raw_model({}, name="two")
    split_gguf(raw_file, "two")
    raw_file(name="two/other.gguf")
    refused(two, r"it holds 2 GGUF models \(m-00001-of-00002.gguf, …\); name one of them")
    (two / "other.gguf").unlink()
    (two / "m-00001-of-00002.gguf").unlink()
    with pytest.raises(CheckpointError, match="part 1 of 2 is missing"):
        open_checkpoint(two)
    monkeypatch.setattr("inference.checkpoint.open._MOST_ENTRIES", 1)
    refused(raw_model({"a": b"", "b": b""}), "more than 1 files")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "the file is empty"),
        (b"GG", "not a GGUF file and not a safetensors file"),
        (b"PK\x03\x04rest", "zip archive or a PyTorch"),
        (b"\x80\x04\x95rest", "pickle, which may hold code"),
        (b"<html>", "web page"),
        (b"version https://git-lfs.github.com/spec/v1\n", "LFS pointer"),
        (json.dumps({"model_type": "llama"}).encode(), "JSON: name the folder it lies in"),
        (b"\0" * 600, "begins with zeros"),
        (b"GGUF\x03\0\0\0\1", "tensor count"),
        (struct.pack("<Q", 99) + b'{"a":', "the file ends after 5"),
    ],
    ids=range(10),
)
def test_files_that_are_something_else_are_told_apart(raw_file, content, sentence):
    refused(raw_file(content, name="x.safetensors"), sentence)


def test_places_that_are_no_files_are_a_sentence(tmp_path):
    with pytest.raises(FileNotFoundError):
        open_checkpoint(tmp_path / "absent")
    os.mkfifo(tmp_path / "pipe")
    refused(tmp_path / "pipe", "not an ordinary file")
