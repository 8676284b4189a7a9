"""Where things are kept. The only module that asks appdirs, which is no longer developed.

`PITCHER_HOME` puts everything into one folder (tests), as a portable copy does by itself, and
`PITCHER_PREPARED` the prepared copies of models elsewhere (a larger disk).
Folders are made when something is written, not when they are asked for.

A base folder of XDG that is empty or relative counts as not set, as its specification has it:
each folder that the program is started from would have a history of its own.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import appdirs

from app.installation import portable_home

_NAME = "pitcher"


def _home() -> Path | None:
    home = os.environ.get("PITCHER_HOME")
    return Path(home).expanduser().absolute() if home else portable_home()


def home_is_named() -> bool:
    """Whether everything lies in one folder that `PITCHER_HOME` names."""
    return bool(os.environ.get("PITCHER_HOME"))


def _based(asked: str, base: str) -> Path:
    """What appdirs says, or the same below `base` where that is a relative path."""
    path = Path(asked)
    return path if path.is_absolute() else Path(base).expanduser() / path.name


def _data(name: str) -> Path:
    return _based(appdirs.user_data_dir(name, appauthor=False), "~/.local/share")


def config_dir() -> Path:
    """The user's settings."""
    home = _home()
    if home:
        return home / "config"
    return _based(appdirs.user_config_dir(_NAME, appauthor=False), "~/.config")


def policy_file() -> Path:
    """What an administrator decided for this machine: no variable of a user leads elsewhere."""
    if sys.platform == "win32":
        return Path(r"C:\ProgramData\Pitcher\policy.toml")
    if sys.platform == "darwin":
        return Path("/Library/Application Support/Pitcher/policy.toml")
    return Path("/etc") / _NAME / "policy.toml"


def data_dir() -> Path:
    """Chats; never models, which another process may write."""
    home = _home()
    return home / "data" if home else _data(_NAME)


def ledger_dir() -> Path:
    """Which connections were tried (`airlock/ledger.py`): apart from chats and from models."""
    home = _home()
    return home / "ledger" if home else _data(f"{_NAME}-ledger")


def prepared_dir() -> Path:
    """Models laid out for the kernels: made again whenever they are missing, so a cache."""
    named = os.environ.get("PITCHER_PREPARED")
    if named:
        return Path(named).expanduser().absolute()
    home = _home()
    if home:
        return home / "prepared"
    return _based(appdirs.user_cache_dir(_NAME, appauthor=False), "~/.cache") / "prepared"


def models_dir() -> Path:
    """Model files, outside the chat profile."""
    home = _home()
    if home:
        return home / "models"
    return _data(f"{_NAME}-models")
