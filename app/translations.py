"""Which languages the window's words are there in, and the one in force.

For: the settings page, which offers no other, and the start, which installs the chosen one
before the first widget is made: Qt's own words, ours, and how numbers and dates are written.
A developer sees longer words with PITCHER_LANGUAGE=pseudo (`app/pseudo_words.py`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from app.settings import Language
from app.theme.assets import ASSETS, MissingAssetError

# English is what the words are written in.
_ALWAYS = (Language.AUTO, Language.ENGLISH)
_VARIABLE = "PITCHER_LANGUAGE"
_PSEUDO = "pseudo"


def languages() -> tuple[Language, ...]:
    """Those that can be chosen, in order."""
    folder = ASSETS / "translations"
    there = (one for one in Language if (folder / f"pitcher_{one.value}.qm").is_file())
    return (*_ALWAYS, *(one for one in there if one not in _ALWAYS))


def spoken(choice: Language, system: Iterable[str]) -> Language:
    """The language for a choice; left to the system, the first of its that there is."""
    if choice is not Language.AUTO:
        return choice
    there = {one.value: one for one in languages() if one is not Language.AUTO}
    for name in system:
        if (short := name.replace("_", "-").partition("-")[0].lower()) in there:
            return there[short]
    return Language.ENGLISH


def system_languages() -> tuple[str, ...]:
    """Those that the system is set to, in order."""
    return tuple(QLocale.system().uiLanguages())


def install(qt: QCoreApplication, choice: Language) -> Language:
    """Make all words those of the chosen language; raises MissingAssetError.

    The system's own way of numbers and dates stays where it is of the same language.
    """
    system = QLocale.system()
    language = spoken(choice, system_languages())
    locale = QLocale(language.value)
    if system.language() != locale.language():
        QLocale.setDefault(locale)
    if os.environ.get(_VARIABLE) == _PSEUDO:
        from app.pseudo_words import PseudoWords

        qt.installTranslator(PseudoWords(qt))
    elif language is not Language.ENGLISH:
        _install_files(qt, language)
    return language


def _install_files(qt: QCoreApplication, language: Language) -> None:
    """Ours after Qt's own, so that ours are asked first."""
    qts = QTranslator(qt)
    # A system's Qt may come without its words; its buttons are then in English, and few.
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if qts.load(f"qtbase_{language.value}", folder):
        qt.installTranslator(qts)
    ours = QTranslator(qt)
    file = ASSETS / "translations" / f"pitcher_{language.value}.qm"
    if not ours.load(str(file)):
        raise MissingAssetError(f"{file} is missing. Install Pitcher again.")
    qt.installTranslator(ours)
