"""GGUF models in parts: what gguf-split and the `gguf` package write, and what they never do."""

import struct

import gguf
import numpy as np
import pytest
import torch

from inference.checkpoint.gguf import GgufFile
from inference.checkpoint.gguf_split import SplitGguf, open_gguf
from inference.errors import CheckpointError, UnsupportedModelError

STRING, UINT16, UINT32, INT32 = 8, 2, 4, 5


def text(value):
    return struct.pack("<Q", len(value)) + value.encode()


def part_fields(number, count, tensors, extra=()):
    return [
        ("split.no", struct.pack("<IH", UINT16, number)),
        ("split.count", struct.pack("<IH", UINT16, count)),
        ("split.tensors.count", struct.pack("<Ii", INT32, tensors)),
        *extra,
    ]


ARCHITECTURE = [("general.architecture", struct.pack("<I", STRING) + text("llama"))]


def tensor(name, value=0.0):
    return (name, (8,), 0, 0, struct.pack("<8f", *[value] * 8))


@pytest.fixture
def parts(raw_file):
    """parts(names=…, numbers=…, counts=…, totals=…, tensors=…) → the paths of three parts."""

    def make(names=None, numbers=(0, 1, 2), counts=(3, 3, 3), totals=(3, 3, 3), tensors="abc"):
        names = names or [f"m-{n:05}-of-00003.gguf" for n in (1, 2, 3)]
        return [
            raw_file(
                name=name,
                fields=part_fields(number, count, total, () if i else ARCHITECTURE),
                tensors=[tensor(t, i) for t in held],
            )
            for i, (name, number, count, total, held) in enumerate(
                zip(names, numbers, counts, totals, tensors, strict=True)
            )
        ]

    return make


@pytest.mark.parametrize("limits", [{"split_max_tensors": 2}, {"split_max_size": 500}])
@pytest.mark.parametrize("small_first", [False, True])
def test_what_the_gguf_package_splits_is_whole_again(tmp_path, limits, small_first):
    writer = gguf.GGUFWriter(
        str(tmp_path / "m.gguf"), "llama", small_first_shard=small_first, **limits
    )
    writer.add_block_count(3)
    writer.add_token_list(["a", "b"])
    random = np.random.default_rng(0)
    tensors = {f"t{i}": random.standard_normal((4, 8)).astype(np.float32) for i in range(7)}
    for name, values in tensors.items():
        writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    paths = sorted(tmp_path.glob("*.gguf"))
    assert len(paths) > 2
    for path in (paths[0], paths[-1]):
        with open_gguf(path) as model:
            assert isinstance(model, SplitGguf)
            assert model.path == path
            assert model.format == f"GGUF 3 in {len(paths)} parts"
            assert model.string("general.architecture") == "llama"
            assert model.integer("llama.block_count") == 3
            assert model.strings("tokenizer.ggml.tokens") == ["a", "b"]
            assert set(model.tensors) == set(tensors)
            assert model.file_bytes == sum(p.stat().st_size for p in paths)
            assert 0 < model.metadata_bytes < model.file_bytes
            for name, values in tensors.items():
                assert torch.equal(model.packed(name).dequantize(), torch.from_numpy(values))
                assert model.tensors[name].stored_bytes == values.nbytes
            with pytest.raises(CheckpointError, match="nope: this tensor is missing"):
                model.packed("nope")
        with pytest.raises(UnsupportedModelError, match=f"one of {len(paths)} parts"):
            GgufFile.open(path)


def test_a_tensor_outlives_its_model(parts):
    path = parts()[1]
    model = open_gguf(path)
    last = model.packed("c")
    model.close()
    model.close()
    assert last.dequantize().tolist() == [2] * 8
    with pytest.raises(CheckpointError, match="missing"):
        model.packed("c")


def test_one_file_is_one_file(raw_file):
    with open_gguf(raw_file(fields=part_fields(0, 1, 1, ARCHITECTURE))) as model:
        assert isinstance(model, GgufFile)
        assert model.format == "GGUF 3"
    with open_gguf(raw_file(name="x-00001-of-00009.gguf")) as model:
        assert isinstance(model, GgufFile)
        assert model.file_bytes == model.path.stat().st_size


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        ({"tensors": ["a", "b", "a"]}, "m-00003-of-00003.gguf: a: m-00001-of-00003.gguf holds"),
        ({"totals": (4, 4, 4)}, "split.tensors.count: it says 4, and the parts hold 3"),
        ({"totals": (3, 3, 4)}, "m-00003-of-00003.gguf: split.tensors.count: it says 4"),
        ({"numbers": (0, 2, 2)}, "m-00002-of-00003.gguf: split.no: it says 2"),
        ({"counts": (3, 4, 3)}, "m-00002-of-00003.gguf: split.count: it says 4"),
        ({"counts": (3, 1, 3)}, "m-00002-of-00003.gguf: split.count: it says 1"),
        ({"counts": (4, 3, 3)}, "it is part 1 of 4, and its name must end in -00001-of-00004"),
        ({"numbers": (1, 1, 2)}, "it is part 2 of 3, and its name must end in -00002-of-00003"),
        ({"names": ["x.gguf", "y.gguf", "z.gguf"]}, "its name must end in -00001-of-00003.gguf"),
        ({"counts": (0, 3, 3)}, "split.count: 0 is no number of parts"),
        ({"counts": (65535, 3, 3)}, "65,535 is no number of parts from 1 to 4,096"),
    ],
    ids=range(11),
)
def test_parts_must_agree(parts, damage, sentence):
    with pytest.raises(CheckpointError, match=sentence):
        open_gguf(parts(**damage)[0])


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_missing_part_is_named(parts, missing):
    paths = parts()
    paths[missing].unlink()
    with pytest.raises(CheckpointError, match=f"part {missing + 1} of 3 is missing: m-0000"):
        open_gguf(paths[missing - 1])


def test_what_a_part_does_not_say_is_named(raw_file, parts):
    paths = parts()
    raw_file(name=paths[1].name, tensors=[tensor("b")])
    with pytest.raises(
        CheckpointError, match=r"m-00002-of-00003.gguf: split.no: this field is mis"
    ):
        open_gguf(paths[0])
    paths[1].write_bytes(b"Dear Sir")
    with pytest.raises(CheckpointError, match=r"m-00002-of-00003.gguf: this is not a GGUF file"):
        open_gguf(paths[0])
