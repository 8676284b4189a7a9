"""Downloads that wait on the models page: their places, their turn, and what ends before them."""

from __future__ import annotations

import os
import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app import models_work
from app.airlock.courier.messages import (
    Asked,
    Cancel,
    Consent,
    Ended,
    Outcome,
    Propose,
    Refused,
)
from app.airlock.download.choices import Kind
from app.airlock.download.progress import State, Step
from app.airlock.download.unfinished import Unfinished
from app.bridge.courier_port import PortState
from app.library.mixes import Mix
from inference.sentence import said
from tests.app.pages.models.played_launcher import NOTHING, progress

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def three(section, launcher, models):
    """The first of the catalogue is on its way, the second and third wait."""
    for row in section.rows[:3]:
        models.press(row.download)
    assert launcher.asked() == [Propose(number=section.rows[0].model.number)]
    return [row.model for row in section.rows[:3]]


def waiting(section) -> list[str]:
    return [row.title for row in section.waiting]


def on_its_way(section) -> list[str]:
    return [row.title for row in section.journeys]


def test_what_is_asked_for_meanwhile_waits_and_says_for_what(section, three):
    assert on_its_way(section) == [three[0].title]
    assert waiting(section) == [three[1].title, three[2].title]
    first, second = section.waiting
    assert first.words.text() == (
        f"Next. It begins when {three[0].title} is done. It will be prepared to 4 bits."
    )
    assert second.words.text().startswith(f"Waits as number 2, behind {three[0].title}.")
    assert first.first.isHidden()
    assert not second.first.isHidden()
    assert [row.chip.text() for row in section.rows[:3]] == ["Asked for"] * 3
    assert not any(row.download.isEnabled() for row in section.rows[:3])
    assert section.rows[3].download.isEnabled()


@pytest.mark.parametrize("outcome", [Outcome.CANCELLED, Outcome.DECLINED])
def test_the_next_begins_by_itself_when_the_one_before_was_ended(
    section, launcher, models, qtbot, three, outcome
):
    launcher.tell(Asked(Consent.LIST))
    launcher.tell(Ended(outcome, said("Stopped. What has arrived is kept.")))
    qtbot.waitUntil(lambda: on_its_way(section) == [three[1].title])
    assert launcher.asked() == [Propose(number=three[1].number)]
    assert waiting(section) == [three[2].title]
    assert "Next" in section.waiting[0].words.text()
    assert section.rows[0].download.isEnabled()


def test_the_next_begins_only_once_the_one_before_is_prepared(
    section, launcher, models, qtbot, three, monkeypatch
):
    may_end, mixes = threading.Event(), []

    def prepare(name, mix, _hand):
        mixes.append((name, mix))
        may_end.wait(20)
        return f"{name}-prepared"

    monkeypatch.setattr(models_work, "prepare_arrived", prepare)
    launcher.tell(progress(Step.FETCH, 5))
    launcher.tell(Ended(Outcome.COMPLETE, NOTHING, "arrived"))
    qtbot.waitUntil(lambda: bool(mixes))
    assert launcher.asked() == []
    assert waiting(section) == [three[1].title, three[2].title]
    may_end.set()
    qtbot.waitUntil(lambda: on_its_way(section) == [three[1].title])
    assert launcher.asked() == [Propose(number=three[1].number)]
    assert mixes == [("arrived", "q4")]


def test_one_that_can_not_be_prepared_holds_up_nobody(
    section, launcher, models, qtbot, three, monkeypatch
):
    def refuse(_name, _mix, _hand):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(models_work, "prepare_arrived", refuse)
    launcher.tell(progress(Step.FETCH, 5))
    launcher.tell(Ended(Outcome.COMPLETE, NOTHING, "arrived"))
    qtbot.waitUntil(lambda: on_its_way(section) == [three[1].title])
    assert launcher.asked() == [Propose(number=three[1].number)]


@pytest.mark.parametrize(
    "ending", [Ended(Outcome.FAILED, said("No hub.")), Refused(said("No hub."))]
)
def test_one_that_failed_keeps_its_row_and_waits_behind_the_others_when_tried_again(
    section, launcher, models, qtbot, three, ending
):
    launcher.tell(ending)
    qtbot.waitUntil(lambda: len(section.journeys) == 2)
    now, failed = section.journeys
    assert (now.title, failed.title) == (three[1].title, three[0].title)
    assert failed.words.text() == "No hub."
    assert failed.act.text() == "Try again"
    assert launcher.asked() == [Propose(number=three[1].number)]
    launcher.tell(progress(Step.FETCH, 5))
    qtbot.waitUntil(lambda: now.act.text() == "Pause")
    assert failed.words.text() == "No hub."
    models.press(failed.act)
    assert on_its_way(section) == [three[1].title]
    assert waiting(section) == [three[2].title, three[0].title]
    assert launcher.asked() == []


