"""Writes constraints.txt: the exact version of all that is needed, from this environment.

For: whoever changes a dependency. It walks from pyproject.toml's requirements through
what is installed, so packages that happen to be here and that nobody asks for stay out,
as do the parts of a CUDA build of torch. It upgrades nothing.

    .venv/bin/python -m tools.pin_constraints [--check]
"""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.setup_environment import CONSTRAINTS, PURPOSES, STARTER, requirements

INSTALLERS = ("pip", "setuptools")
# Installed elsewhere, if at all: a C++ compiler where the system has none, and what freezes.
CARRIED = ("altgraph", "pyinstaller", "pyinstaller-hooks-contrib", "scikit-build-core", "ziglang")
GPU_PARTS = ("nvidia-", "triton", "cuda-")
HEADER = """\
# The exact versions that Pitcher is built and tested with; every install command uses them.
# Written by `python -m tools.pin_constraints`; ranges stand in pyproject.toml.
"""


def is_pinned(name: str) -> bool:
    """GPU parts go with a build of torch that these pins do not choose."""
    return not canonicalize_name(name).startswith(GPU_PARTS)


def needed(requirement: Requirement, extra: str) -> bool:
    """Whether it applies on this machine, for an optional part or without one."""
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


def closure(wanted: list[str]) -> dict[str, str]:
    """Name → version of everything that `wanted` brings, as installed here."""
    found: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    queue = [Requirement(text) for text in wanted]
    while queue:
        requirement = queue.pop()
        installed = distribution(requirement.name)
        name = canonicalize_name(requirement.name)
        found[name] = installed.version.partition("+")[0]
        for extra in {"", *requirement.extras}:
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            asked = [Requirement(text) for text in installed.requires or ()]
            queue += [r for r in asked if needed(r, extra) and is_pinned(r.name)]
    return found


def carried() -> dict[str, str]:
    """Their versions as they stand in the file; this environment knows nothing of them."""
    lines = CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if not line.startswith("#"))
    return {name: pins.get(name) or distribution(name).version for name in CARRIED}


def constraints() -> str:
    """The file's text for this environment."""
    pins = closure([*requirements(PURPOSES["dev"].extras), *INSTALLERS])
    pins[STARTER] = distribution(STARTER).version  # without its own dependencies
    pins |= carried()
    return HEADER + "".join(f"{name}=={version}\n" for name, version in sorted(pins.items()))


def main() -> int:
    """Writes the file, or with --check says whether it is what would be written."""
    try:
        text = constraints()
    except PackageNotFoundError as error:
        print(f"{error.name} is not installed here: run make test first.", file=sys.stderr)
        return 1
    if "--check" not in sys.argv:
        CONSTRAINTS.write_text(text, encoding="utf-8")
    elif CONSTRAINTS.read_text(encoding="utf-8") != text:
        print("constraints.txt differs from what is installed and asked for.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
