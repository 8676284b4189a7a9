"""The whole journey in the window, with the real starter model: mouse and keyboard only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.airlock.report import Attempt, LockReport, LockState
from app.application import Application
from app.model_opening import FileModelOpener
from app.settings import WELCOMED, Settings
from app.theme.assets import load_fonts
from inference.request import SamplerSettings

ENFORCED = LockReport(LockState.ENFORCED, "", (Attempt("TCP, IPv4", True, "EPERM"),))
LOAD_MS = 60_000
ANSWER_MS = 90_000


@pytest.fixture
def application(
    qapp, qtbot, tmp_path: Path, starter_path: Path, history_door
) -> Iterator[Application]:
    load_fonts()
    settings = Settings(tmp_path / "settings.json")
    settings.change(WELCOMED, True)
    made = Application(
        qapp,
        ENFORCED,
        settings,
        FileModelOpener(str(starter_path)),
        SamplerSettings(temperature=0.0),
        door=history_door,
    )
    made.start()
    qtbot.waitExposed(made.window)
    yield made
    assert made.close()
    made.window.deleteLater()
    made.deleteLater()


def loaded(application: Application) -> bool:
    """Whether the model is there; a notice ends the waiting with its own words."""
    assert [toast.notice.text for toast in application.page.toasts.toasts()] == []
    return application.page.header.chip.isVisible()


def test_the_capital_of_france_is_paris(qtbot, application: Application) -> None:
    page = application.page
    # At once, while torch and the model are still being loaded behind the window.
    QTest.keyClicks(page.composer.edit, "What is the capital of France?")
    QTest.mouseClick(page.composer.button, Qt.MouseButton.LeftButton)
    (turn_id,) = page.transcript.turn_ids()
    qtbot.waitUntil(lambda: loaded(application), timeout=LOAD_MS)
    assert page.header.chip.isVisible()
    assert "SmolLM2" in page.header.model.text()
    assert "often wrong" in page.composer.hint.text()
    qtbot.waitUntil(lambda: not application.chat.is_busy(), timeout=ANSWER_MS)
    assert "Paris" in page.transcript.answer_text(turn_id)
    foot = page.transcript.foot(turn_id)
    assert foot is not None
    assert foot.speed.text().endswith("tokens/s")
    assert application.page.toasts.toasts() == ()


def test_a_long_answer_is_stopped_and_the_next_one_comes(qtbot, application: Application) -> None:
    page = application.page
    QTest.keyClicks(page.composer.edit, "Write a long story about a crow and a pitcher.")
    QTest.keyClick(page.composer.edit, Qt.Key.Key_Return)
    (turn_id,) = page.transcript.turn_ids()
    qtbot.waitUntil(lambda: len(page.transcript.answer_text(turn_id)) > 20, timeout=LOAD_MS)
    assert page.composer.button.stops
    QTest.keyClick(application.window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not application.chat.is_busy(), timeout=ANSWER_MS)
    foot = page.transcript.foot(turn_id)
    assert foot is not None
    assert foot.words.text() == "Stopped. The answer so far is kept."
    QTest.keyClick(application.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(page.composer.edit, "What is the capital of France?")
    QTest.keyClick(page.composer.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not application.chat.is_busy(), timeout=ANSWER_MS)
    assert "Paris" in page.transcript.answer_text(page.transcript.turn_ids()[-1])
