"""The settings' row of the graphics card: a switch, or why none; and where a model computes.

There is no card here: the driver is a stand-in, and the engine is scripted.
"""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from app.settings import GRAPHICS_CARD
from inference.card_use import CardUse
from inference.errors import CardFailedError
from inference.sentence import said
from kernels.gpu import devices
from tests.app.pages.settings.settings_hand import open_settings
from tests.kernels.gpu.fake_driver import RTX_3060, TESLA_P4, artefacts, fake_driver

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
UNTRIED = "was never run on any card"


@pytest.fixture
def driver(monkeypatch, tmp_path):
    """driver(cards…): what this machine's driver sees; without cards there is no driver."""

    def use(*cards, cuda="13.0"):
        library = fake_driver(*cards).path if cards else "libno-such-driver.so.1"
        monkeypatch.setattr(devices, "LIBRARY", library)
        monkeypatch.setattr(devices, "torch_cuda", lambda: cuda)
        monkeypatch.setattr(devices, "read_manifest", lambda: artefacts(tmp_path, 86))

    use()
    return use


def graphics(application, qtbot):
    """The row, once the driver has answered."""
    row = open_settings(application).graphics
    qtbot.waitUntil(lambda: "Looking" not in row.words.text())
    return row


@pytest.mark.parametrize(
    ("cards", "cuda", "reason"),
    [
        ((), "13.0", "no NVIDIA driver is installed"),
        ((TESLA_P4,), "13.0", "Old card has compute capability 6.1, and 7.5 is needed"),
        ((RTX_3060,), None, "the extra pitcher[cuda] is not installed"),
    ],
)
def test_without_a_card_to_use_one_line_says_why(driver, open_window, qtbot, cards, cuda, reason):
    driver(*cards, cuda=cuda)
    row = graphics(open_window(), qtbot)
    assert row.words.text().startswith(f"No NVIDIA card that Pitcher can use: {reason}")
    assert not row.switch.isVisible()
    assert row.isVisible()


def test_a_driver_that_does_not_answer_is_told_in_a_sentence(
    monkeypatch, driver, open_window, qtbot
):
    stuck = fake_driver(RTX_3060)
    stuck.fail("cuInit", 999)
    monkeypatch.setattr(devices, "LIBRARY", stuck.path)
    words = graphics(open_window(), qtbot).words.text()
    assert words.endswith("stopped answering (CUDA_ERROR_999).")


def test_a_card_is_off_until_its_switch_is_pressed_and_the_model_is_loaded_again(
    driver, open_window, qtbot, fake_engine, fake_opener, tmp_path
):
    driver(RTX_3060)
    application = open_window()
    row = graphics(application, qtbot)
    assert row.words.text().startswith("Card A, as far as its memory goes")
    assert UNTRIED in row.words.text()
    assert not row.switch.isChecked()
    assert row.switch.accessibleName() == "Graphics card"
    assert UNTRIED in row.switch.accessibleDescription()
    fake_engine.card_use = CardUse("Card A", ("cuda-sm_86",), said("30 of 30 layers."))
    row.switch.setFocus()
    QTest.keyClick(row.switch, Qt.Key.Key_Space)
    header = application.page.header
    qtbot.waitUntil(lambda: header.model.text() == "Fake-135M · Card A")
    assert fake_opener.loads == 2
    assert row.words.text() == "30 of 30 layers."
    qtbot.waitUntil(
        lambda: json.loads((tmp_path / "settings.json").read_text()).get("graphics_card") is True
    )


def test_a_model_that_rests_is_not_brought_back_for_it(driver, open_window, qtbot, fake_opener):
    driver(RTX_3060)
    application = open_window()
    with qtbot.waitSignal(application.worker.resting_changed):
        application.worker.rest(0)
    application.settings.choose(GRAPHICS_CARD, True)
    assert application.models.in_use.use.value == "resting"
    with qtbot.waitSignal(application.worker.moved):
        application.worker.wake()
    assert fake_opener.loads == 2


def test_where_a_card_was_asked_for_and_none_is_used_that_is_said_once(
    driver, open_window, qtbot, fake_engine, tmp_path
):
    (tmp_path / "settings.json").write_text('{"graphics_card": true}')
    fake_engine.card_use = CardUse(reason=said("no NVIDIA driver is installed"))
    application = open_window()
    told = [toast.notice.text for toast in application.page.toasts.toasts()]
    assert told == ["The graphics card is not used: no NVIDIA driver is installed"]
    row = graphics(application, qtbot)
    assert "no NVIDIA driver is installed" in row.words.text()
    assert row.switch.isVisible(), "else it could not be turned off"
    with qtbot.waitSignal(application.worker.resting_changed):
        application.worker.rest(0)
    with qtbot.waitSignal(application.worker.moved):
        application.worker.wake()
    assert len(application.settings.page.toasts.toasts()) == 0
    fake_engine.card_use = None
    row.switch.click()
    qtbot.waitUntil(lambda: not row.switch.isVisible())


def test_after_a_card_failed_the_processor_goes_on_and_that_is_shown(
    driver, open_window, qtbot, fake_engine
):
    driver(RTX_3060)
    fake_engine.card_use = CardUse("Card A", ("cuda-sm_86",), said("30 of 30 layers."))
    application = open_window(waits=False)
    header = application.page.header
    qtbot.waitUntil(lambda: header.model.text() == "Fake-135M · Card A")
    fake_engine.failure = CardFailedError(said("The graphics card’s memory is full."))
    application.chat.send("hello")
    qtbot.waitUntil(lambda: bool(application.page.toasts.toasts()))
    (toast,) = application.page.toasts.toasts()
    go_on = next(
        each
        for each in toast.findChildren(QPushButton)
        if each.text() == "Continue on the processor"
    )
    QTest.mouseClick(go_on, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: header.model.text() == "Fake-135M")
    assert application.models.in_use.graphics == ""
    application.chat.send("again")
    qtbot.waitUntil(lambda: len(fake_engine.requests) == 2 and not application.chat.is_busy())
    assert application.chat.turns[-1].answer == "Paris is the capital."


def test_the_models_page_says_what_the_loaded_one_computes_on(
    driver, open_window, qtbot, fake_engine
):
    fake_engine.card_use = CardUse("Card A", ("cuda-sm_86",), said("30 of 30 layers."))
    application = open_window(waits=False)
    qtbot.waitUntil(lambda: application.models.in_use.graphics == "Card A")
    models = application.models
    models.open()
    qtbot.waitUntil(lambda: bool(models.page.rows))
    path, row = next(iter(models.page.rows.items()))
    assert "computes on" not in row.words.text()
    models.in_use.path = path
    models.in_use.changed.emit()
    assert "computes on Card A" in row.words.text()
    models.in_use.rest()
    qtbot.waitUntil(lambda: "computes on" not in row.words.text())
