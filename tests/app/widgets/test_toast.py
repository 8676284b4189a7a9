"""Toasts on their own: where their action stands, and one whose host goes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget
from shiboken6 import delete

from app.notices import Notice, NoticeAction, NoticeKind, Notices
from app.theme.metrics import SPACE
from app.widgets.button import Button
from app.widgets.toast import Toast, ToastStack

_ACTION = NoticeAction("Go on with another model", lambda: None)


@pytest.fixture
def host(qtbot) -> QWidget:
    made = QWidget()
    made.resize(400, 400)
    qtbot.addWidget(made)
    return made


@pytest.fixture
def shown(theme, host):
    """shown(): a toast with an action, in the host."""

    def show() -> Toast:
        stack = ToastStack(theme, host)
        stack.show_notice(Notice(NoticeKind.ERROR, "The disk is full.", _ACTION))
        host.show()
        return stack.toasts()[0]

    return show


def action_of(toast: Toast) -> Button:
    return toast.findChild(Button)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_an_action_below_the_words_begins_where_they_do(host, shown):
    toast = shown()
    action = action_of(toast)
    for width in (400, 380, 400):  # laid out anew it stays there
        host.resize(width, 400)
        assert action.y() > toast.words.geometry().bottom(), "there was room beside the words"
        assert action.x() + SPACE.md == toast.words.x(), "its ground is not seen at rest"
        assert action.width() == action.sizeHint().width()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_from_right_to_left_it_begins_where_they_do_too(host, shown):
    host.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    toast = shown()
    action = action_of(toast)
    assert action.y() > toast.words.geometry().bottom()
    assert action.geometry().right() - SPACE.md == toast.words.geometry().right()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_an_action_beside_the_words_keeps_its_distance(host, shown):
    host.resize(800, 400)
    toast = shown()
    assert action_of(toast).x() - SPACE.md == toast.words.geometry().right() + 1


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_what_is_posted_while_the_host_is_deleted_is_shown_elsewhere(theme, qtbot):
    notices, elsewhere = Notices(), []
    notices.show_on(lambda notice: elsewhere.append(notice.text))
    dialog = QDialog()
    stack = ToastStack(theme, dialog)
    notices.posted.connect(stack.show_notice)
    dialog.open()
    dialog.reject()
    notices.error("After it was closed.")
    assert len(stack.toasts()) == 1
    dialog.destroyed.connect(lambda: notices.error("While it is deleted."))
    delete(dialog)
    notices.error("After it was deleted.")
    assert elsewhere == ["After it was closed.", "While it is deleted.", "After it was deleted."]
