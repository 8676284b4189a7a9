"""Qt's and our German words, for one test."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QLocale

from app import translations
from app.settings import Language


@pytest.fixture
def speak_german(qapp, monkeypatch):
    before, installed, install = QLocale(), [], qapp.installTranslator

    def kept(translator):
        installed.append(translator)
        return install(translator)

    monkeypatch.setattr(qapp, "installTranslator", kept)
    monkeypatch.delenv("PITCHER_LANGUAGE", raising=False)
    yield translations.install(qapp, Language.GERMAN)
    for translator in installed:
        qapp.removeTranslator(translator)
    QLocale.setDefault(before)
