"""Triton's kernels compiled for a real card, in a process of its own: in the tests' one it
interprets."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.gpu_kernels.resources import occupancy
from tools.gpu_kernels.toolchain import ToolsMissingError, find_tools

ROOT = Path(__file__).resolve().parents[3]
TARGETS = (80, 86, 89, 90, 100, 120)
_COMPILE = """
import json, sys
from pathlib import Path
from tools.gpu_kernels import triton_build
from tools.gpu_kernels.toolchain import find_tools
folder, target = Path(sys.argv[1]), int(sys.argv[2])
triton_build.prepare(folder / "cache")
{listing}
for kernel in kernels:
    (made,) = triton_build.compile_kernel(kernel, target, folder, find_tools()).kernels
    print(json.dumps({{
        "name": made.name, "spilt": made.spill_bytes, "told": made.instructions,
        "threads": made.threads, "registers": made.registers, "shared": made.shared_bytes,
    }}))
"""


def compiled(listing, target, folder):
    """What the compiler says of each kernel; `listing` is code that makes `kernels` of `target`.
    None spills, and each fits a multiprocessor."""
    try:
        find_tools()
    except ToolsMissingError as error:
        pytest.skip(str(error))
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE")}
    lines = subprocess.run(
        [sys.executable, "-c", _COMPILE.format(listing=listing), str(folder), str(target)],
        cwd=ROOT, env=environment, check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    made = [json.loads(line) for line in lines]
    for one in made:
        assert one["spilt"] == 0, one
        assert occupancy(target, one["threads"], one["registers"], one["shared"]) > 0, one
    return made
