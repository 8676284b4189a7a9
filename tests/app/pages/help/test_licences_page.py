"""The page of the licences in a real window: reached, read, searched, walked, and left."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.licences.works import Kind, Licences, LicencesError, Text, Work
from app.pages.help.licences import LicencesPage, licence_topics
from tests.app.pages.help.conftest import open_help, row_of, text_seen, top_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
CTRL = Qt.KeyboardModifier.ControlModifier
LONG = "of this software and associated documentation files, to deal in it"
MIT = (
    f"The MIT License\n\nPermission is hereby granted\n{LONG}\nwithout restriction:\n - one\n - two"
)
FOUND = Licences(
    (
        Work(Kind.PROGRAM, "Pitcher", "0.1.0", "Apache-2.0", "this program", (1,)),
        Work(Kind.PYTHON, "backports.tarfile", "1", "MIT", "PyPI", (2,), ("ring 0.17 (ISC)",)),
        Work(Kind.LIBRARY, "zlib\u202e1g", "1.2", "Zlib", "Debian", (3,)),
    ),
    (
        Text("Pitcher: LICENSE", "Apache License\n\n" + "words " * 4000),
        Text("tar", MIT),
        Text("z", "z"),
    ),
)


def opened(application, qtbot) -> LicencesPage:
    """By the palette, once its list is there."""
    QTest.keyClick(application.window, Qt.Key.Key_K, CTRL)
    QTest.keyClicks(application.palette.palette.field, "licences")
    QTest.keyClick(application.palette.palette.field, Qt.Key.Key_Return)
    page = application.licences.page
    assert application.window.page_now() is page
    qtbot.waitUntil(lambda: bool(page.text.rows()))
    return page


@pytest.fixture
def application(open_window, monkeypatch):
    monkeypatch.setattr("app.licences_desk.licences", lambda: FOUND)
    application = open_window()
    application.theme.reduce_motion(True)
    return application


def test_the_palette_opens_it_and_esc_leads_back(application, qtbot):
    page = opened(application, qtbot)
    assert page.search.hasFocus()
    assert not page.found.isVisible()
    assert page.search.accessibleName() == "Search licences"
    assert page.text.accessibleName() == "Licences"
    listed = text_seen(page, 0).text().split("\n")
    assert [line.removeprefix("•\t") for line in listed] == [
        "About these works",
        "The program",
        "Pitcher 0.1.0",
        "Packages of Python",
        "backports.tarfile 1",
        "Libraries of the system",
        "zlib‹U+202E›1g 1.2",
        "Texts of the licences",
    ], "no text by itself, nothing hidden, and no address where there is none"
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert application.window.page_now() is application.page
    assert not application.licences.is_open


def test_the_help_leads_to_it_and_it_takes_the_helps_place(application, qtbot):
    page = open_help(application)
    page.text.follow("#licences", Qt.FocusReason.OtherFocusReason)
    assert application.licences.is_open
    assert page.text.title_of("#licences") == "Licences"
    QTest.keyClick(application.licences.page.search, Qt.Key.Key_Escape)
    assert application.window.page_now() is application.page


def test_the_choice_leads_to_a_group_and_follows_what_is_seen(application, qtbot):
    page = opened(application, qtbot)
    page.topics.chosen.emit(3)
    assert 0 <= top_of(page, "python") <= 30
    assert page.topics.text() == "Packages of Python"
    page.text.go_to("text-1")
    assert page.topics.text() == "Texts of the licences"


def test_a_work_leads_to_its_text_which_is_shown_whole(application, qtbot):
    page = opened(application, qtbot)
    row = row_of(page, "python-0")
    words = "\n".join(
        text_seen_of(page, index).text()
        for index in range(row, row + 5)
        if page.text.rows()[index].owner == "python-0"
    )
    assert "Licence: MIT" in words
    assert "From: PyPI" in words
    assert "Contains: ring 0.17 (ISC)" in words
    page.text.follow("#text-2", Qt.FocusReason.OtherFocusReason)
    text = text_seen(page, row_of(page, "text-2") + 1).text()
    assert f"granted\n{LONG} without restriction:\n - one\n - two" in text, "filled lines flow"


def text_seen_of(page, index):
    page.text.show_row(index)
    view = page.text.view_at(index)
    assert view is not None
    return view


def test_what_is_typed_is_found_in_the_texts(application, qtbot):
    page = opened(application, qtbot)
    QTest.keyClicks(page.search, "hereby granted")
    assert page.found.text() == "1 of 1"


def test_a_long_text_is_cut_into_pieces_that_lose_nothing():
    (text,) = (topic for topic in licence_topics(FOUND) if topic.name == "text-1")
    pieces = [line.spans[0].text for block in text.blocks[1:] for line in block.lines]
    assert "\n".join(pieces).split() == FOUND.texts[0].text.split()


def test_a_list_that_cannot_be_read_is_told_and_tried_again(application, qtbot, monkeypatch):
    def fail() -> Licences:
        raise LicencesError("The list of licences is damaged. Install Pitcher again.")

    monkeypatch.setattr("app.licences_desk.licences", fail)
    application.licences.open()
    page = application.licences.page
    qtbot.waitUntil(lambda: bool(page.toasts.toasts()))
    assert "damaged" in page.toasts.toasts()[0].notice.text
    monkeypatch.setattr("app.licences_desk.licences", lambda: FOUND)
    application.licences.leave()
    application.licences.open()
    qtbot.waitUntil(lambda: bool(page.text.rows()))
