"""A label is measured once for its text, its width and its letters, and anew for others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextLayout
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.theme.theme import Theme
from app.theme.type_styles import Type
from app.widgets import label as label_module
from app.widgets.label import Label

_WORDS = "some words of a sentence that goes on "


@pytest.fixture
def layouts(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The texts that were laid out."""
    made: list[str] = []

    def lay_out(text: str, *more: object) -> QTextLayout:
        made.append(text)
        return QTextLayout(text, *more)

    monkeypatch.setattr(label_module, "QTextLayout", lay_out)
    return made


def test_a_width_is_measured_once_and_drawn_from_the_same_lines(
    still_theme: Theme, qtbot, layouts: list[str]
) -> None:
    label = Label(still_theme, _WORDS * 4, wrap=True)
    qtbot.addWidget(label)
    heights = [label.heightForWidth(width) for width in (200, 400, 200, 400)]
    assert heights[0] == heights[2] > heights[1] == heights[3]
    assert len(layouts) == 2
    label.resize(400, heights[1])
    label.grab()
    label.grab()
    assert len(layouts) == 2
    label.setText(_WORDS)
    assert label.heightForWidth(200) < heights[0]
    assert len(layouts) == 3
    assert label.height_of(_WORDS * 4, 200) == heights[0], "another text is no text of its own"
    assert label.heightForWidth(200) < heights[0]


@pytest.mark.parametrize(
    "words",
    [_WORDS * 4, "\U0001f469\u200d\U0001f4bb" * 60, "שלום world " * 20, "x" * 300, " " * 99],
)
def test_between_two_widths_of_as_many_lines_nothing_is_laid_out(
    still_theme: Theme, qtbot, layouts: list[str], words: str
) -> None:
    label = Label(still_theme, words, wrap=True)
    qtbot.addWidget(label)
    widths = range(60, 700, 7)
    ends = [label.heightForWidth(width) for width in (60, 693, 200, 400, 100, 300, 500)]
    found = [label.heightForWidth(width) for width in widths]
    assert len(layouts) < len(widths)
    assert ends[0] == found[0] == max(found)
    assert found == [label.height_of(words, width) for width in widths]


def test_other_letters_have_other_measures(still_theme: Theme, qtbot) -> None:
    label = Label(still_theme, _WORDS * 4, wrap=True)
    qtbot.addWidget(label)
    wide, high = label.sizeHint().width(), label.heightForWidth(200)
    still_theme.set_text(150, is_system_font=False)
    assert label.sizeHint().width() > 1.2 * wide
    assert label.heightForWidth(200) > high
    still_theme.set_text(100, is_system_font=False)
    assert (label.sizeHint().width(), label.heightForWidth(200)) == (wide, high)


def test_a_line_that_does_not_wrap_has_its_words_width(still_theme: Theme, qtbot) -> None:
    label = Label(still_theme, _WORDS, Type.SMALL)
    qtbot.addWidget(label)
    first = label.sizeHint().width()
    label.setText(_WORDS * 2)
    assert label.sizeHint().width() > 1.8 * first


_LONG = {
    "words": _WORDS * 60,
    "one word": "x" * 3_000,
    "long words": ("w" * 30 + " ") * 100,
    "brackets": "[" * 4_000,
    "lines": "a line\n" * 300,
    "arabic": "مرحبا بالعالم " * 100,
    "emoji": "\U0001f469\u200d\U0001f4bb" * 800,
}


@pytest.mark.parametrize("words", _LONG.values(), ids=_LONG.keys())
def test_a_long_text_never_gets_too_little_room_and_in_the_end_what_it_takes(
    still_theme: Theme, qtbot, words: str
) -> None:
    label = Label(still_theme, words, wrap=True)
    window = QWidget()  # without a layout: it would tell the system its sizes
    qtbot.addWidget(window)
    column = QWidget(window)
    row = QVBoxLayout(column)
    row.addWidget(label)
    row.addStretch(1)
    for width in (340, 700, 523):
        assert label.heightForWidth(width) >= label.height_of(words, width)
    window.show()
    for width in (560, 333, 900):
        column.resize(width, 6_000)
        qtbot.waitUntil(lambda: label.height() == label.height_of(words, label.width()))


def test_a_long_text_is_laid_out_at_the_width_that_it_gets_and_no_other(
    still_theme: Theme, qtbot, layouts: list[str]
) -> None:
    label = Label(still_theme, "[" * 4_000, wrap=True)
    qtbot.addWidget(label)
    for width in (342, 537, 411, 989, 18_879):
        label.heightForWidth(width)
    assert layouts == []
    label.resize(411, label.heightForWidth(411))
    label.grab()
    assert label.heightForWidth(411) == label.height_at(411)
    assert len(layouts) == 1


def test_a_long_line_is_as_wide_as_its_words_or_wider_than_a_window(
    still_theme: Theme, qtbot
) -> None:
    narrow = "\u0301" * 1_400 + "e" * 200  # 700 marks take no room at all
    label = Label(still_theme, narrow)
    qtbot.addWidget(label)
    words_px = label.fontMetrics().horizontalAdvance(label.text())
    assert abs(label.sizeHint().width() - words_px) <= 1
    label.setText("w" * 3_000)
    assert label.sizeHint().width() > 3_000 * label.fontMetrics().horizontalAdvance("w") * 0.9


@pytest.mark.parametrize("words", ["w" * 3_000, "\u0301" * 3_000, _WORDS * 90])
def test_what_is_shown_of_a_long_line_is_what_is_shown_of_the_whole(
    still_theme: Theme, qtbot, words: str
) -> None:
    label = Label(still_theme, words)
    qtbot.addWidget(label)
    right = Qt.TextElideMode.ElideRight
    for width in (50, 400, 20_000):
        label.resize(width, 20)
        whole = label.fontMetrics().elidedText(label.text(), right, width + 1)
        assert label._elided() == whole


@pytest.mark.parametrize(
    "words",
    ["Regenerate", "AV Ta fi ffl 1,234.50", "水落石出", "שלום, עולם", "مرحبا بالعالم", "👍 née"],
)
def test_what_has_room_on_one_line_is_not_laid_out_to_tell_its_height(
    still_theme: Theme, qtbot, layouts: list[str], words: str
) -> None:
    for style in Type:
        label = Label(still_theme, words, style, wrap=True)
        qtbot.addWidget(label)
        width = label.sizeHint().width()
        assert label.heightForWidth(width) == style.line_px
        assert not layouts
        assert label.height_of(words, width) == style.line_px
        assert label.heightForWidth(width // 3) > style.line_px
        layouts.clear()


def test_no_height_is_measured_where_there_is_no_width_yet(
    still_theme: Theme, qtbot, layouts: list[str]
) -> None:
    label = Label(still_theme, _WORDS * 4, wrap=True)
    qtbot.addWidget(label)
    assert label.heightForWidth(0) == Type.INTERFACE.line_px
    assert not layouts
    assert label.heightForWidth(100) > label.heightForWidth(400)
