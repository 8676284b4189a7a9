"""A new user's window, on a computer whose advice is known."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.library.preflight import Here, recommended
from app.window_first_run import Advice
from tests.app.pages.history.conftest import Home
from tests.flows.journeys import Traveller

if TYPE_CHECKING:
    from app.pages.first_run.page import FirstRunPage

GB = 10**9
ROOMY = Here(64 * GB, 48 * GB, 900 * GB)
SMALL = Here(4 * GB, GB, 2 * GB)


def advice_for(here: Here) -> Advice:
    """What the catalogue says of a computer."""
    return Advice(recommended(here), here.disk_free_bytes)


@pytest.fixture(scope="session")
def roomy() -> Advice:
    """Of a computer with room; made once."""
    return advice_for(ROOMY)


@dataclass
class Adviser:
    """What a computer is good for, without measuring this one: what is told, or raised."""

    advice: Advice
    failure: Exception | None = None
    asked: int = 0
    stops: list[Callable[[], bool]] = field(default_factory=list)
    waits_for: Callable[[], object] = lambda: None

    def __call__(self, stop_now: Callable[[], bool]) -> Advice:
        self.asked += 1
        self.stops.append(stop_now)
        self.waits_for()
        if self.failure is not None:
            raise self.failure
        return self.advice


@pytest.fixture
def adviser(monkeypatch, roomy: Advice) -> Adviser:
    made = Adviser(roomy)
    monkeypatch.setattr("app.window_first_run.advised", made)
    return made


class Newcomer(Traveller):
    """Someone before a window for the first time."""

    @property
    def first(self) -> FirstRunPage:
        return self.application.first_run.page

    def sees_first(self) -> bool:
        return self.application.window.page_now() is self.first

    def sees_chat(self) -> bool:
        return self.application.window.page_now() is self.application.page


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A desktop with a keyring, and no chats yet."""
    yield Home(tmp_path / "history")
    for thread in threading.enumerate():
        if thread.name == "keyring":
            thread.join(60)


@pytest.fixture
def arrive(qtbot, open_window, adviser: Adviser, home: Home) -> Callable[..., Newcomer]:
    """A window that was never opened before."""

    def come(**options: object) -> Newcomer:
        options = {"is_new": True, "door": home.door()} | options
        return Newcomer(qtbot, open_window(**options))

    return come
