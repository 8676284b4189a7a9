"""Models of the catalogue as the window offers them: what each takes here, and which is the one.

For: the models page. Plain facts, gathered beside the window by `gather`, which imports the
engine; this module does not.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app import paths
from app.airlock.download.unfinished import Unfinished, unfinished
from app.library.catalogue import CatalogueEntry, entries
from app.library.catalogue_words import about
from app.library.models import installed

if TYPE_CHECKING:
    from app.library.preflight import Here, Mix, Preflight


@dataclass(frozen=True)
class Offer:
    """One model: sizes are about, as the catalogue has them. `sentence` says whether it fits, and
    what would instead; `mix` is what it is prepared with. Speeds are None where unknown.
    """

    number: int
    name: str  # the folder that it is installed to
    title: str
    repository: str
    about: str
    licence: str
    parameters: int
    active_parameters: int
    is_mixture: bool
    mix: str
    download_bytes: int
    memory_needed_bytes: int
    fits: bool
    sentence: str
    tokens_per_s: float | None
    is_recommended: bool


@dataclass(frozen=True)
class Offers:
    """All that is not here yet, the recommended one first; and downloads that were begun.

    `has_speed`: this machine was measured, so speeds are known.
    """

    models: tuple[Offer, ...]
    begun: tuple[Unfinished, ...]
    has_speed: bool


def gather(measures: bool, is_stopped: Callable[[], bool] = lambda: False) -> Offers:
    """Every offer for this machine now; `measures`: its speed, where it never was, for three
    seconds. Raises CatalogueError, CheckpointError, SpeedTestCancelledError, OSError.
    """
    from app.library.machine_now import here_now
    from app.library.preflight import recommended
    from app.library.speed import NoSpeedTestError, measure_speed, stored_speed

    speed = stored_speed()
    if speed is None and measures:
        with suppress(NoSpeedTestError):  # no native kernels: what fits is known all the same
            speed = measure_speed(is_stopped)
    here = here_now(prepared_dir=paths.prepared_dir(), speed=speed)
    best = recommended(here)
    there = {model.name for model in installed()}
    wanted = [e for e in entries() if not e.is_starter and e.name not in there]
    found = [
        _offer(
            entry,
            here,
            best.mix if best is not None and best.entry == entry else None,
            best.entry if best is not None else None,
        )
        for entry in wanted
    ]
    found.sort(key=lambda offer: (not offer.is_recommended, not offer.fits))
    return Offers(tuple(found), tuple(unfinished(paths.models_dir())), speed is not None)


def _offer(
    entry: CatalogueEntry, here: Here, mix: Mix | None, best: CatalogueEntry | None
) -> Offer:
    from app.library.preflight import Mix, needs_of, preflight

    foreseen = preflight(needs_of(entry, mix or Mix.Q4), here)
    return Offer(
        number=entry.number,
        name=entry.name,
        title=entry.title,
        repository=entry.repository,
        about=about(entry),
        licence=entry.licence,
        parameters=entry.parameters,
        active_parameters=entry.active_parameters,
        is_mixture=entry.is_mixture,
        mix=foreseen.needs.mix.value,
        download_bytes=foreseen.needs.download_bytes,
        memory_needed_bytes=foreseen.memory_needed_bytes,
        fits=foreseen.fits,
        sentence=_fit(foreseen),
        tokens_per_s=foreseen.decode_tokens_per_s,
        is_recommended=mix is not None and best == entry,
    )


def _fit(foreseen: Preflight) -> str:
    from app.library.preflight_words import fits

    return fits(foreseen)
