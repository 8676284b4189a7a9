"""The composer on its own: its files, long pastes, keys, and how it looks when temporary."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from app.pages.chat.attach_chips import AttachedChip
from app.pages.chat.attach_drop import DropZone
from app.pages.chat.attach_pile import Held
from app.pages.chat.composer import Composer
from app.pages.chat.plain_edit import PASTE_AS_FILE
from app.pages.chat.think_button import ThinkingChoice
from app.pages.chat.turns import Attached
from app.settings import ThemeChoice
from app.theme.assets import load_fonts
from app.theme.theme import Theme
from app.theme.tokens import Ink

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def theme(qapp, qtbot):
    load_fonts()
    made = Theme(qapp, ThemeChoice.LIGHT)
    yield made
    made.deleteLater()


@pytest.fixture
def composer(theme, qtbot):
    made = Composer(theme)
    qtbot.addWidget(made)
    made.resize(790, 160)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.edit.setFocus()
    return made


pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def files(*names):
    return [Held(key, Attached(name, "text", 12_345)) for key, name in enumerate(names, 1)]


def heard(signal):
    got = []
    signal.connect(lambda *values: got.append(values[0] if len(values) == 1 else values))
    return got


def paste(composer, *, text=None, urls=()):
    data = QMimeData()
    if text is not None:
        data.setText(text)
    if urls:
        data.setUrls([QUrl(url) for url in urls])
    QGuiApplication.clipboard().setMimeData(data)
    QTest.keyClick(composer.edit, Qt.Key.Key_V, CTRL)
    QGuiApplication.clipboard().clear()


def test_files_are_shown_with_name_and_size_and_go_with_what_is_sent(composer):
    sent = heard(composer.sent)
    composer.show_files(files("one.txt", "two.csv"))
    first, second = composer.files.chips()
    assert first.accessibleName() == "one.txt, 12 kB"
    assert second.name.text() == "two.csv"
    assert first.height() == 34
    assert composer.edit.placeholder == "Ask something about what is attached."
    QTest.keyClicks(composer.edit, "Compare")
    QTest.keyClick(composer.edit, Qt.Key.Key_Return)
    (text, attached) = sent[0]
    assert text == "Compare"
    assert [each.name for each in attached] == ["one.txt", "two.csv"]


def test_files_alone_can_be_sent_and_nothing_cannot(composer):
    sent = heard(composer.sent)
    QTest.mouseClick(composer.button, LEFT)
    assert sent == []
    assert not composer.button.isEnabled()
    composer.show_files(files("one.txt"))
    QTest.mouseClick(composer.button, LEFT)
    assert len(sent) == 1


@pytest.mark.parametrize("key", [Qt.Key.Key_Backspace, Qt.Key.Key_Delete, Qt.Key.Key_Space])
def test_a_file_is_taken_away_by_the_keyboard_and_the_focus_stays_near(composer, key):
    held = files("one.txt", "two.csv", "three.md")
    composer.detach_requested.connect(
        lambda gone: composer.show_files([each for each in held if each.key != gone])
    )
    composer.show_files(held)
    second = composer.files.chips()[1].remove
    assert second.accessibleName() == "Remove two.csv"
    second.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(second, key)
    assert [chip.name.text() for chip in composer.files.chips()] == ["one.txt", "three.md"]
    assert QApplication.focusWidget() is composer.files.chips()[1].remove


def test_after_the_last_file_the_field_has_the_keyboard(composer):
    composer.detach_requested.connect(lambda _key: composer.show_files([]))
    composer.show_files(files("one.txt"))
    remove = composer.files.chips()[0].remove
    remove.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(remove, Qt.Key.Key_Delete)
    assert composer.files.isHidden()
    assert QApplication.focusWidget() is composer.edit


def test_the_mouse_takes_a_file_away(composer):
    gone = heard(composer.detach_requested)
    composer.show_files(files("one.txt", "two.csv"))
    QTest.mouseClick(composer.files.chips()[1].remove, LEFT)
    assert gone == [2]
    QTest.keyClick(composer.files.chips()[0].remove, Qt.Key.Key_A)
    assert gone == [2], "another key does nothing"


def test_tab_goes_through_the_composer_in_the_order_of_the_eye(theme, qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    above, composer, below = QLineEdit(), Composer(theme), QLineEdit()
    for each in (above, composer, below):
        column.addWidget(each)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    composer.show_files(files("one.txt"))
    composer.show_files(files("one.txt", "two.csv"))
    first, second = (chip.remove for chip in composer.files.chips())
    above.setFocus()
    seen = []
    for _ in range(6):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        seen.append(QApplication.focusWidget())
    assert seen == [first, second, composer.edit, composer.attach, composer.button, below]


def test_many_files_stand_in_lines_and_the_composer_grows(composer, qtbot):
    before = composer.sizeHint().height()
    composer.show_files(files(*(f"quite-a-long-name-{number}.txt" for number in range(7))))
    qtbot.waitUntil(lambda: composer.files.height() > 2 * 34)
    tops = {chip.y() for chip in composer.files.chips()}
    assert len(tops) == 4
    assert composer.heightForWidth(790) > before + 3 * 34
    assert composer.files.minimumSizeHint().width() == 0


def test_long_names_are_cut_in_their_middle_and_hide_nothing(composer):
    composer.show_files(files("x" * 300 + "\u202egpj.txt"))
    (chip,) = composer.files.chips()
    assert chip.name.shown().endswith("E›gpj.txt")
    assert "…" in chip.name.shown()
    assert "‹U+202E›" in chip.accessibleName()
    assert chip.width() <= composer.files.width()
    assert not chip.grab().isNull()


def test_what_a_file_costs_stands_on_its_chip(composer):
    composer.show_files(files("one.txt", "two.csv"))
    composer.files.show_costs({1: ("3.1k tokens", False), 2: ("about 90k tokens", True)})
    first, second = composer.files.chips()
    assert first.details.text() == "12 kB · 3.1k tokens"
    assert first.details.ink() is Ink.TEXT3
    assert second.details.ink() is Ink.BAD
    assert second.accessibleName() == "two.csv, 12 kB, about 90k tokens"


def test_a_chip_that_is_only_looked_at_has_no_button(theme, qtbot):
    chip = AttachedChip(theme, Attached("one.txt", "text", 5))
    qtbot.addWidget(chip)
    assert chip.remove is None
    assert chip.accessibleName() == "one.txt, 5 B"


def test_a_long_paste_is_handed_on_and_a_short_one_is_typed(composer):
    given = heard(composer.text_given)
    paste(composer, text="short")
    assert composer.edit.toPlainText() == "short"
    paste(composer, text="x" * (PASTE_AS_FILE + 1))
    assert given == ["x" * (PASTE_AS_FILE + 1)]
    assert composer.edit.toPlainText() == "short"


def test_many_short_pastes_do_not_make_a_field_that_stalls(composer):
    given = heard(composer.text_given)
    for _ in range(4):
        paste(composer, text="y" * 7_000)
    assert len(composer.edit.toPlainText()) == 7_000
    assert len(given) == 3


def test_a_megabyte_is_handed_on_untouched_and_typing_goes_on(composer):
    given = heard(composer.text_given)
    paste(composer, text="z" * 1_000_000)
    assert [len(text) for text in given] == [1_000_000]
    QTest.keyClicks(composer.edit, "about this")
    assert composer.edit.toPlainText() == "about this"


def test_pasted_files_are_handed_on_if_they_are_of_this_computer(composer, tmp_path):
    given = heard(composer.files_given)
    file = tmp_path / "one.txt"
    paste(composer, text=str(file), urls=[QUrl.fromLocalFile(str(file)).toString()])
    assert given == [(file,)]
    assert composer.edit.toPlainText() == ""
    paste(composer, text="//host/share/two.txt", urls=["file://host/share/two.txt"])
    paste(composer, text="https://example.org", urls=["https://example.org"])
    assert len(given) == 1
    assert composer.edit.toPlainText() == "//host/share/two.txthttps://example.org"
    data = QMimeData()
    assert not composer.edit.canInsertFromMimeData(data)


def test_text_that_comes_back_stands_before_what_was_typed_or_goes_as_a_file(composer):
    given = heard(composer.text_kept)
    QTest.keyClicks(composer.edit, "new")
    composer.take_back("old")
    assert composer.edit.toPlainText() == "old\n\nnew"
    composer.take_back("x" * 50_000)
    assert composer.edit.toPlainText() == "old\n\nnew"
    assert given == ["x" * 50_000]


def test_up_in_an_empty_field_asks_for_the_last_question(composer):
    asked = heard(composer.edit_last_requested)
    QTest.keyClick(composer.edit, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(composer.edit, Qt.Key.Key_Up)
    assert len(asked) == 1
    QTest.keyClicks(composer.edit, "words")
    QTest.keyClick(composer.edit, Qt.Key.Key_Up)
    assert len(asked) == 1


def test_the_paperclip_asks_for_files(composer):
    asked = heard(composer.attach_requested)
    assert composer.attach.accessibleName() == "Attach files"
    QTest.mouseClick(composer.attach, LEFT)
    assert len(asked) == 1


def test_a_temporary_chat_shows_in_the_composer(composer):
    before = composer.grab().toImage()
    composer.set_temporary(True)
    assert composer.temporary.text() == "Temporary"
    assert composer.temporary.isVisible()
    assert composer.grab().toImage() != before
    composer.set_temporary(False)
    assert composer.grab().toImage() == before


def test_larger_text_makes_larger_lines(composer, theme):
    composer.show_files(files("one.txt"))
    QTest.keyClicks(composer.edit, "words")
    before = composer.edit.height()
    theme.set_text(150, is_system_font=False)
    try:
        assert composer.edit.height() == 36
        assert composer.files.chips()[0].height() == 51
    finally:
        theme.set_text(100, is_system_font=False)
    assert composer.edit.height() == before


def drag(kind, host, data):
    arguments = (Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier)
    if kind is QDragEnterEvent:
        event = kind(QPointF(9, 9).toPoint(), *arguments)
    else:
        event = kind(QPointF(9, 9), *arguments)
    event.ignore()
    QApplication.sendEvent(host, event)
    return event.isAccepted()


def test_files_are_dropped_anywhere_on_a_page_and_nothing_else_is(theme, qtbot, tmp_path):
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(500, 400)
    host.show()
    zone = DropZone(theme, host)
    dropped = heard(zone.dropped)
    data, words = QMimeData(), QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.txt"))])
    words.setText("words")
    assert not drag(QDragEnterEvent, host, words)
    assert zone.isHidden()
    assert drag(QDragEnterEvent, host, data)
    assert zone.geometry() == host.rect()
    assert not zone.grab().isNull()
    QApplication.sendEvent(host, QDragLeaveEvent())
    assert zone.isHidden()
    assert drag(QDragEnterEvent, host, data)
    host.resize(600, 400)
    assert zone.width() == 600
    assert drag(QDropEvent, host, data)
    assert zone.isHidden()
    assert dropped == [(tmp_path / "a.txt",)]


def test_the_field_leaves_dragged_files_to_the_page_and_takes_words(composer, tmp_path):
    data, words = QMimeData(), QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.txt"))])
    words.setText("words")
    assert not drag(QDragEnterEvent, composer.edit.viewport(), data)
    assert drag(QDragEnterEvent, composer.edit.viewport(), words)
    QApplication.sendEvent(composer.edit.viewport(), QEvent(QEvent.Type.DragLeave))


def test_the_think_button_shows_what_a_chat_has_set_and_offers_that_too(composer):
    told = heard(composer.think.chosen)
    composer.think.show_choice(ThinkingChoice(True, 2_000))
    assert composer.think.text() == "Think: up to 2,000 tokens"
    assert told == []
    menu = composer.think.menu_now()
    checked = [action.text() for action in menu.actions() if action.isChecked()]
    assert checked[:2] == ["Think first", "At most 2,000 tokens of thoughts"]
    menu.deleteLater()
