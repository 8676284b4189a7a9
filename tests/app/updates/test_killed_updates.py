"""Kills spread over all steps of an update, of a first start and of going back: a version starts
after each of them, and the next try does what was asked (`tools/kill_updates.py` makes more).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.skipif(not hasattr(sys, "addaudithook") or sys.platform == "win32", reason="no fork")
def test_a_version_starts_after_every_kill_and_the_next_try_completes():
    done = subprocess.run(
        [sys.executable, "-m", "tools.kill_updates", "--count", "12"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "12 kills, 0 that came too late, 0 problems\n"
