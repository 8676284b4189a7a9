"""Libraries are looked for inside the program alone."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from pathlib import Path

import pytest

from tools.package.search_paths import SearchPathError, confine, is_inside, leading_outside

needs_tools = pytest.mark.skipif(
    shutil.which("cc") is None or shutil.which("readelf") is None,
    reason="no C compiler or no readelf",
)


def library(tree: Path, rpath: str, name: str = "made.so") -> Path:
    """A library with a search path, which has a function that returns 7."""
    tree.mkdir(exist_ok=True)
    source = tree.parent / "made.c"
    source.write_text("int made(void) { return 7; }\n")
    command = ["cc", "-shared", "-o", str(tree / name), str(source), f"-Wl,-rpath,{rpath}"]
    subprocess.run(command, check=True)
    return tree / name


@pytest.mark.parametrize(
    ("path", "inside"),
    [
        ("$ORIGIN", True),
        ("$ORIGIN/../lib", True),
        ("${ORIGIN}/lib", True),
        ("$ORIGIN/../../../lib", False),
        ("$ORIGINAL/lib", False),
        ("/tmp/build/lib", False),
        ("", False),
    ],
)
def test_a_search_path_must_not_leave_the_program(tmp_path: Path, path: str, inside: bool) -> None:
    tree = tmp_path / "pitcher"
    assert is_inside(path, tree / "_internal" / "library.so", tree) is inside


@needs_tools
@pytest.mark.parametrize(
    ("rpath", "left"),
    [
        ("/home/user/python/lib", "[$ORIGIN]"),
        ("$ORIGIN/deeper:/home/user/python/lib", "[$ORIGIN/deeper]"),
        ("/home/user/lib:$ORIGIN/../../elsewhere", "[$ORIGIN]"),
    ],
)
def test_what_leads_outside_is_taken_out_and_the_library_still_loads(
    tmp_path: Path, rpath: str, left: str
) -> None:
    tree = tmp_path / "tree"
    made = library(tree, rpath)
    good = library(tree, "$ORIGIN/lib", "good.so")
    before = good.read_bytes()
    assert confine(tree) == 1
    assert leading_outside(made, tree) == []
    told = subprocess.run(["readelf", "-d", str(made)], capture_output=True, text=True).stdout
    assert left in told
    assert good.read_bytes() == before
    assert ctypes.CDLL(str(made)).made() == 7
    assert confine(tree) == 0


@needs_tools
def test_a_path_that_is_too_short_to_be_replaced_is_told(tmp_path: Path) -> None:
    library(tmp_path / "tree", "/lib")
    with pytest.raises(SearchPathError, match=r"made\.so looks for libraries in /lib"):
        confine(tmp_path / "tree")
