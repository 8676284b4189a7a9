"""`models inspect`: what a model's files hold, and the plan for a machine.

Of a configuration without weights it says what they would be: for a model that nobody has
fetched yet.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from app.cli.failure import CommandError
from app.cli.services import opened_model
from app.cli.terminal import show, show_json
from inference.checkpoint.config_json import JsonConfig
from inference.described import describe
from inference.loading import CONFIG_NAME
from inference.machine import memory_bytes
from inference.models.base import ModelSpec
from inference.placement import Machine, Place, Plan, plan
from inference.planned.attention import bytes_per_token

_GB = 10**9
_DEFAULT_CONTEXT_TOKENS = 8192


def run(arguments: argparse.Namespace) -> int:
    """Print it; raises InferenceError, NoSuchModelError, CommandError, OSError."""
    config = _configuration_alone(arguments.path)
    if config is None:
        if arguments.weights is not None:
            raise CommandError("--weights is for a configuration without weights.")
        facts, spec, stored = _of_files(arguments.path)
    else:
        facts, spec, stored = _of_configuration(config, arguments.weights)
    sizes = arguments.memory_gb or [memory_bytes() / _GB]
    context = min(arguments.context or _DEFAULT_CONTEXT_TOKENS, spec.context_tokens)
    plans = [plan(spec, stored, Machine(round(gb * _GB)), context) for gb in sizes]
    if arguments.json:
        show_json({**facts, "plans": [_plan_facts(found) for found in plans]})
        return 0
    for name, value in facts.items():
        show(f"{name.replace('_', ' '):24} {_shown(value)}")
    for found in plans:
        _show_plan(found)
    return 0


def _configuration_alone(name: str) -> Path | None:
    """config.json where a path names it, or a folder that holds it and no weights."""
    path = Path(name).expanduser()
    if path.is_dir():
        weights = any(path.glob("*.safetensors")) or any(path.glob("*.gguf"))
        config = path / CONFIG_NAME
        return config if config.is_file() and not weights else None
    return path if path.suffix == ".json" and path.name == CONFIG_NAME else None


def _of_files(name: str) -> tuple[dict[str, object], ModelSpec, Mapping[str, int]]:
    with opened_model(name) as opened:
        tensors = opened.checkpoint.tensors
        facts = {
            "path": str(opened.checkpoint.path),
            "format": opened.checkpoint.format,
            **asdict(opened.info),
            "hidden_size": opened.spec.hidden_size,
            "cache_bytes_per_token": bytes_per_token(opened.spec),
            "tensors": len(tensors),
            "tensors_by_scheme": dict(Counter(tensor.scheme for tensor in tensors.values())),
            "tensors_kept_aside": len(tensors) - len(opened.slots),
            "has_chat_template": bool(opened.chat_template()),
            "tokenizer": opened.beside.tokenizer_kind,
        }
        return facts, opened.spec, opened.stored_bytes()


def _of_configuration(
    path: Path, weights: str | None
) -> tuple[dict[str, object], ModelSpec, Mapping[str, int]]:
    described = describe(JsonConfig.open(path), weights)
    spec, stored = described.spec, described.stored_bytes
    facts = {
        "path": str(path),
        "format": "a configuration without weights",
        "architecture": spec.architecture,
        "parameters": described.parameters,
        "context_tokens": spec.context_tokens,
        "weight_bytes": sum(stored.values()),
        "num_layers": len(spec.layers),
        "vocab_size": spec.vocab_size,
        "hidden_size": spec.hidden_size,
        "cache_bytes_per_token": bytes_per_token(spec),
        "tensors": len(stored),
        "tensors_by_scheme": dict(Counter(scheme.name for scheme in described.schemes.values())),
    }
    return facts, spec, stored


def _plan_facts(found: Plan) -> dict[str, object]:
    return {
        "memory_bytes": found.memory_bytes,
        "usable_bytes": found.usable_bytes,
        "context_tokens": found.context_tokens,
        "fits": found.fits,
        "runs": found.runs,
        "needed_bytes": found.needed_bytes,
        "disk_bytes_per_token": found.disk_bytes_per_token,
        "places": {place.value: found.bytes_in(place) for place in Place},
        "parts": [
            {"name": p.name, "place": p.place, "bytes": p.part_bytes, "reason": p.reason}
            for p in found.parts
        ],
        "sentence": found.sentence,
    }


def _show_plan(found: Plan) -> None:
    show("")
    show(
        f"On a machine with {found.memory_bytes / _GB:,.0f} GB of memory, "
        f"{found.context_tokens:,} tokens of context:"
    )
    for part in found.parts:
        size = f"{part.part_bytes / _GB:,.1f} GB"
        show(f"  {size:>10} {part.place:7} {part.name}: {part.reason}")
    show(f"  {found.sentence}")


def _shown(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case dict():
            return ", ".join(f"{key} {count}" for key, count in value.items())
    return str(value)
