"""Throw damaged GGUF headers at the reader: no crash, no hang, no large allocation.

`python -m tools.fuzz_gguf --count 50000 --seed 1 [FILE …]`; without files it damages small
ones that it makes itself. A mutant must open or be refused by a typed error, within a
second of processor time, without tracing an allocation of more than twice its size (plus
what Python's own objects cost: 16 kB). Deterministic by its seed.
"""

from __future__ import annotations

import argparse
import random
import signal
import struct
import sys
import tempfile
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from inference.checkpoint.gguf import GgufFile
from inference.errors import InferenceError

_ALLOWANCE_BYTES = 16 << 10
_MOST_SECONDS = 1
# Values that break readers: edges of every width, signs, and counts near the caps.
_EDGES = (0, 1, 2, 7, 8, 31, 32, 127, 128, 255, 1 << 15, 1 << 16, (1 << 16) + 1, 1 << 24,
          (1 << 31) - 1, 1 << 31, (1 << 32) - 1, 1 << 32, 1 << 40, (1 << 62) - 1, 1 << 62,
          (1 << 63) - 1, 1 << 63, (1 << 64) - 32, (1 << 64) - 1)  # fmt: skip


class HangError(Exception):
    """A mutant took longer than it may."""


@dataclass
class Findings:
    """What a campaign saw; `failures` is empty where all is well."""

    outcomes: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    worst_allocation: float = 0.0


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
        entry("tokenizer.chat_template", 8, text("é中🙂" * 30_000)),
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
    return made


def mutated(draw: random.Random, seed: bytes) -> bytes:
    """One to four damages, mostly in the header."""
    data = bytearray(seed)
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(len(data)) if data else 0
        match draw.randrange(7):
            case 0 if data:
                data[at] ^= 1 << draw.randrange(8)
            case 1 if data:
                data[at] = draw.randrange(256)
            case 2:
                data[at : at + 8] = struct.pack("<Q", draw.choice(_EDGES))
            case 3:
                data[at : at + 4] = struct.pack("<I", draw.choice(_EDGES) & 0xFFFFFFFF)
            case 4:
                del data[at:]
            case 5:
                end = draw.randrange(at, min(len(data), at + 64) + 1)
                data[at:at] = data[at:end] * draw.randint(1, 3)
            case _:
                del data[at : at + draw.randint(1, 64)]
    return bytes(data)


def try_one(path: Path, findings: Findings) -> None:
    """Open one mutant and note what came of it."""
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    try:
        with _alarm(), GgufFile.open(path) as file:
            for key in file.keys():  # noqa: SIM118
                if key.startswith("tokenizer."):
                    _decode(file, key)
            for name in file.tensors:
                file.packed(name)
        outcome = "opened"
    except InferenceError as error:
        outcome = type(error).__name__
    except Exception as error:  # noqa: BLE001 - whatever else comes is what we look for
        outcome = "failure"
        findings.failures.append(f"{type(error).__name__}: {error}")
    findings.outcomes[outcome] += 1
    grown = tracemalloc.get_traced_memory()[1] - before - _ALLOWANCE_BYTES
    share = grown / max(1, path.stat().st_size)
    findings.worst_allocation = max(findings.worst_allocation, share)


def _decode(file: GgufFile, key: str) -> None:
    for getter in (file.strings, file.integers, file.numbers, file.string):
        try:
            getter(key)
        except InferenceError:
            continue


@contextmanager
def _alarm() -> Iterator[None]:
    def ring(signum: int, frame: FrameType | None) -> None:
        raise HangError(f"over {_MOST_SECONDS} s")

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, _MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def campaign(count: int, seed: int, originals: list[bytes], folder: Path) -> Findings:
    """`count` mutants of `originals`, reproducible by `seed`."""
    draw = random.Random(seed)
    findings = Findings()
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
    print(f"{arguments.count:,} mutants: {dict(found.outcomes)}")
    print(f"greatest allocation: {found.worst_allocation:.2f} times the file's size")
    for failure in found.failures[:20]:
        print(failure)
    return 1 if found.failures or found.worst_allocation > 2 else 0


if __name__ == "__main__":
    sys.exit(main())
