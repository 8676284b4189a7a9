"""The report as a whole: what it tells of a user, and that it comes whatever is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.chats.errors import BackupError, DamagedError
from app.chats.history import TemporaryHistory
from app.chats.history_states import Ready
from app.chats.model import Role, TextPart
from app.chats.profile_opening import HistoryDoor
from app.diagnostics import about_history, about_models
from app.diagnostics.exporting import text_of
from app.diagnostics.failures import FailureMemory
from app.diagnostics.form import SCHEMA_VERSION
from app.diagnostics.gathering import Sources, gathered
from app.diagnostics.names import suggested_name
from app.diagnostics.section import withheld
from app.diagnostics.words import ALL_WORDS
from app.library.models import ModelChoice
from app.policy import Policy
from app.settings import THEME, Settings, ThemeChoice
from inference.machine import MachineReport
from tests.app.diagnostics import hostile
from tests.inference.prepared.making import quantized_llama

Made = Callable[..., Sources]


def told(sources: Sources) -> dict[str, Any]:
    found = json.loads(text_of(gathered(sources)))
    assert isinstance(found, dict)
    return found


def test_a_user_who_has_nothing_yet(sources: Made, machine: MachineReport) -> None:
    found = told(sources())
    assert found["schema_version"] == SCHEMA_VERSION
    assert found["withheld"] == 0
    assert found["program"]["written_by"] == "terminal"
    assert found["processor"]["physical_cores"] == machine.hardware.physical_cores
    assert found["memory"]["total_bytes"] == machine.hardware.memory_bytes
    assert found["kernels"]["chosen"] == machine.native.chosen
    assert len(found["kernels"]["ops"]) > 10
    assert (found["lock"]["now"], found["lock"]["tried"], found["lock"]["refused"]) == (
        *("enforced", 1),
        1,
    )
    assert found["display"] is None
    assert found["settings"]["values"]["theme"] == "auto"
    assert found["history"]["state"] == "not opened"
    assert not found["history"]["database_is_there"]
    (starter,) = found["models"]
    assert (starter["is_starter"], starter["architecture"]) == (True, "llama")
    assert (starter["layers"], starter["experts"]) == (30, 0)
    parts = [part for part in found.values() if isinstance(part, dict)]
    assert [part.get("unavailable") for part in parts] == [None] * len(parts)


def test_a_history_that_is_open_is_counted(sources: Made, history_door: HistoryDoor) -> None:
    state = history_door.open()
    assert isinstance(state, Ready)
    store = state.history.store
    for _ in range(3):
        message = store.start("geheimnis", [TextPart("geheimnis")])
        store.messages.add(message.conversation_id, message.id, Role.ASSISTANT, [TextPart("x")])
    store.presets.create("geheimnis", ())
    state.history.back_up()
    opened = sources(profile=history_door.profile, history_state="Ready", history=state.history)
    found = told(opened)["history"]
    assert (found["chats"], found["messages"], found["presets"]) == (3, 6, 1)
    assert found["schema_version"] == found["newest_schema_version"]
    assert (found["keyring"], found["has_passphrase"]) == ("secret-service", False)
    (backups,) = found["backups"]
    assert (backups["kind"], backups["count"]) == ("asked", 1)
    assert backups["size_bytes"] > 4096
    history_door.close()
    locked = told(sources(profile=history_door.profile, history_state="Locked"))["history"]
    assert (locked["state"], locked["chats"]) == ("Locked", None)
    assert locked["size_bytes"] > 4096
    assert locked["keyring"] == "secret-service"


def test_a_history_that_was_locked_meanwhile_is_told_by_its_error(
    sources: Made, history_door: HistoryDoor
) -> None:
    state = history_door.open()
    assert isinstance(state, Ready)
    history_door.close()
    found = told(
        sources(profile=history_door.profile, history_state="Ready", history=state.history)
    )["history"]
    assert found["chats"] is None
    assert found["unavailable"].startswith("app.chats.errors.")


def test_a_damaged_history_is_told(
    sources: Made, history_door: HistoryDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = history_door.open()
    assert isinstance(state, Ready)
    history_door.close()
    profile = history_door.profile
    profile.database.write_bytes(b"geheimnis" * 1000)
    for name in ("vault.json", "vault.copy.json"):
        (profile.folder / name).write_text("geheimnis")

    def fails(_profile: object) -> None:
        raise BackupError("geheimnis")

    monkeypatch.setattr(about_history, "list_backups", fails)
    found = told(sources(profile=profile, history_state="CannotOpen"))["history"]
    assert (found["state"], found["size_bytes"]) == ("CannotOpen", 9000)
    assert found["envelope"] == "envelope-damaged"
    assert found["backups_unavailable"] == "app.chats.errors.BackupError"


def test_a_database_that_fails_is_told_by_its_class(
    sources: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_database: object) -> None:
        raise DamagedError("geheimnis")

    monkeypatch.setattr(about_history, "counts", fails)
    temporary = TemporaryHistory()
    found = told(sources(history=temporary))["history"]
    assert found["unavailable"] == "app.chats.errors.DamagedError"
    temporary.close()


def test_without_a_model_there_are_none(sources: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(about_models, "installed", tuple)
    assert told(sources())["models"] == []


def test_a_model_outside_the_folder_is_told_where_it_is_in_use(
    sources: Made, tmp_path: Path
) -> None:
    file = tmp_path / "geheimnis.gguf"
    file.write_bytes(b"GGUF geheimnis")
    starter, first = sorted(
        told(sources(model=file))["models"], key=lambda model: -model["is_starter"]
    )
    assert first["is_in_use"]
    assert first["unavailable"] == "inference.errors.UnsupportedModelError"
    assert not starter["is_in_use"]


def test_settings_that_an_administrator_locked_are_named(sources: Made, tmp_path: Path) -> None:
    policy = Policy(tmp_path / "geheimnis.toml", {"theme": "dark"}, "geheimnis")
    found = Settings(tmp_path / "other.json", policy)
    part = told(sources(settings=found))["settings"]
    assert part["values"]["theme"] == "dark"
    assert part["locked"] == ["theme"]
    assert (part["has_policy"], part["policy_is_usable"]) == (True, False)


def test_settings_are_those_in_force(sources: Made) -> None:
    one = sources()
    one.settings.change(THEME, ThemeChoice.LIGHT)
    assert told(one)["settings"]["values"]["theme"] == "light"


def test_each_part_may_fail_and_the_others_come(
    sources: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_any: object) -> Any:
        raise RuntimeError("geheimnis")

    for name in ("program", "system", "memory"):
        monkeypatch.setattr(f"app.diagnostics.about_machine.{name}", fails)
    monkeypatch.setattr("app.diagnostics.about_settings.settings", fails)
    monkeypatch.setattr("app.diagnostics.about_history.history", fails)
    monkeypatch.setattr("app.diagnostics.about_models.installed", fails)
    found = told(sources(audit=fails, machine=fails))
    parts = ("program", "system", "processor", "memory", "graphics", "kernels", "lock", "history")
    for part in (*parts, "settings"):
        assert found[part]["unavailable"] == "RuntimeError", part
    assert found["models"][0]["unavailable"] == "RuntimeError"
    assert found["withheld"] == 0


def test_failures_are_told_and_those_of_others_withheld(
    sources: Made, memory: FailureMemory
) -> None:
    hostile.let_everything_fail(memory, "geheimnis")
    found = told(sources())
    assert found["withheld"] > 0
    (error,) = (one for one in found["failures"] if one["error"])
    assert (error["error"], error["cause"]) == ("OSError", "RuntimeError")
    assert (error["system_error"], error["count"]) == ("EIO", 1)


def everything_saying(
    sources: Made, machine: MachineReport, memory: FailureMemory, text: str, folder: Path
) -> str:
    """The report of a machine on which everything says one text."""
    with pytest.MonkeyPatch.context() as patch:
        hostile.let_the_system_say(patch, text, folder)
        hostile.let_models_say(patch, text, folder)
        hostile.let_everything_fail(memory, text)
        report = gathered(
            sources(
                lock=hostile.lock_saying(text),
                audit=lambda: hostile.lock_saying(text),
                machine=lambda: hostile.machine_saying(machine, text),
                written_by=text,
                qt=text,
                display=hostile.display_saying(text),
                history_state=text,
            )
        )
        return text_of(report)


KNOWN = ("app.paths:1 <module>", "withheld", "OSError", "app.chats.errors.StoreError")
CLOSED = re.compile(
    r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ|[0-9a-f]{64}|\d{1,4}(\.\d{1,6}){0,3}(\+cpu)?"
    r"|([a-z_.]+\.)?[A-Z]\w+(Error|Exception)|(app|inference)[\w.]*:\d+ <?\w+>?"
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(
    text=st.one_of(
        st.text(min_size=1),
        st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
        st.from_regex(r"[0-9]{1,4}\.[0-9]{1,4}[-+a-z]{1,9}", fullmatch=True),
        st.from_regex(r"(app|inference)\.[a-z]+(\.[A-Z][a-z]+)?", fullmatch=True),
        st.sampled_from(["Geheimnis", "TCP", *KNOWN]),
    )
)
def test_whatever_everything_says_only_the_closed_alphabet_comes_out(
    sources: Made, machine: MachineReport, memory: FailureMemory, text: str, tmp_path: Path
) -> None:
    written = everything_saying(sources, machine, memory, text, tmp_path)
    assert written.isascii()
    found = json.loads(written)
    assert found["withheld"] == withheld(found)
    assert found["withheld"] > 20
    strings = set(re.findall(r'": "([^"]*)"', written))
    strange = strings - ALL_WORDS - {"withheld"}
    assert [word for word in strange if not CLOSED.fullmatch(word)] == []
    if len(text) > 7 and text not in KNOWN:
        assert text not in written


def test_the_name_of_the_file_says_the_day() -> None:
    from datetime import date

    assert suggested_name(date(2026, 11, 29)) == "pitcher-diagnostics-2026-11-29.json"


def test_the_order_of_models_tells_nothing_of_their_names(
    sources: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [tmp_path / name for name in ("b.gguf", "a.gguf")]
    quantized_llama(files[0], {}, layers=1)
    files[1].write_bytes(b"GGUF geheimnis")
    found = []
    for names in (files, files[::-1]):
        choices = tuple(ModelChoice(name, "", is_starter=False) for name in names)
        monkeypatch.setattr(about_models, "installed", lambda choices=choices: choices)
        found.append(told(sources())["models"])
    assert found[0] == found[1]
    assert len({json.dumps(model) for model in found[0]}) == 2
