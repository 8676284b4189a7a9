"""What a user typed or named stands nowhere in the diagnostics: canaries in every place that has
text, looked for in every way in which text is written down, backwards too.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from app import paths
from app.chats.history import History
from app.chats.history_states import Ready
from app.chats.model import AttachmentPart, ReasoningPart, Role, TextPart
from app.chats.profile_opening import HistoryDoor
from app.diagnostics.exporting import export, text_of
from app.diagnostics.failures import FailureMemory
from app.diagnostics.gathering import Sources, gathered
from app.policy import read_policy
from app.settings import LOCKABLE, Settings
from tests.app.diagnostics import hostile
from tests.flows.commands import MAIN
from tests.inference.prepared.making import quantized_llama
from tests.traces import Searcher

CANARY = "Kanarienvogel7f3a9c"
SHORT = "kana7f3a"  # where a name may not be long


def searcher(*folders: Path) -> Searcher:
    """Looks for both in every form, forwards and backwards, in either case, and for halves."""
    words = [word for one in (CANARY, SHORT) for word in (one, one.lower(), one.upper())]
    halves = [CANARY[:10], CANARY[10:]]
    return Searcher([*words, *halves, *(word[::-1] for word in (*words, *halves))], *folders)


def fill_history(history: History) -> None:
    """Titles, drafts, questions, answers, thoughts, files, presets, system prompts, a backup."""
    store = history.store
    settings = (("system_prompt", CANARY), (CANARY, CANARY))
    preset = store.presets.create(CANARY, settings)
    store.presets.set_for_new_chats(settings)
    chat = store.create(CANARY, preset.id)
    store.set_settings(chat.id, settings)
    parts = [TextPart(CANARY), AttachmentPart(CANARY, CANARY)]
    question = store.messages.add(chat.id, None, Role.USER, parts)
    answer = [ReasoningPart(CANARY), TextPart(CANARY)]
    store.messages.add(chat.id, question.id, Role.ASSISTANT, answer)
    store.set_draft(chat.id, CANARY)
    store.set_loose_draft(CANARY)
    store.search(CANARY)
    history.back_up()


def fill_home(home: Path) -> None:
    """Settings, a policy, models of all kinds and a log's file, all of them with the canary."""
    config, models = home / "config", home / "models"
    config.mkdir(parents=True)
    models.mkdir(parents=True)
    stored = {"theme": CANARY, CANARY: CANARY, "language": "de", "threads": CANARY}
    (config / "settings.json").write_text(json.dumps(stored))
    quantized_llama(models / f"{CANARY}.gguf", {"ffn_up.weight": "Q4_K"}, name=CANARY)
    (models / f"{CANARY}-damaged.gguf").write_bytes(b"GGUF" + CANARY.encode() * 9)
    folder = models / f"{CANARY}-folder"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"model_type": CANARY, CANARY: CANARY}))
    (folder / "model.safetensors").write_bytes(CANARY.encode())


