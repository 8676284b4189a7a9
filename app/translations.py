"""Which languages the window's words are there in.

For: the settings page, which offers no other, and the start, which loads the one that was chosen.
"""

from __future__ import annotations

from app.settings import Language
from app.theme.assets import ASSETS

# English is what the words are written in.
_ALWAYS = (Language.AUTO, Language.ENGLISH)


def languages() -> tuple[Language, ...]:
    """Those that can be chosen, in order."""
    folder = ASSETS / "translations"
    there = (one for one in Language if (folder / f"pitcher_{one.value}.qm").is_file())
    return (*_ALWAYS, *(one for one in there if one not in _ALWAYS))
