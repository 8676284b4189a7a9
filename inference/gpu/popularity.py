"""How often tokens want each expert.

For: `placement`, which puts the most wanted where they are fastest; `measure/popularity` counts.
What was counted of a prepared model lies in its folder, where every start on a card reads it.
Without a measurement all experts of a layer count as equally wanted: DeepSeek-V3 was trained
to balance them (report, section 2.1.2), yet on one person's texts they are not.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from inference.errors import RequestError
from inference.sentence import said

_log = logging.getLogger(__name__)
FILE = "popularity.json"
_VERSION = 1
_MOST_BYTES = 64 << 20


@dataclass(frozen=True)
class Popularity:
    """`shares[layer][expert]`: the chance that a token chooses it; a layer's sum is its top_k,
    and a layer without experts has none."""

    shares: tuple[tuple[float, ...], ...]

    def of(self, layer: int) -> tuple[float, ...]:
        """A layer's experts."""
        return self.shares[layer]


def even(layers: Sequence[tuple[int, int]]) -> Popularity:
    """From each layer's (num_experts, top_k), as if all were wanted alike."""
    return Popularity(tuple((k / n,) * n if n else () for n, k in layers))


def measured(counts: Sequence[Sequence[int]], layers: Sequence[tuple[int, int]]) -> Popularity:
    """From how often each expert was chosen. One choice is added to each, so that an expert
    which a short text never wanted still counts for something."""
    shares = []
    for found, (_, top_k) in zip(counts, layers, strict=True):
        total = sum(found) + len(found)
        shares.append(tuple(top_k * (count + 1) / total for count in found))
    return Popularity(tuple(shares))


def to_json(counts: Sequence[Sequence[int]]) -> str:
    """Counts as a file keeps them."""
    return json.dumps({"version": _VERSION, "counts": [list(row) for row in counts]})


def from_json(text: str, layers: Sequence[tuple[int, int]]) -> Popularity:
    """Read what `to_json` wrote; raises RequestError where it is not of this model."""
    wrong = RequestError(said("This is no count of experts of this model."))
    if len(text) > _MOST_BYTES:
        raise wrong
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise wrong from None
    counts = found.get("counts") if isinstance(found, dict) else None
    if not isinstance(counts, list) or found.get("version") != _VERSION:
        raise wrong
    if len(counts) != len(layers) or not all(map(_is_row, counts, layers)):
        raise wrong
    return measured(counts, layers)


def keep(folder: Path, counts: Sequence[Sequence[int]]) -> Path:
    """Where `kept` finds them; raises OSError."""
    file = folder / FILE
    beside = file.with_suffix(".new")
    beside.write_text(to_json(counts), "utf-8")
    beside.replace(file)
    return file


def kept(folder: Path, layers: Sequence[tuple[int, int]]) -> Popularity | None:
    """What was counted of a prepared model; None where nothing was, or of another model."""
    file = folder / FILE
    if not file.is_file():
        return None
    try:
        with file.open("rb") as source:
            text = source.read(_MOST_BYTES + 1).decode("utf-8", "replace")
        return from_json(text, layers)
    except (OSError, RequestError):
        _log.warning("What was counted of experts can't be used", exc_info=True)
        return None


def _is_row(row: object, layer: tuple[int, int]) -> bool:
    return (
        isinstance(row, list)
        and len(row) == layer[0]
        and all(type(count) is int and 0 <= count < 1 << 53 for count in row)
    )
