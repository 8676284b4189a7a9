"""`make test` ends whatever a test does: a worker that crashes, a test stuck outside Python."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FINE = "import pytest\n@pytest.mark.parametrize('n', range(3))\ndef test_it(n): pass\n"
CRASHES = "import os\ndef test_it(): os.abort()\n"
# No signal reaches it, as none reaches a call into a library that does not come back.
STUCK = (
    "import signal, time\n"
    "def test_it():\n"
    "    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})\n"
    "    time.sleep(600)\n"
)


def arguments(*names: str) -> list[str]:
    """What the Makefile gives to pytest by these names."""
    text = (ROOT / "Makefile").read_text()
    found = [re.search(rf"^{name} := (.+)$", text, re.MULTILINE) for name in names]
    return [word for each in found if each for word in each[1].split()]


@pytest.mark.parametrize(("source", "told"), [(CRASHES, "Aborted"), (STUCK, "Timeout (0:00:02)!")])
def test_it_ends_and_names_the_test(tmp_path: Path, source: str, told: str) -> None:
    for name in "abcd":
        (tmp_path / f"test_{name}.py").write_text(FINE)
    (tmp_path / "test_e.py").write_text(source)
    limits = [re.sub(r"timeout=\d+", "timeout=2", each) for each in arguments("LIMITED")]
    command = [sys.executable, "-m", "pytest", f"--rootdir={tmp_path}", "-p", "no:pytest-qt"]
    ended = subprocess.run(
        [*command, *arguments("PARALLEL"), *limits, "--timeout=1"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert ended.returncode == 1
    assert re.search(r"worker 'gw\d' crashed while running 'test_e.py::test_it'", ended.stdout)
    assert told in ended.stderr
