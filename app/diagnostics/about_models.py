"""Facts about the models that are here: shapes, sizes and hashes, never a name.

For: `gathering`. Opens each model's files as a loader would and reads no weight; a model that
does not open is told by its error's class.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from app import paths
from app.diagnostics.about_machine import Facts
from app.diagnostics.form import MOST_MODELS, Model
from app.diagnostics.layout import laid_out
from app.diagnostics.own_code import class_word
from app.library.models import ModelChoice, installed
from inference.compute import ComputePath, compute_path
from inference.loading import OpenedModel, open_model
from inference.models.base import MoeSpec
from inference.prepared.automatic import MIX
from inference.prepared.cache import is_current, prepared_for
from inference.request import Compute


def models(in_use: Path | None) -> tuple[Model, ...]:
    """Those of the models folder, the starter, and the one that the window has open."""
    path = compute_path(Compute.FAST)
    found = [_model(choice, in_use, path) for choice in _choices(in_use)]
    # Not by name, which their order would tell something of.
    return tuple(sorted(found, key=lambda model: laid_out(model.written())))


def _choices(in_use: Path | None) -> tuple[ModelChoice, ...]:
    found = installed()
    if in_use is not None and not any(_is_same(choice.path, in_use) for choice in found):
        found = (ModelChoice(in_use, "", is_starter=False), *found)
    return found[:MOST_MODELS]


def _is_same(one: Path, other: Path | None) -> bool:
    return other is not None and one.resolve() == other.resolve()


def _model(choice: ModelChoice, in_use: Path | None, path: ComputePath) -> Model:
    facts: Facts = {"is_starter": choice.is_starter}
    try:
        facts["is_in_use"] = _is_same(choice.path, in_use)
        with open_model(_as_it_runs(choice.path)) as opened:
            return Model(facts | dict(_facts(opened, path)))
    except Exception as error:  # noqa: BLE001 - one file's fault must not hide the others
        return Model(facts | {"unavailable": class_word(type(error))})


def _as_it_runs(source: Path) -> Path:
    """The prepared copy, where there is one for these files."""
    prepared = prepared_for(source, paths.prepared_dir(), MIX)
    return prepared if is_current(prepared, source) else source


def _facts(opened: OpenedModel, path: ComputePath) -> Iterator[tuple[str, object]]:
    info, spec = opened.info, opened.spec
    layers = [x.feed_forward for x in spec.layers if isinstance(x.feed_forward, MoeSpec)]
    yield "is_prepared", opened.checkpoint.format == "prepared"
    yield "runs_natively", not opened.native_refusal(path)
    yield "format", opened.checkpoint.format.partition(" ")[0]
    yield "architecture", spec.architecture
    yield "quantization", info.quantization
    yield "file_bytes", info.file_bytes
    yield "parameters", info.parameters
    yield "context_tokens", spec.context_tokens
    yield "vocab_size", spec.vocab_size
    yield "hidden_size", spec.hidden_size
    yield "layers", len(spec.layers)
    yield "layers_with_experts", len(layers)
    yield "experts", layers[0].num_experts if layers else 0
    yield "experts_per_token", layers[0].rule.top_k if layers else 0
    yield "weights_sha256_of_sha256", info.weights_sha256 or None
    yield "source_sha256_of_sha256", info.source_sha256 or None
