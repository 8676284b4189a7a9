"""`chats` on the command line, run in this process on a history under a passphrase."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path

import pytest

from app import cli
from app.chats.history_states import Ready
from app.chats.profile import Holder, Profile
from tests.app.cli.chats.chats_home import LOCK, WORDS, new_door, objects, titles


def test_listing(run, chats):
    code, out, err = run("list")
    assert (code, err) == (0, "")
    assert [line.rpartition("  ")[2] for line in out.splitlines()] == ["The sea", "The roof"]
    assert titles(run) == {"The sea", "The roof"}


def test_a_policy_deletes_old_chats_before_they_are_listed_and_says_who_decided(
    run, chats, tmp_path, monkeypatch
):
    policy = tmp_path / "policy.toml"
    monkeypatch.setattr("app.paths.policy_file", lambda: policy)
    policy.write_text("[settings]\ndelete_after_days = 30\n")
    assert titles(run) == {"The sea", "The roof"}, "the clock is trusted from the next day on"
    a_day_later = time.time_ns() + 86_400 * 10**9
    days_40 = 40 * 86_400_000

    def age(history):
        with history.store.database.write() as cursor:
            cursor.execute(
                "UPDATE conversation SET updated_at_ms = updated_at_ms - ? WHERE title = ?",
                (days_40, "The sea"),
            )

    door = new_door(Holder.COMMAND)
    door.open()
    state = door.try_passphrase(WORDS)
    assert isinstance(state, Ready)
    age(state.history)
    state.history.close()
    monkeypatch.setattr("time.time_ns", lambda: a_day_later)
    code, out, err = run("list", "--json")
    assert code == 0
    assert [line["title"] for line in objects(out)] == ["The roof"]
    assert str(policy) in err
    policy.write_text("[settings\n")
    code, _, err = run("list")
    assert code == 0
    assert f"The strictest settings hold until it is put right: {policy}" in err


def test_before_there_is_a_history_nothing_is_made(run, tmp_path):
    code, out, err = run("list")
    assert (code, out) == (1, "")
    assert err == "pitcher: There is no history yet. A chat begins one.\n"
    assert not (tmp_path / "home/data/history/vault.json").exists()


def test_searching(run, chats):
    code, out, _ = run("search", "roof")
    assert code == 0
    assert "Tell me of The [roof]." in out
    hits = objects(run("search", "roof", "--json")[1])
    assert {hit["chat_id"] for hit in hits} == {chats["The roof"]}
    assert {"text": "roof", "matched": True} in hits[-1]["excerpt"]
    assert "Nothing was found" in run("search", "desert")[1]


def test_a_wrong_passphrase_is_a_sentence_and_1(run, chats):
    code, out, err = run("list", words="sun on the roof")
    assert (code, out) == (1, "")
    assert "That passphrase does not open this history. Nothing was changed." in err


def test_without_a_terminal_and_a_descriptor_it_says_how_to_give_one(run, chats, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    code, _, err = run("list", words=None)
    assert code == 1
    assert "--passphrase-fd" in err


@pytest.mark.parametrize(
    ("given", "sentence"),
    [(b"\xff\xfe\n", "not UTF-8"), (b"x" * 9000, "too long"), (b"", "does not open")],
)
def test_what_is_no_passphrase_is_a_sentence(chats, capsys, given, sentence):
    reader, writer = os.pipe()
    os.write(writer, given)
    os.close(writer)
    assert cli.main(["chats", "list", "--passphrase-fd", str(reader)], LOCK) == 1
    assert sentence in capsys.readouterr().err
    with pytest.raises(OSError):
        os.fstat(reader)


def test_a_descriptor_that_is_not_open_is_a_sentence(chats, capsys):
    assert cli.main(["chats", "list", "--passphrase-fd", "973"], LOCK) == 1
    assert "descriptor 973" in capsys.readouterr().err


@pytest.mark.parametrize(
    "argv",
    [
        ["chats"],
        ["chats", "list", "--passphrase-fd", "x"],
        ["chats", "list", "--passphrase", "3"],
        ["chats", "wipe"],
        ["chats", "wipe", "1", "--all"],
        ["chats", "wipe", "0"],
        ["chats", "export"],
        ["chat", "--prompt", "x", "--passphrase-fd", "3"],
        ["chat", "--temporary", "--passphrase-fd", "3"],
    ],
)
def test_wrong_usage(argv, capsys):
    with pytest.raises(SystemExit) as leaving:
        cli.main(argv, LOCK)
    assert leaving.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_out_as_json_and_into_another_history(run, chats, tmp_path, monkeypatch):
    file = tmp_path / "chats.json"
    code, out, _ = run("export", "--to", file)
    assert code == 0
    assert "not encrypted" in out
    code, _, err = run("export", "--to", file)
    assert code == 1
    assert "already there" in err
    assert run("export", chats["The sea"], "--to", file, "--replace", "--json")[0] == 0
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path / "elsewhere"))
    code, out, _ = run("import", file)
    assert (code, "1 chat" in out) == (0, True)
    assert titles(run) == {"The sea"}
    (imported,) = objects(run("import", file, "--json")[1])
    assert len(imported["chat_ids"]) == 1


def test_out_to_read_one_file_or_a_folder_of_them(run, chats, tmp_path):
    file = tmp_path / "sea.md"
    assert run("export", chats["The sea"], "--format", "markdown", "--to", file)[0] == 0
    assert file.read_text().startswith("# The sea")
    folder = tmp_path / "pages"
    code, _, err = run("export", "--format", "html", "--to", folder)
    assert (code, "no folder" in err) == (1, True)
    folder.mkdir()
    lines = objects(run("export", "--format", "html", "--to", folder, "--json")[1])
    assert {Path(line["path"]).name for line in lines} == {"The roof.html", "The sea.html"}
    assert run("export", 99, "--to", file)[2].startswith("pitcher: There is no chat 99.")


class Person(io.StringIO):
    """Someone at a terminal."""

    def isatty(self):
        return True


def test_a_person_may_mistype_the_passphrase(run, chats, monkeypatch):
    typed = iter(["sun on the roof", WORDS])
    monkeypatch.setattr("app.cli.passphrases.is_terminal", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    code, out, err = run("list", words=None)
    assert code == 0
    assert "does not open" in err
    assert "The sea" in out


def test_a_history_in_use_is_a_sentence(run, chats):
    with Profile().lock(Holder.WINDOW):
        for action in (["list"], ["restore", "--yes"], ["wipe", "--all", "--yes"]):
            code, _, err = run(*action)
            assert code == 1
            assert "Pitcher's window has this history open" in err


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_a_classification_stands_on_what_is_exported_to_be_read(
    run, chats, tmp_path, monkeypatch, form
):
    policy = tmp_path / "policy.toml"
    policy.write_text("[restrictions]\nbanner_text = 'NATO RESTRICTED'\nbanner_colour = 'red'\n")
    monkeypatch.setattr("app.paths.policy_file", lambda: policy)
    file, folder = tmp_path / "one", tmp_path / "several"
    folder.mkdir()
    assert run("export", chats["The sea"], "--format", form, "--to", file)[0] == 0
    assert run("export", "--format", form, "--to", folder)[0] == 0
    written = [file, *folder.iterdir()]
    assert len(written) == 3
    for each in written:
        assert each.read_text(encoding="utf-8").count("NATO RESTRICTED") == 2
