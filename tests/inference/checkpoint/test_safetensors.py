"""safetensors files: what is read, and how everything else is refused."""

import json
import os
import struct

import pytest
import torch
from safetensors.torch import load_file, save_file

from inference.checkpoint.safetensors import SafetensorsModel
from inference.errors import CheckpointError, UnsupportedModelError


def entry(dtype="F32", shape=(2,), offsets=(0, 8), **more):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets), **more}


def test_values_are_those_of_the_safetensors_package(tmp_path):
    random = torch.Generator().manual_seed(0)
    kinds = (torch.float32, torch.float16, torch.bfloat16)
    tensors = {
        f"layer.{i}.{kind}": torch.randn(shape, generator=random).to(kind)
        for i, shape in enumerate([(3, 5), (7,), (2, 3, 4), (1, 1), (0, 6), (6, 0)])
        for kind in kinds
    }
    path = tmp_path / "model.safetensors"
    save_file(tensors, path, metadata={"format": "pt", "note": 'ä "quoted" \\ {[,]}'})
    with SafetensorsModel.open(path) as model:
        assert set(model.tensors) == set(tensors)
        for name, want in load_file(path).items():
            info, packed = model.tensors[name], model.packed(name)
            assert packed.shape == info.shape == tuple(want.shape)
            assert info.scheme == {4: "F32"}.get(want.itemsize) or info.scheme in ("F16", "BF16")
            assert info.stored_bytes == packed.stored_bytes == want.numel() * want.itemsize
            assert torch.equal(packed.dequantize(want.dtype), want)
        assert model.format == "safetensors"
        assert model.file_bytes == path.stat().st_size
        assert model.path == path
        assert model.folder == tmp_path


def test_weights_are_not_copied_and_outlive_the_model(safetensors_file):
    values = struct.pack("<4f", 1, 2, 3, 4)
    path = safetensors_file([("a", "F32", (2, 2), values)])
    model = SafetensorsModel.open(path)
    first, second = (model.packed("a").buffers["blocks"] for _ in range(2))
    assert first.data_ptr() == second.data_ptr()
    model.close()
    model.close()
    with open("/proc/self/maps") as maps:
        assert str(path) in maps.read()
    assert first.clone().view(torch.float32).tolist() == [[1, 2], [3, 4]]
    with pytest.raises(CheckpointError, match="missing"):
        model.packed("a")
    del first, second
    with open("/proc/self/maps") as maps:
        assert str(path) not in maps.read()


@pytest.mark.parametrize("spaces", range(9))
def test_tensors_at_odd_addresses_are_read(safetensors_file, spaces):
    header = json.dumps({"a": entry(shape=(2,)), "b": entry("BF16", (1, 2), (8, 12))})
    data = struct.pack("<2f", 1.5, -2) + b"\x80\x3f\x00\x40"
    path = safetensors_file(header=header + " " * spaces, data=data)
    with SafetensorsModel.open(path) as model:
        assert model.packed("a").dequantize().tolist() == [1.5, -2]
        assert model.packed("b").dequantize().tolist() == [[1, 2]]
        assert model.packed("b").rows(0, 1).dequantize().tolist() == [[1, 2]]


def test_any_sound_way_of_writing_the_header_is_read(safetensors_file):
    header = (
        '{ \n"__metadata__" : {} ,\t"\\u00e9\\n\\"" :{"data_offsets":[ 0,8 ],\r\n"shape":[1,2],'
        '"dtype":"F32"},"中🙂":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}  \n'
    )
    path = safetensors_file(header=header, data=struct.pack("<3f", 1, 2, 3))
    with SafetensorsModel.open(path) as model:
        assert set(model.tensors) == {'é\n"', "中🙂"}
        assert model.packed("中🙂").dequantize().item() == 3
        assert model.packed('é\n"').dequantize().tolist() == [[1, 2]]


