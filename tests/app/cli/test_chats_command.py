"""`chats` on the command line, run in this process on a history under a passphrase."""

from __future__ import annotations

import io
import json
import os
import time
from pathlib import Path

import pytest

from app import cli
from app.airlock.report import LockReport, LockState
from app.chats.history import History
from app.chats.history_states import FirstTime, Ready
from app.chats.model import Role, TextPart
from app.chats.profile import Holder, Profile
from app.chats.profile_opening import HistoryDoor
from app.chats.vault.backends import KeyringKind
from app.chats.vault.keyrings import Keyrings
from app.chats.vault.passphrase import Argon2Cost
from tests.app.chats.vault.conftest import FakeKeyring

LOCK = LockReport(LockState.NOT_TESTED, "a test")
WORDS = "rain on the roof"
CHEAP = Argon2Cost(memory_kib=16, iterations=1, lanes=1)


def new_door(holder: Holder) -> HistoryDoor:
    return HistoryDoor(Profile(), holder, Keyrings({}), CHEAP)


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("app.cli.chats.new_door", new_door)
    monkeypatch.setattr("app.chats.upkeep.disk.MARGIN_BYTES", 0)
    return tmp_path


@pytest.fixture
def chats() -> dict[str, int]:
    """Two chats: their ids by title."""
    door = new_door(Holder.COMMAND)
    assert isinstance(door.open(), FirstTime)
    state = door.begin_under_passphrase(WORDS)
    assert isinstance(state, Ready)
    ids = {title: add(state.history, title) for title in ("The roof", "The sea")}
    state.history.close()
    return ids


def add(history: History, title: str) -> int:
    store = history.store
    question = store.start(title, (TextPart(f"Tell me of {title}."),))
    store.messages.add(question.conversation_id, question.id, Role.ASSISTANT, (TextPart("It is."),))
    return question.conversation_id


@pytest.fixture
def run(capsys):
    """run(*argv, words=…) → (exit code, stdout, stderr); the passphrase comes by a pipe."""

    def call(*argv, words=WORDS):
        flags = []
        if words is not None:
            reader, writer = os.pipe()
            os.write(writer, f"{words}\nnot for it\n".encode())
            os.close(writer)
            flags = [f"--passphrase-fd={reader}"]
        try:
            code = cli.main(["chats", *(str(word) for word in argv), *flags], LOCK)
        except SystemExit as leaving:
            code = leaving.code
        out, err = capsys.readouterr()
        return code, out, err

    return call


def objects(out):
    return [json.loads(line) for line in out.splitlines()]


def titles(run):
    return {line["title"] for line in objects(run("list", "--json")[1])}


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


