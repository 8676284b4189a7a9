"""What the tests of the privacy page open, and what they read on it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from app.airlock.report import Attempt, LockReport, LockState, Tried

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.application import Application
    from app.pages.privacy.page import PrivacyPage

LEFT = Qt.MouseButton.LeftButton
EPERM = "EPERM: Operation not permitted"
HERE = tuple(Attempt(f"door {n}", True, EPERM, f"socket({n})") for n in range(12))
CHILD = tuple(
    replace(each, name=f"in a child: {each.name}", where=Tried.IN_A_CHILD) for each in HERE
)
HELD = LockReport(LockState.ENFORCED, "All was refused.", (*HERE, *CHILD))
LEAK = replace(CHILD[3], refused=False, answer="succeeded")
LEAKS = LockReport(
    LockState.NOT_ENFORCED, "The lock is not in force.", (*HERE, *CHILD[:3], LEAK, *CHILD[4:])
)


def opened(application: Application, qtbot: QtBot) -> PrivacyPage:
    """By a click at the foot of the sidebar, once its facts are there."""
    QTest.mouseClick(application.window.sidebar.lock, LEFT)
    page = application.privacy.page
    assert application.window.page_now() is page
    qtbot.waitUntil(lambda: bool(page.cards.chats.fact.text()))
    return page


def texts(widget: QWidget) -> list[str]:
    """Of every label that is seen."""
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


def seen(page: PrivacyPage) -> list[tuple[str, str, str]]:
    """Name, answer and verdict of each row of attempts."""
    return [(r.name.text(), r.answer.text(), r.verdict.text()) for r in page.attempts.rows()]


def said(page: PrivacyPage) -> list[str]:
    """What its toasts say."""
    return [toast.notice.text for toast in page.toasts.toasts()]