def fill_failures() -> None:
    """Messages, arguments, classes, functions, threads and loggers of that name."""

    def raises() -> None:
        error = type(CANARY, (RuntimeError,), {"__module__": f"app.{CANARY}"})(CANARY)
        error.add_note(CANARY)
        local = CANARY
        raise error from OSError(2, local, f"/home/{CANARY}/{CANARY}")

    raises.__code__ = raises.__code__.replace(co_name=CANARY, co_filename=f"/{CANARY}.py")

    def logs() -> None:
        log = logging.getLogger("app.chats")
        try:
            raises()
        except RuntimeError:
            log.exception("%s", CANARY)
        log.warning(CANARY, stack_info=True, extra={"told": CANARY})
        logging.getLogger(f"app.{CANARY}").error(CANARY)

    thread = threading.Thread(target=logs, name=CANARY)
    thread.start()
    thread.join()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of that name, and an environment full of it."""
    found = tmp_path / CANARY
    for name in ("PITCHER_HOME", "HOME"):
        monkeypatch.setenv(name, str(found))
    monkeypatch.delenv("PITCHER_PREPARED")
    for name in ("USER", "LOGNAME", "HOSTNAME", "DISPLAY", "SSH_AUTH_SOCK", f"PITCHER_{CANARY}"):
        monkeypatch.setenv(name, f"/run/{CANARY}")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path=/run/{CANARY}")
    fill_home(found)
    return found


def test_it_would_be_found(tmp_path: Path) -> None:
    forms = [
        CANARY.encode(),
        CANARY.encode("utf-16-le"),
        CANARY.encode("utf-16-be").hex().encode(),
        CANARY[::-1].encode(),
        CANARY.upper().encode(),
        quote(CANARY).encode(),
        __import__("base64").b64encode(b"~" + CANARY[::-1].encode()),
        CANARY.encode().hex().ljust(64, "0").encode(),
        CANARY[10:].encode(),
    ]
    for form in forms:
        assert searcher().holds(b'"theme": "' + form + b'"'), form
    (tmp_path / f"{CANARY}.json").touch()
    assert len(searcher(tmp_path).traces()) == 1


def test_the_window_finds_a_full_home_and_writes_none_of_it(
    home: Path,
    sources: Callable[..., Sources],
    memory: FailureMemory,
    history_door: HistoryDoor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    policy = home / "policy.toml"
    policy.write_text(f'[settings]\n"{CANARY}" = "{CANARY}"\ntheme = "{CANARY}"\n')
    state = history_door.open()
    assert isinstance(state, Ready)
    fill_history(state.history)
    fill_failures()
    file = paths.config_dir() / "settings.json"
    found = Settings(file, read_policy(policy, LOCKABLE))
    assert CANARY in str(found.problem)
    assert CANARY in str(found.policy.problem)
    everything = sources(
        settings=found,
        profile=history_door.profile,
        history_state="Ready",
        history=state.history,
        lock=hostile.lock_saying(CANARY),
        display=hostile.display_saying(CANARY),
        model=home / "models" / f"{CANARY}.gguf",
        qt=CANARY,
    )
    text = text_of(gathered(everything))
    assert not searcher().holds(text.encode())
    told = json.loads(text)
    assert told["history"]["chats"] == 1
    assert [model["is_in_use"] for model in told["models"]].count(True) == 1
    assert {model["unavailable"] for model in told["models"]} >= {
        None,
        "inference.errors.UnsupportedModelError",
    }
    assert sum(failure["count"] for failure in told["failures"]) == 2 + 1
    assert any(failure["places"] for failure in told["failures"])
    target = home.parent / "out" / "diagnostics.json"
    target.parent.mkdir()
    export(text, target)
    assert searcher(target.parent).traces() == []
    history_door.close()
    locked = sources(profile=history_door.profile, settings=found, history_state="Locked")
    assert not searcher().holds(text_of(gathered(locked)).encode())


def test_a_hash_in_a_file_is_no_way_out(
    home: Path, sources: Callable[..., Sources], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A manifest may name 64 hexadecimal digits that are a text."""
    told = CANARY.encode().hex().ljust(64, "0")

    def opens(_path: Path) -> hostile.Opened:
        found = hostile.Opened("prepared")
        found.info.weights_sha256 = told
        return found

    monkeypatch.setattr("app.diagnostics.about_models.open_model", opens)
    text = text_of(gathered(sources()))
    assert '"weights_sha256_of_sha256": "' in text
    assert not searcher().holds(text.encode())


def test_the_command_finds_a_full_home_and_writes_none_of_it(home: Path, tmp_path: Path) -> None:
    """The real process, under its lock, with a history that is there and not opened."""
    data = paths.data_dir() / "history"
    data.mkdir(parents=True, mode=0o700)
    for name in ("history.db", "vault.json"):
        (data / name).write_text(CANARY * 100)
    (data / "backups" / f"2026-01-01T00-00-00Z-daily-{SHORT}").mkdir(parents=True)
    out = tmp_path / "out"
    out.mkdir()
    before = sorted(home.rglob("*"))
    command = [*MAIN, "doctor", "--export"]
    ended = subprocess.run(
        [*command, str(out / "diagnostics.json")], capture_output=True, cwd=home, env=os.environ
    )
    assert ended.returncode == 0, ended.stderr
    printed = subprocess.run([*command, "-"], capture_output=True, cwd=home, env=os.environ)
    assert printed.returncode == 0
    assert searcher(out).traces() == []
    assert not searcher().holds(printed.stdout)
    told = json.loads(printed.stdout)
    assert (told["history"]["state"], told["history"]["size_bytes"]) == ("not opened", 1900)
    assert told["history"]["envelope"] == "envelope-damaged"
    assert told["settings"]["stored_were_usable"] is False
    assert told["settings"]["values"]["language"] == "de"
    assert len(told["models"]) == 4
    assert told["system"]["home_is_named"] is True
    assert sys.executable.encode() not in printed.stdout
    # It looks, and changes nothing.
    assert [path for path in sorted(home.rglob("*")) if path not in before] == []
    assert sorted(home.rglob("*")) == before
