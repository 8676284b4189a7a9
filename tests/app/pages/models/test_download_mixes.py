"""To how many bits a download is prepared: chosen on the models page, said, and kept."""

from __future__ import annotations

import itertools
import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from app import models_work, paths
from app.airlock.courier.messages import Ended, Outcome, Propose, encode_request
from app.airlock.download.choices import Kind
from app.airlock.download.progress import Step
from app.airlock.download.unfinished import Unfinished
from app.bridge.jobs import Hand
from app.library import chosen_mixes
from app.library import offers as offers_module
from app.library.catalogue import entry
from app.library.mixes import BITS, MIXES, Mix
from app.library.preflight import Here, recommended
from app.pages.models.mix_words import preparation_words
from app.pages.models.offer_row import OfferRow, offer_words
from app.pages.models.repository_dialog import RepositoryDialog
from app.widgets.scroll_column import ScrollColumn
from inference.prepared import preparing
from tests.app.pages.models.played_launcher import NOTHING, progress

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
GB = 10**9


def pick(button, bits: int) -> QMenu:
    """By keyboard."""
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.setActiveAction(menu.actions()[list(BITS.values()).index(bits)])
    QTest.keyClick(menu, Qt.Key.Key_Return)
    return menu


@pytest.fixture
def prepared(monkeypatch) -> list[tuple[str, str]]:
    """What is prepared, and with which mix."""
    found: list[tuple[str, str]] = []

    def prepare(name, mix, _hand):
        found.append((name, mix))
        return name

    monkeypatch.setattr(models_work, "prepare_arrived", prepare)
    return found


def arrive(launcher, qtbot, prepared) -> None:
    launcher.tell(progress(Step.FETCH, 5))
    launcher.tell(Ended(Outcome.COMPLETE, NOTHING, "arrived"))
    qtbot.waitUntil(lambda: bool(prepared))


def test_an_offer_says_what_each_way_takes_and_whether_it_fits(section):
    row = section.rows[0]
    offer = row.model
    assert list(offer.preparations) == list(MIXES)
    for before, after in itertools.pairwise(MIXES):
        less, more = offer.preparations[before], offer.preparations[after]
        assert less.disk_bytes < more.disk_bytes
        assert less.memory_bytes < more.memory_bytes
    menu = row.bits.menu_now()
    told = [action.text() for action in menu.actions()]
    assert told == [preparation_words(each) for each in offer.preparations.values()]
    assert told[0].startswith("4 bits: about ")
    assert "on the disk" in told[0]
    assert "of memory" in told[0]
    menu.deleteLater()


def test_what_does_not_fit_says_so_before_it_is_chosen(section):
    largest = max(section.rows, key=lambda row: row.model.parameters)
    assert all(not each.fits for each in largest.model.preparations.values())
    menu = largest.bits.menu_now()
    assert all("does not fit here" in action.text() for action in menu.actions())
    menu.deleteLater()


def test_the_recommended_one_is_chosen_already(models, monkeypatch):
    roomy = Here(64 * GB, 60 * GB, 900 * GB)
    monkeypatch.setattr("app.library.machine_now.here_now", lambda **_given: roomy)
    best = recommended(roomy)
    for mix in MIXES:
        found = best.__class__(best.entry, best.preflight)
        monkeypatch.setattr(found.__class__, "mix", property(lambda _self, mix=mix: mix))
        monkeypatch.setattr("app.library.preflight.recommended", lambda _here, f=found: f)
        first = offers_module.gather(False).models[0]
        assert first.is_recommended
        assert first.mix is mix
        row = OfferRow(models.application.theme, first)
        assert row.bits.choice == BITS[mix]
        assert row.words.text() == offer_words(first, mix)
        row.deleteLater()


def test_another_choice_changes_the_words_and_goes_with_the_download(
    section, launcher, models, qtbot, prepared
):
    row = section.rows[0]
    before = row.words.text()
    pick(row.bits, 8)
    assert "8 bits" in row.words.text()
    assert row.words.text() != before
    assert row.bits.accessibleName() == f"Prepare {row.title} to: 8 bits"
    assert row.download.accessibleDescription() == row.words.text()
    models.press(row.download)
    assert launcher.asked() == [Propose(number=row.model.number)]
    arrive(launcher, qtbot, prepared)
    assert prepared == [("arrived", "q8")]


def test_a_choice_outlives_a_new_look_at_what_is_offered(section, launcher, models, qtbot):
    row = section.rows[0]
    pick(row.bits, 6)
    offers = [each.model for each in section.rows]
    section.show_offers(offers[1:] + offers[:1])
    assert section.rows[-1] is row
    assert row.mix is Mix.Q6
    assert "6 bits" in row.words.text()
    section.show_offers(offers[1:])
    assert row not in section.rows


