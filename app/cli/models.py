"""`models list` and `models inspect`."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from app.airlock.report import LockReport
from app.cli.services import opened_model
from app.cli.terminal import show, show_json
from app.library.models import installed, stored_bytes


def run(arguments: argparse.Namespace, lock: LockReport) -> int:
    """Both actions; raises InferenceError and NoSuchModelError."""
    if arguments.action == "list":
        return _list(arguments.json)
    return _inspect(arguments.path, arguments.json)


def _list(as_json: bool) -> int:
    models = installed()
    for model in models:
        size = stored_bytes(model)
        if as_json:
            show_json({"name": model.name, "path": str(model.path), "file_bytes": size})
        else:
            show(f"{model.name:24} {_size(size):>10}  {model.path}")
    if not models and not as_json:
        show("No models yet. “make setup” brings the starter model.")
    return 0


def _inspect(path: str, as_json: bool) -> int:
    with opened_model(path) as opened:
        schemes: dict[str, int] = {}
        for tensor in opened.file.tensors.values():
            schemes[tensor.scheme] = schemes.get(tensor.scheme, 0) + 1
        facts = {
            "path": str(opened.file.path),
            "format": f"GGUF {opened.file.version}",
            **asdict(opened.info),
            "hidden_size": opened.spec.hidden_size,
            "tensors": len(opened.file.tensors),
            "tensors_by_scheme": schemes,
            "has_chat_template": bool(opened.chat_template()),
            "tokenizer": opened.file.string("tokenizer.ggml.model", ""),
        }
    if as_json:
        show_json(facts)
        return 0
    for name, value in facts.items():
        show(f"{name.replace('_', ' '):20} {_shown(value)}")
    return 0


def _shown(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case dict():
            return ", ".join(f"{key} {count}" for key, count in value.items())
    return str(value)


def _size(stored_bytes: int) -> str:
    return f"{stored_bytes / 1e6:,.0f} MB" if stored_bytes < 1e9 else f"{stored_bytes / 1e9:.1f} GB"
