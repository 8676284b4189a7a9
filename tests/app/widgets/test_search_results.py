"""The sidebar's search by itself: the field, and what was found."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.chats.model import Hit, Role
from app.settings import ThemeChoice
from app.theme.theme import Theme
from app.theme.tokens import LIGHT
from app.widgets.search_box import SearchBox
from app.widgets.search_model import HitRole, date_words, excerpt_of
from app.widgets.search_results import SearchResults
from app.widgets.search_text import led_in

LEFT = Qt.MouseButton.LeftButton
# What the offscreen platform says of itself when a window of its own is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
AT_MS = 1_700_000_000_000


def hit(chat_id: int, message_id: int | None, *excerpt: tuple[str, bool], title="T") -> Hit:
    role = None if message_id is None else Role.USER
    return Hit(chat_id, message_id, title, role, AT_MS, excerpt)


def many(count: int) -> list[Hit]:
    return [hit(n, n, ("about ", False), ("crows", True)) for n in range(1, count + 1)]


class Pair(QWidget):
    """A box with the results below it, as in the sidebar."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.box, self.results = SearchBox(theme), SearchResults(theme)
        column = QVBoxLayout(self)
        column.addWidget(self.box)
        column.addWidget(self.results, 1)
        self.box.field.stepped.connect(self.results.step)
        self.box.field.entered.connect(self.results.open_now)
        self.results.left.connect(self.box.begin)
        self.opened: list[Hit] = []
        self.results.opened.connect(self.opened.append)


@pytest.fixture
def pair(qtbot, qapp) -> Pair:
    pair = Pair(Theme(qapp, ThemeChoice.LIGHT))
    qtbot.addWidget(pair)
    pair.resize(264, 500)
    pair.show()
    qtbot.waitExposed(pair)
    pair.activateWindow()
    qtbot.waitUntil(pair.isActiveWindow)
    return pair


def test_the_row_becomes_a_field_and_a_field_left_empty_the_row_again(pair):
    assert pair.box.row.isVisible()
    QTest.mouseClick(pair.box.row, LEFT)
    assert pair.box.field.hasFocus()
    assert not pair.box.row.isVisible()
    QTest.keyClicks(pair.box.field, "crow")
    pair.results.view.setFocus()
    assert pair.box.field.isVisible(), "what is searched for stays to be read"
    pair.box.begin()
    assert pair.box.field.selectedText() == "crow", "ready to be typed over"
    QTest.keyClick(pair.box.field, Qt.Key.Key_Backspace)
    pair.results.view.setFocus()
    assert pair.box.row.isVisible()


@pytest.mark.parametrize("by", ["key", "button"])
def test_a_search_is_ended_by_esc_or_its_button_and_nothing_of_it_stays(pair, by):
    ended: list[None] = []
    pair.box.ended.connect(lambda: ended.append(None))
    pair.box.begin()
    QTest.keyClicks(pair.box.field, "crow")
    if by == "key":
        QTest.keyClick(pair.box.field, Qt.Key.Key_Escape)
    else:
        QTest.mouseClick(pair.box.end_button, LEFT)
    assert ended == [None]
    assert pair.box.words == ""
    assert not pair.box.field.isUndoAvailable()


def test_arrows_in_the_field_move_the_row_that_enter_opens(pair):
    pair.results.show_hits(many(30))
    pair.box.begin()
    field = pair.box.field
    QTest.keyClick(field, Qt.Key.Key_Return)
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Up)
    QTest.keyClick(field, Qt.Key.Key_Return)
    QTest.keyClick(field, Qt.Key.Key_PageDown)
    QTest.keyClick(field, Qt.Key.Key_Enter)
    QTest.keyClick(field, Qt.Key.Key_PageUp)
    QTest.keyClick(field, Qt.Key.Key_PageUp)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert [found.message_id for found in pair.opened] == [1, 2, 10, 1]
    assert field.hasFocus()


def test_the_list_is_reached_by_tab_and_left_upwards(pair):
    pair.results.show_hits(many(3))
    pair.box.begin()
    view, passed = pair.results.view, []
    while not view.hasFocus():
        passed.append(QApplication.focusWidget())
        assert len(passed) < 4
        QTest.keyClick(passed[-1], Qt.Key.Key_Tab)
    assert pair.box.end_button in passed
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert [found.message_id for found in pair.opened] == [2]
    QTest.keyClick(view, Qt.Key.Key_Up)
    QTest.keyClick(view, Qt.Key.Key_Up)
    assert pair.box.field.hasFocus()


