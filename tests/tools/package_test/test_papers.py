"""The check of the package's papers finds what is wrong with them, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.tools.linux_tree import make_tree
from tools.package import deb, linux_files
from tools.package_test import papers
from tools.package_test.checks import Bench, carry_out
from tools.package_test.papers import checks

_MISSING = [name for name in ("xz", *papers._TOOLS) if shutil.which(name) is None]


def carried_out(folder: Path) -> tuple[bool, str]:
    """How the check goes with a package of a tiny program."""
    dist = folder / "dist"
    dist.mkdir()
    deb.build(make_tree(folder / "tree"), dist)
    (check,) = checks()
    outcome = carry_out(check, Bench(dist, folder / "frozen", folder / "pictures"))
    return outcome.passed, outcome.words


@pytest.mark.skipif(bool(_MISSING), reason=f"not installed: {', '.join(_MISSING)}")
def test_the_papers_are_in_order(tmp_path: Path) -> None:
    passed, words = carried_out(tmp_path)
    assert passed, words
    assert "nothing found in pitcher_0.1.0" in words


@pytest.mark.skipif(bool(_MISSING), reason=f"not installed: {', '.join(_MISSING)}")
@pytest.mark.parametrize(
    ("name", "right", "wrong", "finder"),
    [
        ("pitcher.desktop", "Categories=Utility;", "Categories=Beer;", "desktop-file-validate"),
        ("pitcher.metainfo.xml", "offline-only", "beer", "appstreamcli"),
        ("control", "Priority: optional", "Priority: never", "lintian"),
    ],
)
def test_what_is_wrong_is_found(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    right: str,
    wrong: str,
    finder: str,
) -> None:
    texts = tmp_path / "linux"
    shutil.copytree(linux_files.LINUX, texts)
    text = (texts / name).read_text(encoding="utf-8")
    assert right in text
    (texts / name).write_text(text.replace(right, wrong), encoding="utf-8")
    monkeypatch.setattr(linux_files, "LINUX", texts)
    monkeypatch.setattr(deb, "LINUX", texts)
    passed, words = carried_out(tmp_path)
    assert not passed
    assert words.startswith(finder), words


def test_without_the_checkers_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pitcher_0.1.0_amd64.deb").write_bytes(b"")
    monkeypatch.setattr(shutil, "which", lambda _: None)
    (check,) = checks()
    outcome = carry_out(check, Bench(tmp_path, tmp_path, tmp_path))
    assert not outcome.passed
    assert "lintian" in outcome.words
    assert "must be installed first" in outcome.words
