"""The first page in pictures: on a computer with room, which is not measured.

For: `tools.screenshots`, and tests that look at the page.
"""

from __future__ import annotations

from dataclasses import replace

from app.application import Application
from app.library.preflight import Here, recommended

_GB = 10**9
_ROOMY = Here(16 * _GB, 14 * _GB, 212 * _GB)
_TOKENS_PER_S = 24.0
_FITTING = 8


def recommend(app: Application) -> None:
    """Show the page with what such a computer is told, which can download."""
    first = app.first_run
    first.is_looking = True
    first.open()
    first.page.offer_downloads(True)
    first.page.count_others(_FITTING)
    found = recommended(_ROOMY)
    if found is None:
        raise SystemExit("Nothing of the catalogue fits into 16 GB.")
    quick = replace(found.preflight, decode_tokens_per_s=_TOKENS_PER_S)
    first.page.show_recommended(replace(found, preflight=quick), _ROOMY.disk_free_bytes)
