"""Files beside a question, in a real window: chosen, dropped, pasted, sent, kept and refused."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog

from app.chats.chat_settings import ChatSettings
from app.chats.model import AttachmentPart
from app.chats.profile_opening import HistoryDoor
from app.pages.chat import attaching
from app.pages.chat.attach_words import MOST_FILES
from app.pages.chat.turns import Attached

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
LONG = "A line of a long report.\n" * 400  # 10,000 characters
HUGE = "0123456789 " * 100_000
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture(autouse=True)
def short_pause(monkeypatch):
    monkeypatch.setattr("app.pages.chat.drafts._PAUSE_MS", 20)
    monkeypatch.setattr("app.pages.chat.composer_counting._PAUSE_MS", 20)


def chip_names(application):
    return [chip.name.text() for chip in application.page.composer.files.chips()]


def composer_text(application):
    return application.page.composer.edit.toPlainText()


def paste(application, text):
    data = QMimeData()
    data.setText(text)
    QGuiApplication.clipboard().setMimeData(data)
    QTest.keyClick(application.page.composer.edit, Qt.Key.Key_V, CTRL)
    QGuiApplication.clipboard().clear()


def attach(application, qtbot, *paths):
    before = len(chip_names(application))
    application.page.desk.attaching.attach_files(paths)
    qtbot.waitUntil(lambda: len(chip_names(application)) == before + len(paths))


def press(application, label):
    buttons = application.page.findChildren(QAbstractButton)
    button = next(b for b in buttons if b.text() == label and b.isVisible())
    QTest.mouseClick(button, LEFT)


def test_files_that_are_chosen_go_with_the_question_and_are_kept_with_it(
    hand, qtbot, open_window, fake_engine, shelf, tmp_path
):
    (tmp_path / "one.txt").write_text("first words")
    (tmp_path / "two.csv").write_text("a;b")
    application = open_window()
    QTest.mouseClick(application.page.composer.attach, LEFT)
    dialog = application.page.findChild(QFileDialog)
    assert dialog.testOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.filesSelected.emit([str(tmp_path / "one.txt"), str(tmp_path / "two.csv")])
    dialog.close()
    qtbot.waitUntil(lambda: chip_names(application) == ["one.txt", "two.csv"])
    (tmp_path / "one.txt").write_text("changed since")
    hand.ask(application, "Compare")
    hand.wait_idle(application)
    assert chip_names(application) == []
    asked = fake_engine.requests[-1].messages[-1].content
    assert "first words" in asked
    assert asked.endswith("Compare")
    (question, _answer) = shelf.path(application)
    files = [part for part in question.parts if isinstance(part, AttachmentPart)]
    assert files == [
        AttachmentPart("one.txt", "first words"),
        AttachmentPart("two.csv", "a;b"),
    ]


def test_the_next_dialog_begins_where_the_last_files_were(open_window, tmp_path, qtbot):
    (tmp_path / "one.txt").write_text("words")
    application = open_window()
    QTest.keyClick(application.window, Qt.Key.Key_O, CTRL)
    dialog = application.page.findChild(QFileDialog)
    dialog.filesSelected.emit([str(tmp_path / "one.txt")])
    dialog.done(1)
    qtbot.waitUntil(lambda: chip_names(application) == ["one.txt"])
    again = application.page.desk.ask_for_files()
    assert again.directory().absolutePath() == str(tmp_path)
    again.done(0)


def test_what_is_no_text_is_told_and_the_others_are_attached(
    hand, qtbot, open_window, tmp_path, monkeypatch
):
    (tmp_path / "image.png").write_bytes(b"\x89PNG\0")
    (tmp_path / "good.txt").write_text("words")
    application = open_window()
    application.page.desk.drop_zone.dropped.emit((tmp_path / "image.png", tmp_path / "good.txt"))
    qtbot.waitUntil(lambda: chip_names(application) == ["good.txt"])
    qtbot.waitUntil(lambda: bool(hand.toast_texts(application)))
    assert hand.toast_texts(application) == [
        "“image.png” is not a text file. Only text can be attached."
    ]

    def break_down(_path):
        raise RuntimeError("cable")

    monkeypatch.setattr(attaching, "read_attached", break_down)
    application.page.desk.attaching.attach_files([tmp_path / "good.txt"])
    qtbot.waitUntil(lambda: len(hand.toast_texts(application)) == 2)
    assert hand.toast_texts(application)[1] == "Nothing was attached. cable"


def test_more_files_than_a_message_takes_are_told(hand, qtbot, open_window, tmp_path):
    paths = [tmp_path / f"{number}.txt" for number in range(MOST_FILES + 1)]
    for path in paths:
        path.write_text(path.name)
    application = open_window()
    application.page.desk.attaching.attach_files(paths)
    qtbot.waitUntil(lambda: len(chip_names(application)) == MOST_FILES)
    paste(application, LONG)
    assert hand.toast_texts(application) == [
        "A message takes 10 files. The others were not attached."
    ]
    assert len(chip_names(application)) == MOST_FILES


def test_a_long_paste_becomes_a_file_and_can_be_text_after_all(hand, open_window):
    application = open_window()
    hand.type_in(application, "Read this: ")
    paste(application, LONG)
    assert chip_names(application) == ["Pasted text.txt"]
    assert composer_text(application) == "Read this: "
    assert hand.toast_texts(application) == ["Pasted as a file: it is long."]
    press(application, "Insert as text")
    assert chip_names(application) == []
    assert composer_text(application) == f"Read this: {LONG}"
    assert hand.toast_texts(application) == []


def test_a_megabyte_becomes_a_file_and_is_asked_whole(hand, open_window, fake_engine):
    application = open_window()
    paste(application, HUGE)
    assert chip_names(application) == ["Pasted text.txt"]
    labels = [b.text() for b in application.page.toasts.toasts()[0].findChildren(QAbstractButton)]
    assert "Insert as text" not in labels, "it would not fit"
    hand.ask(application, "Sum it up")
    hand.wait_idle(application)
    assert HUGE in fake_engine.requests[-1].messages[-1].content


def test_a_paste_beyond_the_limit_is_refused_and_nothing_changes(hand, open_window, monkeypatch):
    monkeypatch.setattr(attaching, "LIMIT_BYTES", 9_000)
    application = open_window()
    paste(application, LONG)
    assert chip_names(application) == []
    assert hand.toast_texts(application) == [
        "The text is too large: 10 kB. Up to 9 kB can be attached."
    ]


def test_insert_as_text_does_nothing_once_the_file_was_taken_away(hand, open_window):
    application = open_window()
    paste(application, LONG)
    QTest.mouseClick(application.page.composer.files.chips()[0].remove, LEFT)
    press(application, "Insert as text")
    assert composer_text(application) == ""


def test_each_chat_has_its_own_files(hand, qtbot, open_window, tmp_path):
    (tmp_path / "one.txt").write_text("1")
    (tmp_path / "new.txt").write_text("2")
    application = open_window()
    hand.ask(application, "one")
    hand.wait_idle(application)
    first = application.chat.shown_id
    attach(application, qtbot, tmp_path / "one.txt")
    QTest.keyClick(application.window, Qt.Key.Key_N, CTRL)
    assert chip_names(application) == []
    attach(application, qtbot, tmp_path / "new.txt")
    application.chat.open_chat(first)
    qtbot.waitUntil(lambda: chip_names(application) == ["one.txt"])
    QTest.keyClick(application.window, Qt.Key.Key_N, CTRL)
    qtbot.waitUntil(lambda: chip_names(application) == ["new.txt"])


def test_a_file_that_is_read_after_its_chat_was_left_lies_there(hand, qtbot, open_window, tmp_path):
    application = open_window()
    hand.ask(application, "one")
    hand.wait_idle(application)
    first, pile = application.chat.shown_id, application.chat.drafts.pile
    application.chat.drafts.attach(Attached("early.txt", "1", 1))
    QTest.keyClick(application.window, Qt.Key.Key_N, CTRL)
    application.chat.drafts.arrive(Attached("late.txt", "2", 1), pile)
    assert chip_names(application) == []
    application.chat.open_chat(first)
    qtbot.waitUntil(lambda: chip_names(application) == ["early.txt", "late.txt"])


def test_the_files_of_a_temporary_chat_are_gone_with_it(hand, qtbot, open_window, tmp_path):
    (tmp_path / "one.txt").write_text("1")
    application = open_window()
    qtbot.waitUntil(lambda: application.chat.can_keep)
    application.page.new_temporary_chat()
    assert application.page.composer.temporary.isVisible()
    assert application.page.composer.edit.placeholder.endswith("Nothing of this chat is stored.")
    attach(application, qtbot, tmp_path / "one.txt")
    application.page.new_chat()
    assert chip_names(application) == []
    assert not application.page.composer.temporary.isVisible()
    application.page.new_temporary_chat()
    qtbot.waitUntil(lambda: application.chat.drafts.is_settled)
    assert chip_names(application) == []


def test_a_lock_shows_no_files_and_they_are_there_again_after_it(
    hand, qtbot, open_window, tmp_path
):
    (tmp_path / "one.txt").write_text("1")
    application = open_window()
    hand.ask(application, "one")
    hand.wait_idle(application)
    attach(application, qtbot, tmp_path / "one.txt")
    application.chat.forget()
    assert chip_names(application) == []
    application.chat.resume()
    qtbot.waitUntil(lambda: chip_names(application) == ["one.txt"])


def test_a_pasted_text_is_there_at_the_next_start(
    hand, qtbot, open_window, history_door: HistoryDoor
):
    first = open_window()
    paste(first, HUGE)
    hand.type_in(first, "and this?")
    assert first.close()
    first.window.hide()
    again = HistoryDoor(
        history_door.profile, history_door._holder, history_door._keyrings, history_door._cost
    )
    second = open_window(door=again)
    qtbot.waitUntil(lambda: composer_text(second) == "and this?")
    (held,) = second.chat.drafts.pile.files
    assert held.attached.name == "Pasted text.txt"
    assert held.attached.text == HUGE


def test_leaving_a_pasted_text_and_coming_back_shows_it_once(hand, qtbot, open_window):
    application = open_window()
    hand.ask(application, "one")
    hand.wait_idle(application)
    first = application.chat.shown_id
    paste(application, LONG)
    hand.type_in(application, "words")
    QTest.keyClick(application.window, Qt.Key.Key_N, CTRL)
    application.chat.open_chat(first)
    qtbot.waitUntil(lambda: composer_text(application) == "words")
    assert chip_names(application) == ["Pasted text.txt"]


def test_a_text_that_comes_back_is_never_refused(open_window):
    application = open_window()
    for number in range(MOST_FILES):
        application.chat.drafts.attach(Attached(f"{number}.txt", "x", 1))
    for text in ("x" * 50_000, "y" * (5 << 20)):
        application.page.composer.take_back(text)
        assert application.chat.drafts.now.files[-1].text == text


def test_a_question_with_a_file_that_finds_no_room_comes_back_with_it(
    hand, qtbot, open_window, full_disk, tmp_path
):
    (tmp_path / "one.txt").write_text("1")
    application = open_window()
    attach(application, qtbot, tmp_path / "one.txt")
    full_disk.fills("app.chats.store.ChatStore.start")
    hand.ask(application, "words")
    qtbot.waitUntil(lambda: composer_text(application) == "words")
    assert chip_names(application) == ["one.txt"]


def test_without_a_model_the_files_stay(hand, qtbot, open_window, fake_opener, tmp_path):
    (tmp_path / "one.txt").write_text("1")
    fake_opener.failure = OSError("no model")
    application = open_window(waits=False)
    qtbot.waitUntil(lambda: bool(hand.toast_texts(application)))
    attach(application, qtbot, tmp_path / "one.txt")
    hand.ask(application, "words")
    assert chip_names(application) == ["one.txt"]
    assert composer_text(application) == "words"
    assert application.page.composer.meter.text().startswith("about ")


def test_the_meter_counts_what_is_written_and_attached(hand, qtbot, open_window, tmp_path):
    (tmp_path / "one.txt").write_text("some words of a file")
    application = open_window()
    hand.ask(application, "one")
    hand.wait_idle(application)
    meter = application.page.composer.meter
    used = meter.shown.used_tokens
    attach(application, qtbot, tmp_path / "one.txt")
    hand.type_in(application, "three more words")
    qtbot.waitUntil(lambda: meter.shown.shares[-1].name == "What you are writing")
    qtbot.waitUntil(lambda: not meter.shown.is_about)
    assert meter.shown.shares[-2].name == "one.txt"
    assert meter.shown.used_tokens > used
    (chip,) = application.page.composer.files.chips()
    assert chip.details.text().startswith("20 B · ")
    assert "about" not in chip.details.text()
    QTest.mouseClick(meter, LEFT)
    assert application.page.desk.popover.isVisible()
    QTest.keyClick(application.page.desk.popover, Qt.Key.Key_Escape)
    QTest.keyClick(application.page.composer.edit, Qt.Key.Key_A, CTRL)
    QTest.keyClick(application.page.composer.edit, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: meter.shown.shares[-1].name == "one.txt")


def test_a_file_that_is_more_than_the_context_is_marked_before_it_is_sent(
    qtbot, open_window, fake_engine, tmp_path
):
    fake_engine.context_tokens = 16
    (tmp_path / "one.txt").write_text("word " * 2_000)
    application = open_window()
    attach(application, qtbot, tmp_path / "one.txt")
    (chip,) = application.page.composer.files.chips()
    assert chip.details.ink().value == "bad"
    assert application.page.composer.meter.ink().value == "bad"


def test_up_in_an_empty_field_edits_the_last_question_in_its_place(hand, qtbot, open_window):
    application = open_window()
    QTest.keyClick(application.page.composer.edit, Qt.Key.Key_Up)
    hand.ask(application, "one")
    hand.wait_idle(application)
    QTest.keyClick(application.page.composer.edit, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not application.page.composer.edit)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_End)
    QTest.keyClicks(QApplication.focusWidget(), " more")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: application.chat.turns[-1].question == "one more")
    hand.wait_idle(application)


def test_the_think_button_follows_the_chat_that_is_shown(hand, qtbot, open_window):
    application = open_window()
    hand.ask(application, "one")
    hand.wait_idle(application)
    first = application.chat.shown_id
    application.chat.change_settings(ChatSettings(thinking=False))
    think = application.page.composer.think
    assert think.text() == "Think: off"
    QTest.keyClick(application.window, Qt.Key.Key_N, CTRL)
    assert think.text() == "Think: auto"
    application.chat.open_chat(first)
    qtbot.waitUntil(lambda: think.text() == "Think: off")