def test_every_one_may_fail_in_turn(section, launcher, models, qtbot, three):
    for number, offer in enumerate(three):
        qtbot.waitUntil(lambda n=number: len(section.journeys) == n + 1)
        assert section.journeys[0].title == offer.title
        launcher.tell(Refused(said(f"No {number}.")))
    qtbot.waitUntil(lambda: {row.words.text() for row in section.journeys} ==
                    {"No 0.", "No 1.", "No 2."})  # fmt: skip
    assert waiting(section) == []
    models.press(section.journeys[1].end)
    assert len(section.journeys) == 2
    assert all(row.download.isEnabled() for row in section.rows)


def test_one_that_failed_can_be_asked_for_anew_where_it_is_offered(
    section, launcher, models, qtbot
):
    models.press(section.rows[0].download)
    launcher.tell(Refused(said("No.")))
    qtbot.waitUntil(section.rows[0].download.isEnabled)
    launcher.asked()
    models.press(section.rows[0].download)
    assert on_its_way(section) == [section.rows[0].title]
    assert launcher.asked() == [Propose(number=section.rows[0].model.number)]


def test_behind_a_paused_one_all_wait_and_say_so(section, launcher, models, qtbot, three):
    launcher.tell(progress(Step.FETCH, 5, State.PAUSED))
    qtbot.waitUntil(lambda: "which is paused" in section.waiting[0].words.text())
    assert "resume or end that one" in section.waiting[0].words.text()
    assert "which is paused" in section.waiting[1].words.text()
    assert launcher.asked() == []
    launcher.tell(progress(Step.FETCH, 6))
    qtbot.waitUntil(lambda: "paused" not in section.waiting[0].words.text())


def test_one_is_moved_to_the_front_by_keyboard_which_stays_with_it(
    section, launcher, models, qtbot, three
):
    row = section.waiting[1]
    assert row.first.accessibleName() == f"To the front: {three[2].title}"
    assert row.first.accessibleDescription() == row.words.text()
    row.first.setFocus()
    QTest.keyClick(row.first, Qt.Key.Key_Space)
    assert waiting(section) == [three[2].title, three[1].title]
    assert section.waiting[0] is row
    assert row.end.hasFocus()
    assert row.first.isHidden()
    assert not section.waiting[1].first.isHidden()
    launcher.tell(Ended(Outcome.DECLINED, said("No.")))
    qtbot.waitUntil(lambda: on_its_way(section) == [three[2].title])
    assert launcher.asked() == [Propose(number=three[2].number)]


def test_one_that_waits_is_given_up_by_keyboard_which_goes_to_the_next(
    section, launcher, models, three
):
    row = section.waiting[0]
    assert row.end.accessibleName() == f"Do not download {three[1].title}"
    row.end.setFocus()
    QTest.keyClick(row.end, Qt.Key.Key_Space)
    assert waiting(section) == [three[2].title]
    assert section.waiting[0].end.hasFocus()
    assert section.rows[1].download.isEnabled()
    QTest.keyClick(section.waiting[0].end, Qt.Key.Key_Space)
    assert section.waiting == []
    assert section.other.hasFocus()
    assert launcher.asked() == []


def test_the_one_on_its_way_is_ended_and_the_queue_goes_on(section, launcher, models, qtbot, three):
    launcher.tell(progress(Step.FETCH, 5))
    port = models.application.models.downloads.journey.port
    qtbot.waitUntil(lambda: port.state is PortState.FETCHING)
    models.press(section.journeys[0].end)
    assert launcher.asked() == [Cancel()]
    assert waiting(section) == [three[1].title, three[2].title]  # it has not ended yet
    launcher.tell(Ended(Outcome.CANCELLED, said("Stopped.")))
    qtbot.waitUntil(lambda: on_its_way(section) == [three[1].title])


def test_a_model_is_asked_for_once_by_whatever_name(section, launcher, models, three):
    downloads = models.application.models.downloads
    for offer in three[:2]:
        downloads.ask_for(offer.number, Mix.Q8)
        models.until_told(f"{offer.title} was asked for already.")
    assert waiting(section) == [three[1].title, three[2].title]
    assert launcher.asked() == []


