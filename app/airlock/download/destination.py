"""What a model will be called in the models folder, before anything of it is fetched.

For: the courier's confirmation, which shows it. Two makers may call their models alike: the second
one's name says whose it is, so that neither takes the place of the other.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from app.airlock.download.choices import Choice
from app.airlock.download.listing import Listing
from app.airlock.download.names import is_file_name
from app.airlock.download.plan import read_plan
from app.airlock.download.source import read_source
from app.airlock.download.unfinished import ARRIVING


def with_free_names(
    choices: Iterable[Choice], listing: Listing, models_folder: Path
) -> tuple[Choice, ...]:
    """The choices, each with a name that no model of somebody else has or is getting."""
    return tuple(_with_free_name(choice, listing, models_folder) for choice in choices)


def _with_free_name(choice: Choice, listing: Listing, models_folder: Path) -> Choice:
    repository = str(listing.repository)
    longer = f"{listing.repository.owner}-{choice.name}"
    if is_file_name(longer) and _is_anothers(models_folder, choice.name, repository):
        return replace(choice, name=longer)
    return choice


def _is_anothers(models_folder: Path, name: str, repository: str) -> bool:
    """Whether the name belongs to another repository, or to what did not come from any."""
    if os.path.lexists(models_folder / name):
        source = read_source(models_folder / name)
        return source is None or source.repository != repository
    plan = read_plan(models_folder / ARRIVING / name)
    return plan is not None and plan.repository != repository
