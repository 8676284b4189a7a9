"""Days as the language of the window writes them."""

import pytest
from PySide6.QtCore import QDate

from app.dates import day_words

DAY = QDate(2026, 11, 29)


@pytest.mark.parametrize(
    ("language", "whole", "short"),
    [
        ("en_US", "November 29, 2026", "Nov 29"),
        ("en_GB", "29 November 2026", "29 Nov"),
        ("de_DE", "29. November 2026", "29. Nov."),
        ("de_AT", "29. November 2026", "29. Nov."),
        ("C", "29 November 2026", "29 Nov"),
    ],
)
def test_a_day_has_no_weekday_and_its_parts_in_the_languages_order(speak, language, whole, short):
    speak(language)
    assert day_words(DAY) == whole
    assert day_words(DAY, is_short=True, has_year=False) == short


def test_a_short_day_of_another_year_has_it(speak):
    speak("de_DE")
    assert day_words(DAY, is_short=True) == "29. Nov. 2026"
