"""The real starter model rests: its memory is given back, and the next question wakes it."""

from __future__ import annotations

import os
from pathlib import Path

import psutil
import pytest

from app.bridge.engine_port import OpenModel
from app.bridge.engine_worker import EngineWorker
from inference import Engine, EngineOptions
from inference.prepared.automatic import ready
from inference.prompt.sandbox import SandboxRenderer
from inference.request import Compute, GenerateRequest, Message, SamplerSettings

pytestmark = pytest.mark.timeout(300)
GREEDY = SamplerSettings(temperature=0.0)
LONG = GenerateRequest((Message("user", "word " * 1500),), GREEDY, max_tokens=4)
LIMIT_MS = 120_000
# Its cache and work space alone are over 100 MB after such a prompt.
LEAST_GIVEN_BACK_BYTES = 80 << 20


def own_bytes() -> int:
    return int(psutil.Process().memory_full_info().uss)


@pytest.fixture
def worker(qtbot, starter_path):
    path = ready(starter_path, Compute.FAST, Path(os.environ["PITCHER_PREPARED"])).path

    def open_model(on_progress) -> OpenModel:
        engine = Engine.load(path, EngineOptions(), SandboxRenderer(), on_progress)
        return OpenModel(engine, "Starter", True, engine.recommended, lambda: None)

    made = EngineWorker()
    with qtbot.waitSignal(made.loaded, timeout=LIMIT_MS):
        made.load(open_model)
    yield made
    assert made.close()


def answer(qtbot, worker, answer_id: int, request: GenerateRequest) -> str:
    updates = []
    worker.answer_updated.connect(updates.append)
    worker.generate(answer_id, request)
    qtbot.waitUntil(lambda: bool(updates) and updates[-1].end is not None, timeout=LIMIT_MS)
    worker.answer_updated.disconnect(updates.append)
    return "".join(update.answer_text for update in updates)


def test_a_model_that_rests_gives_its_memory_back_and_answers_as_before(qtbot, worker):
    counts = []
    worker.counted.connect(lambda key, tokens: counts.append(tokens))
    worker.count("draft", "hello " * 10)
    qtbot.waitUntil(lambda: counts == [11])
    first = answer(qtbot, worker, 1, LONG)
    full_bytes = own_bytes()
    with qtbot.waitSignal(worker.resting_changed, timeout=LIMIT_MS):
        worker.rest(0)
    assert full_bytes - own_bytes() > LEAST_GIVEN_BACK_BYTES
    assert answer(qtbot, worker, 2, LONG) == first
