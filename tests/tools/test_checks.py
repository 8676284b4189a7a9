"""The checks of `make check` that are our own: each must find what it is there for."""

import subprocess
from pathlib import Path

import pytest

from tools import check_files, check_notice
from tools.check_docstrings import undocumented
from tools.project_files import project_files

NOTICE = """\
Someone's work.

Files: assets/fonts/Inter-*
From: the Inter
 authors
Licence: OFL-1.1
"""


def classes(folder: Path, source: str) -> list[str]:
    file = folder / "module.py"
    file.write_text(source)
    return [line.split()[1] for line in undocumented([file])]


def test_a_public_method_without_a_docstring_is_named(tmp_path: Path) -> None:
    source = "class A:\n    def seen(self): ...\n    def _own(self): ...\n"
    assert classes(tmp_path, source) == ["A.seen"]


def test_a_method_documented_above_needs_no_text(tmp_path: Path) -> None:
    source = (
        "class Door(Protocol):\n    def opened(self):\n        '''Open.'''\n"
        "class Base:\n    def moved(self):\n        '''Move.'''\n"
        "class A(Base):\n    def moved(self): ...\n    def opened(self): ...\n"
        "    def paintEvent(self): ...\n"
        "class W(QWidget):\n    def paintEvent(self): ...\n    def drawn(self): ...\n"
    )
    assert classes(tmp_path, source) == ["A.paintEvent", "W.drawn"]


def test_a_setter_is_documented_by_its_getter(tmp_path: Path) -> None:
    source = (
        "class A:\n    @property\n    def size(self):\n        '''Size.'''\n"
        "    @size.setter\n    def size(self, to): ...\n"
    )
    assert classes(tmp_path, source) == []


def test_notice_must_name_every_foreign_file() -> None:
    files = ["assets/fonts/Inter-Bold.otf", "assets/fonts/Other.ttf", "kernels/table.bin"]
    assert list(check_notice.faults(NOTICE, [*files, "app/cli.py"])) == [
        "assets/fonts/Other.ttf is not named in NOTICE",
        "kernels/table.bin is not named in NOTICE",
    ]


def test_notice_must_not_name_what_is_gone_nor_leave_out_a_licence() -> None:
    assert list(check_notice.faults(NOTICE, [])) == [
        "NOTICE names assets/fonts/Inter-*, and there is no such file"
    ]
    unlicensed = NOTICE.replace("Licence: OFL-1.1\n", "")
    assert list(check_notice.faults(unlicensed, ["assets/fonts/Inter-Bold.otf"])) == [
        "NOTICE gives no origin or no licence for assets/fonts/Inter-*"
    ]


def test_long_files_are_named_and_too_long_ones_fail() -> None:
    found = [
        list(check_files.length_findings(Path("a.py"), "\n" * lines)) for lines in (400, 401, 601)
    ]
    assert [[f.fails for f in each] for each in found] == [[], [False], [True]]


@pytest.mark.parametrize("place", ["/ro" + "ot/x", "/ho" + "me/ann/x", "/Us" + "ers/ann/x"])
def test_a_path_of_one_machine_fails(place: str) -> None:
    line = f"MODEL = '{place}'"
    assert [f.fails for f in check_files.machine_findings(Path("a.py"), line)] == [True]
    assert list(check_files.machine_findings(Path("tests/data/a.txt"), line)) == []


def test_a_backend_that_stands_in_no_contract_fails(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        "[tool.importlinter]\n[[tool.importlinter.contracts]]\n"
        'name = "3. apart"\nmodules = ["kernels.reference"]\n'
    )
    for name in ("reference", "fast", "schemes"):
        folder = tmp_path / "kernels" / name
        folder.mkdir(parents=True)
        (folder / "__init__.py").touch()
    assert [f.where for f in check_files.backend_findings(tmp_path)] == ["kernels/fast"]


def test_the_projects_files_are_those_that_git_does_not_ignore(tmp_path: Path) -> None:
    for name in ("kept.py", "ignored.pyc"):
        (tmp_path / name).touch()
    (tmp_path / ".gitignore").write_text("*.pyc\n")
    without_git = {path.name for path in project_files(tmp_path)}
    assert without_git == {"kept.py", "ignored.pyc", ".gitignore"}
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    assert {path.name for path in project_files(tmp_path)} == {"kept.py", ".gitignore"}


def test_this_project_passes_the_notice_check() -> None:
    root = Path(__file__).resolve().parents[2]
    files = [path.as_posix() for path in project_files(root)]
    notice = (root / "NOTICE").read_text(encoding="utf-8")
    assert list(check_notice.faults(notice, files)) == []
