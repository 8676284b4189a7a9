"""Downloads on the models page: what is offered, the courier's part, the journey, its end."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from app import models_work, paths
from app.airlock.courier.messages import (
    Answered,
    Asked,
    Cancel,
    Consent,
    Ended,
    Outcome,
    Pause,
    Propose,
    Refused,
    Resume,
    SpeedLimit,
)
from app.airlock.download.progress import State, Step
from app.airlock.download.unfinished import Unfinished
from app.bridge.courier_port import PortState
from app.library.mixes import Mix
from app.library.offers import Offers
from app.pages.models.repository_dialog import RepositoryDialog
from app.widgets.confirm_dialog import ConfirmDialog
from app.widgets.label import Label
from inference.sentence import said
from tests.app.pages.models.played_launcher import NOTHING, journey, progress
from tests.inference.prepared.making import quantized_llama

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_without_a_courier_it_says_so_and_has_no_buttons(models):
    section = models.application.models.downloads.section
    models._until(lambda: bool(section.note.text()))
    assert "no way to download" in section.note.text()
    assert section.rows == []
    assert section.other.isHidden()
    assert section.all.isHidden()
    assert not models.application.models.can_download


def test_the_catalogue_is_offered_with_what_each_takes_here(section, models):
    assert len(section.rows) == 13
    first = section.rows[0]
    assert first.model.is_recommended
    assert first.chip.text() == "Recommended"
    assert "billion parameters" in first.words.text()
    assert "It fits" in first.words.text()
    assert first.download.text().startswith("Download")
    assert [row for row in section.rows if not row.isHidden()] == [first]
    models.press(section.all)
    assert all(not row.isHidden() for row in section.rows)
    assert "are free" in section.rows[-1].words.text() or "missing" in section.rows[-1].words.text()
    models.press(section.all)
    assert section.rows[1].isHidden()


def test_a_journey_from_the_question_to_the_loaded_model(section, launcher, models, qtbot, openers):
    models.press(section.rows[0].download)
    number = section.rows[0].model.number
    assert launcher.asked() == [Propose(number=number)]
    row = journey(section)
    assert not section.rows[0].download.isEnabled()
    assert section.rows[0].chip.text() == "Asked for"
    assert all(each.download.isEnabled() for each in section.rows[1:])
    launcher.tell(Asked(Consent.LIST))
    qtbot.waitUntil(lambda: "window of its own asks" in row.words.text())
    assert row.act.isHidden()
    launcher.tell(Answered(Consent.LIST, is_yes=True, repository="a/b"))
    launcher.tell(progress(Step.FETCH, 2_500_000_000))
    qtbot.waitUntil(lambda: "2.5 GB of 10.0 GB" in row.words.text())
    assert "20.0 MB/s" in row.words.text()
    assert "6 min left" in row.words.text()
    assert row.step.text() == "Step 2 of 4: Download"
    QTest.mouseClick(row.act, Qt.MouseButton.LeftButton)
    assert launcher.asked() == [Pause()]
    launcher.tell(progress(Step.FETCH, 2_500_000_000, State.PAUSED))
    qtbot.waitUntil(lambda: row.act.text() == "Resume")
    assert "Paused at 2.5 GB" in row.words.text()
    QTest.mouseClick(row.act, Qt.MouseButton.LeftButton)
    assert launcher.asked() == [Resume()]
    row.limit.setFocus()
    QTest.keyClick(row.limit, Qt.Key.Key_Space)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.setActiveAction(menu.actions()[3])
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert launcher.asked() == [SpeedLimit(5_000_000)]
    launcher.tell(progress(Step.FETCH, 9_999_000_000))
    qtbot.waitUntil(lambda: "less than a minute" in row.words.text())
    launcher.tell(progress(Step.VERIFY, 1))
    qtbot.waitUntil(lambda: row.step.text() == "Step 3 of 4: Verify")
    folder = paths.models_dir() / "arrived"
    folder.mkdir()
    quantized_llama(folder / "arrived.gguf", {"weight": "Q8_0"}, layers=1)
    launcher.tell(Ended(Outcome.COMPLETE, NOTHING, "arrived"))
    models.until_told("arrived is ready")
    assert section.journeys == []
    qtbot.waitUntil(lambda: models.has("arrived") and models.row("arrived").model.copy_bytes > 0)
    toast = next(t for t in models.page.toasts.toasts() if "ready" in t.notice.text)
    toast.notice.action.run()
    qtbot.waitUntil(lambda: openers.made == ["arrived"])
    qtbot.waitUntil(section.rows[0].download.isEnabled)


def test_what_waits_says_for_what(section, launcher, models, qtbot):
    models.press(section.rows[0].download)
    launcher.tell(progress(Step.FETCH, 5, State.PAUSED, "The disk is full."))
    qtbot.waitUntil(lambda: journey(section).words.text() == "The disk is full.")


@pytest.mark.parametrize("outcome", [Outcome.CANCELLED, Outcome.DECLINED])
def test_ended_by_the_user_it_goes_and_says_what_is_kept(section, launcher, models, qtbot, outcome):
    models.press(section.rows[0].download)
    launcher.tell(progress(Step.FETCH, 5))
    qtbot.waitUntil(
        lambda: models.application.models.downloads.journey.port.state is PortState.FETCHING
    )
    launcher.asked()
    models.press(journey(section).end)
    assert launcher.asked() == [Cancel()]
    launcher.tell(Ended(outcome, said("Stopped. What has arrived is kept.")))
    models.until_told("What has arrived is kept")
    assert section.journeys == []
    assert section.rows[0].download.isEnabled()


def test_failed_it_says_why_can_be_tried_again_or_put_away(section, launcher, models, qtbot):
    models.press(section.rows[0].download)
    (asked,) = launcher.asked()
    launcher.tell(progress(Step.FETCH, 5))
    launcher.tell(Ended(Outcome.FAILED, said("The hub can’t be reached.")))
    qtbot.waitUntil(lambda: journey(section).act.text() == "Try again")
    assert journey(section).words.text() == "The hub can’t be reached."
    models.press(journey(section).act)
    assert launcher.asked() == [asked]
    launcher.tell(Refused(said("The courier is busy.")))
    qtbot.waitUntil(lambda: "busy" in journey(section).words.text())
    models.press(journey(section).end)
    assert section.journeys == []


def test_a_launcher_that_goes_ends_it_and_offers_nothing_more(section, launcher, models, qtbot):
    models.press(section.rows[0].download)
    launcher.tell(progress(Step.FETCH, 5))
    qtbot.waitUntil(lambda: journey(section).act.text() == "Pause")
    os.close(launcher.reports)
    launcher.reports = os.open(os.devnull, os.O_WRONLY)
    qtbot.waitUntil(lambda: "was closed" in journey(section).words.text())
    assert section.rows == []
    assert "no way to download" in section.note.text()


def test_what_can_not_be_prepared_is_said_and_is_here_all_the_same(
    section, launcher, models, qtbot, monkeypatch
):
    def refuse(_name, _mix, _hand):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(models_work, "prepare_arrived", refuse)
    models.press(section.rows[0].download)
    launcher.tell(progress(Step.FETCH, 5))
    launcher.tell(Ended(Outcome.COMPLETE, NOTHING, "arrived"))
    models.until_told("No space left")
    models.until_told("arrived is here.")
    assert section.journeys == []


def test_preparing_can_be_stopped(section, launcher, models, qtbot, monkeypatch):
    from app.bridge.jobs import Step as WorkStep
    from inference.errors import PreparationCancelledError

    def slowly(_name, _mix, hand):
        import time

        hand.tell(WorkStep("Preparing", 1, 2))
        while not hand.is_stopped():
            time.sleep(0.01)
        raise PreparationCancelledError

    monkeypatch.setattr(models_work, "prepare_arrived", slowly)
    models.press(section.rows[0].download)
    launcher.tell(progress(Step.FETCH, 5))
    launcher.tell(Ended(Outcome.COMPLETE, NOTHING, "arrived"))
    qtbot.waitUntil(lambda: journey(section).step.text() == "Step 4 of 4: Prepare")
    assert not section.rows[0].download.isEnabled()
    models.press(journey(section).end)
    models.until_told("prepared when it is used first")


def test_full_precision_is_prepared_into_a_folder_of_its_own(home):
    from app.bridge.jobs import Hand

    told = []
    (paths.models_dir() / "tiny.gguf").rename(paths.models_dir() / "t.gguf")
    folder = paths.models_dir() / "arrived"
    folder.mkdir()
    (paths.models_dir() / "t.gguf").rename(folder / "t.gguf")
    hand = Hand(told.append, lambda: False)
    assert models_work.prepare_arrived("arrived", "q4", hand) == "arrived"


def test_another_repository_is_asked_for_by_its_whole_name(section, launcher, models):
    models.press(section.other)
    dialog = models.dialog(RepositoryDialog)
    QTest.keyClicks(dialog.field, "../../etc")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert "can’t be a repository’s name" in dialog.complaint.text()
    assert launcher.asked() == []
    dialog.field.selectAll()
    QTest.keyClicks(dialog.field, "owner/name-GGUF")
    assert dialog.complaint.isHidden()
    models.press(dialog.act)
    assert launcher.asked() == [Propose(repository="owner/name-GGUF")]
    assert journey(section).name.text() == "owner/name-GGUF"


def test_downloads_of_earlier_starts_go_on_or_are_given_up(
    section, launcher, models, qtbot, monkeypatch
):
    downloads = models.application.models.downloads
    gather, gone = models_work.offers, []
    begun = Unfinished("big", "owner/big", "main", "0" * 40, "safetensors", "", 100, 40)

    def found(measures: bool) -> Offers:
        return replace(gather(measures), begun=() if gone else (begun,))

    monkeypatch.setattr(models_work, "offers", found)
    monkeypatch.setattr(models_work, "discard", gone.append)
    downloads.look(may_measure=False)
    qtbot.waitUntil(lambda: bool(section.journeys))
    row = journey(section)
    assert "Begun before" in row.words.text()
    models.press(row.act)
    assert launcher.asked() == [Propose(repository="owner/big")]
    launcher.tell(Refused(said("No.")))
    qtbot.waitUntil(lambda: downloads.journey.port.state is PortState.IDLE)
    models.press(section.journeys[-1].end)
    qtbot.waitUntil(lambda: len(section.journeys) == 1)
    models.press(journey(section).end)
    dialog = models.dialog(ConfirmDialog)
    assert any("deleted" in label.text() for label in dialog.findChildren(Label))
    models.press(dialog.act)
    qtbot.waitUntil(lambda: not section.journeys)
    assert gone == ["big"]


def test_the_first_run_asks_by_number(section, launcher, models):
    models.application.models.leave()
    models.application.models.download(5, Mix.Q4)
    assert models.application.models.is_open
    assert launcher.asked() == [Propose(number=5)]
