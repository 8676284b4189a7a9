"""`update` and `rollback`, on a copy of the program that is only played."""

from __future__ import annotations

import json

import pytest

from app import cli
from app.airlock.report import LockReport, LockState
from app.cli.program_words import program_facts, program_lines
from app.updates import applying, starting
from tests.app.updates.updates_hand import Copy, contents, some_key

LOCK = LockReport(LockState.NOT_TESTED, "a test")
PLACES = ("app.cli.updates", "app.cli.entry", "app.cli.program_words")


@pytest.fixture
def copy(tmp_path, monkeypatch) -> Copy:
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path / "home"))
    made = Copy(tmp_path, some_key())
    made.install("0.1.0", schema=1)
    started = [made.running()]
    for place in PLACES:
        monkeypatch.setattr(f"{place}.installation", lambda: started[0])
    monkeypatch.setattr(
        made, "start", lambda: started.__setitem__(0, made.running()), raising=False
    )
    return made


@pytest.fixture
def run(capsys):
    def call(*argv: object) -> tuple[int, str, str]:
        try:
            code = cli.main([str(each) for each in argv], LOCK)
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_an_update_is_shown_and_nothing_is_changed(copy, run):
    file, _manifest = copy.update("0.2.0", glibc="2.2")
    before = contents(copy.prefix.folder)
    code, out, _err = run("update", "--show", file)
    assert code == 0
    for words in (
        "Pitcher 0.2.0",
        "2023-11-14 22:13 UTC",
        "glibc 2.2 or later",
        copy.key.public.fingerprint,
        "the key of this copy.",
        "It can be applied over 0.1.0.",
    ):
        assert words in out
    assert contents(copy.prefix.folder) == before


def test_what_stands_against_an_update_is_shown(copy, run):
    _code, out, _err = run("update", "--show", copy.update("0.2.0", some_key())[0])
    assert "not the key of this copy" in out
    assert "Not taken here" in out
    _code, out, _err = run("update", "--show", copy.update("0.0.9", history_schema=1)[0])
    assert "Older than 0.1.0" in out
    assert "can’t read the chats" in out
    _code, out, _err = run("update", "--show", "--json", copy.update("0.0.9", system="plan9")[0])
    told = json.loads(out)
    assert (told["version"], told["is_older"]) == ("0.0.9", True)
    assert "plan9" in told["refusal"]


def test_an_update_is_applied_and_gone_back_from(copy, run):
    code, out, _err = run("update", copy.update("0.2.0")[0])
    assert code == 0
    assert "Version 0.2.0 starts with the next start" in out
    assert "“pitcher rollback”" in out
    copy.start()
    assert run("prompts")[0] == 2  # a usage error is no first start
    assert copy.prefix.is_on_trial
    code, out, err = run("rollback")
    assert code == 1
    assert "can’t read the chats" in err
    assert copy.prefix.current == "0.2.0"
    code, out, _err = run("rollback", "--yes", "--json")
    assert json.loads(out) == {"type": "rolled_back", "version": "0.1.0", "previous": None}
    assert copy.prefix.current == "0.1.0"
    code, _out, err = run("rollback")
    assert code == 1
    assert "no other version" in err


def test_a_command_that_did_its_work_is_a_first_start(copy, run):
    assert run("update", "--json", copy.update("0.2.0")[0])[0] == 0
    assert copy.prefix.is_on_trial  # the older one did its work, not the new one
    copy.start()
    (copy.prefix.folder / "tries").write_text("x")
    assert run("update", "--show", copy.folder / "missing")[0] == 1
    assert copy.prefix.is_on_trial
    assert (copy.prefix.folder / "tries").read_text() == ""
    assert run("update", "--show", copy.update("0.3.0")[0])[0] == 0
    assert not copy.prefix.is_on_trial


def test_what_is_refused_is_one_sentence(copy, run):
    code, _out, err = run("update", copy.update("0.0.9")[0])
    assert (code, err.count("\n")) == (1, 1)
    assert "--allow-downgrade" in err
    assert run("update", "--allow-downgrade", copy.update("0.0.9")[0])[0] == 0
    assert copy.prefix.current == "0.0.9"


def test_ctrl_c_changes_nothing(copy, run, monkeypatch):
    from app.cli import updates

    class Pressed:
        def __enter__(self):
            return type("Stop", (), {"is_set": staticmethod(lambda: True)})

        def __exit__(self, *_error):
            return None

    monkeypatch.setattr(updates, "stopped_by_ctrl_c", Pressed)
    before = contents(copy.prefix.folder)
    code, _out, err = run("update", copy.update("0.2.0")[0])
    assert code == 130
    assert "Nothing was changed" in err
    assert contents(copy.prefix.folder) == before


def test_leaving_by_ctrl_c_is_no_failed_start(copy, run, monkeypatch):
    def press(*_arguments, **_named):
        raise KeyboardInterrupt

    run("update", copy.update("0.2.0")[0])
    copy.start()
    (copy.prefix.folder / "tries").write_text("x")
    monkeypatch.setattr("app.cli.updates.apply_update", press)
    assert run("update", copy.folder)[0] == 130
    assert (copy.prefix.folder / "tries").read_text() == ""


def test_doctor_says_what_this_copy_is(copy):
    lines = list(program_lines(program_facts()))
    assert lines[0].startswith("Pitcher 0.1.0, commit 0123456789ab; per-user, in ")
    assert copy.key.public.fingerprint in lines[1]
    applying.apply_update(copy.update("0.2.0")[0], copy.running())
    (copy.prefix.folder / "fell-back").write_text("0.3.0\n")
    lines = list(program_lines(program_facts()))
    assert "the next start is version 0.2.0" in lines
    assert "version 0.1.0 is kept to go back to" in lines
    assert any("0.3.0 did not start" in line for line in lines)
    copy.start()
    starting.has_started(copy.running())
    assert "the next start" not in " ".join(program_lines(program_facts()))


def test_doctor_says_why_a_copy_takes_no_update(copy, monkeypatch, tmp_path):
    unsigned = Copy(tmp_path / "unsigned", some_key())
    unsigned.install("0.1.0", is_signed=False)
    monkeypatch.setattr("app.cli.program_words.installation", unsigned.running)
    assert any("This build is not signed" in line for line in program_lines(program_facts()))
