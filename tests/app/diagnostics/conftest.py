"""Where diagnostics come from in tests: nothing of this machine is tried, and all is quick."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.airlock.report import Attempt, LockReport, LockState
from app.chats.profile import Profile
from app.diagnostics.gathering import Sources
from app.settings import Settings
from inference.machine import MachineReport, report

LOCK = LockReport(LockState.ENFORCED, "a test", (Attempt("TCP", True, "EPERM: no"),))


@pytest.fixture(scope="session")
def machine() -> MachineReport:
    return report()


@pytest.fixture
def sources(tmp_path: Path, machine: MachineReport) -> Callable[..., Sources]:
    """sources(field=…): of a user who has nothing yet."""

    def make(**changes: Any) -> Sources:
        found = Sources(
            LOCK,
            Settings(tmp_path / "settings.json"),
            Profile(tmp_path / "history"),
            audit=lambda: LOCK,
            machine=lambda: machine,
        )
        return replace(found, **changes)

    return make


@pytest.fixture
def memory() -> Iterator[Any]:
    """A log with a memory of its own."""
    import logging

    from app.diagnostics.failures import FailureMemory

    found = FailureMemory()
    root = logging.getLogger()
    root.addHandler(found)
    for name in ("app", "inference"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield found
    root.removeHandler(found)
    for name in ("app", "inference"):
        logging.getLogger(name).setLevel(logging.NOTSET)
