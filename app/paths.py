"""Where things are kept. The only module that asks appdirs, which is no longer developed.

`PITCHER_HOME` puts everything into one folder (tests, a portable copy on a stick), and
`PITCHER_PREPARED` the prepared copies of models elsewhere (a larger disk).
Folders are made when something is written, not when they are asked for.
"""

from __future__ import annotations

import os
from pathlib import Path

import appdirs

_NAME = "pitcher"


def _home() -> Path | None:
    home = os.environ.get("PITCHER_HOME")
    return Path(home).expanduser().absolute() if home else None


def config_dir() -> Path:
    """The user's settings."""
    home = _home()
    return home / "config" if home else Path(appdirs.user_config_dir(_NAME, appauthor=False))


def data_dir() -> Path:
    """Chats; never models, which another process may write."""
    home = _home()
    return home / "data" if home else Path(appdirs.user_data_dir(_NAME, appauthor=False))


def prepared_dir() -> Path:
    """Models laid out for the kernels: made again whenever they are missing, so a cache."""
    named = os.environ.get("PITCHER_PREPARED")
    if named:
        return Path(named).expanduser().absolute()
    home = _home()
    if home:
        return home / "prepared"
    return Path(appdirs.user_cache_dir(_NAME, appauthor=False)) / "prepared"


def models_dir() -> Path:
    """Model files, outside the chat profile."""
    home = _home()
    if home:
        return home / "models"
    return Path(appdirs.user_data_dir(f"{_NAME}-models", appauthor=False))
