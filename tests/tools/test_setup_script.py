"""Which Python `tools/setup.sh` takes, and what it says when there is none."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("python3", "python3.11", "python3.12", "python3.13", "python3.14")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A folder to be PATH, with a shell's needs and no Python."""
    for name in ("sh", "dirname"):
        real = shutil.which(name)
        assert real
        (tmp_path / name).symlink_to(real)
    return tmp_path


def fake_python(path: Path, name: str, *, new: bool = True, venv: bool = True) -> None:
    """A command that answers the script's two questions and then says that it was taken."""
    script = path / name
    script.write_text(
        "#!/bin/sh\n"
        'case "$*" in\n'
        f"*version_info*) exit {0 if new else 1} ;;\n"
        f"*ensurepip*) exit {0 if venv else 1} ;;\n"
        f'*) echo "{name}: $*" ;;\n'
        "esac\n"
    )
    script.chmod(0o755)


def run(path: Path, purpose: str = "run", **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", ROOT / "tools" / "setup.sh", purpose],
        env={"PATH": str(path), **variables},
        capture_output=True,
        text=True,
    )


def test_the_first_python_that_will_do_is_taken(path: Path) -> None:
    fake_python(path, "python3", new=False)
    fake_python(path, "python3.12", venv=False)
    fake_python(path, "python3.11")
    assert run(path).stdout == "python3.11: -I tools/setup_environment.py run\n"


def test_a_named_python_is_the_only_one_asked(path: Path) -> None:
    fake_python(path, "python3", new=False)
    fake_python(path, "python3.12")
    done = run(path, PYTHON="python3")
    assert done.returncode == 1
    assert "python3 is older" in done.stderr


@pytest.mark.parametrize(
    ("python", "sentence"),
    [
        ({}, "found no python3"),
        ({"new": False}, "python3 is older"),
        ({"venv": False}, "sudo apt install python3-venv"),
    ],
)
def test_a_python_that_will_not_do_is_one_sentence(
    path: Path, python: dict[str, bool], sentence: str
) -> None:
    if python:
        fake_python(path, "python3", **python)
    done = run(path, "dev")
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "make test" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not done.stdout