def test_other_types_are_listed_and_refused_when_asked_for(safetensors_file):
    path = safetensors_file(
        [("ids", "I64", (2,)), ("w", "F64", (1,)), ("e", "F8_E5M2", (3,)), ("a", "F32", (1,))]
    )
    with SafetensorsModel.open(path) as model:
        assert [i.scheme for i in model.tensors.values()] == ["I64", "F64", "F8_E5M2", "F32"]
        for name in ("ids", "w", "e"):
            with pytest.raises(UnsupportedModelError, match=f"{name}: .*does not run tensors"):
                model.packed(name)
        with pytest.raises(CheckpointError, match="nope: this tensor is missing"):
            model.packed("nope")


def test_a_file_of_no_tensors_is_sound(safetensors_file):
    with SafetensorsModel.open(safetensors_file(header="{}")) as model:
        assert model.tensors == {}


HOLE = {"a": entry(), "b": entry(offsets=(12, 20))}
OVERLAP = {"a": entry(), "b": entry(offsets=(4, 12))}
TWO = f'{{"a":{json.dumps(entry())},"a":{json.dumps(entry(offsets=(8, 16)))}}}'
META = '{"__metadata__":{},"__metadata__":{}}'


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("", "it is not sound JSON: “{” is expected at byte 8"),
        ("[]", "“{” is expected"),
        ("{", "a string is expected at byte 9"),
        ('{"a"', "a string is expected"),
        ('{"a":', "a value of at most 1,024 bytes is expected"),
        ('{"a" 1}', "a string is expected"),
        ('{"a":1}', "a: it does not say dtype"),
        ('{"a":{}}', "a: it does not say dtype"),
        ({"a": entry(more=1)}, "these alone"),
        ({"a": {"dtype": "F32", "shape": [2]}}, "it does not say dtype"),
        ('{"a":{"dtype":"F32","dtype":"F32"}}', "the name “dtype” is there twice"),
        (TWO, "a: this name is there twice"),
        (META, "__metadata__: this name is there twice"),
        ('{"__metadata__":{"a":1}}', "an object of strings is expected"),
        ('{"__metadata__":{"a":{"b":"c"}}}', "an object of strings is expected"),
        ('{"__metadata__":{"a":"b",}}', "an object of strings is expected"),
        ({"": entry()}, "a tensor has no name"),
        ({"n" * 1025: entry()}, "a name has 1,025 bytes"),
        ('{"\\ud800":1}', "is no text"),
        (b'{"\xff":1}', "is no text"),
        ('{"a\n":1}', "a string is expected"),
        (json.dumps({"a": entry()})[:-1], "“,” or “}” is expected"),
        (json.dumps({"a": entry()})[:-1] + ",}", "a string is expected"),
        (json.dumps({"a": entry()}) + "x", "the end is expected"),
        (json.dumps({"a": entry()}) * 2, "the end is expected"),
        (json.dumps({"a": entry()}) + "\0", "the end is expected"),
        ({"a": entry(dtype="Q4")}, "unknown type Q4"),
        ({"a": entry(dtype=["F32"])}, "unknown type"),
        ({"a": entry(dtype=None)}, "unknown type"),
        ({"a": entry(dtype="x" * 500)}, "unknown type xxx"),
        ({"a": entry(shape=[1] * 9)}, "9 dimensions"),
        ('{"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}', "its shape is no list"),
        ({"a": entry(shape=[-2])}, "its shape holds something else"),
        ({"a": entry(shape=[2.0])}, "its shape holds something else"),
        ({"a": entry(shape=[True, 2])}, "its shape holds something else"),
        ({"a": entry(shape=["2"])}, "its shape holds something else"),
        ({"a": entry(shape=[1 << 41])}, "its shape holds something else"),
        ('{"a":{"dtype":"F32","shape":[%s],"data_offsets":[0,8]}}' % ("9" * 5000), "1,024 bytes"),
        ('{"a":{"dtype":"F32","shape":[%s],"data_offsets":[0,8]}}' % ("9" * 900), "something else"),
        ('{"a":{"dtype":"F32","shape":[1e400],"data_offsets":[0,8]}}', "something else"),
        ('{"a":{"dtype":"F32","shape":[NaN],"data_offsets":[0,8]}}', "something else"),
        ('{"a":' + "[" * 900 + "]" * 900 + "}", "is expected"),
        ('{"a":' + "[" * 400 + "]" * 400 + "}", "it does not say dtype"),
        # 2^40 · 2^40 · 4 bytes are 2^66 · 64: a product of 64 bits would be 0.
        ({"a": entry(shape=[1 << 40, 1 << 40], offsets=(0, 0))}, "takes 4,835,703,278,458,516,"),
        ({"a": entry(shape=[3])}, r"F32 of shape \[3\] takes 12 bytes; .* give it 8"),
        ({"a": entry("F4", [3], (0, 2))}, "takes 2 bytes"),
        ({"a": entry(offsets=(8, 0))}, "are no range"),
        ({"a": entry(offsets=(0, 8, 8))}, "are no range"),
        ({"a": entry(offsets=())}, "are no range"),
        ({"a": entry(offsets=(-8, 0))}, "its data_offsets holds something else"),
        (HOLE, "b: there are 4 bytes of nothing before it"),
        ({"a": entry(offsets=(8, 16))}, "a: there are 8 bytes of nothing before it"),
        (OVERLAP, "b: it lies over a"),
        ({"a": entry(), "b": entry()}, "b: it lies over a"),
        ({"a": entry(shape=[4], offsets=(0, 16)), "b": entry("F32", [0], (8, 8))}, "it lies over"),
        ({"a": entry()}, "8 bytes follow its last tensor"),
        ({"a": entry(shape=[250_000], offsets=(0, 1_000_000))}, r"describes 1\.0 MB.*not complete"),
        ({"a": entry(shape=[1 << 38], offsets=(0, 1 << 40))}, "not complete"),
    ],
    ids=range(58),
)
def test_what_a_header_may_not_say(safetensors_file, header, sentence):
    if isinstance(header, dict):
        header = json.dumps(header)
    path = safetensors_file(header=header, data=bytes(16))
    with pytest.raises((CheckpointError, UnsupportedModelError), match=sentence) as caught:
        SafetensorsModel.open(path)
    assert path.name in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("length", "sentence"),
    [
        ((1 << 64) - 1, "more than this program allows"),
        (1 << 63, "more than this program allows"),
        (100_000_001, "more than this program allows"),
        (100_000_000, "the file ends after 18"),
        (19, "the file ends after 18.*not complete"),
        (0, "“{” is expected"),
        (1, "a string is expected"),
    ],
)
def test_a_length_that_lies_is_refused(safetensors_file, length, sentence):
    path = safetensors_file(header="{}", data=bytes(16), length=length)
    with pytest.raises(CheckpointError, match=sentence):
        SafetensorsModel.open(path)


