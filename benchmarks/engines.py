"""The engines, where each lies, and which of their settings are tried.

For: `benchmarks.sweep`, which picks the best settings for each case, and
`benchmarks.compare`. Peers run with two threads like ours and otherwise with their defaults
and what is named here: fields of their own parameter structures. Nothing is tried that
changes what is computed (other cache types, fewer experts).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cases import IK, LLAMA, Level
from benchmarks.engine_process import ROOT, Command, python_module

OURS = "Pitcher"
Settings = Mapping[str, int | bool]

# use_extra_bufts is llama.cpp's repacking into interleaved rows, on by default.
LLAMA_CANDIDATES: tuple[Settings, ...] = (
    {"flash_attn_type": 1},
    {"flash_attn_type": 0},
    {"flash_attn_type": 1, "use_extra_bufts": False},
    {"flash_attn_type": 0, "use_extra_bufts": False},
)
# Its defaults: flash attention, MLA 3, fused experts. repack_tensors is -rtr, mla_attn -mla.
IK_CANDIDATES: tuple[Settings, ...] = (
    {},
    {"repack_tensors": True},
    {"mla_attn": 1},
    {"mla_attn": 2},
    {"flash_attn": False, "mla_attn": 1},
    {"flash_attn": False, "mla_attn": 2},
    {"fused_moe_up_gate": False},
    {"merge_up_gate_exps": True},
    {"repack_tensors": True, "mla_attn": 1},
)
# What only matters with latent attention or with experts.
LATENT_ONLY = {"mla_attn", "fused_moe_up_gate", "merge_up_gate_exps"}
DENSE_MODELS = {"smollm2"}

# The fork's wheel is an AVX2 build without AVX-512; its best is built from source beside it.
ENVIRONMENTS: Mapping[tuple[str, Level], str] = {
    (LLAMA, "best"): ".venv-bench",
    (LLAMA, "avx2"): ".venv-bench-avx2",
    (IK, "best"): ".venv-bench-ik",
    (IK, "avx2"): ".venv-bench-ik",
}
IK_NATIVE = ROOT / ".venv-bench-ik" / "native" / "libllama.so"
VARIABLES: Mapping[tuple[str, Level], Mapping[str, str]] = {
    (IK, "best"): {"IK_LLAMA_CPP_LIB_PATH": str(IK_NATIVE)},
}


@dataclass(frozen=True)
class Where:
    """What every engine is told alike."""

    model: Path
    context_tokens: int
    threads: int

    @property
    def words(self) -> list[str]:
        """As options."""
        numbers = ["--context", str(self.context_tokens), "--threads", str(self.threads)]
        return ["--model", str(self.model), *numbers]


def peer_command(name: str, level: Level, settings: Settings, where: Where) -> Command:
    """Starts a peer in its environment."""
    python = ROOT / ENVIRONMENTS[name, level] / "bin" / "python"
    words = [*python_module("benchmarks.peer", python), name, *where.words]
    words += ["--settings", json.dumps(settings)]
    return Command(f"{name} ({level})", words, VARIABLES.get((name, level), {}))


def our_command(level: Level, compute: str, where: Where) -> Command:
    """Starts our own engine; the level of instructions is set by its environment variable."""
    words = [*python_module("benchmarks.our_engine"), *where.words, "--compute", compute]
    environment = {} if level == "best" else {"PITCHER_CPU_LEVEL": level}
    return Command(f"{OURS} ({level})", words, environment)


def candidates(name: str, model: str) -> tuple[Settings, ...]:
    """The settings of a peer to try on a model."""
    found = {LLAMA: LLAMA_CANDIDATES, IK: IK_CANDIDATES}[name]
    if model not in DENSE_MODELS:
        return found
    return tuple(s for s in found if not LATENT_ONLY & s.keys())
