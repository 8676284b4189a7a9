"""GGUF files: what is read, and how everything else is refused."""

import os
import struct

import gguf
import numpy as np
import pytest
import torch

from inference.checkpoint.gguf import GgufFile
from inference.errors import CheckpointError, UnsupportedModelError

STRING, ARRAY, UINT8, INT32, UINT32, FLOAT32, BOOL, UINT64, FLOAT64 = 8, 9, 0, 5, 4, 6, 7, 10, 12


def text(value):
    raw = value.encode() if isinstance(value, str) else value
    return struct.pack("<Q", len(raw)) + raw


def value(kind, fmt, number):
    return struct.pack("<I" + fmt, kind, number)


def array(kind, count, raw=b""):
    return struct.pack("<IIQ", ARRAY, kind, count) + raw


def fields(**entries):
    return [(key.replace("__", "."), raw) for key, raw in entries.items()]


@pytest.mark.parametrize("version", [2, 3])
def test_every_kind_of_value_is_read(raw_file, version):
    path = raw_file(
        version=version,
        fields=fields(
            name=struct.pack("<I", STRING) + text("é中"),
            small=value(UINT8, "B", 200),
            minus=value(INT32, "i", -7),
            big=value(UINT64, "Q", 2**63),
            half=value(FLOAT32, "f", 0.5),
            third=value(FLOAT64, "d", 1 / 3),
            yes=value(BOOL, "B", 1),
            words=array(STRING, 2, text("a") + text("é")),
            ids=array(INT32, 3, struct.pack("<3i", 1, -2, 3)),
            scores=array(FLOAT32, 2, struct.pack("<2f", 0.5, 2)),
            none=array(STRING, 0),
        ),
    )
    with GgufFile.open(path) as file:
        assert file.version == version
        assert file.string("name") == "é中"
        assert [file.integer(k) for k in ("small", "minus", "big")] == [200, -7, 2**63]
        assert file.number("half") == 0.5
        assert file.number("third") == 1 / 3
        assert file.number("minus") == -7.0
        assert file.boolean("yes") is True
        assert file.strings("words") == ["a", "é"]
        assert list(file.integers("ids")) == [1, -2, 3]
        assert list(file.numbers("scores")) == [0.5, 2.0]
        assert list(file.numbers("ids")) == [1.0, -2.0, 3.0]
        assert file.strings("none") == []
        assert "words" in file.keys()  # noqa: SIM118


def test_what_is_missing_or_of_another_kind_is_named(raw_file):
    path = raw_file(
        fields=fields(
            n=value(UINT32, "I", 3),
            yes=value(BOOL, "B", 1),
            s=struct.pack("<I", STRING) + text("x"),
            scores=array(FLOAT32, 1, struct.pack("<f", 0.5)),
            nan=value(FLOAT32, "f", float("nan")),
            inf=value(FLOAT64, "d", float("inf")),
            bad=array(STRING, 2, text("ok") + text(b"\xff")),
            broken=struct.pack("<I", STRING) + text(b"\xff"),
            long=struct.pack("<I", STRING) + text("x" * (1 << 20) + "x"),
        )
    )
    with GgufFile.open(path) as file:
        assert file.string("absent", "default") == "default"
        assert file.integer("absent", 0) == 0
        assert file.number("absent", 1.5) == 1.5
        assert file.boolean("absent", False) is False
        for call, key, reason in (
            (file.string, "absent", "missing"),
            (file.string, "n", "not a string"),
            (file.string, "broken", "not UTF-8"),
            (file.string, "long", "1,048,577 bytes is more than is read"),
            (file.integer, "s", "not an integer"),
            (file.integer, "yes", "not an integer"),
            (file.number, "s", "not a number"),
            (file.number, "nan", "not a usable number"),
            (file.number, "inf", "not a usable number"),
            (file.boolean, "n", "not a boolean"),
            (file.strings, "n", "not an array of strings"),
            (file.strings, "absent", "missing"),
            (file.strings, "bad", "element 1 is not UTF-8"),
            (file.integers, "scores", "not an array of integers"),
            (file.integers, "s", "not an array of integers"),
            (file.numbers, "bad", "not an array of numbers"),
        ):
            with pytest.raises(CheckpointError, match=reason) as caught:
                call(key)
            assert caught.value.field == key
            assert caught.value.file == path.name


def test_tensors_lie_over_the_map_in_rows(raw_file):
    data = np.arange(6, dtype=np.float32).tobytes()
    path = raw_file(tensors=[("w", (3, 2), 0, 0, data), ("v", (2,), 0, 32, data[:8])])
    file = GgufFile.open(path)
    with pytest.raises(CheckpointError, match="nope: this tensor is missing"):
        file.packed("nope")
    packed = file.packed("w")
    assert packed.shape == (2, 3)
    assert packed.dequantize().tolist() == [[0, 1, 2], [3, 4, 5]]
    file.close()  # a tensor still lies over the map: it stays
    assert packed.dequantize()[1, 2] == 5


