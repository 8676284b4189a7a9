"""A window in German says in German what the engine, the history, the disk and a policy refused:
each by the real code that refuses it.
"""

from __future__ import annotations

import json
import shutil

import pytest
from PySide6.QtCore import Qt

from app.chats.history_states import CannotOpen
from app.policy import read_policy
from app.settings import LOCKABLE, Settings
from inference.loading import open_model
from tests.app.pages.history.conftest import PASSPHRASE

KEY = Qt.Key
# What the offscreen platform says of itself when a dialog opens.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_a_damaged_model_file(german, look, tmp_path):
    file = tmp_path / "{why} is damaged: it is not JSON..gguf"
    file.write_bytes(b"GGUF" + (3).to_bytes(4, "little") + bytes(64))
    eyes = look(opener=lambda _on_progress: open_model(file))
    eyes.until(lambda: bool(eyes.toasts()))
    (words,) = eyes.toasts()
    assert words.startswith(f"{file.name}: ")
    assert words.removeprefix(f"{file.name}: ") != ""
    assert any(part in words for part in ("fehlt", "enthält", "Konfiguration", "Feld"))
    assert "missing" not in words


def test_a_model_file_that_is_none(german, look, tmp_path):
    file = tmp_path / "page.gguf"
    file.write_bytes(b"<!DOCTYPE html><html></html>" * 20)
    eyes = look(opener=lambda _on_progress: open_model(file))
    eyes.until(lambda: bool(eyes.toasts()))
    assert eyes.toasts() == [
        "page.gguf: das ist keine GGUF-Datei und keine safetensors-Datei; sie ist eine Webseite: "
        "Heruntergeladen wurde von der falschen Adresse"
    ]


def test_what_the_engine_refuses_to_answer(german, look, home, fake_engine):
    def refuse(request):
        from inference.errors import ContextOverflowError

        raise ContextOverflowError(12345, 8192)

    fake_engine.generate = refuse
    eyes = look()
    eyes.type_in("hello")
    eyes.press(KEY.Key_Return)
    eyes.until(lambda: bool(eyes.toasts()))
    assert eyes.toasts() == [
        "Die Eingabe hat 12.345 Tokens, und der Kontext fasst 8.192. Sie kürzen oder einen neuen "
        "Chat beginnen."
    ]


def test_no_keyring(german, look, home):
    home.keyring.is_here = False
    screen = look().page.first_time
    assert screen.sentence.text() == (
        "Hier antwortet kein Schlüsselbund; einer, der nichts aufbewahrt oder Geheimnisse im "
        "Klartext ablegt, wird nicht benutzt. Nichts wurde angelegt. Eine Passphrase wählen oder "
        "erneut versuchen."
    )


def test_a_short_passphrase(german, look, home):
    home.keyring.is_here = False
    eyes = look()
    screen = eyes.page.first_time
    eyes.type_in("short")
    eyes.press(KEY.Key_Return)
    eyes.type_in("short")
    eyes.press(KEY.Key_Return)
    eyes.until(lambda: bool(screen.fields.first.problem))
    assert screen.fields.first.problem == (
        "Eine Passphrase hat mindestens 8 Zeichen; diese hat 5. Nichts wurde geändert."
    )


def test_a_wrong_passphrase(german, look, home):
    home.begin(PASSPHRASE)
    eyes = look()
    screen = eyes.page.unlocking
    eyes.type_in("another one altogether")
    eyes.press(KEY.Key_Return)
    eyes.until_settled()
    eyes.until(lambda: "Passphrase" in screen.field.problem)
    assert screen.field.problem == (
        "Diese Passphrase öffnet diesen Verlauf nicht. Nichts wurde geändert."
    )


def test_a_damaged_envelope(german, look, home):
    home.begin()
    for name in ("vault.json", "vault.copy.json"):
        (home.folder / name).write_text("{")
    eyes = look()
    assert isinstance(eyes.application.history.state, CannotOpen)
    assert eyes.page.problem.sentence.text() == (
        "vault.json, worin steht, wie der Verlauf gesperrt ist, ist beschädigt. Nichts wurde "
        f"geändert. Eine Kopie davon zurücklegen und erneut versuchen oder aber {home.folder} "
        "wegschieben, um neu zu beginnen."
    )


def test_a_full_disk(german, look, home, monkeypatch):
    eyes = look()
    usage = shutil._ntuple_diskusage(10**12, 10**12 - 2**28, 2**28)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage)
    eyes.application.history.do(
        lambda history: history.back_up(), lambda _: None, what_failed="", on_failure=None
    )
    eyes.until(lambda: bool(eyes.toasts()))
    assert eyes.toasts() == [
        "Die Sicherung ließ sich nicht anlegen: Auf der Festplatte ist zu wenig Platz. Der "
        "Verlauf ist sicher. 1 MiB frei machen und erneut versuchen."
    ]


def test_a_folder_that_may_not_be_written(german, look, home, tmp_path):
    from app.chats.transfer.writing import write_file

    eyes = look()
    target = tmp_path / "no folder" / "chat.md"
    eyes.application.history.do(
        lambda history: write_file(target, ["x"]), lambda _: None, what_failed=""
    )
    eyes.until(lambda: bool(eyes.toasts()))
    assert eyes.toasts() == [
        f"Den Ordner {target.parent} gibt es nicht. Nichts wurde exportiert. Einen anderen Ordner "
        "wählen."
    ]


@pytest.fixture
def policy(request, tmp_path, monkeypatch):
    """A policy's file of this text holds over the windows to come."""
    file = tmp_path / "policy.toml"
    file.write_text(request.param)

    class Locked(Settings):
        """As `open_window` makes them, below this policy."""

        def __init__(self, own) -> None:
            super().__init__(own, read_policy(file, LOCKABLE))

        def change(self, setting, value) -> None:
            """The window of a test changes what is locked here."""

    monkeypatch.setattr("app.settings.Settings", Locked)
    return file


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        (
            "[settings]\nnonsense = 1\n",
            "diese sind unbekannt oder haben unbekannte Werte: „nonsense“",
        ),
        ("settings = 1\n", "„settings“ ist keine Tabelle"),
        ("x" * 70_000, "sie ist größer als 64 KB"),
    ],
    indirect=["policy"],
    ids=["unknown", "no-table", "large"],
)
def test_a_policy_that_can_not_be_used(policy, german, look, reason):
    assert look().toasts() == [
        f"Die Richtlinie der Organisation ist nicht verwendbar ({reason}). Es gelten die "
        f"strengsten Einstellungen, bis sie berichtigt ist: {policy}"
    ]


def test_settings_that_can_not_be_read(german, look, home, tmp_path):
    (tmp_path / "settings.json").write_text(json.dumps(["no table"]))
    eyes = look()
    assert eyes.toasts() == [
        "Die Einstellungen ließen sich nicht lesen (es ist keine Tabelle von Einstellungen). Es "
        f"gelten die Standardwerte; die Datei heißt jetzt {tmp_path / 'settings.damaged.json'}."
    ]
