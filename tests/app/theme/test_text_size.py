"""Text at 80 to 200 %, and in the system's font, at once and back again."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QWidget

from app.settings import ThemeChoice
from app.theme.assets import load_fonts
from app.theme.icons import Icon
from app.theme.metrics import SIZE, Growing, Size
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import TEXT_FAMILY, Type, font_of, style_of
from app.widgets.button import Button, IconButton
from app.widgets.icon_view import IconView
from app.widgets.label import Label
from app.widgets.new_passphrase import NewPassphrase
from app.widgets.reading_text import ReadingText


@pytest.fixture
def theme(qapp, qtbot):
    load_fonts()
    made = Theme(qapp, ThemeChoice.LIGHT)
    yield made
    made.set_text(100, is_system_font=False)
    made.deleteLater()


@pytest.mark.parametrize("percent", [80, 100, 125, 200])
def test_letters_and_lines_grow_together(theme, percent):
    theme.set_text(percent, is_system_font=False)
    assert Type.READING.px == round(15 * percent / 100)
    assert Type.READING.line_px == round(24 * percent / 100)
    assert font_of(Type.CODE).pixelSize() == round(13 * percent / 100)


def test_what_is_shown_follows_at_once_and_comes_back(theme, qtbot, qapp):
    label, button = Label(theme, "Words", Type.SMALL), Button(theme, "Go")
    for widget in (label, button):
        qtbot.addWidget(widget)
    before = label.sizeHint()
    told: list[int] = []
    theme.changed.connect(lambda: told.append(Type.SMALL.px))
    theme.set_text(200, is_system_font=False)
    assert told == [26]
    assert label.font().pixelSize() == 26
    assert label.sizeHint().height() == 40
    assert abs(label.sizeHint().width() - 2 * before.width()) <= 2
    assert button.height() == 64
    assert qapp.font().pixelSize() == 28
    theme.set_text(100, is_system_font=False)
    assert label.sizeHint() == before
    assert button.height() == 32


def test_styles_of_one_size_come_apart_again(theme, qtbot):
    """At 80 % small and caption have letters of the same size."""
    small, caption = Label(theme, "a", Type.SMALL), Label(theme, "a", Type.CAPTION)
    for widget in (small, caption):
        qtbot.addWidget(widget)
    theme.set_text(80, is_system_font=False)
    assert small.font().pixelSize() == caption.font().pixelSize()
    theme.set_text(100, is_system_font=False)
    assert (small.font().pixelSize(), caption.font().pixelSize()) == (13, 12)


def test_smaller_text_leaves_what_is_pressed_as_large_as_it_was(theme, qtbot):
    button = IconButton(theme, Icon.COPY, "Copy")
    qtbot.addWidget(button)
    theme.set_text(80, is_system_font=False)
    assert button.height() == 32


def test_icons_grow_with_their_buttons(theme, qtbot):
    button = IconButton(theme, Icon.COPY, "Copy", size=SIZE.toast_button, icon_size=SIZE.icon_sm)
    view = IconView(theme, Icon.COPY, Ink.TEXT, SIZE.icon)
    for widget in (button, view):
        qtbot.addWidget(widget)
    theme.set_text(150, is_system_font=False)
    assert button.width() == 42
    assert view.sizeHint().width() == 27
    assert Growing(48).px == 48


def test_a_size_of_a_widget_of_its_own_is_left_to_it(theme, qtbot):
    own = QWidget()
    qtbot.addWidget(own)
    own.setFixedSize(33, SIZE.button)
    theme.changed.connect(lambda: own.setFixedHeight(50))
    theme.set_text(200, is_system_font=False)
    assert (own.width(), own.height()) == (33, 50)


def test_each_style_knows_its_font(theme):
    assert all(style_of(font_of(style)) is style for style in Type)
    plain = QFont("Inter")
    assert style_of(plain) is None


def test_the_systems_font_is_used_on_request(theme, qtbot, monkeypatch):
    monkeypatch.setattr(
        QFontDatabase, "systemFont", staticmethod(lambda _kind: QFont("JetBrains Mono"))
    )
    label = Label(theme, "a", Type.SMALL_STRONG)
    qtbot.addWidget(label)
    theme.set_text(100, is_system_font=True)
    assert label.font().family() == "JetBrains Mono"
    assert label.font().weight() == 600
    theme.set_text(100, is_system_font=False)
    assert label.font().family() == TEXT_FAMILY


def test_what_is_in_force_already_tells_nobody(theme):
    told: list[bool] = []
    theme.changed.connect(lambda: told.append(True))
    theme.set_text(100, is_system_font=False)
    assert not told


def test_sizes_that_look_alike_stay_alike():
    """Widgets are carried over by their pixels: one number must mean one size at any text size."""
    at_first = set(Size().names().values())
    for percent in range(100, 201):
        size = Size()
        size.grow(percent)
        assert at_first <= set(size.names().values()) | {"bubble_max"}


def test_what_stands_beside_the_text_grows_half_as_much():
    size = Size()
    assert size.beside(264) == 264
    size.grow(200)
    assert size.beside(264) == 396
    assert size.as_set(size.beside(301)) == 301
    assert size.dialog == 840


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_text_that_is_read_has_its_new_lines(theme, qtbot):
    text = ReadingText("Answer")
    qtbot.addWidget(text)
    text.resize(600, 10)
    text.append_plain("one\ntwo")
    text.show()
    theme.set_text(200, is_system_font=False)
    assert text.height() == 96
    theme.set_text(100, is_system_font=False)
    assert text.height() == 48


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_fields_for_a_passphrase_have_room_for_their_words(theme, qtbot):
    fields = NewPassphrase(theme, "Passphrase", "8 characters or more")
    qtbot.addWidget(fields)
    fields.show()
    before = fields.height()
    theme.set_text(200, is_system_font=False)
    assert fields.height() > 1.8 * before
    assert fields.first.words.height() == 2 * 32
    button = fields.first.edit.show_button
    assert fields.first.edit.geometry().contains(button.geometry())
    theme.set_text(100, is_system_font=False)
    assert fields.height() == before
