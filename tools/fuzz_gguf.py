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
_OPENING_SHARE, _READING_SHARE = 2, 5
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
    worst_opening: float = 0.0
    worst_reading: float = 0.0

    @property
    def is_sound(self) -> bool:
        """Nothing failed, and nothing took more memory than it may."""
        bounded = self.worst_opening <= _OPENING_SHARE and self.worst_reading <= _READING_SHARE
        return bounded and not self.failures


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
    data = bytearray(seed)
    for _ in range(draw.randint(1, 4)):
        at = _place(draw, len(data)) if data else 0
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


def _place(draw: random.Random, size: int) -> int:
    """Anywhere, but mostly where the structure is: the beginning, and the tensors' entries."""
    near = min(size, 900)
    return draw.choice(
        (draw.randrange(size), draw.randrange(near), size - 1 - draw.randrange(near))
    )


def try_one(path: Path, findings: Findings) -> None:
    """Open one mutant and note what came of it."""
    outcome = "opened"
    size = path.stat().st_size
    try:
        with _alarm():
            with _traced() as opening:
                file = GgufFile.open(path)
            with file, _traced() as reading:
                _read(file)
            findings.worst_reading = max(findings.worst_reading, reading.share(size))
    except InferenceError as error:
        outcome = type(error).__name__
    except Exception as error:  # noqa: BLE001 - whatever else comes is what we look for
        outcome = "failure"
        findings.failures.append(f"{type(error).__name__}: {error}")
    findings.outcomes[outcome] += 1
    findings.worst_opening = max(findings.worst_opening, opening.share(size))


@dataclass
class _Trace:
    """What was allocated at most while it ran."""

    peak_bytes: int = 0

    def share(self, size: int) -> float:
        """Of a file of `size` bytes, less what Python's own objects cost."""
        return (self.peak_bytes - _ALLOWANCE_BYTES) / max(1, size)


@contextmanager
def _traced() -> Iterator[_Trace]:
    trace = _Trace()
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    try:
        yield trace
    finally:
        trace.peak_bytes = tracemalloc.get_traced_memory()[1] - before


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
    print(
        f"memory: opening {max(0, found.worst_opening):.2f} times the file's size at most, "
        f"reading {max(0, found.worst_reading):.2f}"
    )
    for failure in found.failures[:20]:
        print(failure)
    return 0 if found.is_sound else 1


if __name__ == "__main__":
    sys.exit(main())