def test_what_is_chosen_is_sent_nowhere(section, launcher, models):
    row = section.rows[0]
    pick(row.bits, 8)
    models.press(row.download)
    (asked,) = launcher.asked()
    assert b"8" not in encode_request(asked).replace(str(row.model.number).encode(), b"")
    assert vars(asked) == {"number": row.model.number, "repository": None}


def test_another_repository_is_prepared_as_chosen(section, launcher, models, qtbot, prepared):
    models.press(section.other)
    dialog = models.dialog(RepositoryDialog)
    assert dialog.bits.choice == 4
    assert "GGUF" in dialog.bits.accessibleDescription()
    pick(dialog.bits, 6)
    QTest.keyClicks(dialog.field, "owner/name")
    models.press(dialog.act)
    assert launcher.asked() == [Propose(repository="owner/name")]
    arrive(launcher, qtbot, prepared)
    assert prepared == [("arrived", "q6")]


def test_all_of_the_dialog_is_seen_at_once(section, launcher, models, qtbot):
    models.application.window.resize(900, 700)
    models.press(section.other)
    dialog = models.dialog(RepositoryDialog)
    bar = dialog.findChild(ScrollColumn).verticalScrollBar()
    qtbot.waitUntil(lambda: not bar.isVisible())
    assert bar.maximum() == 0


def test_a_waiting_one_says_how_it_will_be_prepared(section, models):
    models.press(section.rows[0].download)
    pick_row = section.rows[1]
    models.press(section.all)
    pick(pick_row.bits, 8)
    models.press(pick_row.download)
    assert "prepared to 8 bits" in section.waiting[0].words.text()


def test_of_another_repository_nothing_is_promised_that_a_gguf_would_break(section, models):
    models.press(section.rows[0].download)
    models.press(section.other)
    dialog = models.dialog(RepositoryDialog)
    QTest.keyClicks(dialog.field, "owner/name-GGUF")
    models.press(dialog.act)
    assert "bits" not in section.waiting[0].words.text()


def begin(monkeypatch, repository: str) -> None:
    """As an earlier start left it."""
    begun = Unfinished("big", repository, "main", "0" * 40, Kind.SAFETENSORS, "", 100, 40)
    monkeypatch.setattr(offers_module, "unfinished", lambda _folder: (begun,))


@pytest.mark.parametrize(("kept", "mix"), [(Mix.Q8, "q8"), (Mix.KEPT, "none"), (None, "q4")])
def test_what_was_begun_before_keeps_what_was_chosen_for_it(
    section, launcher, models, qtbot, prepared, monkeypatch, kept, mix
):
    if kept is not None:
        chosen_mixes.keep("owner/big", kept)
    begin(monkeypatch, "Owner/Big")
    models.application.models.downloads.look(may_measure=False)
    qtbot.waitUntil(lambda: bool(section.journeys))
    models.press(section.journeys[0].act)
    assert launcher.asked() == [Propose(repository="Owner/Big")]
    arrive(launcher, qtbot, prepared)
    assert prepared == [("arrived", mix)]


def test_the_choice_of_this_window_is_kept_for_the_next(
    section, launcher, models, qtbot, monkeypatch
):
    row = section.rows[0]
    repository = row.model.repository
    pick(row.bits, 8)
    models.press(row.download)
    begin(monkeypatch, repository)

    def kept():
        return chosen_mixes.begun_with(offers_module.unfinished(paths.models_dir()))

    qtbot.waitUntil(lambda: kept() == {repository.casefold(): Mix.Q8})
    offer = next(o for o in offers_module.gather(False).models if o.repository == repository)
    assert offer.mix is Mix.Q8


def test_a_choice_that_can_not_be_kept_is_said_and_the_download_goes_on(
    section, launcher, models, qtbot
):
    (paths.config_dir() / "mixes.json").mkdir(parents=True)
    models.press(section.rows[0].download)
    models.until_told("was not kept")
    assert launcher.asked() == [Propose(number=section.rows[0].model.number)]


@pytest.mark.parametrize(("mix", "name"), [("q6", "q6"), ("none", None)])
def test_full_precision_becomes_what_was_chosen(home, monkeypatch, mix, name):
    made = []
    folder = paths.models_dir() / "arrived"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"")

    def prepare(source, target, quantizing, watch, *, replace):
        made.append((source, target, quantizing and quantizing.name, replace))

    monkeypatch.setattr(preparing, "prepare", prepare)
    stop = threading.Event()
    hand = Hand(lambda _step: None, stop.is_set)
    assert models_work.prepare_arrived("arrived", mix, hand) == "arrived-prepared"
    assert made == [(folder, folder.with_name("arrived-prepared"), name, True)]


def test_the_first_page_asks_with_the_mix_that_it_recommends(
    section, launcher, models, qtbot, prepared
):
    models.application.models.download(4, Mix.Q6)
    assert launcher.asked() == [Propose(number=4)]
    assert section.journeys[0].title == entry(4).title
    arrive(launcher, qtbot, prepared)
    assert prepared == [("arrived", "q6")]