def test_the_real_file_agrees_with_the_gguf_package(starter_path):
    reader = gguf.GGUFReader(starter_path)
    with GgufFile.open(starter_path) as file:
        assert set(file.tensors) == {t.name for t in reader.tensors}
        for theirs in reader.tensors:
            ours = file.tensors[theirs.name]
            assert ours.shape == tuple(int(n) for n in reversed(theirs.shape))
            assert (ours.offset, ours.stored_bytes) == (theirs.data_offset, theirs.n_bytes)
        for name, theirs in reader.fields.items():
            contents = theirs.contents()
            if isinstance(contents, str):
                assert file.string(name) == contents
            elif name.startswith("tokenizer.ggml.tokens"):
                assert file.strings(name) == contents
        assert file.metadata_bytes < starter_path.stat().st_size
        blocks = file.packed("blk.0.attn_q.weight").buffers["blocks"]
        assert blocks.is_shared() or blocks.data_ptr()


F32_TENSOR = ("a", (8,), 0, 0, b"\0" * 32)


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"version": 1}, "version 1"),
        ({"version": 4}, "version 4"),
        ({"version": 3 << 24}, "big-endian"),
        ({"tensor_count": 1 << 60}, "tensor count: .*more than this program allows"),
        ({"field_count": 1 << 40}, "metadata count: .*more than this program allows"),
        ({"field_count": 60_000}, r"metadata field \d+: it has no name"),
        ({"tensor_count": 60_000}, "tensor 1: it has no name"),
        ({"fields": [("k", struct.pack("<I", 99))]}, "99 is no type"),
        ({"fields": [("k", value(BOOL, "B", 2))]}, "2 is no boolean"),
        ({"fields": [("k", array(ARRAY, 1))]}, "arrays of arrays"),
        ({"fields": [("k", array(UINT8, 1 << 50))]}, "allows"),
        ({"fields": [("k", array(FLOAT64, 1 << 20))]}, "room for"),
        ({"fields": [("k", array(STRING, 1 << 20))]}, "room for"),
        (
            {"fields": [("k", array(STRING, 1, struct.pack("<Q", 1 << 40)))]},
            "element 0 has 1,099,511,627,776 bytes",
        ),
        ({"fields": [("k", struct.pack("<IQ", STRING, 1 << 62))]}, "allows"),
        (
            {"fields": [("k", struct.pack("<IQ", STRING, 5000))]},
            "needs 5,000 bytes.*inside its header",
        ),
        ({"fields": fields(general__alignment=value(UINT32, "I", 4))}, "power of two from 8"),
        ({"fields": [(b"\xff", value(UINT8, "B", 1))]}, "not UTF-8"),
        ({"fields": [("k", value(UINT8, "B", 1))] * 2}, "k: this field is there twice"),
        ({"fields": [("k" * 70_000, value(UINT8, "B", 1))]}, "allows"),
        ({"tensors": [F32_TENSOR, F32_TENSOR]}, "a: this tensor is there twice"),
        ({"tensors": [("a", (), 0, 0, b"")]}, "0 dimensions"),
        ({"tensors": [("a", (1, 1, 1, 1, 1), 0, 0, b"")]}, "5 dimensions"),
        ({"tensors": [("a", (0,), 0, 0, b"")]}, "holds a zero"),
        ({"tensors": [("a", (1 << 60,), 0, 0, b"")]}, "allows"),
        ({"tensors": [("a", (1 << 39, 1 << 39), 0, 0, b"")]}, "not complete"),
        ({"tensors": [("a", (33,), 2, 0, b"")]}, "33 columns"),
        ({"tensors": [("a", (8,), 0, 8, b"\0" * 32)]}, "not a multiple of 32"),
        ({"tensors": [("a", (8,), 0, 1 << 40, b"")]}, "not complete"),
        ({"tensors": [("a", (8,), 0, 1 << 63, b"")]}, "allows"),
        (
            {"tensors": [("a", (16,), 0, 0, b"\0" * 64), ("b", (8,), 0, 32, b"")]},
            "b: it lies over a",
        ),
        ({"tensors": [("n" * 2000, (8,), 0, 0, b"")]}, "allows"),
        ({"tensors": [("a", (8,), 31, 0, b"")]}, "Q4_0_4_4 .removed"),
        ({"tensors": [("a", (8,), 34, 0, b"")]}, "TQ1_0"),
        ({"tensors": [("a", (8,), 999, 0, b"")]}, "unknown type 999"),
        ({"fields": fields(general__alignment=value(UINT32, "I", 3))}, "power of two"),
        ({"fields": fields(general__alignment=value(UINT32, "I", 0))}, "power of two"),
        ({"fields": fields(general__alignment=value(UINT32, "I", 1 << 31))}, "power of two"),
        ({"fields": fields(split__count=value(UINT32, "I", 4))}, "one of 4 parts"),
    ],
    ids=range(39),
)
def test_what_a_header_may_not_say(raw_file, parts, sentence):
    with pytest.raises((CheckpointError, UnsupportedModelError), match=sentence) as caught:
        GgufFile.open(raw_file(**parts))
    assert "file1.gguf" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "the file is empty"),
        (b"GG", "not a GGUF file"),
        (b"GGUF", "version: it needs 4 bytes"),
        (b"GGUF\x03\0\0\0\1", "tensor count"),
        (b"Dear Sir or Madam", "not a GGUF file"),
        (b"PK\x03\x04rest", "zip archive or a PyTorch"),
        (b"\x80\x04\x95rest", "pickle"),
        (b"\n <!DOCTYPE HTML><html>", "web page"),
        (b"version https://git-lfs.github.com/spec/v1\n", "LFS pointer"),
        (struct.pack("<Q", 99) + b'{"__metadata__":{}}', "safetensors"),
        (b"\0" * 600, "begins with zeros"),
        (b"tjgg\1\0\0\0", "older ggml"),
    ],
    ids=range(12),
)
def test_files_that_are_something_else_are_told_apart(raw_file, content, sentence):
    with pytest.raises(CheckpointError, match=sentence):
        GgufFile.open(raw_file(content))


