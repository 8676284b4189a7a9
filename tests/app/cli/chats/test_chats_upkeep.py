"""`chats verify`, `restore` and `wipe`: what may cost something says so first, and asks."""

from __future__ import annotations

from app.chats.profile import Profile
from tests.app.cli.chats.chats_home import objects, titles


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


def test_a_person_types_yes_or_nothing_happens(run, chats, monkeypatch):
    monkeypatch.setattr("app.cli.confirming.is_terminal", lambda: True)
    monkeypatch.setattr("builtins.input", lambda: "no")
    assert run("wipe", chats["The sea"])[0] == 1
    assert len(titles(run)) == 2
    monkeypatch.setattr("builtins.input", lambda: "yes")
    assert run("wipe", chats["The sea"])[0] == 0
    assert len(titles(run)) == 1
