"""How responsive the window is while it starts and while the starter model streams.

For: `python -m benchmarks.responsiveness [--seconds 60] [--starts 3]`, which prints tables with
the bars that must hold. The real window runs offscreen (`responsive_window`), started by the
launcher under its lock, with a profile that is thrown away; a first start, not counted, reads
the files from the disk, compiles modules and prepares the model.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_STREAMING = "streaming"
_CHILD_LIMIT_S = 300.0
# A warm start finds its modules compiled; where this is set, every start compiles them anew.
_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
# The two processes of the program's own start (`main`, `app.roles`), each with what it imports.
_LAUNCHER = """
import sys
from app.airlock import launcher, setting
sys.exit(launcher.launch([sys.executable, "-c", sys.argv[1]], setting.prepare()))
"""
_WINDOW = """
import sys
from app.airlock import hardening, leaving, lock
leaving.install()
hardening.harden()
lock.verify()
from app import lean_torch
lean_torch.defer()
from app.bridge import quick_imports
from app.collector import uncollected
with uncollected():
    quick_imports.import_qt()
    from app import application
from benchmarks.responsive_window import main
sys.exit(main(*{!r}))
"""


@dataclass(frozen=True)
class Bar:
    """What a figure must not go over, in its unit."""

    name: str
    value: float
    most: float
    unit: str

    @property
    def holds(self) -> bool:
        """Whether it does."""
        return self.value <= self.most

    def line(self) -> str:
        """For people."""
        verdict = "holds" if self.holds else "MISSED"
        return f"| {self.name} | {self.value:.1f} {self.unit} | ≤ {self.most:g} | {verdict} |"


def quantile(samples: Sequence[float], share: float) -> float:
    """The smallest sample that so large a share does not exceed; 0 of none."""
    ordered = sorted(samples)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


def phase_table(late_ms: dict[str, list[float]]) -> str:
    """Lateness of the event loop, phase by phase."""
    lines = ["| phase | samples | p50 ms | p99 ms | worst ms |", "|---|---|---|---|---|"]
    for phase, samples in late_ms.items():
        worst = max(samples, default=0.0)
        lines.append(
            f"| {phase} | {len(samples)} | {quantile(samples, 0.5):.2f} "
            f"| {quantile(samples, 0.99):.2f} | {worst:.1f} |"
        )
    return "\n".join(lines)


def bars_of(found: dict[str, Any]) -> list[Bar]:
    """What issue 6 asks of one run; streaming's only where it streamed."""
    late_ms, times_s = found["late_ms"], found["times_s"]
    starting = [ms for phase, some in late_ms.items() if phase != _STREAMING for ms in some]
    bars = [
        Bar("window shown", times_s["first frame"], 1.0, "s"),
        Bar("worst pause while starting", max(starting, default=0.0), 300.0, "ms"),
    ]
    if streaming := late_ms.get(_STREAMING):
        bars.append(Bar("event loop's lateness, p99", quantile(streaming, 0.99), 16.0, "ms"))
        bars.append(Bar("worst pause while streaming", max(streaming), 60.0, "ms"))
    return bars


def run_window(seconds: float, model: str | None, home: Path) -> dict[str, Any]:
    """One start of the window, and so many seconds of streaming."""
    kept = {name: value for name, value in os.environ.items() if name != _NO_BYTECODE}
    environment = kept | {
        "QT_QPA_PLATFORM": "offscreen",
        "TOKENIZERS_PARALLELISM": "false",
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_STATE_HOME": str(home / "state"),
    }
    started_s = time.clock_gettime(time.CLOCK_MONOTONIC)
    child = subprocess.run(
        [sys.executable, "-c", _LAUNCHER, _WINDOW.format((started_s, seconds, model))],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        timeout=_CHILD_LIMIT_S + seconds,
        check=True,
    )
    found: dict[str, Any] = json.loads(child.stdout)
    return found


def report(found: dict[str, Any], seconds: float) -> str:
    """All that one run says."""
    times = ", ".join(f"{name} {s:.2f} s" for name, s in found["times_s"].items())
    keys = found["key_ms"]
    lines = [
        f"From the process's start: {times}.",
        "",
        phase_table(found["late_ms"]),
        "",
        f"Key to paint: p50 {quantile(keys, 0.5):.1f} ms, p99 {quantile(keys, 0.99):.1f} ms, "
        f"worst {max(keys, default=0.0):.1f} ms ({len(keys)} keys).",
    ]
    if seconds:
        rate = found["tokens"] / seconds
        lines.append(f"Streamed {found['tokens']} tokens, {rate:.0f} a second.")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="of streaming")
    parser.add_argument("--starts", type=int, default=2, help="more starts, without streaming")
    parser.add_argument("--model", help="another model than the starter")
    options = parser.parse_args(arguments)
    bars: list[Bar] = []
    with tempfile.TemporaryDirectory() as folder:
        run_window(0.0, options.model, Path(folder))
        for seconds in (*[0.0] * options.starts, options.seconds):
            found = run_window(seconds, options.model, Path(folder))
            print(report(found, seconds), "\n", flush=True)
            bars += bars_of(found)
    print("| what | measured | bar | |\n|---|---|---|---|")
    print("\n".join(bar.line() for bar in bars))
    return 0 if all(bar.holds for bar in bars) else 1


if __name__ == "__main__":
    raise SystemExit(main())
