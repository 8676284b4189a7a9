"""The models page in pictures: what is installed, what can be had, a download on its way.

For: `tools.screenshots`. The courier's side is played here; nothing is fetched.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from app.airlock.courier.door import CourierDoor
from app.airlock.courier.messages import Progress, encode_report
from app.airlock.download.progress import State, Step
from app.application import Application
from app.library.shelved import Against, Checked, Shelved
from app.models_work import Shelf
from app.pages.models.row import InUse
from inference.sentence import said
from tools.screenshot_stage import Stage

_SEPTEMBER_S = 1_789_344_000  # 14 September 2026


def show_models(stage: Stage, app: Application) -> None:
    """The page, with a download on its way, two that wait, and a few models beside the starter."""
    models = app.models
    models.downloads.may_measure = False
    requests, reports = os.pipe(), os.pipe()
    models.lead_to(CourierDoor(requests[1], reports[0]))
    app.window.models_requested.emit()
    section = models.downloads.section
    stage.until(lambda: bool(models.page.rows) and bool(section.rows))
    starter = next(row.model for row in models.page.rows.values() if row.model.is_starter)
    models.page.show_models(_models(starter), {Path("/models/R1-0528-Qwen3-8B"): InUse.LOADED})
    for row in section.rows[:3]:
        row.download.click()
    report = Progress(Step.FETCH, State.RUNNING, 6_100_000_000, 9_700_000_000, 11_200_000, said(""))
    os.write(reports[1], encode_report(report))
    stage.until(lambda: bool(section.journeys) and section.journeys[0].bar.value() > 0)
    models.page.take_focus()


def _models(starter: Shelved) -> tuple[Shelved, ...]:
    facts, choice = starter.facts, starter.choice
    assert facts is not None
    assert choice is not None
    qwen = replace(
        starter,
        name="R1-0528-Qwen3-8B",
        path=Path("/models/R1-0528-Qwen3-8B"),
        choice=replace(choice, is_starter=False),
        is_ours=True,
        stored_bytes=5_100_000_000,
        facts=replace(facts, quantization="Q4_K", licence="MIT"),
        checked=Checked(_SEPTEMBER_S, Against.HUB, is_sound=True),
        source="deepseek-ai/DeepSeek-R1-0528-Qwen3-8B, huggingface.co",
        tokens_per_s=13.6,
    )
    vault = Shelved(
        "R1-Distill-Llama-70B",
        Path("/media/Vault 2/R1-Distill-Llama-70B"),
        is_ours=True,
        is_elsewhere=True,
        choice=None,
    )
    return Shelf((qwen, replace(starter, tokens_per_s=172.0), vault)).models
