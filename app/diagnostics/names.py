"""What the diagnostics' file is called; apart from the rest, which imports torch."""

from __future__ import annotations

from datetime import date


def suggested_name(today: date) -> str:
    """What the file is called unless its owner calls it otherwise."""
    return f"pitcher-diagnostics-{today:%Y-%m-%d}.json"
