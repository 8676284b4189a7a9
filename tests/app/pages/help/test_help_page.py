"""The help in a real window: opened, read, searched, walked by its links, and left."""

from __future__ import annotations

import itertools
from functools import partial
from threading import Event

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.application import Application
from app.markup.blocks import Prose
from app.pages.help.page import HelpPage
from app.pages.help.topics import TOPIC_NAMES, read_topics
from app.settings import TEXT_SIZE_PERCENT, THEME, Language, ThemeChoice
from tests.app.pages.help.conftest import open_help, row_of, text_seen, top_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


def is_at_top(page: HelpPage, name: str) -> bool:
    return 0 <= top_of(page, name) <= 30


# ---------------------------------------------------------------------- coming and going


def test_f1_opens_it_at_its_list_of_topics_and_esc_leads_back_to_the_chat(open_window):
    application = open_window()
    page = open_help(application)
    assert page.search.hasFocus()
    assert page.text.verticalScrollBar().value() == 0
    contents = text_seen(page, 0).text()
    titles = [topic.title for topic in read_topics("en")]
    assert [line.removeprefix("•\t") for line in contents.split("\n")] == titles
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert application.window.page_now() is application.page
    assert application.page.composer.edit.hasFocus()


def test_the_menu_and_the_palette_lead_to_it_and_the_button_back(open_window):
    application = open_window()
    QTest.keyClick(application.window, Qt.Key.Key_F10)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    next(action for action in menu.actions() if action.text() == "Help\tF1").trigger()
    menu.close()
    assert application.help.is_open
    QTest.mouseClick(application.help.page.back, LEFT)
    assert not application.help.is_open
    QTest.keyClick(application.window, Qt.Key.Key_K, CTRL)
    QTest.keyClicks(application.palette.palette.field, "help")
    QTest.keyClick(application.palette.palette.field, Qt.Key.Key_Return)
    assert application.help.is_open
    QTest.keyClick(application.window, Qt.Key.Key_F10)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu), "the menu has a place on this page"
    menu.close()


def test_f1_over_the_palette_closes_it(open_window):
    application = open_window()
    QTest.keyClick(application.window, Qt.Key.Key_K, CTRL)
    assert application.palette.palette.isVisible()
    QTest.keyClick(application.palette.palette.field, Qt.Key.Key_F1)
    assert application.help.is_open
    assert not application.palette.palette.isVisible()
    assert application.help.page.search.hasFocus()


def test_over_the_settings_it_leads_back_to_them_and_they_over_it_to_the_chat(open_window):
    application = open_window()
    application.window.settings_requested.emit()
    page = open_help(application)
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert application.window.page_now() is application.settings.page
    open_help(application)
    QTest.keyClick(application.window, Qt.Key.Key_Comma, CTRL)
    assert application.window.page_now() is application.settings.page
    QTest.keyClick(application.settings.page.search, Qt.Key.Key_Escape)
    assert application.window.page_now() is application.page
    open_help(application)
    QTest.keyClick(application.window, Qt.Key.Key_Comma, CTRL)
    assert application.settings.page.privacy.isEnabled(), "they lie over the chat, not the help"


def test_a_new_chat_is_begun_from_it_even_over_the_settings(open_window):
    application = open_window()
    application.window.settings_requested.emit()
    open_help(application)
    QTest.keyClick(application.window, Qt.Key.Key_N, CTRL)
    assert application.window.page_now() is application.page


def test_before_a_locked_history_it_is_there_and_leads_back_to_the_lock(open_window, qtbot):
    application = open_window()
    QTest.keyClick(application.window, Qt.Key.Key_L, CTRL)
    locked = application.keeping.page
    qtbot.waitUntil(lambda: locked.screen_now() is locked.unlocking)
    page = open_help(application)
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert application.window.page_now() is locked


def test_locking_takes_it_away(open_window, qtbot):
    application = open_window()
    open_help(application)
    QTest.keyClick(application.window, Qt.Key.Key_L, CTRL)
    qtbot.waitUntil(lambda: application.window.page_now() is application.keeping.page)
    assert not application.help.is_open


def test_the_place_and_the_words_are_kept_while_the_window_lives(open_window):
    application = open_window()
    page = open_help(application)
    QTest.keyClicks(page.search, "temporary")
    place = page.text.verticalScrollBar().value()
    assert place > 0
    QTest.mouseClick(page.back, LEFT)
    open_help(application)
    assert page.search.text() == "temporary"
    assert page.text.verticalScrollBar().value() == place
    QTest.keyClicks(page.search, "backup")
    assert page.search.text() == "backup", "typing replaces what was there"


def test_notices_are_seen_on_the_page(open_window):
    application = open_window()
    page = open_help(application)
    application.notices.error("The disk is full.")
    assert [toast.notice.text for toast in page.toasts.toasts()] == ["The disk is full."]


