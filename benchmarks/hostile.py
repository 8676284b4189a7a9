"""How long the window does not answer while hostile texts stand in every place of it.

`python -m benchmarks.hostile [--short | --giants] [--only NAME …]` plays the texts of
`tests/flows/hostile_payloads.py` in a real window without a display, one process for all, and
prints for each the longest gap of a timer of 5 ms, and the place where it was.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_MOST_MS = 100.0
_ROOT = Path(__file__).resolve().parents[1]


def rows(lines: Iterable[str]) -> Iterable[tuple[str, int, float, str, str]]:
    """Of each text its name, characters, longest gap, where that was, and all above the most."""
    for line in lines:
        found: dict[str, Any] = json.loads(line)
        worst: dict[str, float] = found["worst_ms"]
        where = max(worst, key=lambda place: worst[place])
        above = [f"{place} {ms:.0f}" for place, ms in worst.items() if ms > _MOST_MS]
        yield found["name"], found["characters"], worst[where], where, ", ".join(above)


def main() -> int:
    """Play them and print the table as it grows; the exit code is the player's."""
    with tempfile.TemporaryDirectory() as folder:
        canary = Path(folder) / "canary7391.png"
        command = [sys.executable, "-m", "tests.flows.hostile_window", str(canary), *sys.argv[1:]]
        with subprocess.Popen(
            command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as player:
            assert player.stdout is not None
            for name, characters, worst_ms, where, above in rows(player.stdout):
                head = f"{name:34.34} {characters:>10,} {worst_ms:8.1f} ms  {where}"
                print(f"{head:80}  {above}", flush=True)
        return player.returncode


if __name__ == "__main__":
    sys.exit(main())
