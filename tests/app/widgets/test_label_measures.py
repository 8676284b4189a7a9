"""A label is measured once for its text, its width and its letters, and anew for others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QTextLayout

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