def test_a_launcher_that_goes_leaves_nothing_waiting(section, launcher, models, qtbot, three):
    launcher.tell(progress(Step.FETCH, 5))
    os.close(launcher.reports)
    launcher.reports = os.open(os.devnull, os.O_WRONLY)
    qtbot.waitUntil(lambda: section.waiting == [])
    qtbot.waitUntil(lambda: "was closed" in section.journeys[0].words.text())
    assert not section.journeys[0].act.isEnabled()  # there is nobody to try it


def test_a_window_that_closes_begins_nothing_more(section, launcher, models, three, monkeypatch):
    begun = []
    downloads = models.application.models.downloads
    monkeypatch.setattr(downloads.journey, "propose", begun.append)
    downloads.close()
    downloads.journey.changed.emit()
    assert section.waiting == []
    assert begun == []


def test_what_was_begun_before_waits_too_and_comes_back_when_it_is_given_up(
    section, launcher, models, qtbot, monkeypatch
):
    downloads = models.application.models.downloads
    gather = models_work.offers
    begun = Unfinished("big", "Owner/Big", "main", "0" * 40, Kind.SAFETENSORS, "", 100, 40)

    def found(measures: bool):
        return replace(gather(measures), begun=(begun,), begun_with={"owner/big": Mix.Q8})

    monkeypatch.setattr(models_work, "offers", found)
    downloads.look(may_measure=False)
    qtbot.waitUntil(lambda: on_its_way(section) == ["big"])
    models.press(section.rows[0].download)
    launcher.asked()
    models.press(section.journeys[1].act)
    assert on_its_way(section) == [section.rows[0].title]
    assert waiting(section) == ["big"]
    models.press(section.waiting[0].end)
    assert on_its_way(section) == [section.rows[0].title, "big"]
    models.press(section.journeys[1].act)
    launcher.tell(Ended(Outcome.DECLINED, said("No.")))
    qtbot.waitUntil(lambda: on_its_way(section) == ["big"])
    assert launcher.asked() == [Propose(repository="Owner/Big")]
    assert downloads.journey.wanted.mix is Mix.Q8


def test_of_one_that_was_begun_before_no_old_row_comes_back_when_it_ends(
    section, launcher, models, qtbot, monkeypatch
):
    """Until it was looked for anew nobody knows what of it is here, or that it is done."""
    downloads = models.application.models.downloads
    gather, gate = models_work.offers, threading.Event()
    begun = Unfinished("big", "Owner/Big", "main", "0" * 40, Kind.SAFETENSORS, "", 100, 40)
    monkeypatch.setattr(models_work, "offers", lambda m: replace(gather(m), begun=(begun,)))
    downloads.look(may_measure=False)
    qtbot.waitUntil(lambda: on_its_way(section) == ["big"])
    models.press(section.journeys[0].act)

    def slowly(measures: bool):
        gate.wait(30)
        return gather(measures)

    monkeypatch.setattr(models_work, "offers", slowly)
    launcher.tell(Ended(Outcome.CANCELLED, said("Stopped. What has arrived is kept.")))
    models.until_told("What has arrived is kept")
    assert on_its_way(section) == []
    gate.set()
    models.press(section.rows[0].download)
    assert on_its_way(section) == [section.rows[0].title]


def test_of_two_looks_the_later_one_is_shown_and_the_speed_of_the_first_is_asked_for(
    section, models, qtbot, monkeypatch
):
    """The first one measures meanwhile, and saw what is not so any more."""
    downloads = models.application.models.downloads
    gather, gate, asked = models_work.offers, threading.Event(), []
    begun = Unfinished("big", "Owner/Big", "main", "0" * 40, Kind.SAFETENSORS, "", 100, 40)
    other = replace(begun, name="other", repository="Owner/Other")

    def found(measures: bool):
        asked.append(measures)
        if measures:
            gate.wait(30)
            return replace(gather(False), begun=(begun,), has_speed=True)
        return replace(gather(False), begun=(other,), has_speed=len(asked) > 2)

    monkeypatch.setattr(models_work, "offers", found)
    downloads.may_measure = True
    downloads.look(may_measure=True)
    downloads.look(may_measure=False)
    qtbot.waitUntil(lambda: on_its_way(section) == ["other"])
    assert "not measured yet" in section.note.text()
    gate.set()
    qtbot.waitUntil(lambda: section.note.text() == "")
    assert on_its_way(section) == ["other"]
    assert asked == [True, False, False]
