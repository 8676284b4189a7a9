"""Whether a model fits on this computer and how fast it would be, before a byte of it is fetched.

For: the list of models, the courier's second question, the first start, `models fit`. Pure
arithmetic over a configuration and what is known of the machine: it measures nothing and opens
nothing but the catalogue's own files. Sizes from a configuration alone are “about”; the Hub's own
listing puts the download's in its place (`Needs.listed`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from app.library.catalogue import CatalogueEntry, entries
from app.library.mixes import Mix
from inference.checkpoint.config_json import JsonConfig
from inference.checkpoint.safetensors import SafetensorsModel
from inference.loading import OpenedModel
from inference.machine import KernelSpeed
from inference.measure.prediction import predict
from inference.models.base import ModelSpec
from inference.placement import Machine, Plan, plan
from inference.planned.attention import bytes_per_token
from inference.prepared.foreseen import (
    foreseen_download_bytes,
    foreseen_recipe,
    foreseen_spec,
    recipe_of_files,
)
from inference.prepared.opening import PreparedModel
from inference.prepared.recipe import Recipe

DEFAULT_CONTEXT_TOKENS = 8192
# About as fast as people read English.
READING_TOKENS_PER_S = 5.0
# More bits are recommended where they cost no patience, and leave half of the memory.
_QUICK_TOKENS_PER_S = 2 * READING_TOKENS_PER_S
# Beside what the system counts as free: other programs grow.
_HEADROOM_BYTES = 512 << 20
# Tokenizer, templates, manifests and a journal, of both copies.
_BESIDE_BYTES = 64 << 20


@dataclass(frozen=True)
class Needs:
    """What one model takes when it is prepared with a mix.

    `download_bytes`: of the maker's files, as the Hub lists them where `is_listed`, else about.
    Nothing is fetched of a model that is here. `prepared_bytes`: of the copy that runs, on the
    disk and in memory alike; `is_prepared`: it is there already.
    """

    mix: Mix
    download_bytes: int
    is_listed: bool
    prepared_bytes: int
    cache_bytes_per_token: int
    context_tokens: int
    spec: ModelSpec = field(repr=False)
    recipe: Recipe = field(repr=False)
    is_prepared: bool = False

    def listed(self, download_bytes: int) -> Needs:
        """With the sum of the files as the Hub lists them."""
        return replace(self, download_bytes=download_bytes, is_listed=True)


@dataclass(frozen=True)
class Here:
    """This machine now. `prepared_disk_free_bytes`: where prepared copies lie, None if that is
    the models' own disk; `speed`: None where it was not measured yet."""

    memory_bytes: int
    available_bytes: int
    disk_free_bytes: int
    prepared_disk_free_bytes: int | None = None
    speed: KernelSpeed | None = None

    @property
    def usable_bytes(self) -> int:
        """Memory that a model may take."""
        left = self.available_bytes - _HEADROOM_BYTES
        return max(0, min(left, Machine(self.memory_bytes).usable_bytes))


@dataclass(frozen=True)
class Preflight:
    """What is foreseen for one model here.

    `memory_needed_bytes`: weights, the cache of `context_tokens`, and work space. `runs`: it
    answers; where it does not fit, some experts are read from the disk for every token, at a
    speed that is not predicted. Speeds are None too where this machine's was not measured.
    """

    needs: Needs
    context_tokens: int
    disk_needed_bytes: int
    missing_disk_bytes: int
    memory_needed_bytes: int
    memory_free_bytes: int
    runs: bool
    plan: Plan
    decode_tokens_per_s: float | None
    prefill_tokens_per_s: float | None

    @property
    def missing_memory_bytes(self) -> int:
        """How much more memory would hold all of it; 0 where it fits."""
        return max(0, self.memory_needed_bytes - self.memory_free_bytes)

    @property
    def fits_memory(self) -> bool:
        """All of it at once."""
        return self.missing_memory_bytes == 0

    @property
    def fits_disk(self) -> bool:
        """The download and the prepared copy beside it."""
        return self.missing_disk_bytes == 0

    @property
    def fits(self) -> bool:
        """On the disk and in memory."""
        return self.fits_disk and self.fits_memory

    @property
    def keeps_up(self) -> bool:
        """Whether it writes at least as fast as people read; unknown speeds count as yes."""
        speed = self.decode_tokens_per_s
        return self.fits_memory and (speed is None or speed >= READING_TOKENS_PER_S)


@dataclass(frozen=True)
class Recommendation:
    """A model of the catalogue, and with which mix, for this machine."""

    entry: CatalogueEntry
    preflight: Preflight

    @property
    def mix(self) -> Mix:
        """To prepare it with."""
        return self.preflight.needs.mix


def needs_of(entry: CatalogueEntry, mix: Mix = Mix.Q4) -> Needs:
    """From the catalogue alone; raises CheckpointError and OSError for its files."""
    return _published(entry.config_file, mix)


