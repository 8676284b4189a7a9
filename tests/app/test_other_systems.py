"""Windows has no fcntl, no fork and no signals but two: what the window needs does without."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.airlock import launcher, meeting_place

ROOT = Path(__file__).resolve().parents[2]
# They are for Linux: a courier, and one window a profile. What starts them asks first.
LINUX_ALONE = {
    "app.airlock.courier.lockdown",
    "app.airlock.courier.running",
    "app.airlock.courier.starting",
    "app.airlock.courier.terminal",
    "app.airlock.single_instance",
}


def modules_of(*packages: str) -> list[str]:
    """Every module below."""
    files = (file for package in packages for file in sorted((ROOT / package).rglob("*.py")))
    parts = (file.relative_to(ROOT).with_suffix("").parts for file in files)
    return [".".join(p[:-1] if p[-1] == "__init__" else p) for p in parts]


def test_only_what_is_for_linux_needs_what_only_posix_has() -> None:
    names = ["main", "app.application", *modules_of("app/airlock", "app/bridge", "app/cli")]
    names += modules_of("app/chats", "app/library", "app/updates", "inference", "kernels/cpu")
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("without_posix.py")), *names],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert {line.split(":")[0] for line in done.stdout.splitlines()} == LINUX_ALONE


def test_what_is_for_linux_is_not_started_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delattr(os, "pidfd_open", raising=False)
    assert not meeting_place.is_possible()
    assert launcher.desk_for([]) is None
    assert launcher.desk_for(["models", "download", "x"]) is None
