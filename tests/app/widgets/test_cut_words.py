"""Words with too little room: other places for controls, more lines, and tooltips."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from app.widgets.beside_layout import BesideLayout
from app.widgets.button import Button
from app.widgets.chip import Chip
from app.widgets.label import Label
from app.widgets.wrap_layout import WrapLayout

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

LONG = "A sentence that is longer than <b>its</b> place"


@pytest.fixture
def host(bare_window):
    return bare_window(600, 200)


def shown(host: QWidget, layout) -> None:
    layout.setContentsMargins(0, 0, 0, 0)
    host.setLayout(layout)
    QApplication.sendPostedEvents()
    QApplication.processEvents()


def tip_of(widget: QWidget) -> str:
    """What is said when the mouse rests in the middle of it."""
    QToolTip.hideText()
    at = widget.rect().center()
    event = QHelpEvent(QEvent.Type.ToolTip, at, widget.mapToGlobal(at))
    QApplication.sendEvent(widget, event)
    said = QToolTip.text()
    QToolTip.hideText()
    return said


@pytest.mark.parametrize("kind", [Label, Chip, Button])
def test_words_that_are_cut_are_said_whole_and_as_they_stand(theme, host, kind):
    widget = kind(theme, LONG)
    widget.setParent(host)
    widget.show()
    widget.resize(widget.sizeHint())
    assert tip_of(widget) == ""
    widget.resize(widget.sizeHint().width() // 2, widget.height())
    assert (
        tip_of(widget) == "<span>A sentence that is longer than &lt;b&gt;its&lt;/b&gt; place</span>"
    )


def test_a_tooltip_of_its_own_stands_below_what_is_cut(theme, host):
    chip = Chip(theme, "Temporary")
    chip.setParent(host)
    chip.setToolTip("Nothing <is> stored.")
    chip.show()
    chip.resize(30, 20)
    assert tip_of(chip) == "<span>Temporary</span><br>Nothing &lt;is&gt; stored."
    chip.setToolTip("Temporary: nothing is stored.")
    assert tip_of(chip) == "Temporary: nothing is stored."


def test_the_letter_of_a_button_is_no_sign_in_its_tooltip(theme, host):
    button = Button(theme, "&Temporary && more")
    button.setParent(host)
    button.show()
    button.resize(40, 32)
    assert tip_of(button) == "<span>Temporary &amp; more</span>"


def test_buttons_take_more_lines_where_it_is_narrow(theme, host):
    one, two, three = (Button(theme, words) for words in ("Restore", "Use for new", "Done"))
    layout = WrapLayout((one,), (two, three))
    shown(host, layout)
    assert one.y() == two.y() == three.y()
    assert three.geometry().right() == host.rect().right()
    one_line = layout.heightForWidth(600)
    host.resize(one.width() + two.width() + layout.spacing(), 200)
    QApplication.processEvents()
    assert one.y() == two.y() < three.y()
    assert three.geometry().right() == host.rect().right()
    assert layout.heightForWidth(host.width()) == 2 * one_line + layout.spacing()


def test_a_button_that_is_wider_than_its_row_is_cut_to_it(theme, host):
    button = Button(theme, LONG * 3)
    shown(host, WrapLayout((button,)))
    host.resize(220, 200)
    QApplication.processEvents()
    assert button.width() == 220


def test_a_row_of_buttons_is_mirrored_where_the_window_is(theme, host):
    one, two = Button(theme, "One"), Button(theme, "Two")
    host.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    shown(host, WrapLayout((one,), (two,)))
    assert one.geometry().right() == host.rect().right()
    assert two.x() == 0


def test_hidden_buttons_take_no_place(theme, host):
    one, two = Button(theme, "One"), Button(theme, "Two")
    one.hide()
    shown(host, WrapLayout((one, two)))
    assert two.pos() == QPoint(0, two.y())


def test_controls_stand_below_words_that_need_the_width(theme, host):
    words, button = Label(theme, LONG, wrap=True), Button(theme, "Restore")
    layout = BesideLayout(words, (button,), lambda: 300)
    shown(host, layout)
    assert not layout.is_below
    assert button.x() > words.geometry().right()
    tall = layout.heightForWidth(310)
    host.resize(310, 200)
    QApplication.processEvents()
    assert layout.is_below
    assert button.x() == words.x()
    assert button.y() > words.geometry().bottom()
    assert tall == words.heightForWidth(310) + button.height() + layout.spacing()
    host.resize(600, 200)
    QApplication.processEvents()
    assert not layout.is_below
