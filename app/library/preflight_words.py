"""What preflight found, in sentences for people: what a model needs, what is there, what fits.

For: the list of models, the first start, `models fit`. English by `said`; the window words them.
"""

from __future__ import annotations

from app.library.preflight import Preflight, Recommendation
from inference.sentence import ours, said

_GB = 1e9


def fits(found: Preflight, other: Recommendation | None = None) -> str:
    """Whether it fits, and what would instead: `other`, where that is another model."""
    if not found.fits_disk:
        return _with_other(_disk(found), other)
    if not found.fits_memory:
        return _with_other(_memory(found), other)
    return said(
        "It fits: it takes {needed:,.1f} GB of the {free:,.1f} GB of memory that are free.",
        needed=found.memory_needed_bytes / _GB,
        free=found.memory_free_bytes / _GB,
    )


def speed(found: Preflight) -> str:
    """How fast it would answer; empty where nothing is known of that."""
    rate = found.decode_tokens_per_s
    if rate is None:
        return ""
    if rate < 1:
        return said("It would write less than a token a second.")
    if not found.keeps_up:
        return said(
            "It would write about {rate:,.0f} tokens a second: slower than people read.", rate=rate
        )
    return said("It would write about {rate:,.0f} tokens a second.", rate=rate)


def _memory(found: Preflight) -> str:
    needed, free = found.memory_needed_bytes / _GB, found.memory_free_bytes / _GB
    if found.runs:
        return said(
            "This model needs {needed:,.1f} GB of memory; {free:,.1f} GB are free. It runs all the "
            "same, slowly: some of its experts are read from the disk for every token.",
            needed=needed,
            free=free,
        )
    return said(
        "This model needs {needed:,.1f} GB of memory; {free:,.1f} GB are free.",
        needed=needed,
        free=free,
    )


def _disk(found: Preflight) -> str:
    return said(
        "This model needs {needed:,.1f} GB on the disk, for the download and the prepared copy; "
        "{missing:,.1f} GB are missing.",
        needed=found.disk_needed_bytes / _GB,
        missing=found.missing_disk_bytes / _GB,
    )


def _with_other(sentence: str, other: Recommendation | None) -> str:
    if other is None:
        return sentence
    return said("{sentence} {other} fits.", sentence=ours(sentence), other=other.entry.title)
