"""All facts together, as a report in the form.

For: `doctor --export`, and the window, which calls it in a background task: it imports torch and
takes about a second. A part that can't be had is told by the class of its error; the others are
there all the same.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.airlock import lock as airlock
from app.airlock.report import LockReport
from app.chats.history import AnyHistory
from app.chats.profile import Profile
from app.diagnostics import about_history, about_lock, about_machine, about_models, about_settings
from app.diagnostics.about_history import NOT_OPENED
from app.diagnostics.about_machine import Facts
from app.diagnostics.failures import Failure, failures
from app.diagnostics.form import (
    SCHEMA_VERSION,
    Display,
    Failed,
    Graphics,
    History,
    InForce,
    Kernels,
    Lock,
    Memory,
    Model,
    Processor,
    Program,
    Report,
    System,
)
from app.diagnostics.own_code import class_word
from app.diagnostics.section import Section, withheld
from app.settings import Settings
from inference.machine import MachineReport, report


@dataclass(frozen=True)
class Sources:
    """Where the facts come from. `display` and `qt` are a window's; `history_state` is the name
    of the class of its state, `history` what is behind it, if it is open.
    """

    lock: LockReport
    settings: Settings
    profile: Profile
    written_by: str = "terminal"
    qt: str | None = None
    display: Mapping[str, object] | None = None
    history_state: str = NOT_OPENED
    history: AnyHistory | None = None
    model: Path | None = None  # that the window has open
    audit: Callable[[], LockReport] = airlock.audit
    machine: Callable[[], MachineReport] = report


def gathered(sources: Sources) -> Report:
    """The report, with the number of values that were withheld in it."""
    parts = _parts(sources)
    found = Report(parts)
    return Report(parts | {"withheld": withheld(found.written())})


def _parts(sources: Sources) -> Facts:
    machine = cache(sources.machine)
    return {
        "schema_version": SCHEMA_VERSION,
        "created": time.time_ns() // 1_000_000,
        "program": _part(Program, lambda: _program(sources)),
        "system": _part(System, about_machine.system),
        "processor": _part(Processor, lambda: about_machine.processor(machine())),
        "memory": _part(Memory, about_machine.memory),
        "graphics": _part(Graphics, lambda: about_machine.graphics(machine())),
        "kernels": _part(Kernels, lambda: about_machine.kernels(machine())),
        "lock": _part(Lock, lambda: about_lock.lock(sources.lock, sources.audit())),
        "display": None if sources.display is None else Display(sources.display),
        "settings": _part(InForce, lambda: about_settings.settings(sources.settings)),
        "models": _models(sources),
        "history": _part(History, lambda: _history(sources)),
        "failures": tuple(map(_failed, failures())),
    }


def _part(kind: type[Section], gather: Callable[[], Facts]) -> Section:
    """A section that is there whatever fails: diagnostics are wanted where something is wrong."""
    try:
        return kind(gather())
    except Exception as error:  # noqa: BLE001 - told in the section by its class
        return kind({"unavailable": class_word(type(error))})


def _program(sources: Sources) -> Facts:
    return about_machine.program() | {"written_by": sources.written_by, "qt": sources.qt}


def _models(sources: Sources) -> tuple[Model, ...]:
    try:
        return about_models.models(sources.model)
    except Exception as error:  # noqa: BLE001 - a folder that can't be listed, for one
        return (Model({"unavailable": class_word(type(error))}),)


def _history(sources: Sources) -> Facts:
    return about_history.history(sources.profile, sources.history_state, sources.history)


def _failed(failure: Failure) -> Failed:
    number = failure.system_error
    return Failed(
        {
            "level": failure.level,
            "error": failure.error,
            "cause": failure.cause,
            "system_error": None if number is None else errno.errorcode.get(number, "unknown"),
            "count": failure.count,
            "first": failure.first_at_ms,
            "last": failure.last_at_ms,
            "places": failure.places,
        }
    )
