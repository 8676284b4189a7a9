"""A home for what is gathered, and a proof that finds what a test says."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from app.airlock.proof_endpoints import Endpoint
from app.airlock.report import LockReport


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    monkeypatch.setenv("PITCHER_HOME", str(home))
    monkeypatch.setattr("app.window_privacy.open_roads", lambda: ("a road",))
    monkeypatch.setattr("app.window_privacy.endpoints", lambda: (Endpoint("/run/bus", True),))
    return home


@pytest.fixture
def audited(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """audited(report, gate=None): what is found when it is proved; it waits for the gate."""

    def answer(report: LockReport, gate: threading.Event | None = None) -> None:
        def audit(tell=lambda _attempt: None) -> LockReport:
            for attempt in report.attempts:
                tell(attempt)
            if gate is not None:
                assert gate.wait(30)
            return report

        monkeypatch.setattr("app.airlock.lock.audit", audit)

    return answer
