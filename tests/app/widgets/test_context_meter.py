"""The context meter and what it opens: every share with its name and its number."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from app.settings import ThemeChoice
from app.theme.assets import load_fonts
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.widgets.context_fill import ContextFill, Share, ShareKind, about_tokens
from app.widgets.context_popover import ContextPopover, share_colour
from app.widgets.tumbler import ContextMeter

LEFT = Qt.MouseButton.LeftButton
FILL = ContextFill(
    (
        Share(ShareKind.SYSTEM, "System prompt", 900),
        Share(ShareKind.CONVERSATION, "This conversation", 7_300),
        Share(ShareKind.FILE, "lot-3.csv", 6_900, is_about=True),
    ),
    32_768,
    4_096,
)
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_the_shares_add_up():
    assert FILL.used_tokens == 15_100
    assert FILL.free_tokens == 32_768 - 15_100 - 4_096
    assert FILL.is_about
    assert ContextFill(FILL.shares, 10_000).free_tokens == 0
    assert about_tokens("") == 0
    assert about_tokens("x" * 350) == 101


@pytest.fixture
def theme(qapp, qtbot):
    load_fonts()
    made = Theme(qapp, ThemeChoice.DARK)
    yield made
    made.deleteLater()


class Desk(QWidget):
    """A meter under a field, and its popover."""

    def __init__(self, theme):
        super().__init__()
        self.field = QLineEdit()
        self.meter = ContextMeter(theme)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(self.field)
        column.addWidget(self.meter)
        self.resize(700, 500)
        self.popover = ContextPopover(theme, self.meter, self)
        self.meter.clicked.connect(self.popover.toggle)

    def fill(self, fill):
        self.meter.show_fill(fill)
        self.popover.show_fill(fill, self.meter.text())


@pytest.fixture
def desk(theme, qtbot):
    made = Desk(theme)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.fill(FILL)
    return made


def test_the_meter_is_a_button_that_says_all_of_it(desk):
    meter = desk.meter
    assert meter.text() == "about 15k of 32k"
    assert meter.accessibleName() == "Context: about 15,100 of 32,768 tokens"
    assert "lot-3.csv: 6,900" in meter.accessibleDescription()
    assert "Kept free for the answer: 4,096" in meter.toolTip()
    assert meter.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_without_a_model_it_guesses_and_without_anything_it_is_not_there(desk):
    desk.fill(ContextFill((Share(ShareKind.MESSAGE, "What you are writing", 40, True),)))
    assert desk.meter.text() == "about 40 tokens"
    assert desk.meter.accessibleName() == "Context: about 40 tokens"
    assert desk.meter.ink() is Ink.ACCENT
    assert [row.name.text() for row in desk.popover.rows] == ["What you are writing"]
    desk.fill(ContextFill())
    assert desk.meter.isHidden()


def test_a_click_opens_the_shares_and_another_closes_them(desk):
    QTest.mouseClick(desk.meter, LEFT)
    assert desk.popover.isVisible()
    rows = [(row.name.text(), row.count.text()) for row in desk.popover.rows]
    assert rows == [
        ("System prompt", "900"),
        ("This conversation", "7.1k"),
        ("lot-3.csv", "about 6.7k"),
        ("Kept free for the answer", "4k"),
        ("Free", "13k"),
    ]
    assert desk.popover.total.text() == "about 15k of 32k"
    assert not desk.popover.grab().isNull()
    QTest.mouseClick(desk.meter, LEFT)
    assert not desk.popover.isVisible()


def test_it_opens_and_closes_by_the_keyboard_which_goes_back_to_the_meter(desk):
    desk.meter.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(desk.meter, Qt.Key.Key_Space)
    assert QApplication.focusWidget() is desk.popover
    assert desk.popover.accessibleName() == "Context: about 15k of 32k"
    assert "Free: 13,572 tokens" in desk.popover.accessibleDescription()
    QTest.keyClick(desk.popover, Qt.Key.Key_A)
    assert desk.popover.isVisible()
    QTest.keyClick(desk.popover, Qt.Key.Key_Escape)
    assert not desk.popover.isVisible()
    assert QApplication.focusWidget() is desk.meter


def test_whoever_goes_elsewhere_closes_it(desk):
    closed = []
    desk.popover.closed.connect(lambda: closed.append(True))
    QTest.mouseClick(desk.meter, LEFT)
    QTest.mouseClick(desk.field, LEFT)
    assert not desk.popover.isVisible()
    assert QApplication.focusWidget() is desk.field
    assert closed == [True]


def test_it_follows_what_changes_while_it_is_open(desk):
    QTest.mouseClick(desk.meter, LEFT)
    first = desk.popover.rows[0]
    desk.fill(
        ContextFill(
            (Share(ShareKind.SYSTEM, "System prompt", 901), *FILL.shares[1:]), 32_768, 4_096
        )
    )
    assert desk.popover.rows[0] is first, "numbers change in their place"
    assert first.count.text() == "901"
    height = desk.popover.height()
    desk.fill(ContextFill(FILL.shares[:1], 32_768))
    assert [row.name.text() for row in desk.popover.rows] == ["System prompt", "Free"]
    assert desk.popover.height() < height
    desk.resize(400, 500)
    assert desk.popover.width() <= 400
    assert desk.popover.geometry().right() <= desk.width()


def test_each_share_has_a_colour_of_its_own(theme):
    colours = {share_colour(theme.tokens, kind).name() for kind in (*ShareKind, None)}
    assert len(colours) == len(ShareKind) + 1
