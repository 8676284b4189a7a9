"""`models catalogue` and `models fit`: which models there are to get, and which fit here."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli.failure import CommandError
from app.cli.services import opened_model
from app.cli.stopping import LEFT_BY_CTRL_C, stopped_by_ctrl_c
from app.cli.terminal import note, show, show_json, size_words
from app.library.catalogue import (
    CatalogueEntry,
    CatalogueError,
    NoSuchEntryError,
    entries,
    find,
)
from app.library.catalogue_words import NO_SMALL_R1, about
from app.library.machine_now import here_now
from app.library.mixes import MIXES, Mix
from app.library.models import NoSuchModelError
from app.library.preflight import (
    DEFAULT_CONTEXT_TOKENS,
    Here,
    Needs,
    Preflight,
    Recommendation,
    needs_of,
    needs_of_config,
    needs_of_files,
    preflight,
    recommended,
)
from app.library.preflight_words import fits, speed
from app.library.speed import NoSpeedTestError, measure_speed, stored_speed
from inference.loading import CONFIG_NAME
from inference.machine import KernelSpeed, SpeedTestCancelledError

_GB = 1e9
_BILLION = 1e9


def run_catalogue(arguments: argparse.Namespace) -> int:
    """List it, or tell all of one entry; raises CommandError, InferenceError, OSError."""
    try:
        if arguments.entry is None:
            return _list(arguments.json)
        return _tell(find(arguments.entry), arguments.licence, arguments.json)
    except CatalogueError as error:
        raise CommandError(str(error)) from None


def run_fit(arguments: argparse.Namespace) -> int:
    """0 where it fits; raises CommandError, InferenceError, OSError."""
    try:
        measured = measured_speed(anew=arguments.measure)
    except SpeedTestCancelledError:
        return LEFT_BY_CTRL_C
    here = here_now(speed=measured)
    context = arguments.context or DEFAULT_CONTEXT_TOKENS
    try:
        other = recommended(here, context)
        if arguments.entry is None:
            return _recommend(other, here, arguments)
        title, needs = asked(arguments.entry, Mix(arguments.mix or Mix.Q4))
    except CatalogueError as error:
        raise CommandError(str(error)) from None
    found = preflight(needs, here, context)
    return _show_fit(title, found, other, arguments.json)


def measured_speed(*, anew: bool) -> KernelSpeed | None:
    """What is kept, or measured now; None, with the reason said, where nothing can be."""
    kept = None if anew else stored_speed()
    if kept is not None:
        return kept
    note("Measuring this computer’s speed, once.")
    with stopped_by_ctrl_c() as stop:
        try:
            return measure_speed(stop.is_set)
        except NoSpeedTestError as error:
            note(f"{error} Speeds are not predicted.")
            return None


def asked(words: str, mix: Mix) -> tuple[str, Needs]:
    """Of the catalogue; else a configuration, or a model that is here."""
    path = Path(words).expanduser()
    if path.name == CONFIG_NAME and path.is_file():
        return str(path), needs_of_config(path, mix)
    try:
        entry = find(words)
    except NoSuchEntryError:
        try:
            opened = opened_model(words)
        except NoSuchModelError:
            raise CommandError(_neither(words)) from None
        with opened:
            return words, needs_of_files(opened, mix)
    return entry.title, needs_of(entry, mix)


def _neither(words: str) -> str:
    return (
        f"There is no model “{words}”, neither in the catalogue nor on this computer. “models "
        "catalogue” and “models list” say what there is."
    )


def _recommend(found: Recommendation | None, here: Here, arguments: argparse.Namespace) -> int:
    if found is None:
        raise CommandError(
            "No model of the catalogue fits on this computer but the starter. “models fit NAME” "
            "says what each needs."
        )
    entry, needs = found.entry, found.preflight.needs
    if arguments.mix is not None:
        needs = needs_of(entry, Mix(arguments.mix))
    again = preflight(needs, here, found.preflight.context_tokens)
    if not arguments.json:
        show(f"Recommended for this computer: {entry.title} ({entry.repository})")
        show(about(entry))
    return _show_fit(entry.title, again, None, arguments.json, entry)


def _show_fit(
    title: str,
    found: Preflight,
    other: Recommendation | None,
    as_json: bool,
    entry: CatalogueEntry | None = None,
) -> int:
    if other is not None and other.entry.title == title:
        other = None
    if as_json:
        show_json({**_fit_facts(title, found, other), "number": entry.number if entry else None})
        return 0 if found.fits else 1
    how = "" if found.needs.mix is Mix.KEPT else f", prepared as {found.needs.mix}"
    show(f"{title}{how}: {fits(found, other)}")
    if speed(found):
        show(speed(found))
    needs = found.needs
    if needs.download_bytes:
        show(f"  download   about {size_words(needs.download_bytes)}")
    show(f"  prepared   {_prepared(needs)}")
    show(
        f"  memory     about {size_words(found.memory_needed_bytes)} with {found.context_tokens:,} "
        f"tokens of context ({needs.cache_bytes_per_token:,} bytes each)"
    )
    if found.decode_tokens_per_s is not None and found.prefill_tokens_per_s is not None:
        show(
            f"  speed      about {found.decode_tokens_per_s:,.1f} tokens a second written, "
            f"{found.prefill_tokens_per_s:,.0f} read"
        )
    return 0 if found.fits else 1


def _prepared(needs: Needs) -> str:
    size = size_words(needs.prepared_bytes)
    return f"{size}, which is here" if needs.is_prepared else f"about {size}, beside its files"


def _fit_facts(title: str, found: Preflight, other: Recommendation | None) -> dict[str, object]:
    return {
        "title": title,
        "mix": found.needs.mix.value,
        "fits": found.fits,
        "fits_disk": found.fits_disk,
        "fits_memory": found.fits_memory,
        "runs": found.runs,
        "context_tokens": found.context_tokens,
        "download_bytes": found.needs.download_bytes,
        "prepared_bytes": found.needs.prepared_bytes,
        "disk_needed_bytes": found.disk_needed_bytes,
        "missing_disk_bytes": found.missing_disk_bytes,
        "memory_needed_bytes": found.memory_needed_bytes,
        "memory_free_bytes": found.memory_free_bytes,
        "decode_tokens_per_s": found.decode_tokens_per_s,
        "prefill_tokens_per_s": found.prefill_tokens_per_s,
        "fits_instead": other.entry.title if other else None,
        "sentence": fits(found, other),
    }


def _list(as_json: bool) -> int:
    for entry in entries():
        needs = needs_of(entry)
        if as_json:
            show_json(_entry_facts(entry))
            continue
        fetched, run = size_words(needs.download_bytes), size_words(needs.prepared_bytes)
        show(
            f"{entry.number:3}  {entry.title:22} {_parameters(entry):>24}  {fetched:>8} to fetch  "
            f"{run:>8} to run  {entry.licence}"
        )
    if not as_json:
        show("")
        show(f"{NO_SMALL_R1} Sizes are about, for 4 bits.")
    return 0


def _tell(entry: CatalogueEntry, with_licence: bool, as_json: bool) -> int:
    if as_json:
        show_json(_entry_facts(entry))
        return 0
    show(f"{entry.title}, by {entry.maker}: {entry.repository}")
    show(about(entry))
    show(f"  number      {entry.number}")
    show(f"  parameters  {_parameters(entry)}")
    show(f"  context     {entry.context_tokens:,} tokens")
    show(f"  languages   {', '.join(entry.languages)}")
    for mix in MIXES:
        needs = needs_of(entry, mix)
        show(f"  {mix:10}  about {size_words(needs.prepared_bytes)} of memory and of disk")
    show(f"  download    about {size_words(needs.download_bytes)}")
    for licence in entry.licences:
        show(f"  licence     {licence.name}: {licence.address}")
        if with_licence:
            show("")
            show(licence.text())
    return 0


def _entry_facts(entry: CatalogueEntry) -> dict[str, object]:
    needs = {mix: needs_of(entry, mix) for mix in MIXES}
    return {
        "number": entry.number,
        "title": entry.title,
        "maker": entry.maker,
        "repository": entry.repository,
        "family": entry.family.value,
        "parameters": entry.parameters,
        "active_parameters": entry.active_parameters,
        "context_tokens": entry.context_tokens,
        "languages": list(entry.languages),
        "licences": [licence.name for licence in entry.licences],
        "thinks": entry.thinks,
        "is_starter": entry.is_starter,
        "about": about(entry),
        "about_download_bytes": needs[Mix.Q4].download_bytes,
        "about_prepared_bytes": {mix.value: one.prepared_bytes for mix, one in needs.items()},
        "cache_bytes_per_token": needs[Mix.Q4].cache_bytes_per_token,
    }


def _parameters(entry: CatalogueEntry) -> str:
    whole = f"{entry.parameters / _BILLION:,.1f} B"
    if not entry.is_mixture:
        return whole
    return f"{whole}, {entry.active_parameters / _BILLION:,.1f} B active"
