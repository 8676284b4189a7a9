"""Numbers as the language of the window writes them."""

import pytest

from app.numbers import decimal, whole


@pytest.mark.parametrize(
    ("language", "count", "share"),
    [("en", "1,234,567", "1,234.5"), ("de", "1.234.567", "1.234,5"), ("C", "1,234,567", "1,234.5")],
)
def test_a_number_is_written_as_its_language_does(speak, language, count, share):
    speak(language)
    assert whole(1234567) == count
    assert decimal(1234.5, 1) == share
    assert decimal(2, 1) == share[:1].replace("1", "2") + share[-2] + "0"


def test_a_number_beyond_what_a_machine_word_holds_is_written_too(speak):
    speak("de")
    assert whole(2**40) == "1.099.511.627.776"
    assert whole(10**20) == "100,000,000,000,000,000,000"
