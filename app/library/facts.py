"""What a model's files say of it, and what it needs of this machine: for the models page.

Reads headers alone. Imports the engine, so it is asked beside the window.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

from app import paths
from app.airlock.download.source import read_source
from app.library import speeds
from app.library.checks import Checks, trusted_now
from app.library.incomplete import damage_of, incomplete
from app.library.models import ModelChoice, installed, remembered, stored_bytes
from app.library.removing import is_removable
from app.library.shelved import ModelFacts, PlanPart, Shelved
from inference.checkpoint.config_json import JsonConfig
from inference.described import describe
from inference.errors import InferenceError
from inference.loading import CONFIG_NAME, OpenedModel, open_model
from inference.machine import memory_bytes
from inference.placement import Machine, Place, Plan, plan
from inference.prepared.automatic import MIX
from inference.prepared.cache import is_current, prepared_for
from inference.prepared.manifest import is_prepared
from inference.sentence import system_words

# What the page reckons with: a longer chat needs more, which the engine then takes.
CONTEXT_TOKENS = 8192
_FULL = ("F16", "BF16", "F32", "FP8")
_log = logging.getLogger(__name__)


def shelf() -> tuple[Shelved, ...]:
    """Every model: those that are there, then those that are not, each by name."""
    models, places = (*installed(), *incomplete()), remembered()
    elsewhere = {place.path for place in places}
    there = [_shelved(model, model.path in elsewhere) for model in models]
    names = {model.name for model in models}
    offline = [
        Shelved(place.name, place.path, place.is_ours, is_elsewhere=True, choice=None)
        for place in places
        if not place.is_there and place.name not in names
    ]
    return (*there, *offline)


def _shelved(model: ModelChoice, is_elsewhere: bool) -> Shelved:
    facts, problem = None, damage_of(model)
    is_damaged = bool(problem)
    try:
        facts = None if is_damaged else _facts(model)
    except InferenceError as error:
        problem = str(error)
    except OSError as error:
        problem = system_words(error)
    return Shelved(
        name=model.name,
        path=model.path,
        is_ours=is_removable(model),
        is_elsewhere=is_elsewhere,
        choice=model,
        stored_bytes=_stored_bytes(model),
        copy_bytes=_copy_bytes(model),
        facts=facts,
        checked=trusted_now(Checks().of(model.path)),
        source=_source(model.path),
        problem=problem,
        is_damaged=is_damaged,
        tokens_per_s=speeds.measured(model.path),
    )


def _facts(model: ModelChoice) -> ModelFacts:
    with open_model(model.path) as opened:
        info = opened.info
        context = min(CONTEXT_TOKENS, opened.spec.context_tokens)
        found = plan(opened.spec, _used_bytes(model, opened), Machine(memory_bytes()), context)
    return ModelFacts(
        title=model.title or info.name,
        quantization=info.quantization,
        parameters=info.parameters,
        context_tokens=info.context_tokens,
        licence=info.licence,
        parts=_parts(found),
        usable_bytes=found.usable_bytes,
        fits=found.fits,
        runs=found.runs,
    )


def _parts(found: Plan) -> tuple[tuple[PlanPart, int], ...]:
    """In the plan's own order: weights, cache, work, experts."""
    always = (PlanPart.SHARED, PlanPart.CACHE, PlanPart.WORK)
    experts = {Place.MEMORY: PlanPart.EXPERTS, Place.DISK: PlanPart.EXPERTS_ON_DISK}
    kinds = [*always, *(experts[part.place] for part in found.parts[len(always) :])]
    sizes = [part.part_bytes for part in found.parts]
    return tuple(zip(kinds, sizes, strict=True))


def _used_bytes(model: ModelChoice, opened: OpenedModel) -> Mapping[str, int]:
    """Of each tensor as it is when it runs: in the prepared copy, which full precision enters as 8
    bits and all else with its own.
    """
    copy = _copy_of(model)
    if copy is not None:
        with open_model(copy) as prepared:
            return dict(prepared.stored_bytes())
    config = model.path / CONFIG_NAME
    if not opened.info.quantization.startswith(_FULL) or not config.is_file():
        return opened.stored_bytes()
    return describe(JsonConfig.open(config), "Q8_0").stored_bytes


def _copy_of(model: ModelChoice) -> Path | None:
    """Its prepared copy, where one was made."""
    if is_prepared(model.path):
        return None
    copy = prepared_for(model.path, paths.prepared_dir(), MIX)
    return copy if is_current(copy, model.path) else None


def _stored_bytes(model: ModelChoice) -> int:
    try:
        return stored_bytes(model)
    except OSError:
        _log.warning("The size of a model can't be told", exc_info=True)
        return 0


def _copy_bytes(model: ModelChoice) -> int:
    try:
        copy = _copy_of(model)
        return sum(file.stat().st_size for file in copy.iterdir()) if copy else 0
    except OSError:
        return 0


def _source(path: Path) -> str:
    """Where a model came from, as far as that was written down."""
    from app.library.bundles.checking import is_installed_bundle, open_bundle
    from app.library.bundles.errors import BundleError

    fetched = read_source(path)
    if fetched is not None:
        return f"{fetched.repository}, {fetched.hub}"
    try:
        if is_installed_bundle(path):
            return open_bundle(path).manifest.entry.source
    except (BundleError, OSError):
        _log.warning("A bundle's manifest can't be read", exc_info=True)
    return ""
