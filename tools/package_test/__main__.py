"""Proves that what `make package` built can be installed, used and taken away again.

    make package-test [ARGS="--only deb-bookworm,start-ssh"]

Needs root (for namespaces), debootstrap, Xvfb, openbox, xdotool, xclip, maim and a C compiler, and
lintian, desktop-file-utils and appstream for one check. The first time it fetches two Debian
systems from the mirror that apt uses here, into build/userlands. Pictures and the table go to
build/package-test.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
from pathlib import Path

from tools.package_test import hard_starts, installing, papers, renewing, surprises
from tools.package_test.checks import Bench, Check, Outcome, carry_out, table
from tools.package_test.userlands import ROOT

_OUT = ROOT / "build" / "package-test"
_TOOLS = ("debootstrap", "unshare", "nsenter", "Xvfb", "openbox", "xdotool", "xclip", "maim", "cc")


def every_check() -> list[Check]:
    """In the order in which they run."""
    return [
        *papers.checks(),
        *installing.checks(),
        *renewing.checks(),
        *surprises.checks(),
        *hard_starts.checks(),
    ]


def main(arguments: list[str]) -> int:
    """0 if all passed; 1 if not; 2 where it can't be tried here."""
    parser = argparse.ArgumentParser(prog="tools.package_test", description=__doc__)
    parser.add_argument("--only", default="", help="names of checks, with commas between")
    parser.add_argument("--list", action="store_true", help="name the checks, and that is all")
    parser.add_argument("--dist", type=Path, default=ROOT / "dist", help="what was built")
    parser.add_argument("--frozen", type=Path, default=ROOT / "build" / "package" / "pitcher")
    parser.add_argument("--out", type=Path, default=_OUT, help="where pictures go")
    chosen = parser.parse_args(arguments)
    checks = every_check()
    if chosen.list:
        print("\n".join(f"{check.name:22} {check.says}" for check in checks))
        return 0
    names = {name for name in chosen.only.split(",") if name}
    unknown = names - {check.name for check in checks}
    problem = f"there is no check {', '.join(sorted(unknown))}" if unknown else _problem()
    if problem:
        print(f"package-test: {problem}.", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    bench = Bench(chosen.dist.absolute(), chosen.frozen.absolute(), chosen.out.absolute())
    return _carry_all_out([check for check in checks if not names or check.name in names], bench)


def _carry_all_out(checks: list[Check], bench: Bench) -> int:
    outcomes: list[Outcome] = []
    bench.pictures.mkdir(parents=True, exist_ok=True)
    for check in checks:
        outcomes.append(carry_out(check, bench))
        print(table(outcomes[-1:]).splitlines()[0], flush=True)
    written = table(outcomes)
    (bench.pictures / "table.txt").write_text(f"{written}\n", encoding="utf-8")
    print(f"Pictures: {bench.pictures}")
    print(written.splitlines()[-1])
    return 0 if all(outcome.passed for outcome in outcomes) else 1


def _problem() -> str | None:
    """Why nothing can be tried here."""
    if os.geteuid() != 0:
        return "namespaces with users of their own need root"
    missing = [name for name in _TOOLS if shutil.which(name) is None]
    return f"{', '.join(missing)} must be installed first" if missing else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
