"""`audit`: what it prints, when it fails, and the report that it writes."""

import json
import sys

import pytest

from app import cli
from app.airlock.installed_files import LIST_NAME
from app.airlock.proof_files import lines_of, program_files
from app.airlock.report import Attempt, LockReport, LockState
from app.installation import Build, Installation, Kind

REFUSED = Attempt("TCP", True, "EPERM: no", "socket(AF_INET, SOCK_STREAM)")
OPEN = Attempt("UDP", False, "succeeded")
HELD = LockReport(LockState.ENFORCED, "All was refused.", (REFUSED,))
LEAKS = LockReport(LockState.NOT_ENFORCED, "The lock is not in force.", (REFUSED, OPEN))


@pytest.fixture
def audited(capsys, monkeypatch, tmp_path):
    """audited(*arguments, found=…): the exit code, and what was printed and said."""
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path / "home"))

    def call(*argv, found=HELD):
        monkeypatch.setattr("app.airlock.lock.audit", lambda: found)
        code = cli.main(["audit", *map(str, argv)], HELD)
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (HELD, 0),
        (LEAKS, 1),
        (LockReport(LockState.ENFORCED, "It lies.", (REFUSED, OPEN)), 1),
        (LockReport(LockState.ENFORCED, "Nothing was tried."), 1),
    ],
)
def test_it_ends_with_0_only_if_something_was_tried_and_all_refused(audited, found, code):
    assert audited(found=found)[0] == code
    ended, out, _ = audited("--json", found=found)
    assert ended == code
    assert json.loads(out)["all_refused"] is (code == 0)


def test_each_attempt_is_printed_with_its_answer(audited):
    _, out, _ = audited(found=LEAKS)
    lines = out.splitlines()
    assert lines[0].split(maxsplit=2) == ["refused", "TCP", "EPERM: no"]
    assert lines[1].split() == ["ALLOWED", "UDP", "succeeded"]


def test_the_report_is_written_once_unless_told_to_replace(audited, tmp_path):
    file = tmp_path / "proof.html"
    code, out, err = audited("--report", file)
    assert code == 0
    assert "refused" in out
    assert f"Written: {file}." in err
    page = file.read_text(encoding="utf-8")
    assert "Enforced: 1 of 1 attempts were refused." in page
    assert str(tmp_path / "home") in page, "where chats will lie"
    file.write_text("older")
    code, _, err = audited("--report", file)
    assert code == 1
    assert "already there" in err
    assert file.read_text() == "older"
    assert audited("--report", file, "--replace")[0] == 0
    assert "<!DOCTYPE html>" in file.read_text(encoding="utf-8")


def test_a_report_of_a_lock_that_leaks_says_so_and_the_exit_code_too(audited, tmp_path):
    file = tmp_path / "proof.html"
    assert audited("--report", file, found=LEAKS)[0] == 1
    assert "Not enforced: 1 of 2 attempts were refused." in file.read_text(encoding="utf-8")


def test_a_report_that_cannot_be_written_is_said(audited, tmp_path):
    code, _, err = audited("--report", tmp_path / "none" / "proof.html")
    assert code == 1
    assert "none" in err


def test_replace_alone_is_wrong_usage(capsys):
    with pytest.raises(SystemExit, match="2"):
        cli.main(["audit", "--replace"], HELD)
    assert "--replace is for --report" in capsys.readouterr().err


@pytest.fixture
def frozen(tmp_path, monkeypatch):
    """A program's folder as a build leaves it."""
    program = tmp_path / "program"
    program.mkdir()
    (program / "pitcher").write_text("program")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program / "pitcher"))
    (program / LIST_NAME).write_text(
        "".join(f"{line}\n" for line in lines_of(program_files(program)))
    )
    installed = Installation(Kind.SYSTEM, program, None, Build("0.1.0", "", None))
    monkeypatch.setattr("app.installation.installation", lambda: installed)
    monkeypatch.setattr("app.airlock.proof.installation", lambda: installed)
    return program


def test_from_source_it_says_that_no_files_were_built(audited):
    code, out, _ = audited()
    assert code == 0
    assert "files    Pitcher runs from source" in out


def test_the_files_of_an_installed_program_are_as_they_were_built(audited, frozen):
    code, out, _ = audited()
    assert code == 0
    assert "files    1 files are as they were built." in out
    assert "files    SHA-256 of the list: " in out


def test_a_file_that_differs_is_named_and_the_audit_fails(audited, frozen, tmp_path):
    (frozen / "torch.py").write_text("planted")
    code, out, _ = audited("--report", tmp_path / "proof.html")
    assert code == 1
    assert "files    Added: torch.py" in out
    page = (tmp_path / "proof.html").read_text(encoding="utf-8")
    assert 'class="bad">Not as built: 0 changed, 0 missing, 1 added' in page
    assert "Added: torch.py" in page
    code, out, _ = audited("--json")
    assert code == 1
    assert json.loads(out)["files"]["added"] == ["torch.py"]