def test_an_installation_without_its_texts_says_so_and_reads_them_again(
    open_window, monkeypatch, qtbot
):
    application = open_window()
    with monkeypatch.context() as patched:
        patched.setattr("app.pages.help.topics.FOLDER", "gone")
        QTest.keyClick(application.window, Qt.Key.Key_F1)
        page = application.help.page
        qtbot.waitUntil(lambda: bool(page.toasts.toasts()))
        assert "is missing. Install Pitcher again." in page.toasts.toasts()[0].notice.text
        QTest.keyClick(page.search, Qt.Key.Key_Escape)
        assert application.window.page_now() is application.page
    assert len(open_help(application).text.rows()) > len(TOPIC_NAMES), "it is tried again"


def test_what_is_typed_before_the_texts_are_there_is_searched_for_then(open_window, monkeypatch):
    typed, texts = Event(), read_topics("en")
    monkeypatch.setattr("app.help_desk.read_topics", lambda _: typed.wait(20) and texts)
    application = open_window()
    QTest.keyClick(application.window, Qt.Key.Key_F1)
    page = application.help.page
    QTest.keyClicks(page.search, "backup")
    assert not page.text.rows(), "nothing was read yet"
    typed.set()
    open_help(application)
    assert " of " in page.found.text()
    assert any(row.found for row in page.text.rows())


# ---------------------------------------------------------------------- topics


def test_a_topic_is_chosen_and_the_choice_follows_where_one_reads(page, qtbot):
    page.topics.setFocus()
    QTest.keyClick(page.topics, Qt.Key.Key_Space)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert len(menu.actions()) == 1 + len(TOPIC_NAMES)
    menu.setActiveAction(next(each for each in menu.actions() if each.text() == "Privacy"))
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert is_at_top(page, "privacy")
    assert page.text.view_at(row_of(page, "privacy")).hasFocus()
    assert page.topics.accessibleName() == "Topic: Privacy"
    page.text.setFocus()
    QTest.keyClick(page.text, Qt.Key.Key_Home)
    assert page.topics.text() == "All topics"
    page.text.scroll_by(page.text.verticalScrollBar().maximum())
    assert page.topics.text() == "When something goes wrong"
    page.topics.setFocus()
    QTest.keyClick(page.topics, Qt.Key.Key_Space)
    menu = QApplication.activePopupWidget()
    menu.setActiveAction(menu.actions()[0])
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert page.text.verticalScrollBar().value() == 0


def test_its_links_are_followed_by_keyboard_and_mouse(page):
    contents = text_seen(page, 0)
    contents.setFocus()
    for _step in range(2):
        QTest.keyClick(contents, Qt.Key.Key_Tab)
    assert contents.links.focused().target == "#models"
    QGuiApplication.clipboard().setText("kept")
    QTest.keyClick(contents, Qt.Key.Key_Return)
    assert is_at_top(page, "models")
    assert page.text.view_at(row_of(page, "models")).hasFocus(), "Tab goes on from there"
    page.text.go_to("")
    contents = text_seen(page, 0)
    link = contents.marks().links[4]
    cursor = QTextCursor(contents.document())
    cursor.setPosition(link.start + 1)
    place = contents.cursorRect(cursor).center()
    QTest.mouseMove(contents.viewport(), place)
    QTest.mouseClick(contents.viewport(), LEFT, pos=place)
    assert is_at_top(page, "files")
    assert QGuiApplication.clipboard().text() == "kept", "nothing was copied"
    assert page.text.tools.strip.text() == ""


def test_where_a_link_leads_is_said_by_its_title(page):
    contents = text_seen(page, 0)
    titles = [topic.title for topic in read_topics("en")]
    assert [contents.links.where(link) for link in contents.marks().links] == titles
    assert {contents.links.words_of(link) for link in contents.marks().links} == {"Go there"}


def test_the_list_of_keys_is_a_link_away(open_window, qtbot):
    application = open_window()
    page = open_help(application)
    page.text.follow("#shortcuts", Qt.FocusReason.OtherFocusReason)
    assert application.palette.shortcuts is not None
    application.palette.shortcuts.reject()
    qtbot.waitUntil(lambda: application.palette.shortcuts is None)
    QTest.keyClick(application.window, Qt.Key.Key_F1, SHIFT)
    assert application.palette.shortcuts is not None
    application.palette.shortcuts.reject()


def test_only_its_own_places_are_followed(page):
    for target in ("https://example.org", "file:///etc/passwd", "#nowhere", "#", "models", ""):
        assert page.text.title_of(target) == "", target


# ---------------------------------------------------------------------- looks and sound


