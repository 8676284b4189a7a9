"""Throw damaged safetensors models and configurations at the readers.

`python -m tools.fuzz_safetensors --count 50000 --seed 1`: no crash, no hang, no large
allocation. A mutant is a small folder (one file, or shards with their index; plain and in
FP8; a config.json) of which one file is damaged: its bytes anywhere, or its JSON by
tokens with the header's length put right again. It must open or be refused by a typed
error, within a second of processor time. What is traced meanwhile may come to twenty times
its JSON, beside what Python's own objects cost: 64 kB. Deterministic by its seed.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import struct
import sys
import tempfile
import tracemalloc
from pathlib import Path

from inference.checkpoint.config_json import JsonConfig
from inference.checkpoint.open import open_checkpoint
from inference.checkpoint.quantization_config import check_quantization
from inference.errors import InferenceError
from tools.fuzzing import EDGES, Findings, damaged, traced

_ALLOWANCE_BYTES = 64 << 10
_OPENING_SHARE, _READING_SHARE = 20, 20
_INDEX = "model.safetensors.index.json"
_CONFIG = "config.json"
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|-?[0-9.]+|[\[\]{}:,]|\w+', re.DOTALL)
_WORDS = (
    b"null", b"true", b"NaN", b"-Infinity", b"1e400", b"-1", b"1.5", b"0", b"[]", b"{}", b'""',
    b'"F32"', b'"F8_E4M3"', b'"I64"', b'"F4"', b'"../a.safetensors"', b'"/etc/passwd"',
    b'"model-00002-of-00002.safetensors"', b'"dtype"', b'"__metadata__"', b'"\\ud800"',
    b'"weight_map"', b"9" * 5000, b"[" * 3000, b'{"a":' * 3000, b'"' + b"x" * 3000 + b'"',
    *(str(edge).encode() for edge in EDGES),
)  # fmt: skip

Folder = dict[str, bytes]


def shard(tensors: list[tuple[str, str, list[int], int]]) -> bytes:
    """A sound file: name, dtype, shape and bytes of each tensor; the bytes are no NaN."""
    header: dict[str, object] = {"__metadata__": {"format": "pt", "made by": '“us” \\ "them"'}}
    at = 0
    for name, dtype, shape, count in tensors:
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [at, at + count]}
        at += count
    return _framed(json.dumps(header).encode(), bytes(range(64)) * (at // 64 + 1), at)


def _framed(header: bytes, data: bytes, count: int) -> bytes:
    header += b" " * (-len(header) % 8)
    return struct.pack("<Q", len(header)) + header + data[:count]


def seeds() -> list[Folder]:
    """Small sound models: single, sharded with an index, sharded by their names alone."""
    config = {
        "model_type": "deepseek_v3", "hidden_size": 64, "rope_theta": 1e4, "norm": True,
        "rope_scaling": {"type": "yarn", "factor": 40, "mscale": 1.0}, "nothing": None,
        "layer_types": ["full_attention", "full_attention"], "ids": [1, 2, 3],
        "quantization_config": {
            "quant_method": "fp8", "fmt": "e4m3", "weight_block_size": [128, 128],
            "activation_scheme": "dynamic",
        },
    }  # fmt: skip
    plain = [
        ("norm", "F32", [8], 32), ("a", "BF16", [4, 8], 64), ("empty", "F32", [0, 8], 0),
        ("é", "F16", [2, 3], 12), ("ids", "I64", [2], 16),
    ]  # fmt: skip
    fp8 = [
        ("q.weight", "F8_E4M3", [3, 130], 390), ("q.weight_scale_inv", "F32", [1, 2], 8),
        ("o.weight", "F8_E4M3", [2, 2], 4), ("o.weight_scale_inv", "BF16", [1, 1], 2),
    ]  # fmt: skip
    first, second = (f"model-0000{n}-of-00002.safetensors" for n in (1, 2))
    weight_map = {n: first for n, *_ in plain} | {n: second for n, *_ in fp8}
    index = {"metadata": {"total_size": 528}, "weight_map": weight_map}
    described = {_CONFIG: json.dumps(config).encode()}
    parts = {first: shard(plain), second: shard(fp8)}
    return [
        {"model.safetensors": shard(plain + fp8), **described},
        {**parts, _INDEX: json.dumps(index).encode(), **described},
        {**parts, **described},
    ]


def mutated(draw: random.Random, original: Folder) -> Folder:
    """The folder with one file damaged."""
    name = draw.choice(sorted(original))
    content = original[name]
    if draw.randrange(3) == 0:
        near = min(len(content), 700)
        return {**original, name: damaged(draw, content, lambda size: draw.randrange(
            min(size, near) if near else 1
        ))}  # fmt: skip
    if not name.endswith(".safetensors"):
        return {**original, name: _json_damaged(draw, content)}
    (length,) = struct.unpack_from("<Q", content)
    header, data = content[8 : 8 + length], content[8 + length :]
    return {**original, name: _framed(_json_damaged(draw, header.rstrip()), data, len(data))}


def _json_damaged(draw: random.Random, text: bytes) -> bytes:
    """One to three tokens replaced, removed, doubled or exchanged."""
    tokens = _TOKEN.findall(text)
    for _ in range(draw.randint(1, 3)):
        at, other = draw.randrange(len(tokens)), draw.randrange(len(tokens))
        match draw.randrange(6):
            case 0 | 1:
                tokens[at] = draw.choice(_WORDS)
            case 2:
                tokens[at] = tokens[other]
            case 3:
                tokens[at], tokens[other] = tokens[other], tokens[at]
            case 4 if len(tokens) > 1:
                del tokens[at]
            case _:
                end = min(len(tokens), at + draw.randint(1, 20))
                tokens[at:at] = tokens[at:end]
    return b"".join(tokens)


def try_one(folder: Path, findings: Findings) -> None:
    """Open one mutant, read all of it, and note what came of it."""
    size = sum(path.stat().st_size for path in folder.iterdir())

    def open_and_read() -> None:
        try:
            with traced() as opening:
                checkpoint = open_checkpoint(folder)
        finally:
            share = opening.share(size, _ALLOWANCE_BYTES)
            findings.worst_opening = max(findings.worst_opening, share)
        with checkpoint:
            for name in checkpoint.tensors:
                try:
                    checkpoint.packed(name).dequantize()
                except InferenceError:
                    continue

    def read_config() -> None:
        with traced() as reading:
            config = JsonConfig.open(folder / _CONFIG)
            check_quantization(config)
            _read(config)
        share = reading.share(size, _ALLOWANCE_BYTES)
        findings.worst_reading = max(findings.worst_reading, share)

    findings.note(open_and_read)
    findings.note(read_config)


def _read(config: JsonConfig) -> None:
    for key in config.keys():  # noqa: SIM118
        for getter in (
            config.string, config.integer, config.number, config.boolean, config.strings,
            config.integers, config.section,
        ):  # fmt: skip
            try:
                found = getter(key)
            except InferenceError:
                continue
            if isinstance(found, JsonConfig):
                _read(found)


def campaign(count: int, seed: int, originals: list[Folder], folder: Path) -> Findings:
    """`count` mutants of `originals`, reproducible by `seed`; those that failed are kept."""
    draw = random.Random(seed)
    findings = Findings(_OPENING_SHARE, _READING_SHARE)
    place = folder / "mutant"
    tracemalloc.start()
    try:
        for number in range(count):
            place.mkdir()
            for name, content in mutated(draw, draw.choice(originals)).items():
                (place / name).write_bytes(content)
            failures = len(findings.failures)
            try_one(place, findings)
            if len(findings.failures) > failures:
                place.rename(folder / f"failure-{seed}-{number}")
            else:
                shutil.rmtree(place)
    finally:
        tracemalloc.stop()
    return findings


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for mutants that failed")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        found = campaign(
            arguments.count, arguments.seed, seeds(), arguments.keep or Path(temporary)
        )
    print(found.report(arguments.count))
    return 0 if found.is_sound else 1


if __name__ == "__main__":
    sys.exit(main())