def test_a_half_downloaded_file_says_how_much_is_there(raw_file, starter_path):
    with starter_path.open("rb") as file:
        path = raw_file(file.read(50_000_000))
    with pytest.raises(
        CheckpointError, match=r"ends at 50\.0 MB .* describes 98\.4 MB.*not complete"
    ):
        GgufFile.open(path)


def test_a_file_cut_anywhere_is_refused(raw_file, tiny_llama):
    whole = tiny_llama(layers=1).read_bytes()
    for cut in [*range(0, 200, 7), *range(200, len(whole) - 32, 997)]:
        with pytest.raises(CheckpointError):
            GgufFile.open(raw_file(whole[:cut], name="cut.gguf"))


def test_places_that_are_no_files_are_a_sentence(tmp_path):
    with pytest.raises(CheckpointError, match="folder"):
        GgufFile.open(tmp_path)
    with pytest.raises(FileNotFoundError):
        GgufFile.open(tmp_path / "absent")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CheckpointError, match="not an ordinary file"):
        GgufFile.open(tmp_path / "pipe")


def test_names_from_the_file_can_not_steer_a_message(raw_file):
    name = "x\x1b[2J\n" + "y" * 500
    path = raw_file(tensors=[(name, (0,), 0, 0, b"")])
    with pytest.raises(CheckpointError) as caught:
        GgufFile.open(path)
    assert "\x1b" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_weights_are_not_copied(tiny_llama):
    with GgufFile.open(tiny_llama()) as file:
        first = file.packed("token_embd.weight").buffers["blocks"]
        second = file.packed("token_embd.weight").buffers["blocks"]
        assert first.data_ptr() == second.data_ptr()
        assert first.dtype == torch.uint8
        del first, second


def test_the_map_goes_with_its_last_tensor(tiny_llama):
    def mapped():
        with open("/proc/self/maps") as maps:
            return str(path) in maps.read()

    path = tiny_llama()
    file = GgufFile.open(path)
    tensor = file.packed("token_embd.weight").buffers["blocks"]
    file.close()
    file.close()
    assert mapped()
    del tensor
    assert not mapped()


def test_a_text_may_not_take_more_than_twice_the_file(raw_file):
    greedy = "x" * 100_000 + "🙂"
    path = raw_file(fields=fields(text=struct.pack("<I", STRING) + text(greedy)))
    with (
        GgufFile.open(path) as file,
        pytest.raises(CheckpointError, match="more memory than twice the file"),
    ):
        file.string("text")


def test_long_texts_come_back_whole(raw_file):
    long = "é中🙂 " * 9000
    path = raw_file(
        fields=fields(
            text=struct.pack("<I", STRING) + text(long),
            words=array(STRING, 2, text("a") + text(long[:4000])),
        ),
        pad=bytes(10),
    )
    with GgufFile.open(path) as file:
        assert file.string("text") == long
        assert file.strings("words") == ["a", long[:4000]]