def test_more_tensors_than_any_model_has_are_refused(safetensors_file, monkeypatch):
    monkeypatch.setattr("inference.checkpoint.safetensors_header.MOST_TENSORS", 100)
    path = safetensors_file([(f"t{i}", "F32", (0,)) for i in range(101)])
    with pytest.raises(CheckpointError, match="more than 100 tensors"):
        SafetensorsModel.open(path)


def test_a_file_cut_anywhere_is_refused(safetensors_file, tmp_path):
    whole = safetensors_file([("a", "F32", (3,)), ("b", "BF16", (2, 2))]).read_bytes()
    path = tmp_path / "cut.safetensors"
    for cut in range(len(whole)):
        path.write_bytes(whole[:cut])
        with pytest.raises(CheckpointError):
            SafetensorsModel.open(path)
    path.write_bytes(whole + b"\0")
    with pytest.raises(CheckpointError, match="1 bytes follow"):
        SafetensorsModel.open(path)


def test_places_that_are_no_files_are_a_sentence(tmp_path):
    with pytest.raises(FileNotFoundError):
        SafetensorsModel.open(tmp_path / "absent.safetensors")
    os.mkfifo(tmp_path / "pipe.safetensors")
    with pytest.raises(CheckpointError, match="not an ordinary file"):
        SafetensorsModel.open(tmp_path / "pipe.safetensors")


def test_names_from_the_file_can_not_steer_a_message(safetensors_file):
    path = safetensors_file(header=json.dumps({"x\x1b[2J\n" + "y" * 500: 1}))
    with pytest.raises(CheckpointError) as caught:
        SafetensorsModel.open(path)
    assert "\x1b" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300
