"""Shared widgets on their own."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from app.notices import Notice, NoticeKind
from app.pages.chat.empty_state import count_words
from app.pages.chat.turns import Turn, TurnState, messages_of
from app.theme import depth
from app.theme.depth import paint_shadow
from app.theme.icons import Icon, Icons
from app.theme.tokens import DARK, LIGHT, Ink
from app.theme.type_styles import Type
from app.widgets.button import Button, ButtonKind, IconButton
from app.widgets.context_fill import ContextFill, Share, ShareKind
from app.widgets.label import Label, set_plain_tooltip
from app.widgets.reading_text import ReadingText, displayable
from app.widgets.toast import ToastStack
from app.widgets.tumbler import ContextMeter, short_count
from inference.request import Message


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0"), (1023, "1023"), (1024, "1k"), (3175, "3.1k"), (8192, "8k"), (32768, "32k")],
)
def test_counts_are_short(count, words):
    assert short_count(count) == words


def test_the_meter_warns_when_nearly_full_and_when_over(theme):
    meter = ContextMeter(theme)
    assert meter.isHidden(), "nothing to say before a model is there"
    for used, ink in ((100, Ink.ACCENT), (850, Ink.WARN), (1001, Ink.BAD)):
        meter.show_fill(ContextFill((Share(ShareKind.CONVERSATION, "Talk", used),), 1000))
        assert meter.ink() is ink
        assert not meter.grab().isNull()
    assert "1,001" in meter.accessibleName()


def test_a_label_never_reads_markup(theme):
    label = Label(theme, "<b>bold</b>")
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.text() == "<b>bold</b>"


def test_a_wrapped_label_is_as_tall_as_its_lines(theme):
    label = Label(theme, "one two three four five six", Type.SMALL, wrap=True)
    natural = label.sizeHint().width()
    assert label.heightForWidth(natural + 10) == 20
    assert label.heightForWidth(natural // 2 + 10) == 40
    assert Label(theme, "one", Type.SMALL).heightForWidth(1) == 20


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_reading_text_has_the_styles_line_height(theme, qtbot):
    text = ReadingText("Answer")
    qtbot.addWidget(text)
    text.resize(400, 10)
    text.append_plain("one\ntwo")
    text.show()
    assert text.height() == 48
    text.append_plain("\nthree")
    assert text.height() == 72


@pytest.mark.parametrize("char", ["\x00", "\x1b", "\ufdd0", "\uffff", "\ufffc", "\ud800", "\x85"])
def test_characters_that_cannot_be_shown_are_replaced(char):
    assert displayable(f"a{char}b") == "a\N{REPLACEMENT CHARACTER}b"


def test_what_can_be_shown_stays():
    text = "Tab\tline\nÄ 乌鸦 🐦 e\u0301"
    assert displayable(text) == text


def test_icons_are_drawn_in_their_colour(qapp):
    image = QImage(36, 36, QImage.Format.Format_ARGB32)
    image.fill(QColor(LIGHT.surface))
    painter = QPainter(image)
    Icons().paint(painter, Icon.LOCK_OK, image.rect().toRectF(), LIGHT.ok)
    painter.end()
    seen = {image.pixelColor(x, y).name() for x in range(36) for y in range(36)}
    assert LIGHT.ok.lower() in seen


def test_a_shadow_darkens_the_ground_and_fades(qapp):
    image = QImage(120, 120, QImage.Format.Format_ARGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    paint_shadow(painter, image.rect().adjusted(30, 30, -30, -30).toRectF(), 8, 18, LIGHT)
    painter.end()
    near, far, outside = (image.pixelColor(60, y).lightness() for y in (91, 99, 118))
    assert near < far < 255
    assert outside == 255


def test_a_shadow_is_painted_once_and_is_the_same_wherever_it_falls(qapp, monkeypatch):
    images, made = [], []
    real = depth._picture
    monkeypatch.setattr(depth, "_picture", lambda *what: made.append(what) or real(*what))
    for left, top in ((30, 30), (30, 30), (35, 42)):
        image = QImage(140, 140, QImage.Format.Format_ARGB32)
        image.fill(QColor("white"))
        painter = QPainter(image)
        paint_shadow(painter, QRectF(left, top, 57, 61), 8, 18, LIGHT)
        painter.end()
        images.append(image)
    assert images[0] == images[1]
    assert images[0].copy(10, 10, 90, 90) == images[2].copy(15, 22, 90, 90)
    assert len(made) <= 1
    for other in ((57.5, 61, LIGHT), (57, 61, DARK)):
        width, height, tokens = other
        painter = QPainter(images[0])
        paint_shadow(painter, QRectF(30, 30, width, height), 8, 18, tokens)
        painter.end()
    assert len(made) >= 2, "another size, another theme"


def test_unanswered_questions_are_not_repeated_to_the_model():
    turns = (
        Turn(1, "answered", answer="yes", state=TurnState.STOPPED),
        Turn(2, "failed", state=TurnState.FAILED),
    )
    assert messages_of(turns) == (
        Message("user", "answered"),
        Message("assistant", "yes"),
    )


def test_parameters_are_spoken_of_in_millions_and_billions():
    assert count_words(134_515_008) == "135M"
    assert count_words(1_700_000_000) == "1.7B"


@pytest.mark.parametrize("kind", list(ButtonKind))
def test_a_button_shows_each_state(theme, qtbot, kind):
    button = Button(theme, "Go", kind)
    qtbot.addWidget(button)
    button.resize(button.sizeHint())
    rest = button.grab().toImage()
    button.setDown(True)
    pressed = button.grab().toImage()
    button.setDown(False)
    button.setEnabled(False)
    disabled = button.grab().toImage()
    assert rest != pressed
    assert rest != disabled
    assert pressed.size() == rest.size(), "nothing jumps"


def test_the_quiet_button_has_no_ground_when_disabled(theme, qtbot):
    button = IconButton(theme, Icon.COPY, "Copy")
    qtbot.addWidget(button)
    button.setEnabled(False)
    button.setDown(True)
    assert button.quiet_ground() is None


def test_a_label_spells_what_cannot_be_seen_and_ends_a_text_without_end(theme):
    assert Label(theme, "abc\u202egnp.exe").text() == "abc‹U+202E›gnp.exe"
    endless = Label(theme, "a" * 1_000_000)
    assert endless.text() == "a" * 4_000 + "… (+996,000)"


def test_a_notice_without_end_says_how_much_of_it_is_not_shown(theme, qtbot):
    host = QWidget()
    qtbot.addWidget(host)
    toasts = ToastStack(theme, host)
    toasts.show_notice(Notice(NoticeKind.ERROR, "\u202e" + "b" * 1_000))
    (toast,) = toasts.toasts()
    assert toast.words.text() == "‹U+202E›" + "b" * 599 + "… (+401)"
    assert toast.accessibleName() == toast.words.text()


def test_a_tooltip_of_others_words_is_neither_markup_nor_endless(theme):
    label = Label(theme)
    set_plain_tooltip(label, "<img src=a>\u2066" + "c" * 10_000)
    assert "&lt;img src=a&gt;‹U+2066›ccc" in label.toolTip()
    assert "… (+9,712)" in label.toolTip()


def test_a_button_named_after_what_others_wrote_has_no_markup_in_its_tooltip(theme, qtbot):
    button = IconButton(theme, Icon.CLOSE, "End <img src=a>")
    qtbot.addWidget(button)
    assert button.accessibleName() == "End <img src=a>"
    assert "&lt;img src=a&gt;" in button.toolTip()
    button.rename("End &lt;img src=a&gt;")  # Qt would take this for markup too
    assert "&amp;lt;img" in button.toolTip()
    button.rename("Close", "Esc")
    assert button.toolTip() == "Close (Esc)"