def test_its_text_is_selected_across_paragraphs_and_copied(page):
    page.text.setFocus()
    QTest.keySequence(page.text, QKeySequence("Ctrl+A"))
    QTest.keySequence(page.text, QKeySequence("Ctrl+C"))
    copied = QGuiApplication.clipboard().text()
    QGuiApplication.clipboard().clear()
    for topic in read_topics("en"):
        assert f"\n\n{topic.title}\n" in copied


def test_marks_follow_the_theme_and_the_text_its_size(open_window, whole_again):
    application = open_window()
    page = open_help(application)
    QTest.keyClicks(page.search, "passphrase")
    current = next(n for n, row in enumerate(page.text.rows()) if row.current)
    application.settings.choose(THEME, ThemeChoice.DARK)
    tokens = application.theme.tokens
    view = text_seen(page, current)
    assert view.extraSelections()[0].format.background().color().name() == tokens.accent.lower()
    application.settings.choose(TEXT_SIZE_PERCENT, 200)
    QApplication.processEvents()
    assert view.font().pixelSize() == 30
    application.settings.choose(THEME, ThemeChoice.LIGHT)


def test_there_is_no_way_to_the_end_of_what_does_not_grow(page):
    page.text.go_to("asking")
    assert not page.text.jump.isVisible()
    page.text.scroll_by(page.text.verticalScrollBar().maximum())
    assert not page.text.follows_end()


@pytest.mark.parametrize("percent", [100, 200])
def test_in_the_smallest_window_all_of_it_is_within_reach(open_window, whole_again, percent):
    application = open_window(width=640, height=480)
    application.settings.choose(TEXT_SIZE_PERCENT, percent)
    page = open_help(application)
    QTest.keyClicks(page.search, "passphrase")
    QApplication.processEvents()
    shown = (page.sidebar, page.back, page.search, page.topics, page.found, page.next)
    places = [QWidget.mapTo(each, page, QPoint(0, 0)) for each in shown]
    for each, place in zip(shown, places, strict=True):
        assert each.isVisible()
        assert place.x() >= 0
        assert place.x() + each.width() <= page.width(), each.accessibleName()
    assert page.text.viewport().height() > 200
    assert application.window.width() == 640


def test_every_part_says_what_it_is(page):
    names = {
        page.back: "Back",
        page.search: "Search help",
        page.topics: "Topic: All topics",
        page.previous: "Previous hit",
        page.next: "Next hit",
        page.text: "Help",
    }
    for widget, name in names.items():
        assert widget.accessibleName() == name
    assert text_seen(page, 0).accessibleName() == "Help"


def test_a_german_window_has_german_help(speak_german, monkeypatch, request):
    german = partial(Application, language=speak_german)
    monkeypatch.setattr("app.application.Application", german)
    page = open_help(request.getfixturevalue("open_window")())
    assert speak_german is Language.GERMAN
    assert page.topics.accessibleName() == "Thema: Alle Themen"
    assert text_seen(page, 0).text().startswith("•\tErste Schritte\n")


def test_tab_goes_from_the_search_over_what_is_beside_it_into_the_text(page):
    QTest.keyClicks(page.search, "passphrase")
    order = [page.search, page.topics, page.previous, page.next, page.text]
    for before, after in itertools.pairwise(order):
        assert before.hasFocus(), before.accessibleName()
        QTest.keyClick(before, Qt.Key.Key_Tab)
        assert after.hasFocus(), after.accessibleName()
    QTest.keyClick(page.text, Qt.Key.Key_Tab)
    assert page.text.row_of(QApplication.focusWidget()) is not None


def test_tab_goes_through_every_text_and_link_and_leaves_at_the_end(page):
    page.text.setFocus()
    QTest.keyClick(page.text, Qt.Key.Key_Tab)
    reached: list[object] = []
    links = 0
    while (focused := QApplication.focusWidget()) is not None:
        row = page.text.row_of(focused)
        if row is None:
            break
        top = focused.mapTo(page.text.viewport(), QPoint(0, 0)).y()
        assert top < page.text.viewport().height(), "the keyboard is out of sight"
        if row.key not in reached:
            reached.append(row.key)
        links += focused.links.focused() is not None
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    texts = [row for row in page.text.rows() if isinstance(row.block, Prose)]
    assert reached == [row.key for row in texts]
    spans = [span for row in texts for line in row.block.lines for span in line.spans]
    assert links == sum(bool(span.target) for span in spans) > 20


def test_the_start_makes_nothing_of_it(open_window):
    application = open_window()
    assert not application.window.findChildren(HelpPage)
    QTest.keyClick(application.window, Qt.Key.Key_Escape)
    assert not application.window.findChildren(HelpPage)
    open_help(application)
    assert len(application.window.findChildren(HelpPage)) == 1
