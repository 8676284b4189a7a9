"""A window with its help open, what is seen of it, and German words for one test."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtTest import QTest

from app import translations
from app.application import Application
from app.pages.help.page import HelpPage
from app.settings import Language
from app.widgets.markup.prose_view import ProseView


def open_help(application: Application) -> HelpPage:
    QTest.keyClick(application.window, Qt.Key.Key_F1)
    page = application.help.page
    assert application.window.page_now() is page
    end_s = time.monotonic() + 20
    while not page.text.rows():
        assert time.monotonic() < end_s, "its texts are not read"
        QTest.qWait(5)
    return page


def row_of(page: HelpPage, name: str) -> int:
    rows = page.text.rows()
    return next(n for n, row in enumerate(rows) if row.owner == name and row.number == 0)


def top_of(page: HelpPage, name: str) -> int:
    view = page.text.view_at(row_of(page, name))
    assert view is not None, f"{name} is not near"
    return view.mapTo(page.text.viewport(), QPoint(0, 0)).y()


def text_seen(page: HelpPage, index: int) -> ProseView:
    view = page.text.view_at(index)
    assert isinstance(view, ProseView)
    top = view.mapTo(page.text.viewport(), QPoint(0, 0)).y()
    assert -view.height() < top < page.text.viewport().height(), "it is out of sight"
    return view


@pytest.fixture
def page(open_window) -> HelpPage:
    application = open_window()
    application.theme.reduce_motion(True)
    return open_help(application)


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
