"""From arguments to a role, and from the chat role to the window or the terminal."""

import subprocess
import sys
import types
from pathlib import Path

import pytest

from app import roles
from app.airlock import display
from app.airlock.command import files_in
from app.airlock.report import LockReport, LockState

ROOT = Path(__file__).resolve().parents[2]
REPORT = LockReport(LockState.ENFORCED, "tested")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], False),
        (["--model", "m"], False),
        (["chat"], True),
        (["nonsense"], True),
        (["--help"], True),
        (["-h"], True),
        (["--version"], True),
        (["--model", "--version"], False),
        (["/home/user/a model.gguf"], False),
        (["./chat"], False),
        (["model.gguf", "other.gguf"], False),
        (["--", "chat"], False),
    ],
)
def test_flags_and_files_alone_are_for_the_window(arguments: list[str], expected: bool) -> None:
    assert roles.is_command(arguments) is expected


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Stands in for the window and the command line, and notes what was asked of them."""
    asked: list[object] = []

    def module(name: str) -> types.SimpleNamespace:
        def main(arguments: list[str], _lock: LockReport) -> int:
            asked.append((name, arguments))
            return 7

        return types.SimpleNamespace(main=main)

    import app

    for name in ("cli", "application"):
        monkeypatch.setitem(sys.modules, f"app.{name}", module(name))
        monkeypatch.setattr(app, name, sys.modules[f"app.{name}"], raising=False)
    return asked


def test_with_a_display_the_window_opens(
    played: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(display, "display_problem", lambda _environment: None)
    monkeypatch.setattr("app.airlock.leaving.leave_at_once", lambda: played.append("at once"))
    assert roles._window_or_terminal(["--model", "m"], REPORT) == 7
    assert played == ["at once", ("application", ["--model", "m"])]


def test_without_one_the_terminal_chat_gets_the_same_flags(
    played: list[object], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(display, "display_problem", lambda _environment: "There is none.")
    assert roles._window_or_terminal(["--model", "m"], REPORT) == 7
    assert played == [("cli", ["chat", "--model", "m"])]
    assert capsys.readouterr().err == "pitcher: There is none. Going on in the terminal.\n"


def test_files_without_a_window_are_a_sentence_about_the_terminals_way(
    played: list[object], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(display, "display_problem", lambda _environment: "There is none.")
    assert roles._window_or_terminal(["a model.gguf"], REPORT) == 1
    assert played == []
    said = capsys.readouterr().err
    assert said.startswith("pitcher: There is none. Files are taken in by the window.")
    assert "models add FILE" in said


ARGUMENTS = [
    [],
    ["--model", "m/n.gguf"],
    ["--model=m.gguf", "a.gguf", "/b/../c"],
    ["a.gguf", "--passphrase-fd", "3", "b\nc.gguf"],
    ["--model", "m", "--", "-d.gguf", "--model"],
    ["\udcff.gguf"],
]


@pytest.mark.parametrize("arguments", ARGUMENTS, ids=lambda given: " ".join(map(ascii, given)))
def test_launcher_and_window_find_the_same_files(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.window_options import parse

    monkeypatch.chdir(tmp_path)
    files = files_in(arguments)
    assert [Path(file) for file in files] == parse(arguments).files
    assert all(Path(file).is_absolute() for file in files)


def test_a_folder_that_is_gone_is_said_where_names_are_relative(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from app.airlock import launcher
    from app.window_options import parse

    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert files_in(["/a.gguf"]) == ["/a.gguf"]
    assert launcher.main(["a.gguf"]) == 1
    assert "is gone. Name files with their whole path." in capsys.readouterr().err
    with pytest.raises(SystemExit):
        parse(["a.gguf"])
    assert "the current folder is gone" in capsys.readouterr().err


def test_a_window_whose_libraries_are_missing_is_said(
    played: list[object], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import app

    monkeypatch.setattr(display, "display_problem", lambda _environment: None)
    monkeypatch.delattr(app, "application")
    monkeypatch.setitem(sys.modules, "app.application", None)
    assert roles._window_or_terminal([], REPORT) == 7
    assert played == [("cli", ["chat"])]
    assert "libraries cannot be loaded" in capsys.readouterr().err


def test_an_unknown_role_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert roles.main(["--role", "nonsense"]) == 2
    assert "launcher, chat, template" in capsys.readouterr().err


@pytest.mark.parametrize(
    "what", ["app.airlock.launcher", "app.airlock.lock", "app.airlock.courier.desk"]
)
def test_neither_launcher_nor_lock_loads_qt_or_torch(what: str) -> None:
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\nimport app.roles, {what}\n"
        "heavy = ('torch', 'PySide6', 'inference.', 'kernels.')\n"
        "light = ('inference.sentence', 'kernels.sentence')\n"
        "print([n for n in sys.modules if n.startswith(heavy) and n not in light])"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert ended.stdout.strip() == "[]", ended.stderr


def test_the_chat_role_tests_the_lock_before_it_loads_anything(
    monkeypatch: pytest.MonkeyPatch, played: list[object]
) -> None:
    assert played == []
    from app.airlock import hardening, leaving, lock

    happened: list[str] = []
    monkeypatch.setattr(leaving, "install", lambda: happened.append("leaving"))
    monkeypatch.setattr(hardening, "harden", lambda: happened.append("hardening"))
    monkeypatch.setattr("app.log.configure", lambda _role: None)
    monkeypatch.setattr("app.lean_torch.defer", lambda: happened.append("torch is lean"))

    def verify() -> LockReport:
        happened.append("verified")
        return REPORT

    def command(arguments: list[str], found: LockReport) -> int:
        happened.append("command")
        assert found is REPORT
        return 7

    monkeypatch.setattr(lock, "verify", verify)
    monkeypatch.setattr(sys.modules["app.cli"], "main", command)
    assert roles.main(["--role", "chat", "doctor"]) == 7
    assert happened == ["leaving", "hardening", "verified", "torch is lean", "command"]

    def interrupted(_arguments: list[str], _lock: LockReport) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules["app.cli"], "main", interrupted)
    assert roles.main(["--role", "chat", "doctor"]) == 130


@pytest.mark.parametrize(
    ("role", "module"),
    [
        ("launcher", "launcher"),
        ("template", "template_worker"),
        ("courier", "courier.role"),
        ("probe", "probe"),
    ],
)
def test_each_role_has_its_module(monkeypatch: pytest.MonkeyPatch, role: str, module: str) -> None:
    monkeypatch.setattr(f"app.airlock.{module}.main", lambda *_: 5)
    assert roles.main(["--role", role]) == 5