def test_a_click_opens_a_hit(pair):
    pair.results.show_hits(many(3))
    view = pair.results.view
    place = view.visualRect(view.model().index(2)).center()
    QTest.mouseClick(view.viewport(), LEFT, pos=place)
    assert [found.message_id for found in pair.opened] == [3]


def test_where_nothing_is_found_or_searched_a_sentence_stands(pair):
    pair.results.show_hits(())
    assert pair.results.words.text() == "No message and no title has these words."
    assert not pair.results.view.isVisible()
    pair.results.step(1)
    pair.results.open_now()
    pair.results.say("The disk is full.")
    assert pair.results.words.text() == "The disk is full."
    pair.results.clear()
    assert not pair.results.words.isVisible()
    assert pair.opened == []


def test_what_is_found_in_chats_that_go_goes_with_them(pair):
    pair.results.show_hits(many(4))
    pair.results.take((2, 3))
    model = pair.results.model
    assert [model.hit_at(model.index(row)).conversation_id for row in range(2)] == [1, 4]
    assert model.rowCount() == 2


def test_a_row_says_title_date_and_excerpt_to_a_screen_reader(pair):
    pair.results.show_hits([hit(1, 7, ("the ", False), ("crow", True), title="Fable")])
    index = pair.results.model.index(0)
    said = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("Fable. ")
    assert said.endswith(". the crow")
    pair.results.show_hits([hit(1, None, ("Fa", True), ("ble", False))])
    said = pair.results.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("Fable. ")


def test_a_found_word_is_drawn_on_its_mark(pair):
    view = pair.results.view

    def marks() -> int:
        picture = view.viewport().grab().toImage()
        area = view.visualRect(view.model().index(0))
        ratio = picture.devicePixelRatio()
        points = (
            QPoint(round(x * ratio), round(y * ratio))
            for x in range(area.left(), area.right())
            for y in range(area.top(), area.bottom(), 3)
        )
        return sum(picture.pixelColor(at).name().upper() == LIGHT.mark for at in points)

    pair.results.show_hits([hit(1, 1, ("about crows", False))])
    assert marks() == 0
    long_lead = "word " * 60
    pair.results.show_hits([hit(1, 1, (long_lead, False), ("crows", True), (" fly" * 60, False))])
    assert marks() > 20, "the excerpt is cut so that the hit is seen"


@pytest.mark.parametrize(
    "text",
    [
        "<img src=file:///etc/passwd>",
        "\u202egnirts",
        "👩‍👩‍👧" * 300,
        "x" * 5000,
        "\ud800",
        "e" + "\u0301" * 500,
        "合同" * 400,
        "שלום " * 100,
        "",
    ],
)
def test_any_text_is_drawn_and_none_of_it_is_obeyed(pair, text):
    pair.results.show_hits([hit(1, 1, (text, False), (text, True), (text, False), title=text)])
    pair.results.view.viewport().grab()
    shown = "".join(piece for piece, _ in pair.results.model.index(0).data(HitRole.EXCERPT))
    assert "\u202e" not in shown
    assert ("‹U+202E›" in shown) == ("\u202e" in text)


def test_an_excerpt_begins_close_before_its_first_hit():
    pieces = (("one two three four five six seven ", False), ("hit", True), (" after", False))
    assert led_in(pieces, 12) == (("…six seven ", False), *pieces[1:])
    assert led_in(pieces[1:], 12) == pieces[1:]
    no_spaces = (("x" * 50, False), ("hit", True))
    assert led_in(no_spaces, 12) == (("…" + "x" * 12, False), ("hit", True))
    assert excerpt_of(hit(1, None, ("T", True))) == ()


def test_a_date_is_as_short_as_it_can_be():
    now = datetime(2026, 6, 15, 12, 0).astimezone()
    this_year = datetime(2026, 3, 4, 9, 30).astimezone()
    last_year = datetime(2025, 3, 4, 9, 30).astimezone()
    ms = 1000
    assert "4" in date_words(round(this_year.timestamp() * ms), now)
    assert "2026" not in date_words(round(this_year.timestamp() * ms), now)
    assert "2025" in date_words(round(last_year.timestamp() * ms), now)
    today = date_words(round((now - timedelta(hours=1)).timestamp() * ms), now)
    assert "11" in today
    assert date_words(10**18, now) == ""
