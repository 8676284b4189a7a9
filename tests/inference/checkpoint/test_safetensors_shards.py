"""Models in several safetensors files: what belongs together, and who may name it."""

import json

import pytest
import torch
from safetensors.torch import save_file

from inference.checkpoint.safetensors import SafetensorsModel
from inference.checkpoint.safetensors_index import INDEX_NAME
from inference.errors import CheckpointError

ONE, TWO, THREE = (f"model-0000{n}-of-00003.safetensors" for n in (1, 2, 3))
A, B, C = ("a", "F32", (2,)), ("b", "F32", (3,)), ("c", "F32", (1,))
FILES = {ONE: [A], TWO: [B], THREE: [C]}
INDEX = {"a": ONE, "b": TWO, "c": THREE}


def refused(path, sentence):
    with pytest.raises(CheckpointError, match=sentence) as caught:
        SafetensorsModel.open(path)
    assert len(str(caught.value)) < 400
    return caught.value


def test_shards_are_one_model_whichever_file_is_named(raw_model):
    folder = raw_model(FILES, INDEX)
    for path in (folder, *(folder / n for n in (ONE, TWO, THREE, INDEX_NAME))):
        with SafetensorsModel.open(path) as model:
            assert set(model.tensors) == set("abc")
            assert model.path == path
            assert model.folder == folder
            assert model.packed("b").dequantize().tolist() == [0, 0, 0]
            assert model.file_bytes == sum((folder / n).stat().st_size for n in FILES)


def test_shards_as_transformers_writes_them_hold_the_same_values(tmp_path):
    tensors = {f"t{i}": torch.randn(8, 8) for i in range(7)}
    names = [f"model-{i + 1:05}-of-00004.safetensors" for i in range(4)]
    weight_map = {name: names[i % 4] for i, name in enumerate(tensors)}
    for shard in names:
        save_file({n: t for n, t in tensors.items() if weight_map[n] == shard}, tmp_path / shard)
    index = {"weight_map": weight_map, "metadata": {"total_size": 1.5, "x": [{"y": None}]}}
    (tmp_path / INDEX_NAME).write_text(json.dumps(index, indent=2))
    with SafetensorsModel.open(tmp_path) as model:
        for name, want in tensors.items():
            assert torch.equal(model.packed(name).dequantize(), want)


def test_complete_parts_need_no_index(raw_model):
    folder = raw_model(FILES)
    for path in (folder, folder / TWO):
        with SafetensorsModel.open(path) as model:
            assert set(model.tensors) == set("abc")


def test_one_file_alone_is_the_model(raw_model):
    folder = raw_model({"anything.safetensors": [A]})
    for path in (folder, folder / "anything.safetensors"):
        with SafetensorsModel.open(path) as model:
            assert set(model.tensors) == {"a"}
    folder = raw_model({"model.safetensors": [A], "adapter.safetensors": [B]})
    for path, name in ((folder, "a"), (folder / "adapter.safetensors", "b")):
        with SafetensorsModel.open(path) as model:
            assert set(model.tensors) == {name}


def test_an_index_may_name_one_file_and_leave_others_aside(raw_model):
    files = {"model.safetensors": [A], "consolidated.safetensors": [B]}
    folder = raw_model(files, {"a": "model.safetensors"})
    with SafetensorsModel.open(folder) as model:
        assert set(model.tensors) == {"a"}
    with SafetensorsModel.open(folder / "consolidated.safetensors") as model:
        assert set(model.tensors) == {"b"}


def test_a_missing_shard_is_named(raw_model):
    files = {ONE: [A], THREE: [C]}
    refused(raw_model(files, INDEX), f"{INDEX_NAME}: {TWO} is missing")
    folder = raw_model(files)
    refused(folder, f"{TWO} is missing")
    refused(folder / THREE, f"{THREE}: {TWO} is missing")


@pytest.mark.parametrize(
    ("files", "index", "sentence"),
    [
        (
            {**FILES, ONE: [A, B]},
            INDEX | {"a": TWO, "b": ONE},
            f"{ONE}: a: the index says that it is in {TWO}",
        ),
        ({**FILES, TWO: [A, B]}, INDEX, f"{TWO}: a: {ONE} holds this tensor too"),
        ({**FILES, TWO: [B, ("x", "F32", (1,))]}, INDEX, "x: the index does not name this tensor"),
        (FILES, INDEX | {"x": TWO}, f"{TWO}: x: the index names this tensor; it is not there"),
        ({**FILES, ONE: [A, C]}, INDEX, f"c: the index says that it is in {THREE}"),
        (FILES, {"a": ONE, "b": TWO}, f"{INDEX_NAME}: it does not name {THREE}"),
        (FILES, {}, "weight_map: it names no tensor"),
    ],
    ids=range(7),
)
def test_index_and_shards_must_agree(raw_model, files, index, sentence):
    refused(raw_model(files, index), sentence)


@pytest.mark.parametrize(
    "name",
    ["../model.safetensors", "/etc/x.safetensors", "a/b.safetensors", "..", "", "a\\b.safetensors",
     "c:x.safetensors", "a\0.safetensors", "x" * 252 + ".safetensors"],
)  # fmt: skip
def test_a_shard_may_not_lie_elsewhere(raw_model, tmp_path, name):
    raw_model({"model.safetensors": [A]}, name="b")
    folder = raw_model({ONE: [A]}, {"a": ONE, "b": name})
    refused(folder, "no plain name of a file|is not named as")


