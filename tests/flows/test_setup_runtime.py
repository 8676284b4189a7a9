"""What `make run` installs is enough: nothing that only tests need is missed, or mentioned."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOR_TESTS_ONLY = ("gguf", "transformers", "keyring", "hypothesis")


@pytest.fixture
def run_only(tmp_path: Path) -> dict[str, str]:
    """Variables under which the packages of development can't be imported."""
    for name in FOR_TESTS_ONLY:
        text = f"raise ModuleNotFoundError(\"No module named '{name}'\", name='{name}')\n"
        (tmp_path / f"{name}.py").write_text(text)
    return {**os.environ, "PYTHONPATH": str(tmp_path)}


@pytest.mark.parametrize(
    "words",
    [["doctor"], ["tokenize", "--model", "starter", "Hello"], ["models", "list"]],
    ids=lambda words: words[0],
)
def test_commands_need_and_mention_no_package_of_development(
    run_only: dict[str, str], words: list[str]
) -> None:
    done = subprocess.run(
        [sys.executable, "main.py", *words], cwd=ROOT, env=run_only, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_logits_are_written(run_only: dict[str, str], starter_path: Path, tmp_path: Path) -> None:
    out = tmp_path / "logits.safetensors"
    command = ["logits", "--model", str(starter_path), "--token-ids", "1,2,3", "--out", str(out)]
    done = subprocess.run(
        [sys.executable, "main.py", *command],
        cwd=ROOT,
        env=run_only,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert out.stat().st_size > 3 * 49152 * 4
