"""The help searched in a real window: what is marked, in sight, and said."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.widgets.markup.prose_view import ProseView
from tests.app.pages.help.conftest import open_help, text_seen

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


def marks(view: ProseView) -> list[str]:
    return [selection.cursor.selectedText() for selection in view.extraSelections()]


def test_what_is_typed_is_marked_and_begins_at_a_heading(page):
    QTest.keyClicks(page.search, "backup")
    assert page.topics.text() == "The history"
    rows = page.text.rows()
    found = [n for n, row in enumerate(rows) if row.found]
    assert len(found) > 3
    current = [n for n, row in enumerate(rows) if row.current]
    assert len(current) == 1
    view = text_seen(page, current[0])
    assert marks(view) == ["Backup"]
    number, _of, count = page.found.text().split()
    assert int(count) >= len(found)
    assert rows[current[0]].block.lines[0].heading == 2
    QTest.keyClick(page.search, Qt.Key.Key_Return)
    assert page.found.text() == f"{int(number) + 1} of {count}"
    QTest.keyClick(page.search, Qt.Key.Key_Return, SHIFT)
    QTest.mouseClick(page.previous, LEFT)
    assert page.found.text() == f"{int(number) - 1} of {count}"
    QTest.mouseClick(page.next, LEFT)
    assert marks(text_seen(page, current[0])) == ["Backup"]


def test_hits_go_round_and_each_is_in_sight(page):
    QTest.keyClicks(page.search, "passphrase")
    count = int(page.found.text().split()[-1])
    assert count > 2
    seen = set()
    for _step in range(count):
        QTest.keyClick(page.search, Qt.Key.Key_Return)
        current = next(n for n, row in enumerate(page.text.rows()) if row.current)
        view = text_seen(page, current)
        area = view.found.current_area().translated(view.pos())
        top = view.parentWidget().mapTo(page.text.viewport(), area.topLeft()).y()
        assert 0 <= top < page.text.viewport().height() - area.height()
        seen.add(page.found.text())
    assert len(seen) == count


def test_nothing_found_is_said_and_esc_empties_the_field_first(open_window):
    application = open_window()
    page = open_help(application)
    QTest.keyClicks(page.search, "zebra <b>")
    assert page.found.text() == "Nothing about “zebra <b>”"
    assert not page.next.isVisible()
    QTest.keyClick(page.search, Qt.Key.Key_Return)
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert page.search.text() == ""
    assert application.help.is_open
    assert not page.found.isVisible()
    assert not any(row.found for row in page.text.rows())
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert not application.help.is_open


def test_the_arrows_in_the_field_scroll_the_text(page):
    bar = page.text.verticalScrollBar()
    QTest.keyClick(page.search, Qt.Key.Key_Down)
    line = bar.value()
    assert line > 0
    QTest.keyClick(page.search, Qt.Key.Key_PageDown)
    assert bar.value() > 3 * line
    QTest.keyClick(page.search, Qt.Key.Key_PageUp)
    QTest.keyClick(page.search, Qt.Key.Key_Up)
    assert bar.value() == 0
