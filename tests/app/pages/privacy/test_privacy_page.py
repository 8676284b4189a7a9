"""The privacy page: opened, read, proved; by mouse and keyboard in a whole window."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.airlock.report import LockReport
from app.bridge.history_states import Locked
from app.theme.icons import Icon
from app.theme.tokens import Ink
from app.widgets.panel import Ground
from tests.app.pages.privacy.looking import EPERM, HELD, HERE, LEAKS, LEFT, opened, said, seen

pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),
    pytest.mark.usefixtures("own_home"),
]


# ------------------------------------------------------------------ opened and left


def test_the_sidebars_foot_opens_it_and_esc_leads_back(open_window, qtbot):
    application = open_window(lock=HELD)
    page = opened(application, qtbot)
    assert page.banner.prove.hasFocus()
    row = application.window.sidebar.lock
    assert row.grab().toImage().pixelColor(6, 6).name() == (
        application.theme.tokens.selected.lower()
    ), "the row of the page that is seen is marked"
    QTest.keyClick(page.banner.prove, Qt.Key.Key_Escape)
    assert application.window.page_now() is application.page


def test_in_a_narrow_window_the_headers_shield_opens_it(open_window, qtbot):
    application = open_window(lock=HELD, width=800, height=600)
    QTest.mouseClick(application.page.header.lock, LEFT)
    page = application.privacy.page
    assert application.window.page_now() is page
    assert page.sidebar.isVisible()
    QTest.mouseClick(page.back, LEFT)
    assert application.window.page_now() is application.page


def test_settings_and_privacy_take_each_others_place(open_window, qtbot):
    application = open_window(lock=HELD)
    ctrl = Qt.KeyboardModifier.ControlModifier
    for _ in range(2):
        opened(application, qtbot)
        QTest.keyClick(application.window, Qt.Key.Key_Comma, ctrl)
        assert application.window.page_now() is application.settings.page
    QTest.keyClick(application.window, Qt.Key.Key_Escape)
    assert application.window.page_now() is application.page, "no circle of pages"


def test_the_menu_opens_over_it(open_window, qtbot):
    application = open_window(lock=HELD)
    page = opened(application, qtbot)
    QTest.keyClick(application.window, Qt.Key.Key_F10)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    under = page.report.mapToGlobal(page.report.rect().bottomLeft()).y()
    assert abs(menu.mapToGlobal(menu.rect().topLeft()).y() - under) < 60
    menu.close()


def test_a_history_that_locks_itself_goes_before_it(open_window, qtbot):
    application = open_window(lock=HELD)
    opened(application, qtbot)
    application.keeping.lock()
    qtbot.waitUntil(lambda: isinstance(application.history.state, Locked))
    qtbot.waitUntil(lambda: application.window.page_now() is application.keeping.page)
    page = opened(application, qtbot)
    assert page.cards.chats.fact.text() == "Encrypted on this disk"


# ------------------------------------------------------------------ what was tried


def test_the_most_usual_ways_have_a_row_and_all_others_are_summed_up(open_window, qtbot):
    page = opened(open_window(lock=HELD), qtbot)
    rows = seen(page)
    assert rows[0] == ("door 0", "EPERM", "Refused")
    assert rows[-2:] == [
        ("Every other way from this window", "5 of 5", "Refused"),
        ("The same from a child process", "12 of 12", "Refused"),
    ]
    assert len(rows) == 9
    assert page.attempts.count.text() == "24 of 24 refused"
    assert page.attempts.rows()[0].accessibleName() == f"door 0. socket(0). {EPERM}. Refused"
    QTest.mouseClick(page.attempts.more, LEFT)
    assert [name for name, *_ in seen(page)] == [each.name for each in HELD.attempts]
    QTest.mouseClick(page.attempts.more, LEFT)
    assert seen(page) == rows


def test_what_was_not_refused_comes_first(open_window, qtbot):
    page = opened(open_window(lock=LEAKS), qtbot)
    assert seen(page)[0] == ("in a child: door 3", "succeeded", "Not refused")
    assert seen(page)[-1] == ("The same from a child process", "11 of 12", "Not refused")
    assert page.attempts.rows()[0].icon.isVisible()


def test_rows_stand_in_their_order_whatever_stood_there_before(open_window, qtbot):
    application = open_window(lock=replace(HELD, attempts=(*HERE[8:], HERE[1], HERE[0])))
    page = opened(application, qtbot)
    for _ in range(2):
        application.window.show_lock(HELD)
        assert [name for name, *_ in seen(page)][:3] == ["door 0", "door 1", "door 2"]
        QTest.mouseClick(page.attempts.more, LEFT)
        qtbot.wait(50)
        tops = [row.y() for row in page.attempts.rows()]
        assert tops == sorted(set(tops)), "each below the one before it"


def test_a_few_attempts_are_all_shown_and_there_is_nothing_more_to_show(open_window, qtbot):
    page = opened(open_window(lock=replace(HELD, attempts=HERE[:8])), qtbot)
    assert len(seen(page)) == 8
    assert not page.attempts.more.isVisible()


def test_the_call_gives_way_in_a_narrow_window(open_window, qtbot):
    application = open_window(lock=HELD)
    page = opened(application, qtbot)
    row = page.attempts.rows()[0]
    assert row.call.isVisible()
    assert row.call.text() == "socket(0)"
    application.window.resize(640, 480)
    qtbot.waitUntil(lambda: not row.call.isVisible())


# ------------------------------------------------------------------ proved


def test_each_answer_is_shown_as_it_comes_and_then_the_verdict(open_window, qtbot, audited):
    application = open_window(lock=replace(HELD, attempts=HERE))
    page = opened(application, qtbot)
    gate = threading.Event()
    audited(HELD, gate)
    assert page.banner.prove.text() == "Prove it"
    QTest.mouseClick(page.banner.prove, LEFT)
    assert not page.banner.prove.isEnabled()
    assert page.banner.sentence.text() == "Trying every way out now…"
    qtbot.waitUntil(lambda: page.attempts.count.text() == "24 of 24 refused")
    assert not page.banner.prove.isEnabled(), "the verdict is not in yet"
    gate.set()
    qtbot.waitUntil(page.banner.prove.isEnabled)
    assert page.banner.prove.text() == "Prove it again"
    assert page.banner.headline.text() == "Pitcher cannot reach any network"
    assert "Tested at " in page.banner.sentence.text()
    assert "24 of 24" in page.banner.sentence.text()
    assert application.window.sidebar.lock.words.ink is Ink.OK


def test_rows_wait_where_they_stand(open_window, qtbot, audited):
    application = open_window(lock=HELD)
    page = opened(application, qtbot)
    before = [name for name, *_ in seen(page)]
    gate = threading.Event()
    audited(replace(HELD, attempts=()), gate)
    QTest.mouseClick(page.banner.prove, LEFT)
    assert [name for name, *_ in seen(page)] == before
    assert {verdict for *_, verdict in seen(page)} == {"…"}
    assert page.attempts.count.text() == "0 of 0 refused"
    gate.set()
    qtbot.waitUntil(page.banner.prove.isEnabled)
    assert not page.attempts.isVisible(), "nothing was tried"


def test_one_that_is_not_refused_turns_all_of_it_red_together(open_window, qtbot, audited):
    application = open_window(lock=HELD, width=800, height=600)
    window = application.window
    QTest.mouseClick(application.page.header.lock, LEFT)
    page = application.privacy.page
    audited(LEAKS)
    QTest.keyClick(page.banner.prove, Qt.Key.Key_Space)
    qtbot.waitUntil(page.banner.prove.isEnabled)
    assert page.banner.headline.text() == "Not enforced on this computer"
    assert page.banner.headline.ink() is Ink.BAD
    tokens = application.theme.tokens
    ground = page.banner.grab().toImage().pixelColor(page.banner.width() // 2, 4)
    assert ground.name() == getattr(tokens, Ground.BAD_SOFT.value).lower()
    assert window.sidebar.lock.words.title == "Network not blocked"
    assert window.sidebar.lock.accessibleName() == "Network not blocked. Not enforced"
    header = application.page.header.lock
    assert header.shown_icon() is Icon.LOCK_BAD
    assert header.accessibleName() == "Network not blocked. Not enforced"
    assert application.keeping.page.header.lock.shown_icon() is Icon.LOCK_BAD
    assert application.page.empty.lock.title.text() == "Not enforced on this computer"
    audited(HELD)
    QTest.keyClick(page.banner.prove, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: header.shown_icon() is Icon.LOCK_OK)
    assert application.page.empty.lock.title.text() == "The network is blocked"


def test_it_is_proved_for_real_and_this_process_without_a_lock_is_shown_in_red(open_window, qtbot):
    application = open_window(lock=HELD)
    page = opened(application, qtbot)
    QTest.mouseClick(page.banner.prove, LEFT)
    qtbot.waitUntil(page.banner.prove.isEnabled, timeout=30_000)
    assert page.banner.headline.text() == "Not enforced on this computer"
    assert ("TCP", "succeeded", "Not refused") in seen(page)
    assert application.window.sidebar.lock.words.ink is Ink.BAD


def test_a_proof_that_cannot_be_finished_is_told_and_the_state_stays(
    open_window, qtbot, monkeypatch
):
    application = open_window(lock=HELD)
    page = opened(application, qtbot)

    def fail(_tell=None) -> LockReport:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr("app.airlock.lock.audit", fail)
    QTest.mouseClick(page.banner.prove, LEFT)
    qtbot.waitUntil(lambda: bool(page.toasts.toasts()))
    assert said(page)[0] == ("The proof could not be finished: Cannot allocate memory")
    assert page.banner.prove.isEnabled()
    assert page.banner.headline.text() == "Pitcher cannot reach any network"
    assert "…" not in {verdict for *_, verdict in seen(page)}


def test_times_are_this_languages(open_window, qtbot, audited):
    application = open_window(lock=HELD)
    page = opened(application, qtbot)
    noon = datetime(2026, 11, 29, 12, 34).timestamp()
    before = QLocale()
    try:
        QLocale.setDefault(QLocale(QLocale.Language.German))
        application.window.show_lock(replace(HELD, tested_at_s=noon))
        assert "12:34" in page.banner.sentence.text()
    finally:
        QLocale.setDefault(before)
