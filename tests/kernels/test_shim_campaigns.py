"""Every CUDA op over the shared case list, under the race check and under sanitizers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.kernels.test_shim import sanitizing, without_coverage

FOLDER = Path(__file__).parent
LISTS = [*sorted(FOLDER.glob("test_every_backend*.py")), FOLDER / "test_cuda_stepping.py"]
# The case list for this backend, and the kernels that have no op.
WANTED = "cuda-shim or last_position_seen or sums_are_torchs"


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("check", ["orders", "sanitized"])
def test_every_op_holds(check: str) -> None:
    """In a process of its own: sanitizers want to be there first."""
    environment = sanitizing() if check == "sanitized" else without_coverage()
    # The first test waits for the compiler, which takes minutes with sanitizers.
    wanted = ["--timeout", "3600", "-k", WANTED, *map(str, LISTS)]
    done = subprocess.run(
        # What a sanitizer writes would be lost in pytest's own capture.
        [sys.executable, "-m", "pytest", "-q", "-x", "-s", "-p", "no:cacheprovider", *wanted],
        env=environment | {"PITCHER_SHIM": check},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    assert " passed" in done.stdout
