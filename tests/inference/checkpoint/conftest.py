"""GGUF files written byte by byte, so that every one of them can be wrong."""

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
