"""The first start as a new user takes it: with the mouse and the keyboard, in a real window."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.airlock.report import Attempt, LockReport, LockState
from app.bridge.history_states import Locked, TemporaryOnly
from app.chats.history_states import Ready
from app.library.errors import LibraryError
from app.pages.first_run.page import FirstRunPage
from app.pages.models.choosers import FolderChooser
from app.pages.models.files_dialog import FilesDialog
from app.settings import ThemeChoice
from app.theme.theme import Theme
from app.window_first_run import Advice
from app.window_models import WindowModels
from tests.app.pages.first_run.conftest import SMALL, advice_for
from tests.app.pages.history.conftest import PASSPHRASE

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
# What the offscreen platform says of itself when a dialog opens.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def type_in(text: str) -> None:
    from PySide6.QtTest import QTest

    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClicks(focus, text)


def is_stored(tmp_path: Path) -> bool:
    file = tmp_path / "settings.json"
    return file.exists() and json.loads(file.read_text()).get("welcomed") is True


# ---------------------------------------------------------------------- the journey


def test_a_new_user_reads_what_this_is_and_chats_with_enter(arrive, tmp_path):
    someone = arrive()
    page = someone.first
    assert someone.sees_first()
    assert page.lock.title.text() == "The network is blocked"
    assert page.chats.title.text() == "Your chats are encrypted"
    assert str(tmp_path / "history") in page.chats.sentence.text()
    assert "keyring" in page.chats.sentence.text()
    assert "starter model" in page.start.sentence
    assert "often wrong" in page.start.sentence
    assert page.start.hasFocus()
    someone.press(KEY.Key_Return)
    assert someone.sees_chat()
    assert someone.edit.hasFocus()
    someone.ask_and_wait("What is the capital of France?")
    someone.until(lambda: is_stored(tmp_path))


def test_what_is_typed_on_it_comes_to_the_chat(arrive, tmp_path):
    someone = arrive()
    for letter in "What is ½?":
        type_in(letter)  # to where the keyboard is by then
    assert someone.sees_chat()
    assert someone.edit.hasFocus()
    assert someone.edit.toPlainText() == "What is ½?"
    someone.until(lambda: is_stored(tmp_path))


@pytest.mark.parametrize("modifier", [CTRL, Qt.KeyboardModifier.AltModifier])
def test_a_shortcut_of_nothing_is_no_typing(arrive, modifier):
    someone = arrive()
    someone.press(KEY.Key_J, modifier)
    someone.press(KEY.Key_F9)
    assert someone.sees_first()
    assert someone.edit.toPlainText() == ""


def test_it_comes_once(arrive, home):
    someone = arrive()
    someone.press(KEY.Key_Escape)
    assert someone.sees_chat()
    application = someone.application
    someone.until(lambda: not application.first_run.is_due)
    application.close()
    again = arrive(is_new=False)
    assert again.sees_chat()


def test_whoever_closes_it_without_a_choice_sees_it_again(arrive, tmp_path):
    someone = arrive()
    someone.application.close()
    assert not is_stored(tmp_path)
    assert arrive().sees_first()


def test_without_a_keyring_it_follows_the_passphrase(arrive, home):
    home.keyring.is_here = False
    someone = arrive(waits=False)
    keeping = someone.application.keeping.page
    someone.until(lambda: keeping.screen_now() is keeping.first_time)
    assert not someone.sees_first()
    assert not someone.application.first_run.is_open
    for _ in range(2):
        type_in(PASSPHRASE)
        someone.press(KEY.Key_Return)
    someone.until(someone.sees_first)
    assert isinstance(someone.application.history.state, Ready)
    assert "passphrase" in someone.first.chats.sentence.text()
    assert someone.first.start.hasFocus()
    someone.click(someone.first.start)
    assert someone.sees_chat()
    someone.ask_and_wait("Hello")


def test_whoever_keeps_nothing_is_told_so(arrive, home):
    home.keyring.is_here = False
    someone = arrive(waits=False)
    keeping = someone.application.keeping.page
    someone.until(lambda: keeping.screen_now() is keeping.first_time)
    someone.press(KEY.Key_Escape)
    someone.until(lambda: isinstance(someone.application.history.state, TemporaryOnly))
    assert someone.sees_first()
    assert someone.first.chats.title.text() == "Nothing is stored"


def test_a_lock_hides_it_and_it_comes_back(arrive):
    someone = arrive()
    someone.press(KEY.Key_L, CTRL)
    someone.until(lambda: isinstance(someone.application.history.state, Locked))
    assert not someone.sees_first()
    someone.press(KEY.Key_Return)
    someone.until(someone.sees_first)


# ---------------------------------------------------------------------- the ways


def test_new_chat_is_a_way_too(arrive):
    someone = arrive()
    someone.press(KEY.Key_N, CTRL)
    assert someone.sees_chat()
    assert not someone.application.first_run.is_due


def test_other_models_are_looked_at_and_left_again(arrive):
    someone = arrive()
    someone.click(someone.first.others)
    models = someone.application.models
    assert models.is_open
    assert models.page.files.isEnabled(), "whoever sits here is its user"
    someone.press(KEY.Key_Escape)
    assert someone.sees_first(), "no way leads to an end"
    assert someone.first.start.hasFocus()
    assert not someone.application.first_run.is_due


@pytest.mark.parametrize(("way", "kind"), [("files", FilesDialog), ("bundle", FolderChooser)])
def test_files_and_bundles_are_asked_for_on_the_models_page(arrive, way, kind):
    someone = arrive()
    someone.click(getattr(someone.first, way))
    models = someone.application.models
    assert models.is_open
    someone.dialog(kind).reject()
    someone.press(KEY.Key_Escape)
    assert someone.sees_first()


def test_settings_over_it_are_its_users(arrive):
    someone = arrive()
    someone.press(KEY.Key_Comma, CTRL)
    settings = someone.application.settings
    assert settings.is_open
    assert settings.page.privacy.isEnabled()
    someone.press(KEY.Key_Escape)
    assert someone.sees_first()


def test_the_palette_brings_it_back_and_the_chat_is_kept(arrive):
    someone = arrive(is_new=False)
    someone.ask_and_wait("One")
    someone.write("two")
    someone.press(KEY.Key_K, CTRL)
    type_in("welcome")
    someone.press(KEY.Key_Return)
    assert someone.sees_first()
    assert "starter model" in someone.first.start.sentence
    someone.press(KEY.Key_Escape)
    assert someone.sees_chat()
    assert someone.said()[:1] == ["One"]
    assert someone.edit.toPlainText() == "two"


def test_the_header_has_the_menu_and_where_it_is_narrow_the_sidebar_and_a_new_chat(arrive):
    someone = arrive(width=700, height=600)
    header = someone.first.header
    someone.click(header.more)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    menu.close()
    someone.click(header.sidebar)
    assert someone.application.window.shell.is_open_over()
    someone.application.window.shell.close_over()
    someone.click(header.new_chat)
    assert someone.sees_chat()


# ---------------------------------------------------------------------- what is recommended


def test_one_model_is_recommended_with_what_it_takes_here(arrive, adviser, roomy):
    someone = arrive()
    card = someone.first.card
    someone.until(lambda: card.shown is not None)
    entry, found = roomy.recommended.entry, roomy.recommended.preflight
    assert card.head.isVisible()
    assert card.title.text() == entry.title
    assert card.licence.figure.text() == entry.licence
    assert f"{found.memory_needed_bytes / 1e9:.1f} of" in card.memory.figure.text()
    assert "of 900 GB" in card.disk.figure.text()
    assert not card.speed.isVisible(), "nothing is invented"
    assert adviser.asked == 1


def test_a_speed_that_was_measured_is_said(arrive, adviser, roomy):
    quick = replace(roomy.recommended.preflight, decode_tokens_per_s=12.3)
    adviser.advice = Advice(replace(roomy.recommended, preflight=quick), 10**12)
    someone = arrive()
    someone.until(lambda: someone.first.card.shown is not None)
    assert someone.first.card.speed.isVisible()
    assert someone.first.card.speed.figure.text() == "about 12 tokens/s"


def test_where_nothing_larger_fits_nothing_is_offered(arrive, adviser):
    adviser.advice = advice_for(SMALL)
    assert adviser.advice.recommended is None
    someone = arrive()
    someone.until(lambda: not someone.first.card.isVisible())
    assert someone.first.start.isVisible()


def test_advice_that_fails_is_told_and_one_chats_all_the_same(arrive, adviser):
    adviser.failure = OSError(5, "Input/output error")
    someone = arrive()
    someone.until(lambda: not someone.first.card.isVisible())
    told = [toast.notice.text for toast in someone.first.toasts.toasts()]
    assert told == ["No model could be recommended: Input/output error"]
    someone.press(KEY.Key_Escape)
    assert someone.sees_chat()


def test_a_test_that_was_left_is_made_the_next_time(arrive, adviser):
    gate = threading.Event()

    def left() -> None:
        gate.wait(60)
        if adviser.asked == 1:
            raise LibraryError("The test was left.")

    adviser.waits_for = left
    someone = arrive()
    someone.until(lambda: adviser.asked == 1)
    assert not adviser.stops[0]()
    someone.press(KEY.Key_Return)
    assert adviser.stops[0](), "nothing is measured while one chats"
    gate.set()
    someone.until(lambda: not someone.application.first_run.is_looking)
    someone.application.first_run.open()
    someone.until(lambda: someone.first.card.shown is not None)
    assert adviser.asked == 2
    assert someone.toasts() == []


# ---------------------------------------------------------------------- what is said


def test_it_waits_for_the_model_before_it_measures(arrive, adviser, fake_opener):
    fake_opener.gate = threading.Event()
    someone = arrive(waits=False)
    someone.until(lambda: isinstance(someone.application.history.state, Ready))
    assert "being loaded" in someone.first.start.sentence
    assert adviser.asked == 0
    fake_opener.gate.set()
    someone.until(lambda: "starter model" in someone.first.start.sentence)
    someone.until(lambda: adviser.asked == 1)


def test_a_model_that_fails_leaves_the_other_ways(arrive, adviser, fake_opener):
    fake_opener.failure = LibraryError("It is broken.")
    someone = arrive(waits=False)
    someone.until(lambda: "No model is loaded" in someone.first.start.sentence)
    someone.until(lambda: adviser.asked == 1)
    someone.click(someone.first.start)
    assert someone.sees_chat()


def test_another_model_is_called_by_its_name(arrive, fake_opener):
    fake_opener.is_starter = False
    someone = arrive()
    assert someone.first.start.sentence == "With Fake-135M"


def test_the_lock_that_fails_is_seen_here(arrive):
    someone = arrive()
    failed = LockReport(LockState.NOT_ENFORCED, "TCP went out.", (Attempt("TCP", False, "0"),))
    someone.application.window.show_lock(failed)
    assert someone.first.lock.title.text() != "The network is blocked"
    assert "TCP" in someone.first.lock.sentence.text()


def test_facts_stand_beside_the_ways_or_below_them(arrive):
    someone = arrive()
    page, window = someone.first, someone.application.window

    def top(widget) -> int:
        return widget.mapTo(page, widget.rect().topLeft()).y()

    assert page.promise.isVisible()
    assert page.start.mapTo(page, page.start.rect().topLeft()).x() > page.facts.width()
    window.resize(640, 480)
    someone.until(lambda: top(page.facts) > top(page.card) > top(page.others))
    assert top(page.promise) < top(page.start)
    window.resize(1280, 800)
    someone.until(lambda: top(page.facts) < top(page.others))
    assert top(page.card) < top(page.start)


# ---------------------------------------------------------------------- downloads


@pytest.fixture
def courier(monkeypatch) -> list[tuple[int, str]]:
    """Downloads are possible; what was asked for."""
    asked: list[tuple[int, str]] = []
    monkeypatch.setattr(WindowModels, "can_download", True)
    monkeypatch.setattr(WindowModels, "download", lambda _self, *what: asked.append(what))
    return asked


def test_the_recommended_model_is_asked_for_with_its_number_and_bits(arrive, roomy, courier):
    someone = arrive()
    card = someone.first.card
    assert not card.download.isEnabled() or card.shown is not None
    someone.until(lambda: card.shown is not None)
    size = f"{roomy.recommended.preflight.needs.download_bytes / 1e9:.1f}"
    assert card.download.text() == f"Download about {size} GB…"
    assert "asks you first" in card.note.text()
    someone.click(card.download)
    assert courier == [(roomy.recommended.entry.number, roomy.recommended.mix.value)]
    assert not someone.application.first_run.is_due


def test_how_many_models_fit_is_said_where_they_can_be_fetched(arrive, adviser, roomy, courier):
    adviser.advice = replace(roomy, fitting=7)
    someone = arrive()
    someone.until(lambda: someone.first.others.sentence == "7 of the list fit this computer")


def test_without_a_courier_nothing_is_promised(arrive, adviser, roomy):
    adviser.advice = replace(roomy, fitting=7)
    someone = arrive()
    someone.until(lambda: someone.first.card.shown is not None)
    assert not someone.first.card.download.isVisible()
    assert "A bundle or its files bring it" in someone.first.card.note.text()
    assert someone.first.others.sentence == "What is here, and what it needs"


def test_an_air_gap_is_said_in_its_place(qapp, enforced, qtbot):
    page = FirstRunPage(Theme(qapp, ThemeChoice.LIGHT), enforced, is_air_gapped=True)
    qtbot.addWidget(page)
    page.offer_downloads(False)
    assert "your organisation" in page.unasked.sentence.text()
    assert page.card.note.text().startswith("Your organisation allows no downloads")
    assert page.card.download.isHidden()