def test_verify_tells_a_damaged_backup(run, chats):
    assert "Backed up" in run("backup")[1]
    (backup,) = objects(run("restore", "--list", "--json", words=None)[1])
    code, out, _ = run("verify")
    assert (code, out.count("as it was written")) == (0, 2)
    database = Profile().backups / backup["name"] / "history.db"
    stored = bytearray(database.read_bytes())
    stored[len(stored) // 2] ^= 1
    database.write_bytes(stored)
    code, out, _ = run("verify", "--json")
    assert code == 1
    assert [line["is_whole"] for line in objects(out)] == [True, False]
    assert "damaged" in run("verify")[2]


def test_restoring_says_first_and_asks(run, chats, monkeypatch):
    run("backup")
    code, _, err = run("restore")
    assert code == 1
    assert err.startswith("This puts the newest backup that opens in the place of the history.")
    assert "--yes" in err
    code, out, _ = run("restore", "--yes")
    assert code == 0
    assert "Restored" in out
    assert titles(run) == {"The sea", "The roof"}
    assert "no backup elsewhen" in run("restore", "elsewhen", "--yes")[2]
    (backup,) = objects(run("restore", "--list", "--json", words=None)[1])
    code, out, err = run("restore", backup["name"], "--yes", "--json")
    assert objects(out) == [{"type": "restored"}]
    assert f"The backup {backup['name']} was restored." in err


def test_a_lost_database_comes_back_by_restore(run, chats):
    run("backup", "--json")
    Profile().database.unlink()
    code, _, err = run("list")
    assert code == 1
    assert "chats restore" in err
    assert run("restore", "--yes")[0] == 0
    assert titles(run) == {"The sea", "The roof"}


def test_no_backups_is_said(run, chats):
    assert run("restore", "--list", words=None)[1] == "No backups yet.\n"
    assert "no backup to restore" in run("restore", "--yes")[2]


def test_wiping_a_chat_names_it_and_takes_it_out_of_backups(run, chats):
    run("backup")
    code, _, err = run("wipe", chats["The sea"])
    assert code == 1
    assert "“The sea”" in err
    assert run("wipe", chats["The sea"], "--yes", "--json")[0] == 0
    assert titles(run) == {"The roof"}
    run("restore", "--yes")
    assert titles(run) == {"The roof"}


def test_wiping_all_leaves_nothing_and_needs_no_passphrase(run, chats, monkeypatch):
    assert run("wipe", "--all", words=None)[0] == 1
    assert Profile().database.exists()
    code, out, err = run("wipe", "--all", "--yes", words=None)
    assert (code, out) == (0, "Wiped: the whole history.\n")
    assert "every chat, every backup" in err
    assert not Profile().database.exists()


class Person(io.StringIO):
    """Someone at a terminal."""

    def isatty(self):
        return True


def test_a_person_types_yes_or_nothing_happens(run, chats, monkeypatch):
    monkeypatch.setattr("app.cli.confirming.is_terminal", lambda: True)
    monkeypatch.setattr("builtins.input", lambda: "no")
    assert run("wipe", chats["The sea"])[0] == 1
    assert len(titles(run)) == 2
    monkeypatch.setattr("builtins.input", lambda: "yes")
    assert run("wipe", chats["The sea"])[0] == 0
    assert len(titles(run)) == 1


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


# ---------------------------------------------------------------------- the ways to the key


@pytest.fixture
def run_lines(capsys):
    """run_lines(lines, *argv): as `run`, with several lines on the descriptor."""

    def call(lines, *argv):
        reader, writer = os.pipe()
        os.write(writer, "".join(f"{line}\n" for line in lines).encode())
        os.close(writer)
        code = cli.main(["chats", *argv, f"--passphrase-fd={reader}"], LOCK)
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_how_it_is_locked_is_told(run, chats):
    code, out, _ = run("key")
    assert code == 0
    assert "A passphrase opens the history." in out
    assert "set-recovery" in out
    assert objects(run("key", "--json")[1]) == [
        {"type": "key", "keyring": "", "has_passphrase": True, "has_recovery": False}
    ]


def test_a_recovery_passphrase_is_added_opens_it_and_goes(run, run_lines, chats):
    code, out, _ = run_lines([WORDS, "moon on the road"], "key", "set-recovery")
    assert code == 0
    assert "A recovery passphrase opens it too." in out
    assert run("list", words="moon on the road")[0] == 0
    assert run("key", "remove-recovery")[0] == 0
    assert run("list", words="moon on the road")[0] == 1
    code, _, err = run("key", "remove-recovery")
    assert code == 1
    assert "no recovery passphrase" in err


def test_another_passphrase_takes_the_first_one_s_place(run, run_lines, chats):
    assert run_lines([WORDS, "moon on the road"], "key", "set-passphrase")[0] == 0
    assert run("list")[0] == 1
    assert run("list", words="moon on the road")[0] == 0


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [([WORDS], "No new passphrase came"), ([WORDS, "short"], "at least 8 characters")],
)
def test_without_a_good_new_passphrase_nothing_changes(run, run_lines, chats, lines, sentence):
    code, _, err = run_lines(lines, "key", "set-passphrase")
    assert code == 1
    assert sentence in err
    assert run("list")[0] == 0


def test_a_person_chooses_a_better_one(run, chats, monkeypatch):
    typed = iter([WORDS, "short", "short", "moon on the road", "moon on the road"])
    monkeypatch.setattr("app.cli.passphrases.is_terminal", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    code, _, err = run("key", "set-passphrase", words=None)
    assert code == 0
    assert "at least 8 characters" in err
    assert run("list", words="moon on the road")[0] == 0


def test_a_keyring_takes_the_key_and_gives_it_back(run, run_lines, chats, monkeypatch):
    assert run("key", "to-keyring")[0] == 1
    keyring = FakeKeyring()

    def with_keyring(holder):
        keyrings = Keyrings({KeyringKind.SECRET_SERVICE: keyring})
        return HistoryDoor(Profile(), holder, keyrings, CHEAP)

    monkeypatch.setattr("app.cli.chats.new_door", with_keyring)
    code, out, _ = run("key", "to-keyring")
    assert code == 0
    assert "keeps the key." in out
    assert "A passphrase opens" not in out
    assert run("list", words=None)[0] == 0
    code, _, err = run("key", "to-keyring", words=None)
    assert code == 1
    assert "has the key already" in err
    code, out, _ = run_lines(["moon on the road"], "key", "set-passphrase")
    assert code == 0
    assert out.startswith("A passphrase opens the history.")
    assert keyring.entries == {}
    assert run("list", words="moon on the road")[0] == 0


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