def test_a_link_may_not_lead_out_of_the_folder(raw_model, tmp_path):
    elsewhere = raw_model({"x.safetensors": [B]}, name="elsewhere")
    folder = raw_model({ONE: [A], THREE: [C]}, INDEX)
    (folder / TWO).symlink_to(elsewhere / "x.safetensors")
    refused(folder, f"{TWO}: this is a link that leads out of its folder")
    (folder / TWO).unlink()
    (folder / TWO).symlink_to(folder / TWO)
    refused(folder, f"{TWO}: this link leads nowhere|is missing")
    (folder / TWO).unlink()
    (folder / "real").write_bytes((elsewhere / "x.safetensors").read_bytes())
    (folder / TWO).symlink_to("real")
    SafetensorsModel.open(folder).close()


def test_the_hub_caches_links_are_followed(raw_model):
    blobs = raw_model({"aa": [A], "bb": [B], "cc": [C]}, name="models--x/blobs")
    index = json.dumps({"weight_map": INDEX}).encode()
    snapshot = raw_model({}, index, name="models--x/snapshots/0123")
    for name, blob in ((ONE, "aa"), (TWO, "bb"), (THREE, "cc")):
        (snapshot / name).symlink_to(f"../../blobs/{blob}")
    with SafetensorsModel.open(snapshot) as model:
        assert set(model.tensors) == set("abc")
    with SafetensorsModel.open(snapshot / TWO) as model:
        assert set(model.tensors) == set("abc")
    outside = raw_model({"secret": [B]}, name="models--x/other")
    (snapshot / TWO).unlink()
    (snapshot / TWO).symlink_to(outside / "secret")
    refused(snapshot, "leads out of its folder")
    assert blobs.is_dir()


@pytest.mark.parametrize("twin", ["symlink_to", "hardlink_to"])
def test_one_file_under_two_names_is_refused(raw_model, twin):
    folder = raw_model({ONE: [A, B], THREE: [C]}, INDEX)
    getattr(folder / TWO, twin)(folder / ONE)
    refused(folder, "b: the index says that it is in")


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"[]", "“{” is expected"),
        (b'{"weight_map":{"a":1}}', "a string is expected"),
        (b'{"weight_map":{"a":"x.bin"}}', "not named as a .safetensors file"),
        (b'{"weight_map":{"a":"x","a":"x"}}', "a: this name is there twice"),
        (b'{"weight_map":{"a":"x"},"weight_map":{}}', "weight_map: this name is there twice"),
        (b'{"weight_map":[]}', "“{” is expected"),
        (b'{"weight_map":{}}', "it names no tensor"),
        (b'{"metadata":{}}', "it names no tensor"),
        (b'{"metadata":"%s"}' % (b"x" * 70_000), "a value of at most 65,536 bytes"),
        (b'{"metadata":%s' % (b"[" * 60_000), "a value of at most"),
        (b'{"weight_map":{"a":"%s"}}' % (b"x" * 2000), "a name has 2,000 bytes"),
        (b'{"weight_map":{"%s":"x"}}' % (b"x" * 2000), "a name has 2,000 bytes"),
        (b'{"weight_map":{"a":"x"}} {}', "the end is expected"),
        (b'{"weight_map":{"a":"x"}', "is expected"),
        (b"", "the file is empty"),
        (b"\0" * 1000, "“{” is expected"),
    ],
    ids=range(16),
)  # fmt: skip
def test_what_an_index_may_not_say(raw_model, raw, sentence):
    refused(raw_model({}, raw), f"{INDEX_NAME}: .*{sentence}")


def test_counts_and_sizes_of_an_index_are_capped(raw_model, monkeypatch):
    place = "inference.checkpoint.safetensors_index."
    folder = raw_model(FILES, INDEX)
    for name, value, sentence in (
        ("MOST_TENSORS", 2, "more than 2 tensors"),
        ("MOST_PARTS", 2, "3 files are more than are read"),
        ("_MOST_INDEX_BYTES", 100, "up to 100 are read"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(place + name, value)
            refused(folder, sentence)
    monkeypatch.setattr("inference.checkpoint.safetensors.MOST_TENSORS", 2)
    refused(folder, "more than 2 tensors")
    refused(raw_model({"model-00001-of-99999.safetensors": [A]}), "99,999 parts are more")


def test_what_is_ambiguous_is_refused(raw_model):
    refused(raw_model({}), "there is no safetensors file in this folder")
    refused(raw_model({"a.safetensors": [A], "b.safetensors": [B]}), "name the one to open")
    refused(raw_model({**FILES, "x.safetensors": [A]}), "holds 4 safetensors files and no index")
    other = {"model-00001-of-00002.safetensors": [A]}
    refused(raw_model({**FILES, **other}), "holds 4 safetensors files and no index")
    folder = raw_model({**FILES, "model.safetensors": [A]}, INDEX)
    refused(folder, "model.safetensors and an index of other files")
    with SafetensorsModel.open(folder / "model.safetensors") as model:
        assert set(model.tensors) == {"a"}
    refused(raw_model({ONE: [A], TWO: [A], THREE: [C]}), f"a: {ONE} holds this tensor too")
