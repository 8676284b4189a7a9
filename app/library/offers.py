"""Models of the catalogue as the window offers them: what each takes here, and which is the one.

For: the models page. Plain facts, gathered beside the window by `gather`, which imports the
engine; this module does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app import paths
from app.airlock.download.unfinished import Unfinished, unfinished
from app.library.catalogue import CatalogueEntry, entries
from app.library.catalogue_words import about
from app.library.chosen_mixes import begun_with
from app.library.mixes import MIXES, Mix
from app.library.models import installed

if TYPE_CHECKING:
    from app.library.preflight import Here, Preflight


@dataclass(frozen=True)
class Preparation:
    """What a model takes here when it is prepared with a mix; sizes are about. `disk_bytes`: of the
    download and the copy. `sentence` says whether it fits, and what would instead. Speeds are None
    where unknown.
    """

    mix: Mix
    disk_bytes: int
    memory_bytes: int
    fits: bool
    sentence: str
    tokens_per_s: float | None


@dataclass(frozen=True)
class Offer:
    """One model, and each way to prepare it. `mix` is the one to begin with: what is recommended
    here, or what was chosen when its download was begun.
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
    download_bytes: int
    mix: Mix
    preparations: Mapping[Mix, Preparation]
    is_recommended: bool

    @property
    def fits(self) -> bool:
        """As it is prepared without another choice."""
        return self.preparations[self.mix].fits


@dataclass(frozen=True)
class Offers:
    """All that is not here yet, the recommended one first; and downloads that were begun.

    `has_speed`: this machine was measured, so speeds are known. `begun_with`: the mixes that were
    chosen for those, by repository in small letters.
    """

    models: tuple[Offer, ...]
    begun: tuple[Unfinished, ...]
    has_speed: bool
    begun_with: Mapping[str, Mix] = field(default_factory=dict)


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
    begun = unfinished(paths.models_dir())
    kept = begun_with(begun)
    wanted = [e for e in entries() if not e.is_starter and e.name not in there]
    found = [
        _offer(
            entry,
            here,
            best.mix if best is not None and best.entry == entry else None,
            kept.get(entry.repository.casefold()),
        )
        for entry in wanted
    ]
    found.sort(key=lambda offer: (not offer.is_recommended, not offer.fits))
    return Offers(tuple(found), begun, speed is not None, kept)


def _offer(entry: CatalogueEntry, here: Here, recommended: Mix | None, kept: Mix | None) -> Offer:
    from app.library.preflight import needs_of, preflight

    foreseen = [preflight(needs_of(entry, mix), here) for mix in MIXES]
    mix = kept if kept in MIXES else recommended
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
        download_bytes=foreseen[0].needs.download_bytes,
        mix=mix or Mix.Q4,
        preparations={each.needs.mix: _preparation(each) for each in foreseen},
        is_recommended=recommended is not None,
    )


def _preparation(foreseen: Preflight) -> Preparation:
    from app.library.preflight_words import fits

    return Preparation(
        mix=foreseen.needs.mix,
        disk_bytes=foreseen.disk_needed_bytes,
        memory_bytes=foreseen.memory_needed_bytes,
        fits=foreseen.fits,
        sentence=fits(foreseen),
        tokens_per_s=foreseen.decode_tokens_per_s,
    )
