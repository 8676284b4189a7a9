"""The user's settings: typed, with defaults, kept in one JSON file.

`effective` says a setting's value and who locked it: a policy (`app/policy.py`) goes before
what is stored, which stays as it is for the day when nothing locks it any more. A file that
can't be used is kept aside and said, and the defaults apply. Free of Qt.
"""

from __future__ import annotations

import json
import os
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Generic, TypeVar

from app import paths
from app.policy import NO_POLICY, Lockable, Policy, read_policy
from inference.sentence import ours, said, sentence_of, system_words

_Value = TypeVar("_Value")
_Choice = TypeVar("_Choice", bound=StrEnum)


class ThemeChoice(StrEnum):
    """Follow the system, or stay light or dark."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


class SendKey(StrEnum):
    """What sends a message; the other one breaks the line."""

    ENTER = "enter"
    CTRL_ENTER = "ctrl-enter"


class Language(StrEnum):
    """The language of the window's words; the system's by itself."""

    AUTO = "auto"
    ENGLISH = "en"
    GERMAN = "de"


@dataclass(frozen=True)
class Setting(Generic[_Value]):
    """One setting: its name in the file, its default, and how its stored form is read.

    `read` raises ValueError for what it can't use. `strictest` holds where a policy is there and
    can't be used; None where no value is the stricter one.
    """

    name: str
    default: _Value
    read: Callable[[object], _Value]
    strictest: _Value | None = None


@dataclass(frozen=True)
class Effective(Generic[_Value]):
    """What applies, and who decided it: `locked_by` is the policy's file, None where the user may
    change it.
    """

    value: _Value
    locked_by: Path | None = None


def _choice(kind: type[_Choice]) -> Callable[[object], _Choice]:
    def read(stored: object) -> _Choice:
        return kind(str(stored))

    return read


def _whole_number(low: int, high: int) -> Callable[[object], int]:
    def read(stored: object) -> int:
        if isinstance(stored, bool) or not isinstance(stored, int) or not low <= stored <= high:
            raise ValueError(f"not a whole number from {low} to {high}")
        return stored

    return read


def _one_of(*numbers: int) -> Callable[[object], int]:
    def read(stored: object) -> int:
        if isinstance(stored, bool) or not isinstance(stored, int) or stored not in numbers:
            raise ValueError(f"none of {numbers}")
        return stored

    return read


def _line(stored: object) -> str:
    """What can't be a name is no choice: the first model is opened."""
    is_line = isinstance(stored, str) and len(stored) <= _MOST_LINE and stored.isprintable()
    return str(stored) if is_line else ""


def _yes_or_no(stored: object) -> bool:
    if not isinstance(stored, bool):
        raise ValueError("neither true nor false")
    return stored


THEME = Setting("theme", ThemeChoice.AUTO, _choice(ThemeChoice))
SEND_KEY = Setting("send_key", SendKey.ENTER, _choice(SendKey))
REDUCE_MOTION = Setting("reduce_motion", False, _yes_or_no)
SIDEBAR_SHOWN = Setting("sidebar_shown", True, _yes_or_no)
SIDEBAR_WIDTH = Setting("sidebar_width", 264, _whole_number(220, 360))
WELCOMED = Setting("welcomed", False, _yes_or_no)  # a way of the first page was taken
AUTO_LOCK_CHOICES = (0, 1, 5, 15, 30, 60)  # minutes; 0 is never
AUTO_LOCK_MINUTES = Setting("auto_lock_minutes", 0, _one_of(*AUTO_LOCK_CHOICES), strictest=1)
DELETE_AFTER_CHOICES = (0, 30, 90, 365)  # days; 0 is never
DELETE_AFTER_DAYS = Setting("delete_after_days", 0, _one_of(*DELETE_AFTER_CHOICES))

TEXT_SIZE_PERCENT = Setting("text_size_percent", 100, _whole_number(80, 200))
SYSTEM_FONT = Setting("system_font", False, _yes_or_no)
LANGUAGE = Setting("language", Language.AUTO, _choice(Language))
MOST_THREADS = 1024
THREADS = Setting("threads", 0, _whole_number(0, MOST_THREADS))  # 0 is as many as fit
MOST_IDLE_MINUTES = 1440
IDLE_UNLOAD_MINUTES = Setting(  # 0 is never
    "idle_unload_minutes", 30, _whole_number(0, MOST_IDLE_MINUTES)
)
# The kernels for cards were never run on one: nobody's answers come from there unasked.
GRAPHICS_CARD = Setting("graphics_card", False, _yes_or_no)
_MOST_LINE = 1000
# A model's name or path; empty is the first one there is. Not among ALL: its text is the user's, so
# diagnostics do not have it, and no policy locks it, which allows models by their files.
MODEL = Setting("model", "", _line)
SUGGEST_TITLES = Setting("suggest_titles", True, _yes_or_no, strictest=False)

