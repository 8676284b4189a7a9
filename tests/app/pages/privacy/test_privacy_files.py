"""The privacy page's card on the program's own files."""

from __future__ import annotations

import pytest

from app.airlock.installed_files import InstalledFiles, Signed, Verdict
from app.theme.tokens import Ink
from tests.app.pages.privacy.looking import HELD, opened

pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),
    pytest.mark.usefixtures("own_home"),
]
DIGITS = "0123456789abcdef" * 4


def compared(application, qtbot):
    page = opened(application, qtbot)
    qtbot.waitUntil(lambda: page.files.fact.text() != "Being compared")
    return page


def test_it_is_compared_as_the_page_opens_and_from_source_there_is_nothing(open_window, qtbot):
    card = compared(open_window(lock=HELD), qtbot).files
    assert card.fact.text() == "From source"
    assert card.accessibleName().startswith("The program’s files: From source. Pitcher runs")


@pytest.mark.parametrize(
    ("found", "fact", "words", "ink"),
    [
        (
            InstalledFiles(Verdict.AS_BUILT, Signed.BY_RELEASE_KEY, 1234, list_sha256=DIGITS),
            "As built",
            "1,234 files are as they were built. The list of the files is signed with the key of "
            f"this build. SHA-256 of the list: {DIGITS}",
            Ink.TEXT,
        ),
        (
            InstalledFiles(Verdict.DIFFERENT, count=3, changed=("a\u202eb",), list_sha256=DIGITS),
            "Not as built",
            "Changed: a‹U+202E›b",
            Ink.WARN,
        ),
        (InstalledFiles(Verdict.NO_LIST), "Not known", "Install Pitcher again.", Ink.WARN),
        (
            InstalledFiles(Verdict.AS_BUILT, Signed.WRONG, 3, list_sha256=DIGITS),
            "Not signed as it should be",
            "not as it was signed",
            Ink.WARN,
        ),
    ],
)
def test_what_was_found_is_said(open_window, qtbot, found, fact, words, ink):
    card = compared(open_window(lock=HELD), qtbot).files
    card.show_files(found)
    assert card.fact.text() == fact
    assert words in card.accessibleName().replace("\u202e", "‹U+202E›")
    assert card.fact.ink() is ink


def test_of_many_the_first_are_named_and_the_report_has_all(open_window, qtbot):
    card = compared(open_window(lock=HELD), qtbot).files
    added = tuple(f"file {n:02}" for n in range(40))
    card.show_files(InstalledFiles(Verdict.DIFFERENT, count=3, added=added))
    assert "Added: file 04" in card.words.text()
    assert "file 05" not in card.words.text()
    assert "The report names all of them." in card.words.text()


def test_a_comparison_that_fails_says_why(open_window, qtbot, monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("app.window_privacy.check_installed", refuse)
    card = compared(open_window(lock=HELD), qtbot).files
    assert card.fact.text() == "Not compared"
    assert card.fact.ink() is Ink.WARN
