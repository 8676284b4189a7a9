"""The starter model's own answer: what made it, the same once more, exported, rested, told live."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit

from app.model_opening import FileModelOpener
from app.pages.chat.details_dialog import DetailsDialog
from app.pages.chat.export_dialog import ExportDialog
from tests.flows.journeys import CTRL, Traveller

pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),
    pytest.mark.timeout(300),
]
MODEL_MS = 120_000
RECORDED = {
    "model",
    "weights_sha256",
    "quantization",
    "template_sha256",
    "engine_version",
    "compute",
    "temperature",
    "seed",
    "prompt_tokens",
    "cached_tokens",
    "decode_tokens_per_s",
}


def test_an_answer_is_proved_by_itself_exported_and_comes_again_after_a_rest(
    qtbot, open_window, starter_path, tmp_path
):
    application = open_window(FileModelOpener(str(starter_path)), waits=False)
    traveller = Traveller(qtbot, application)
    header = traveller.page.header
    traveller.until(header.chip.isVisible, timeout=MODEL_MS)
    traveller.press(Qt.Key.Key_Period, CTRL)
    dialog = application.tuning.dialog
    assert dialog is not None
    length = dialog.controls.numbers["max_tokens"].field
    length.setFocus()
    length.selectAll()
    QTest.keyClicks(length, "24")
    QTest.mouseClick(dialog.done_button, Qt.MouseButton.LeftButton)
    traveller.ask("Tell me about rain.")
    traveller.until(lambda: bool(application.chat.turns), timeout=MODEL_MS)
    wait_idle(traveller)
    before = application.chat.turns[0].answer
    assert before
    replay(traveller)
    assert application.chat.turns[0].answer == before
    assert traveller.foot().branch.words.text() == "2 of 2"
    application.worker.rest(0)
    traveller.until(lambda: "rests" in header.model.text(), timeout=MODEL_MS)
    replay(traveller)
    assert application.chat.turns[0].answer == before, "from weights that were loaded anew"
    assert "SmolLM2" in header.model.text()
    file = export(traveller, tmp_path)
    (chat,) = json.loads(file.read_text())["chats"]
    made = [m["provenance"]["details"] for m in chat["messages"] if m["provenance"]]
    assert len(made) == 3
    assert all(set(details) >= RECORDED for details in made)


def wait_idle(traveller) -> None:
    traveller.until(lambda: not traveller.application.chat.is_busy(), timeout=MODEL_MS)


def replay(traveller) -> None:
    """From the button under the answer."""
    traveller.click(traveller.foot().details)
    dialog = traveller.page.findChild(DetailsDialog)
    traveller.click(dialog.replay)
    traveller.until(lambda: bool(traveller.toasts()), timeout=MODEL_MS)
    assert traveller.toasts() == ["The same text again."]
    wait_idle(traveller)
    traveller.dismiss_toasts()


def export(traveller, folder):
    """The open chat as JSON, by the palette and the dialog."""
    traveller.press(Qt.Key.Key_K, CTRL)
    palette = traveller.application.palette.palette
    QTest.keyClicks(palette.field, "export this")
    traveller.press(Qt.Key.Key_Return)
    dialog = traveller.page.findChild(ExportDialog)
    dialog.selectNameFilter("JSON, with every branch (*.json)")
    name = dialog.findChild(QLineEdit)
    name.setText(str(folder / "rain.json"))
    assert isinstance(dialog, QFileDialog)
    QTest.keyClick(name, Qt.Key.Key_Return)
    file = folder / "rain.json"
    traveller.until(lambda: any("rain.json" in text for text in traveller.toasts()))
    return file
