"""`chats key`: the ways to the history's key are told, added and taken away."""

from __future__ import annotations

import pytest

from app.chats.profile import Profile
from app.chats.profile_opening import HistoryDoor
from app.chats.vault.backends import KeyringKind
from app.chats.vault.keyrings import Keyrings
from tests.app.chats.vault.conftest import FakeKeyring
from tests.app.cli.chats.chats_home import CHEAP, WORDS, objects


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