ALL: tuple[
    Setting[ThemeChoice] | Setting[SendKey] | Setting[Language] | Setting[bool] | Setting[int], ...
] = (
    THEME,
    SEND_KEY,
    REDUCE_MOTION,
    SIDEBAR_SHOWN,
    SIDEBAR_WIDTH,
    WELCOMED,
    AUTO_LOCK_MINUTES,
    DELETE_AFTER_DAYS,
    TEXT_SIZE_PERCENT,
    SYSTEM_FONT,
    LANGUAGE,
    THREADS,
    IDLE_UNLOAD_MINUTES,
    GRAPHICS_CARD,
    SUGGEST_TITLES,
)


# The place of the sidebar, and what was seen once, are the window's state and nobody else's.
_LOCKED_BY_NOBODY = (SIDEBAR_SHOWN, SIDEBAR_WIDTH, WELCOMED)
LOCKABLE = Lockable(
    {setting.name: setting.read for setting in ALL if setting not in _LOCKED_BY_NOBODY},
    {setting.name: setting.strictest for setting in ALL if setting.strictest is not None},
)


class SettingsError(Exception):
    """The settings can't be stored."""


class Settings:
    """The settings in force. `problem` is a sentence when the stored file could not be used."""

    def __init__(self, file: Path, policy: Policy = NO_POLICY, *, touches: bool = True) -> None:
        """Without `touches` a file that can't be used stays where it is: for who only looks."""
        self._file = file
        self._policy = policy
        self._write_lock = threading.Lock()
        self._stored, self.problem = _read(file, touches=touches)

    def effective(self, setting: Setting[_Value]) -> Effective[_Value]:
        """A setting's value, and who locked it."""
        if setting.name in self._policy.locked:
            return Effective(setting.read(self._policy.locked[setting.name]), self._policy.file)
        if setting.name not in self._stored:
            return Effective(setting.default)
        return Effective(setting.read(self._stored[setting.name]))

    @property
    def policy(self) -> Policy:
        """What an administrator locked, and where that is written."""
        return self._policy

    def change(self, setting: Setting[_Value], value: _Value) -> None:
        """Change a setting in memory; `save` stores it. Raises SettingsError where it is locked."""
        if setting.name in self._policy.locked:
            raise SettingsError(
                said(
                    "{setting} is set by your organisation in {file} and cannot be changed here. "
                    "Nothing was changed.",
                    setting=setting.name,
                    file=self._policy.file,
                )
            )
        self._stored = {**self._stored, setting.name: setting.read(value)}

    def save(self) -> None:
        """Store what is in force, whole or not at all; callable from any thread."""
        with self._write_lock:
            text = json.dumps(self._stored, indent=2, sort_keys=True) + "\n"
            try:
                _replace(self._file, text)
            except OSError as error:
                raise SettingsError(
                    said("{file}: {why}.", file=self._file, why=system_words(error))
                ) from error


def user_settings(*, touches: bool = True) -> Settings:
    """This user's settings, below the policy of this machine."""
    policy = read_policy(paths.policy_file(), LOCKABLE)
    return Settings(paths.config_dir() / "settings.json", policy, touches=touches)


def _read(file: Path, *, touches: bool) -> tuple[dict[str, object], str | None]:
    """The usable part of a stored file, and a sentence when it is not the whole of it."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}, None
    except (OSError, UnicodeDecodeError) as error:
        return {}, _unusable(file, sentence_of(error), touches=touches)
    try:
        loaded: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        return {}, _unusable(file, sentence_of(error), touches=touches)
    if not isinstance(loaded, dict):
        return {}, _unusable(file, said("it is not a table of settings"), touches=touches)
    usable, refused = _usable(loaded)
    if not refused:
        return usable, None
    reason = said("these have unknown values: {known}", known=", ".join(refused))
    return usable, _unusable(file, reason, touches=touches)


def _usable(loaded: dict[str, object]) -> tuple[dict[str, object], list[str]]:
    """Without the values that can't be used, which are named; names that are not ours stay."""
    usable = dict(loaded)
    refused: list[str] = []
    for setting in ALL:
        if setting.name in usable:
            try:
                setting.read(usable[setting.name])
            except ValueError:
                del usable[setting.name]
                refused.append(setting.name)
    return usable, refused


def _unusable(file: Path, reason: str, *, touches: bool) -> str:
    if touches:
        return _keep_aside(file, reason)
    return said("The settings could not be read ({reason}). Defaults apply.", reason=ours(reason))


def _keep_aside(file: Path, reason: str) -> str:
    """Move a damaged file out of the way; the sentence says where it is."""
    aside = file.with_name(f"{file.stem}.damaged{file.suffix}")
    try:
        os.replace(file, aside)
    except OSError as error:
        return said(
            "The settings could not be read ({reason}) nor kept aside ({why}).",
            reason=ours(reason),
            why=system_words(error),
        )
    return said(
        "The settings could not be read ({reason}). Defaults apply; the file is now {aside}.",
        reason=ours(reason),
        aside=aside,
    )


def _replace(file: Path, text: str) -> None:
    """Write beside the file, flush to the disk, then rename over it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(beside, file)
    except OSError:
        Path(beside).unlink(missing_ok=True)
        raise
