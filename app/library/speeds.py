"""How fast each model wrote on this computer the last time: for the models page.

An answer of a few tokens says nothing, so it is not kept.
"""

from __future__ import annotations

import math
from pathlib import Path

from app import paths
from app.library.path_facts import PathFacts

LEAST_TOKENS = 32
_NAME = "speeds.json"


def measured(path: Path) -> float | None:
    """Tokens a second of its last answer that was long enough; None where there was none."""
    fact = _facts().of(path)
    if isinstance(fact, bool) or not isinstance(fact, int | float):
        return None
    return float(fact) if math.isfinite(fact) and fact > 0 else None


def keep(path: Path, tokens: int, tokens_per_s: float) -> None:
    """Of an answer that has ended. Raises ChecksError."""
    if tokens >= LEAST_TOKENS and math.isfinite(tokens_per_s) and tokens_per_s > 0:
        _facts().keep(path, round(tokens_per_s, 2))


def carry(old: Path, new: Path | None) -> None:
    """A model lies elsewhere now, or nowhere. Raises ChecksError."""
    _facts().carry(old, new)


def _facts() -> PathFacts:
    return PathFacts(paths.config_dir() / _NAME)
