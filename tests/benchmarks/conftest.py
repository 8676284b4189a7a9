"""Fake engines in the real ones' places; they are real processes on the real protocol."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks import campaign as campaign_module
from benchmarks.engine_process import Command
from benchmarks.engines import Settings, Where
from benchmarks.models import Work

FakeCommand = Callable[..., Command]


def command(name: str = "fake", **settings: Any) -> Command:
    words = [sys.executable, "-m", "tests.benchmarks.fake_engine"]
    return Command(name, [*words, "--settings", json.dumps(settings)])


@pytest.fixture
def fake() -> FakeCommand:
    return command


@pytest.fixture
def fake_engines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Settings]:
    """Ours takes 1 ms a token, llama.cpp 4, ik_llama.cpp 2; a test may change the entries."""
    model = tmp_path / "model.gguf"
    model.write_bytes(bytes(4096))
    table: dict[str, Settings] = {
        "Pitcher": {"ms": 1},
        "llama.cpp": {"ms": 4},
        "ik_llama.cpp": {"ms": 2},
    }

    def peer(name: str, level: str, settings: Settings, where: Where) -> Command:
        return command(name, **{**table[name], **settings})

    def ours(level: str, compute: str, where: Where) -> Command:
        return command("Pitcher", **table["Pitcher"])

    monkeypatch.setattr(campaign_module, "peer_command", peer)
    monkeypatch.setattr(campaign_module, "our_command", ours)
    monkeypatch.setattr(campaign_module, "model_path", lambda name: model)
    monkeypatch.setattr(campaign_module, "our_path", lambda name: model)
    monkeypatch.setattr(campaign_module, "work_of", lambda path: Work(2e7, 1e8))
    return table