@cache
def _published(config_file: Path, mix: Mix) -> Needs:
    """Worked out once: the three models of 671 billion parameters share one configuration."""
    return needs_of_config(config_file, mix)


def needs_of_config(config_file: Path, mix: Mix, download_bytes: int | None = None) -> Needs:
    """Of any model that comes as safetensors, from its `config.json`, which may be hostile.

    Raises CheckpointError, UnsupportedModelError and OSError.
    """
    config = JsonConfig.open(config_file)
    spec = foreseen_spec(config)
    recipe = foreseen_recipe(spec, mix)
    listed = download_bytes is not None
    return Needs(
        mix=mix,
        download_bytes=download_bytes or foreseen_download_bytes(config, spec),
        is_listed=listed,
        prepared_bytes=recipe.stored_bytes,
        cache_bytes_per_token=bytes_per_token(spec),
        context_tokens=spec.context_tokens,
        spec=spec,
        recipe=recipe,
    )


def needs_of_files(opened: OpenedModel, mix: Mix) -> Needs:
    """Of a model that lies here, prepared or as it came. Raises PreparationError."""
    recipe = recipe_of_files(opened, mix)
    keeps = not isinstance(opened.checkpoint, SafetensorsModel)
    return Needs(
        mix=Mix.KEPT if keeps else mix,
        download_bytes=0,
        is_listed=True,
        prepared_bytes=recipe.stored_bytes,
        cache_bytes_per_token=bytes_per_token(opened.spec),
        context_tokens=opened.spec.context_tokens,
        spec=opened.spec,
        recipe=recipe,
        is_prepared=isinstance(opened.checkpoint, PreparedModel),
    )


def preflight(needs: Needs, here: Here, context_tokens: int = DEFAULT_CONTEXT_TOKENS) -> Preflight:
    """For a context of so many tokens, or the model's own where that is shorter."""
    context = min(context_tokens, needs.context_tokens)
    machine = Machine(here.memory_bytes)
    foreseen = plan(needs.spec, _stored(needs.recipe), machine, context)
    needed = sum(part.part_bytes for part in foreseen.parts)
    always = needed - _experts_bytes(needs.recipe)
    speed = None
    if here.speed is not None and needed <= here.usable_bytes:
        speed = predict(needs.spec, needs.recipe, here.speed)
    disk_needed, missing = _disk(needs, here)
    return Preflight(
        needs=needs,
        context_tokens=context,
        disk_needed_bytes=disk_needed,
        missing_disk_bytes=missing,
        memory_needed_bytes=needed,
        memory_free_bytes=here.usable_bytes,
        runs=always <= here.usable_bytes,
        plan=foreseen,
        decode_tokens_per_s=speed.decode_tokens_per_s if speed else None,
        prefill_tokens_per_s=speed.prefill_tokens_per_s if speed else None,
    )


def recommended(here: Here, context_tokens: int = DEFAULT_CONTEXT_TOKENS) -> Recommendation | None:
    """The best of the catalogue that fits and writes as fast as people read; else the fastest
    that fits. None where only the starter would."""
    offered = sorted(_offered(), key=lambda entry: entry.rank)
    fitting = []
    for entry in offered:
        found = preflight(needs_of(entry), here, context_tokens)
        if found.fits and found.keeps_up:
            return _with_more_bits(entry, found, here)
        if found.fits:
            fitting.append(Recommendation(entry, found))
    return max(fitting, key=lambda one: one.preflight.decode_tokens_per_s or 0.0, default=None)


def _offered() -> Iterator[CatalogueEntry]:
    return (entry for entry in entries() if not entry.is_starter)


def _with_more_bits(entry: CatalogueEntry, least: Preflight, here: Here) -> Recommendation:
    for mix in (Mix.Q8, Mix.Q6):
        found = preflight(needs_of(entry, mix), here, least.context_tokens)
        speed = found.decode_tokens_per_s
        roomy = 2 * found.memory_needed_bytes <= here.usable_bytes
        if found.fits and roomy and speed is not None and speed >= _QUICK_TOKENS_PER_S:
            return Recommendation(entry, found)
    return Recommendation(entry, least)


def _stored(recipe: Recipe) -> Mapping[str, int]:
    """Bytes by name; all experts of a layer under one."""
    return {part.name: part.stored_bytes * count for part, count in recipe.parts()}


def _experts_bytes(recipe: Recipe) -> int:
    return sum(size for name, size in _stored(recipe).items() if ".experts." in name)


def _disk(needs: Needs, here: Here) -> tuple[int, int]:
    """Bytes needed in all, and how many of them are missing on the disk that lacks most."""
    first = needs.download_bytes + _BESIDE_BYTES if needs.download_bytes else 0
    second = 0 if needs.is_prepared else needs.prepared_bytes + _BESIDE_BYTES
    if here.prepared_disk_free_bytes is None:
        return first + second, max(0, first + second - here.disk_free_bytes)
    missing = (first - here.disk_free_bytes, second - here.prepared_disk_free_bytes)
    return first + second, max(0, *missing)
