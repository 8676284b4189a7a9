"""Fixtures for whoever runs the installer for one user: three versions of it, and a home."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.tools.linux_tree import make_tree
from tests.tools.run_hand import Install
from tools.package import run_installer


@pytest.fixture(scope="module")
def installers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Of three versions, made once."""
    made = {}
    for version in ("0.1.0", "0.2.0rc1", "0.2.0"):
        folder = tmp_path_factory.mktemp(version)
        (made[version],) = run_installer.build(make_tree(folder / "tree", version), folder)
    return made


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A user's, with nothing in it."""
    made = tmp_path / "home"
    made.mkdir()
    return made


@pytest.fixture
def install(home: Path, installers: dict[str, Path]) -> Install:
    """Runs the installer of a version in that home."""

    def run(version: str, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {"HOME": str(home), "PATH": os.environ["PATH"]} | variables
        command = ["sh", str(installers[version]), *options]
        return subprocess.run(command, env=environment, capture_output=True, text=True)

    return run
