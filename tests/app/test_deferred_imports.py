"""A small library of which a part waits: executed when it is asked, once, and then all of it."""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from app.deferred_imports import Deferral, Waiting

FILES = {
    "__init__": "from lib.early import seen\nimport lib.late, lib.circle\n"
    "from lib.late import made\nfrom lib.asked import VALUE\nfrom lib import own\n"
    "seen.append('lib')",
    "version": "__version__ = '1.2+cpu'",
    "early": "seen = []",
    "late/__init__": "from lib.early import seen\nseen.append('late')\n"
    "def made(x, *, by=1):\n    return x * by\nfrom lib.late import part",
    "late/part": "from lib.early import seen\nseen.append('part')",
    "late/needed": "from lib.early import seen\nseen.append('needed')",
    "asked": "from lib.early import seen\nseen.append('asked')\nimport lib.late.needed\nVALUE = 3",
    "circle": "from lib.early import seen\nseen.append('circle')\nimport lib.back",
    "back": "import sys\nfrom lib.early import seen\nimport lib.circle\n"
    "seen.append(hasattr(sys.modules['lib.circle'], 'AFTER'))",
    "own": "import sys\nfrom types import ModuleType\nclass Own(ModuleType):\n    word = 'own'\n"
    "sys.modules[__name__].__class__ = Own",
}
WAITS = {"lib.late", "lib.asked", "lib.circle", "lib.own"}


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Deferral]:
    """The library on the path, and what shall wait of it."""
    for name, text in FILES.items():
        file = tmp_path / "lib" / f"{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))

    def call(version: str = "1.2", complete: Callable[[], None] | None = None) -> Deferral:
        what = Waiting(
            "lib", version, WAITS, {"lib.late.needed"}, {"lib.late": ("made",)}, complete
        )
        deferral = Deferral(what)
        deferral.install()
        return deferral

    return call


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """No test leaves the library to the next one."""
    yield
    for name in [name for name in sys.modules if name.split(".")[0] == "lib"]:
        del sys.modules[name]


def library() -> ModuleType:
    return importlib.import_module("lib")


def test_what_is_not_asked_does_not_run(install: Callable[..., Deferral]) -> None:
    completed: list[str] = []
    deferral = install(complete=lambda: completed.append("complete"))
    lib = library()
    assert lib.seen == ["asked", "needed", "lib"]
    assert deferral.waiting == ("lib.late", "lib.circle", "lib.own")
    assert lib.VALUE == 3
    assert completed == ["complete"]


def test_who_asks_gets_it_and_all_else_that_waits(install: Callable[..., Deferral]) -> None:
    deferral = install()
    lib = library()
    late = lib.late
    assert not hasattr(late, "__wrapped__")
    assert deferral.is_waiting(late)
    with pytest.raises(AttributeError, match="no_such"):
        late.no_such  # noqa: B018 - asking is the point
    assert lib.seen == ["asked", "needed", "lib", "late", "part", "circle", False]
    assert deferral.waiting == ()
    assert late is sys.modules["lib.late"] is lib.late
    assert type(late) is ModuleType
    assert late.__spec__ is not None
    assert late.__spec__.loader is late.__loader__
    assert late.needed is sys.modules["lib.late.needed"]
    assert lib.own.word == "own"
    importlib.reload(late)
    assert lib.seen[-1] == "late"


def test_a_function_that_was_imported_by_name_works_before_and_after(
    install: Callable[..., Deferral],
) -> None:
    deferral = install()
    lib = library()
    assert deferral.is_waiting(lib.late)
    assert lib.made(2, by=3) == 6
    assert not deferral.is_waiting(lib.late)
    assert lib.made(2) == 2


def test_a_look_at_all_that_it_has_is_asking(install: Callable[..., Deferral]) -> None:
    install()
    assert "made" in dir(library().late)


def test_threads_that_ask_at_once_find_it_whole(install: Callable[..., Deferral]) -> None:
    install()
    lib = library()
    together = threading.Barrier(4)
    found: list[object] = []

    def ask() -> None:
        together.wait()
        found.append((lib.late.made(1), lib.late.part.__name__, lib.own.word))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [(1, "lib.late.part", "own")] * 4
    assert lib.seen.count("late") == 1


@pytest.mark.parametrize("has_version", [True, False])
def test_another_version_is_imported_whole(
    install: Callable[..., Deferral], tmp_path: Path, has_version: bool
) -> None:
    completed: list[str] = []
    deferral = install("1.3", lambda: completed.append("complete"))
    if not has_version:
        (tmp_path / "lib" / "version.py").unlink()
    assert library().seen == ["late", "part", "circle", False, "asked", "needed", "lib"]
    assert deferral.waiting == ()
    assert completed == []


def test_a_part_that_fails_says_so_each_time(
    install: Callable[..., Deferral], tmp_path: Path
) -> None:
    install()
    (tmp_path / "lib" / "late" / "part.py").write_text("raise OSError('gone')")
    lib = library()
    for _ in range(2):
        with pytest.raises(OSError, match="gone"):
            lib.late.no_such  # noqa: B018 - asking is the point


def test_a_library_that_is_not_there_stays_missing() -> None:
    deferral = Deferral(Waiting("no_such_library", "1", {"no_such_library.part"}))
    assert deferral.find_spec("no_such_library") is None
    assert deferral.find_spec("no_such_library.part") is None
