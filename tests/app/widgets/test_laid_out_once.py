"""Texts are laid out once: at their width when they come, and not at each size they are told."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QTextEdit, QWidget

from app.widgets.laid_out_once import keep_shapes, set_text_width, sized
from app.widgets.reading_text import ReadingText
from app.widgets.row_list_text import RowText

_WIDE = "words " * 400


class Layouts:
    """Counts how often a document is laid out."""

    def __init__(self, edit: QTextEdit) -> None:
        self.count = 0
        edit.document().documentLayout().update.connect(self._on_update)

    def _on_update(self) -> None:
        self.count += 1


@pytest.fixture
def edit(qtbot):
    made = QTextEdit()
    made.resize(400, 300)
    qtbot.addWidget(made)
    made.show()
    made.setPlainText(_WIDE)
    return made


def test_a_width_that_a_text_has_is_not_set_again(edit):
    set_text_width(edit.document(), 300)
    assert edit.document().textWidth() == 300
    layouts = Layouts(edit)
    set_text_width(edit.document(), 300)
    assert layouts.count == 0
    set_text_width(edit.document(), 301)
    assert layouts.count > 0


def test_a_size_of_the_width_that_it_is_laid_out_at_is_one_of_another_height_alone(edit):
    edit.document().setTextWidth(350)
    event = sized(edit, QResizeEvent(QSize(350, 90), QSize(200, 40)))
    assert (event.size(), event.oldSize()) == (QSize(350, 90), QSize(350, 40))
    other = QResizeEvent(QSize(351, 90), QSize(200, 40))
    assert sized(edit, other) is other
    edit.setLineWrapMode(QTextEdit.LineWrapMode.NoWrap)
    same = QResizeEvent(QSize(350, 90), QSize(200, 40))
    assert sized(edit, same) is same, "what does not wrap has no such width"


def test_shapes_are_kept_from_a_position_on(edit):
    document = edit.document()
    edit.setPlainText("one\ntwo\nthree")
    keep_shapes(document, document.findBlockByNumber(1).position())
    kept = [document.findBlockByNumber(n).layout().cacheEnabled() for n in range(3)]
    assert kept == [False, True, True]


def test_a_text_of_a_row_is_laid_out_when_it_comes_and_by_nothing_that_follows(qtbot):
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(600, 600)
    host.show()
    text = RowText("Text", parent=host, width_px=320)
    text.show_plain(_WIDE)
    layouts = Layouts(text)
    height = text.heightForWidth(320)
    text.setGeometry(0, 0, 320, height)
    text.show()
    qtbot.wait(1)
    assert layouts.count == 0
    assert text.height() == height > 10 * text.fontMetrics().height() / 2
    assert text.verticalScrollBar().maximum() == 0
    assert text.document().firstBlock().layout().cacheEnabled()
    text.setGeometry(0, 0, 200, height)
    assert text.document().textWidth() == 200
    assert text.height() > height, "narrower, it is laid out anew"


def test_the_natural_width_of_a_text_is_its_widest_line_or_the_limit(qtbot):
    text = ReadingText("Text")
    qtbot.addWidget(text)
    text.show_plain("a\nbbbbbb\ncc")
    narrow = text.natural_width(500)
    assert 0 < narrow < 100
    assert narrow == text.natural_width(400)
    text.show_plain(_WIDE)
    assert 300 < text.natural_width(400) <= 401
