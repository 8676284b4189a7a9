"""The courier's own start: what it is handed, what it refuses, whom it asks."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app import paths, roles
from app.airlock import display, hardening
from app.airlock.courier import lockdown, role, starting
from app.airlock.courier.controls import Controls
from app.airlock.courier.errors import CourierError, NoAskingError, NotConfinedError, WireError
from app.airlock.courier.messages import (
    Ended,
    Outcome,
    Pause,
    Propose,
    decode_report,
    encode_request,
)
from app.airlock.courier.running import REPORTS_VARIABLE, REQUESTS_VARIABLE, start_courier
from app.airlock.courier.starting import AskFirst, CourierStart, check_allowed
from app.download_policy import DownloadPolicy
from app.policy import NO_POLICY, Policy
from app.restrictions import Restrictions
from inference.sentence import said

ASK_WINDOW = ["--ask", "window"]


class Ends:
    """The launcher's ends of a courier's pipes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        theirs, self.requests = os.pipe()
        self.reports, told = os.pipe()
        monkeypatch.setenv(REQUESTS_VARIABLE, str(theirs))
        monkeypatch.setenv(REPORTS_VARIABLE, str(told))
        self._theirs = (theirs, told)

    def end(self) -> Ended:
        report = decode_report(os.read(self.reports, 8192).splitlines()[-1])
        assert isinstance(report, Ended)
        return report

    def close(self) -> None:
        """The reading thread ends first: later it would end this whole process."""
        os.close(self.requests)
        for thread in threading.enumerate():
            if thread.name == "requests":
                thread.join(30)
                assert not thread.is_alive()
        for descriptor in (*self._theirs, self.reports):
            os.close(descriptor)


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Ends]:
    """A courier in this process, as if it were under its lock."""
    made = Ends(monkeypatch)
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path))
    monkeypatch.setattr(paths, "policy_file", lambda: tmp_path / "policy.toml")
    monkeypatch.setattr(hardening, "harden", lambda: None)
    monkeypatch.setattr(lockdown, "verify", lambda _forbidden: True)
    monkeypatch.setattr(lockdown, "seal", lambda: None)
    monkeypatch.setattr(role.signal, "signal", lambda *_: None)
    # Its reading thread lives until the process ends: nothing may end this one.
    monkeypatch.setattr(role.os, "_exit", lambda _code: None)
    paths.models_dir().mkdir(parents=True)
    yield made
    made.close()


class User:
    def ask(self, question: object, stopped: threading.Event) -> None:
        return None


@contextmanager
def nobody_says_yes(_arguments: list[str]) -> Iterator[User]:
    yield User()


def test_without_pipes_it_is_wrong_usage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(hardening, "harden", lambda: None)
    monkeypatch.delenv(REQUESTS_VARIABLE, raising=False)
    assert roles.main(["--role", "courier"]) == 2
    assert "by the launcher alone" in capsys.readouterr().err


