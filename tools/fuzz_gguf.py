"""Throw damaged GGUF headers at the reader: no crash, no hang, no large allocation.

`python -m tools.fuzz_gguf --count 50000 --seed 1 [FILE …]`; without files it damages small
ones that it makes itself. A mutant must open or be refused by a typed error, within a
second of processor time. What is traced meanwhile, all allocations together, may come to
twice its size for opening it, and to five times for reading its texts (their bytes, their
pieces and their whole, none of which alone passes twice), beside what Python's own objects
cost: 16 kB. Deterministic by its seed.
"""

from __future__ import annotations

import argparse
import random
import struct
import sys
import tempfile
import tracemalloc
from pathlib import Path

from inference.checkpoint.gguf import GgufFile
from inference.errors import InferenceError
from tools.fuzzing import Findings, damaged, traced

_ALLOWANCE_BYTES = 16 << 10
_OPENING_SHARE, _READING_SHARE = 2, 5


def seeds() -> list[bytes]:
    """Small sound files that hold every kind of value and several tensors."""

    def text(value: str) -> bytes:
        return struct.pack("<Q", len(value.encode())) + value.encode()

    def entry(key: str, kind: int, raw: bytes) -> bytes:
        return text(key) + struct.pack("<I", kind) + raw

    def array(kind: int, count: int, raw: bytes) -> bytes:
        return struct.pack("<IQ", kind, count) + raw

    words = b"".join(text(f"word{i}") for i in range(40))
    fields = [
        entry("general.architecture", 8, text("llama")),
        entry("general.alignment", 4, struct.pack("<I", 32)),
        entry("llama.block_count", 10, struct.pack("<Q", 2)),
        entry("llama.rope.freq_base", 6, struct.pack("<f", 1e4)),
        entry("tokenizer.ggml.add_bos_token", 7, b"\1"),
        entry("tokenizer.ggml.tokens", 9, array(8, 40, words)),
        entry("tokenizer.ggml.token_type", 9, array(5, 40, struct.pack("<40i", *range(40)))),
        entry("tokenizer.chat_template", 8, text("é中🙂" * 50)),
        entry("tokenizer.ggml.scores", 9, array(6, 40, struct.pack("<40f", *range(40)))),
    ]
    made = []
    for kind, columns, row_bytes in ((0, 32, 128), (2, 64, 36), (12, 256, 144)):
        tensors = b"".join(
            text(f"blk.{i}.weight") + struct.pack("<IQQIQ", 2, columns, 2, kind, i * 320)
            for i in range(2)
        )
        header = b"GGUF" + struct.pack("<IQQ", 3, 2, len(fields)) + b"".join(fields) + tensors
        header += bytes(-len(header) % 32)
        made.append(header + bytes(320 + 2 * row_bytes))
    # One text that decodes to more than its bytes, nearly as large as its file.
    long = entry("tokenizer.chat_template", 8, text("é中🙂" * 7000))
    made.append(b"GGUF" + struct.pack("<IQQ", 3, 0, 2) + fields[0] + long)
    return made


def mutated(draw: random.Random, seed: bytes) -> bytes:
    """One to four damages, mostly in the header."""
    return damaged(draw, seed, lambda size: _place(draw, size))


def _place(draw: random.Random, size: int) -> int:
    """Anywhere, but mostly where the structure is: the beginning, and the tensors' entries."""
    near = min(size, 900)
    return draw.choice(
        (draw.randrange(size), draw.randrange(near), size - 1 - draw.randrange(near))
    )


def try_one(path: Path, findings: Findings) -> None:
    """Open one mutant and note what came of it."""
    size = path.stat().st_size

    def attempt() -> None:
        try:
            with traced() as opening:
                file = GgufFile.open(path)
        finally:
            share = opening.share(size, _ALLOWANCE_BYTES)
            findings.worst_opening = max(findings.worst_opening, share)
        with file, traced() as reading:
            _read(file)
        share = reading.share(size, _ALLOWANCE_BYTES)
        findings.worst_reading = max(findings.worst_reading, share)

    findings.note(attempt)


def _read(file: GgufFile) -> None:
    for key in file.keys():  # noqa: SIM118
        if key.startswith("tokenizer."):
            _decode(file, key)
    for name in file.tensors:
        file.packed(name)


def _decode(file: GgufFile, key: str) -> None:
    for getter in (file.strings, file.integers, file.numbers, file.string):
        try:
            getter(key)
        except InferenceError:
            continue


def campaign(count: int, seed: int, originals: list[bytes], folder: Path) -> Findings:
    """`count` mutants of `originals`, reproducible by `seed`."""
    draw = random.Random(seed)
    findings = Findings(_OPENING_SHARE, _READING_SHARE)
    path = folder / "mutant.gguf"
    tracemalloc.start()
    try:
        for number in range(count):
            path.write_bytes(mutated(draw, draw.choice(originals)))
            failures = len(findings.failures)
            try_one(path, findings)
            if len(findings.failures) > failures:
                (folder / f"failure-{seed}-{number}.gguf").write_bytes(path.read_bytes())
    finally:
        tracemalloc.stop()
    return findings


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for mutants that failed")
    parser.add_argument("files", nargs="*", type=Path)
    arguments = parser.parse_args()
    originals = [file.read_bytes() for file in arguments.files] or seeds()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.keep or Path(temporary)
        found = campaign(arguments.count, arguments.seed, originals, folder)
    print(found.report(arguments.count))
    return 0 if found.is_sound else 1


if __name__ == "__main__":
    sys.exit(main())
