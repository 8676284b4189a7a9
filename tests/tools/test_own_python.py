"""The Python that is frozen: built of a source, laid out, kept, refused where it is not whole."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.package import own_python as own
from tools.package.debian_source import DebianSource, SourceError
from tools.package.elf import read_elf

VERSION, MADE = "3.11.2-6+deb12u8", 1_700_000_000
# Python's own way, on a small scale: it writes down what it was built with.
CONFIGURE = """#!/bin/sh
echo "$@" > configured
cat > Makefile <<'END'
all:
	printf '#!/bin/sh\\nexec %s "$$@"\\n' "$$REAL" > python
	chmod +x python
	echo library > libpython3.11.so.1.0
	mkdir -p build/lib
	printf build/lib > pybuilddir.txt
	echo module > build/lib/_ssl.so
	echo "folder = '$(CURDIR)/Include'" > build/lib/_sysconfigdata_x.py
	echo "$(CFLAGS_NODIST)" > flags
	echo "$$SOURCE_DATE_EPOCH $$PYTHONPATH" > told
END
sed -i "s|\\$\\$REAL|REAL_PYTHON|" Makefile
"""


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]) -> Callable[[], Path]:
    """Builds of a source that is made anew for each build."""
    monkeypatch.setattr(own, "KEPT", tmp_path / "kept")
    monkeypatch.setenv("PYTHONPATH", "/of/somebody")
    monkeypatch.setattr(own, "fetch", lambda *_: made_source(tmp_path / "kept" / "source"))
    return lambda: own.own_python(tmp_path / "log", said.append)


def made_source(folder: Path, configure: str = CONFIGURE) -> DebianSource:
    source = folder / "source"
    names = ("Lib/json/__init__.py", "Lib/test/test_json.py", "Lib/idlelib/a.py", "Lib/os.py")
    for name in (*names, "Modules/pyexpat.c"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text("")
    (source / "LICENSE").write_text("terms")
    (source / "configure").write_text(configure.replace("REAL_PYTHON", sys.executable))
    (source / "configure").chmod(0o755)
    return DebianSource(VERSION, source, MADE)


def test_it_is_laid_out_as_python_looks_for_it_and_without_what_nobody_runs(build, said):
    python = build()
    assert python.parts[-2:] == ("bin", "python3.11")
    prefix = python.parents[1]
    modules = prefix / "lib" / "python3.11"
    assert (modules / "json" / "__init__.py").is_file()
    assert (modules / "lib-dynload" / "_ssl.so").is_file()
    assert (modules / "LICENSE.txt").read_text() == "terms"
    assert (prefix / "lib" / "libpython3.11.so").resolve().name == "libpython3.11.so.1.0"
    assert not (modules / "test").exists()
    assert not (modules / "idlelib").exists()
    assert (prefix / own.VERSION_FILE).read_text() == f"{VERSION}\n"
    assert [line for line in said if VERSION in line] == said


def test_no_folder_of_the_builders_is_left_in_it(build, tmp_path):
    told = next(build().parents[1].rglob("_sysconfigdata_x.py")).read_text()
    assert told == "folder = './Include'\n"
    assert not (tmp_path / "kept" / "source").exists()


def test_it_is_built_once_until_it_is_to_be_built_otherwise(build, said, monkeypatch):
    first = build()
    assert build() == first
    assert len(said) == 1
    monkeypatch.setattr(own, "_OPTIMIZED", "-O2")
    assert build() != first
    assert len(said) == 2


def test_it_is_compiled_for_an_older_glibc_at_the_sources_own_time(
    tmp_path, monkeypatch, build, said
):
    seen: dict[str, str | list[str]] = {}
    real = own._lay_out

    def look(source: DebianSource, target: Path) -> None:
        folder = source.folder
        seen["flags"] = (folder / "flags").read_text()
        seen["told"] = (folder / "told").read_text().split()
        seen["configured"] = (folder / "configured").read_text()
        real(source, target)

    monkeypatch.setattr(own, "_lay_out", look)
    build()
    assert "pins.h" in seen["flags"]
    assert "-ffile-prefix-map=" in seen["flags"]
    assert seen["told"] == [str(MADE)]  # and no PYTHONPATH of whoever builds
    assert "--with-system-expat" in seen["configured"]


def test_the_pins_ask_for_the_older_function(tmp_path):
    machine = os.uname().machine
    (tmp_path / "pins.h").write_text(own.pins(machine))
    (tmp_path / "a.c").write_text(
        "double hypot(double, double); double f(double a, double b) { return hypot(a, b); }\n"
    )
    command = ["cc", "-shared", "-fPIC", "-fno-builtin", "-o", "a.so", "a.c", "-lm"]
    subprocess.run([*command, "-include", "pins.h"], cwd=tmp_path, check=True)
    found = read_elf((tmp_path / "a.so").read_bytes()).versions
    assert own._PINS[machine]["hypot"] in found["libm.so.6"]
    assert "GLIBC_2.35" not in found["libm.so.6"]


def test_modules_that_are_missing_are_named_with_what_brings_them(build, monkeypatch):
    monkeypatch.setattr(own, "WANTED", ("json", "no_such_module"))
    with pytest.raises(own.PythonError, match=r"without no_such_module: .*libffi-dev"):
        build()
    assert not list(own.KEPT.glob("of-*/debian-version"))


def test_one_that_does_not_start_is_told(build, monkeypatch):
    monkeypatch.setattr(own, "_TRY", "raise SystemExit('no')")
    with pytest.raises(own.PythonError, match="does not start: no"):
        build()


def test_what_fails_says_its_last_words(tmp_path, build, monkeypatch):
    folder = tmp_path / "kept" / "source"
    failing = "#!/bin/sh\necho 'no C compiler'\nexit 1\n"
    monkeypatch.setattr(own, "fetch", lambda *_: made_source(folder, failing))
    with pytest.raises(own.PythonError, match="configure of Python failed: no C compiler"):
        build()


def test_a_source_that_can_not_be_had_is_told(build, monkeypatch):
    def fails(*_: object) -> DebianSource:
        raise SourceError("apt names no Debian mirror here.")

    monkeypatch.setattr(own, "fetch", fails)
    with pytest.raises(own.PythonError, match="no Debian mirror"):
        build()