def test_a_proposal_is_asked_about_and_its_end_told(
    ends: Ends, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(role, "_asker", nobody_says_yes)
    os.write(ends.requests, encode_request(Propose(repository="owner/name")))
    assert roles.main(["--role", "courier", *ASK_WINDOW]) == 0
    assert ends.end().outcome is Outcome.DECLINED


def test_a_number_that_the_catalogue_has_not_is_said(ends: Ends) -> None:
    os.write(ends.requests, encode_request(Propose(number=9_999)))
    assert role.main(ASK_WINDOW) == 0
    end = ends.end()
    assert end.outcome is Outcome.FAILED
    assert end.why


def test_under_an_air_gap_it_asks_nobody(ends: Ends, tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text("[restrictions]\nair_gapped = true\n")
    os.write(ends.requests, encode_request(Propose(repository="owner/name")))
    assert role.main(ASK_WINDOW) == 0
    assert "Nothing is downloaded on this computer" in ends.end().why


@pytest.mark.parametrize("fails", ["verify", "seal"])
def test_a_lock_that_does_not_hold_ends_it(
    ends: Ends, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    def refuse(*_: object) -> None:
        raise NotConfinedError(said("The lock does not hold."))

    monkeypatch.setattr(lockdown, fails, refuse)
    os.write(ends.requests, encode_request(Propose(repository="owner/name")))
    assert role.main(ASK_WINDOW) == 0
    assert ends.end().why == "The lock does not hold."


def test_a_launcher_that_is_gone_is_an_exit_code(
    monkeypatch: pytest.MonkeyPatch, ends: Ends
) -> None:
    def gone(*_: object) -> Ended:
        raise BrokenPipeError

    monkeypatch.setattr(role, "_fetch", gone)
    assert role.main(ASK_WINDOW) == 143


# ------------------------------------------------------------------------ its requests


def read_all(text: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[list[int], Controls, list]:
    left: list[int] = []
    monkeypatch.setattr(role.os, "_exit", left.append)
    reader, writer = os.pipe()
    os.write(writer, text)
    os.close(writer)
    controls, proposals = Controls(), role.queue.Queue()
    role._read(reader, controls, proposals)
    os.close(reader)
    return left, controls, list(proposals.queue)


def test_when_the_launcher_goes_so_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    text = encode_request(Propose(number=1)) + encode_request(Pause())
    left, controls, proposals = read_all(text, monkeypatch)
    assert left == [143]
    assert controls._is_paused
    assert proposals == [Propose(number=1)]


def test_what_it_does_not_understand_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    left, _controls, proposals = read_all(b"hello\n", monkeypatch)
    assert left == [143]
    assert proposals == []


def test_it_does_not_wait_for_ever_for_a_proposal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(role, "_PATIENCE_S", 0.01)
    monkeypatch.setattr(role, "_read", lambda *_: None)
    with pytest.raises(WireError, match="Nobody proposed"):
        role._first_request(0, Controls())


# ------------------------------------------------------------------------ whom it asks


class Terminal:
    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        pass


def no_terminal() -> Terminal:
    raise NoAskingError(said("There is no terminal."))


@pytest.mark.parametrize(
    ("arguments", "has_display", "has_terminal", "expected"),
    [
        (["--ask", "window"], True, True, "window"),
        (["--ask", "window"], False, True, "terminal"),
        (["--ask", "terminal"], True, True, "terminal"),
        (["--ask", "terminal"], True, False, "window"),
        (["--ask", "terminal"], False, False, "nobody"),
        (["--ask", "window"], False, False, "nobody"),
        ([], True, True, "window"),
    ],
)
def test_it_asks_where_the_user_is(
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    has_display: bool,
    has_terminal: bool,
    expected: str,
) -> None:
    from app.airlock.courier import terminal

    monkeypatch.setattr(terminal, "TerminalAsker", Terminal if has_terminal else no_terminal)
    monkeypatch.setattr(role, "_has_display", lambda: has_display)
    monkeypatch.setattr(role, "_window", lambda: "window")
    try:
        with role._asker(arguments) as asker:
            found = "terminal" if isinstance(asker, Terminal) else asker
    except NoAskingError:
        found = "nobody"
    assert found == expected


@pytest.mark.parametrize(
    ("name", "problem", "expected"),
    [("offscreen", None, False), ("minimal:x", None, False), ("", None, True), ("", "No.", False)],
)
def test_a_window_that_is_drawn_nowhere_asks_nobody(
    monkeypatch: pytest.MonkeyPatch, name: str, problem: str | None, expected: bool
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", name)
    monkeypatch.setattr(display, "display_problem", lambda _environment: problem)
    assert role._has_display() is expected


def test_libraries_that_are_missing_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "app.airlock.courier.window_asker", None)
    with pytest.raises(NoAskingError, match="libraries can’t be loaded"):
        role._window()


# ----------------------------------------------------------------------- being started


@pytest.mark.parametrize(
    "policy",
    [
        Policy(Path("/p"), restrictions=Restrictions(air_gapped=True)),
        Policy(Path("/p"), problem=said("The policy can’t be used.")),
    ],
)
def test_a_policy_may_have_no_courier(policy: Policy) -> None:
    with pytest.raises(CourierError):
        check_allowed(policy)
    check_allowed(NO_POLICY)
    check_allowed(Policy(Path("/p"), downloads=DownloadPolicy(mirror="https://m.example")))


def test_a_models_folder_that_can_not_be_made_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(starting.paths, "models_dir", lambda: tmp_path / "file" / "models")
    start = CourierStart(AskFirst.TERMINAL, policy_file=tmp_path / "none.toml")
    with pytest.raises(NotConfinedError, match="models folder can’t be made"):
        start()


def test_a_program_that_can_not_be_started_leaves_nothing_open(tmp_path: Path) -> None:
    class Lock:
        def engage(self) -> None:
            raise OSError(1, "refused")

    before = set(os.listdir("/proc/self/fd"))
    for command in (["/no/such/program"], ["/bin/true"]):
        with pytest.raises(NotConfinedError, match="could not be started under its lock"):
            start_courier(command, {}, Lock())  # type: ignore[arg-type]
    assert set(os.listdir("/proc/self/fd")) == before


def test_the_launcher_imports_what_it_needs_only_when_it_is_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from app.airlock.courier.late import record_later, start_later

    seen: list[AskFirst] = []
    monkeypatch.setattr(CourierStart, "__call__", lambda self: seen.append(self.ask_first))
    start_later(is_terminal=True)()
    start_later(is_terminal=False)()
    assert seen == [AskFirst.TERMINAL, AskFirst.WINDOW]
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path))
    assert record_later(Propose(number=1)) is not None
    assert not (tmp_path / "ledger").exists()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], True),
        (["--model", "m"], True),
        (["models", "download", "x"], True),
        (["models", "list"], False),
        (["chat"], False),
        (["--help"], False),
    ],
)
def test_only_a_window_and_a_download_have_a_way_to_a_courier(
    arguments: list[str], expected: bool
) -> None:
    from app.airlock.launcher import desk_for

    desk = desk_for(arguments)
    assert (desk is not None) is expected
    if desk is not None:
        desk.hand_over()
        desk.close()
