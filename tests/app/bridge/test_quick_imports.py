"""Qt leaves Python's imports alone, and torch's libraries are there before it is imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.bridge import quick_imports

ROOT = Path(__file__).resolve().parents[3]


def run(code: str) -> str:
    """In a fresh interpreter."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_qt_does_not_read_what_is_imported_after_it():
    code = (
        "import builtins, linecache; before = builtins.__import__\n"
        "from app.bridge import quick_imports; quick_imports.import_qt()\n"
        "import PySide6.QtWidgets, email.message\n"
        "print(builtins.__import__ is before, any('email' in name for name in linecache.cache))"
    )
    assert run(code) == "True False"


def test_torch_finds_its_libraries_mapped_and_works():
    code = (
        "from app.bridge.quick_imports import load_torch_libraries\n"
        "print(load_torch_libraries())\n"
        "maps = open('/proc/self/maps').read()\n"
        "import torch\n"
        "print('libtorch_cpu' in maps, torch.ones(2).sum().item(), load_torch_libraries())"
    )
    assert run(code).split() == ["True", "True", "2.0", "False"]


@pytest.mark.parametrize(
    ("platform", "spec"), [("darwin", SimpleNamespace(origin="x")), ("linux", None)]
)
def test_elsewhere_the_import_does_it_itself(monkeypatch, platform, spec):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: spec)
    assert quick_imports.load_torch_libraries() is False


def test_a_library_that_is_not_there_is_left_to_the_import(monkeypatch, tmp_path):
    origin = SimpleNamespace(origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: origin)
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    assert quick_imports.load_torch_libraries() is False


def test_an_old_c_library_is_left_to_the_import(monkeypatch, tmp_path):
    origin = SimpleNamespace(origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: origin)
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    monkeypatch.setattr("ctypes.CDLL", lambda name: object())
    assert quick_imports.load_torch_libraries() is False


def test_what_was_imported_is_kept_from_the_collector():
    assert (
        run(
            "import gc; from app.bridge.quick_imports import keep_modules\n"
            "keep_modules(); print(gc.get_freeze_count() > 1000)"
        )
        == "True"
    )


def test_what_checks_the_versions_of_the_program_needs_no_torch():
    """The settings ask for it when they open."""
    code = (
        "import sys; from app.updates import admission, applying, looking\n"
        "print(looking.__name__, 'torch' in sys.modules)"
    )
    assert run(code) == "app.updates.looking False"
