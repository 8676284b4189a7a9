"""The language in force: chosen, or the system's; every word of the window is in it."""

import pytest
from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialogButtonBox

from app import translations
from app.pseudo_words import PseudoWords, pseudo
from app.settings import Language
from app.theme.assets import MissingAssetError
from app.widgets.sidebar_row import key_words


class AppMenu(QObject):
    """Has the name of a class of ours, and so its words."""

    def light(self) -> str:
        return self.tr("Light")


class MenuOfAnotherName(AppMenu):
    """Of a name that no translation knows."""


@pytest.mark.parametrize(
    ("choice", "system", "language"),
    [
        (Language.GERMAN, ["en-GB"], Language.GERMAN),
        (Language.ENGLISH, ["de-DE"], Language.ENGLISH),
        (Language.AUTO, ["de-AT", "de", "en"], Language.GERMAN),
        (Language.AUTO, ["de_CH"], Language.GERMAN),
        (Language.AUTO, ["fr-FR", "de-DE"], Language.GERMAN),
        (Language.AUTO, ["fr-FR", "en-US", "de"], Language.ENGLISH),
        (Language.AUTO, ["C"], Language.ENGLISH),
        (Language.AUTO, ["auto"], Language.ENGLISH),
        (Language.AUTO, [], Language.ENGLISH),
    ],
)
def test_a_choice_goes_before_the_system_and_the_system_before_english(choice, system, language):
    assert translations.spoken(choice, system) is language


def test_german_words_of_ours_and_of_qt(application):
    assert translations.install(application, Language.GERMAN) is Language.GERMAN
    assert AppMenu().light() == "Hell"
    assert QCoreApplication.translate("Details", "Quantization") == "Quantisierung"
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    assert [button.text() for button in box.buttons()] == ["Abbrechen"]


def test_a_subclass_finds_the_words_of_its_parent(application):
    translations.install(application, Language.GERMAN)
    assert MenuOfAnotherName().light() == "Hell"


def test_numbers_are_written_as_the_language_does(application):
    translations.install(application, Language.GERMAN)
    assert QLocale().toString(1234567) == "1.234.567"


def test_english_needs_no_words(application):
    assert translations.install(application, Language.ENGLISH) is Language.ENGLISH
    assert AppMenu().light() == "Light"


def test_keys_have_one_name_everywhere(application):
    translations.install(application, Language.GERMAN)
    assert key_words(QKeySequence("Shift+Enter")) == "Umschalt Eingabe"
    assert key_words(QKeySequence("Ctrl+N")) == "Strg N"


def test_words_that_are_missing_are_said(application, monkeypatch, tmp_path):
    monkeypatch.setattr(translations, "ASSETS", tmp_path)
    with pytest.raises(MissingAssetError, match=r"pitcher_de\.qm is missing"):
        translations.install(application, Language.GERMAN)


def test_a_system_without_qts_own_words_keeps_ours(application, monkeypatch, tmp_path):
    monkeypatch.setattr(QLibraryInfo, "path", lambda _place: str(tmp_path))
    translations.install(application, Language.GERMAN)
    assert AppMenu().light() == "Hell"


def test_a_developer_sees_longer_words(application, monkeypatch):
    monkeypatch.setenv("PITCHER_LANGUAGE", "pseudo")
    translations.install(application, Language.ENGLISH)
    assert AppMenu().light() == "[Lîght~~]"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"


@pytest.mark.parametrize(
    ("text", "longer"),
    [
        ("{count} days", "[{count} dàýš~~~~~]"),
        ("Quit\tCtrl+Q", "[Qûît~~]\tCtrl+Q"),
        ("HTML (*.html)", "[HTML~~] (*.html)"),
        ("Models (*.gguf *.json)", "[Mödélš~~] (*.gguf *.json)"),
        ("All files (*)", "[Àll fîléš~~~~] (*)"),
    ],
)
def test_longer_words_keep_holes_shortcuts_and_patterns(text, longer):
    assert pseudo(text) == longer


def test_what_has_no_words_stays_so():
    words = PseudoWords()
    assert words.translate(b"AppMenu", b"") == ""
    assert not words.isEmpty()
