"""GGUF and safetensors files written byte by byte, so that every one of them can be wrong."""

import json
import struct
from dataclasses import dataclass, field

import pytest

STRING, ARRAY, UINT32, FLOAT32, BOOL, UINT64 = 8, 9, 4, 6, 7, 10


def text(value):
    raw = value.encode() if isinstance(value, str) else value
    return struct.pack("<Q", len(raw)) + raw


def string_value(value):
    return struct.pack("<I", STRING) + text(value)


def uint32_value(value):
    return struct.pack("<II", UINT32, value)


def array_value(kind, count, raw):
    return struct.pack("<IIQ", ARRAY, kind, count) + raw


@dataclass
class RawGguf:
    """The parts of a file; each may be replaced by something that is not sound."""

    magic: bytes = b"GGUF"
    version: int = 3
    fields: list = field(default_factory=lambda: [("general.architecture", string_value("llama"))])
    # (name, dimensions as in the file, type number, offset, data)
    tensors: list = field(default_factory=lambda: [("a", (8,), 0, 0, b"\0" * 32)])
    tensor_count: int | None = None
    field_count: int | None = None
    alignment: int = 32
    pad: bytes = b""

    def header(self):
        counts = (
            len(self.tensors) if self.tensor_count is None else self.tensor_count,
            len(self.fields) if self.field_count is None else self.field_count,
        )
        parts = [self.magic, struct.pack("<IQQ", self.version, *counts)]
        parts += [text(key) + value for key, value in self.fields]
        for name, shape, kind, offset, _ in self.tensors:
            parts.append(text(name) + struct.pack("<I", len(shape)))
            parts.append(struct.pack(f"<{len(shape)}QIQ", *shape, kind, offset))
        return b"".join(parts)

    def bytes(self):
        header = self.header()
        data = bytearray()
        for *_, offset, raw in self.tensors:
            if offset < 1 << 20:
                data.extend(bytes(max(0, offset + len(raw) - len(data))))
                data[offset : offset + len(raw)] = raw
        return header + bytes(-len(header) % self.alignment) + bytes(data) + self.pad


@pytest.fixture
def raw_file(tmp_path):
    """raw_file(**parts) → a path; raw_file(content=…) → those bytes."""
    count = 0

    def make(content=None, name=None, **parts):
        nonlocal count
        count += 1
        path = tmp_path / (name or f"file{count}.gguf")
        path.write_bytes(RawGguf(**parts).bytes() if content is None else content)
        return path

    return make


ITEM_BYTES = {"F64": 8, "I64": 8, "F32": 4, "BF16": 2, "F16": 2, "F8_E4M3": 1, "F8_E5M2": 1}


def safetensors_bytes(tensors, metadata=None, header=None, data=None, length=None):
    """tensors: (name, dtype, shape[, bytes]); `header`, `data`, `length` may replace parts."""
    entries, raw = {}, b""
    if metadata is not None:
        entries["__metadata__"] = metadata
    for name, dtype, shape, *given in tensors:
        count = ITEM_BYTES.get(dtype, 1)
        for axis in shape:
            count *= axis
        content = given[0] if given else bytes(count)
        span = [len(raw), len(raw) + count]
        entries[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": span}
        raw += content
    if header is None:
        header = json.dumps(entries)
    header = header.encode() if isinstance(header, str) else header
    data = raw if data is None else data
    return struct.pack("<Q", len(header) if length is None else length) + header + data


@pytest.fixture
def raw_model(tmp_path):
    """raw_model({file name: tensors or bytes}, index=weight_map or bytes) → a folder."""
    count = 0

    def make(files, index=None, name=None):
        nonlocal count
        count += 1
        folder = tmp_path / (name or f"model{count}")
        folder.mkdir(parents=True)
        for file_name, content in files.items():
            raw = content if isinstance(content, bytes) else safetensors_bytes(content)
            (folder / file_name).write_bytes(raw)
        if index is not None:
            if not isinstance(index, bytes):
                index = json.dumps({"metadata": {"total_size": 1}, "weight_map": index}).encode()
            (folder / "model.safetensors.index.json").write_bytes(index)
        return folder

    return make


@pytest.fixture
def safetensors_file(tmp_path):
    """safetensors_file(tensors, …) → a path; the rest as `safetensors_bytes`."""
    count = 0

    def make(tensors=(), **parts):
        nonlocal count
        count += 1
        path = tmp_path / f"file{count}.safetensors"
        path.write_bytes(safetensors_bytes(tensors, **parts))
        return path

    return make
