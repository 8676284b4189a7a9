"""What made an answer, read in its dialog, copied, and replayed from there."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from app.chats.model import Provenance
from app.pages.chat.details_dialog import ROWS_AT_ONCE, DetailsDialog
from app.pages.chat.details_words import detail_rows, shown_rows
from app.settings import ThemeChoice
from app.theme.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

LEFT = Qt.MouseButton.LeftButton
KNOWN = Provenance(
    (
        ("zeta", 1),
        ("seed", 1_234_567),
        ("temperature", 0.7),
        ("prompt_tokens", 12_345),
        ("decode_tokens_per_s", 51.26),
        ("time_to_first_token_ms", 12.4),
        ("peak_rss_bytes", 400_000_000),
        ("thinking", False),
        ("continued", 0),
        ("model", "evil\u202emodel"),
    )
)


class Moves(QObject):
    """How often a widget was given another place or size."""

    def __init__(self, widget):
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched, event):
        self.count += event.type() in (QEvent.Type.Move, QEvent.Type.Resize)
        return False


def test_each_thing_has_a_name_and_a_value_in_the_order_of_what_is_asked_for():
    assert detail_rows(KNOWN) == (
        ("Model", "evil‹U+202E›model"),
        ("Seed", "1234567"),
        ("Temperature", "0.7"),
        ("Thinking", "No"),
        ("Tokens of the prompt", "12,345"),
        ("Time to the first token", "12 ms"),
        ("Writing speed", "51.3 tokens/s"),
        ("Most memory used", "400 MB"),
        ("Written in several goes", "No"),
        ("zeta", "1"),
    )


def test_of_a_name_without_end_the_beginning_is_shown_and_the_whole_copied(qtbot):
    name = "evil\u202e" + "n" * 1_000_000
    made_by = Provenance((("model", name), ("k" * 500, 1)))
    (_, words), (key, _) = shown_rows(made_by)
    assert words.startswith("evil‹U+202E›nnn")
    assert words.endswith("n… (+999,705)")
    assert len(words) < 400
    assert key == "k" * 300 + "… (+200)"
    assert detail_rows(made_by)[0] == ("Model", "evil‹U+202E›" + "n" * 1_000_000)
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = DetailsDialog(Theme(QGuiApplication.instance(), ThemeChoice.LIGHT), made_by, parent)
    QTest.mouseClick(dialog.copy, LEFT)
    assert QGuiApplication.clipboard().text().startswith("Model: evil‹U+202E›" + "n" * 1_000_000)


def test_what_is_first_is_there_at_once_and_the_rest_comes_in_its_order(qtbot):
    made_by = Provenance(tuple((f"k{number}", number) for number in range(40)))
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = DetailsDialog(Theme(QGuiApplication.instance(), ThemeChoice.LIGHT), made_by, parent)

    def names():
        return [label.text() for label in dialog.area.findChildren(QLabel)][::2]

    assert names()[0] == "k0"
    assert len(names()) < 20
    qtbot.waitUntil(lambda: len(names()) == 40)
    assert names() == [f"k{number}" for number in range(40)]


def test_rows_that_come_later_are_laid_out_together(qtbot):
    made_by = Provenance(tuple((f"k{number}", number) for number in range(40)))
    parent = QWidget()
    parent.resize(600, 400)
    qtbot.addWidget(parent)
    dialog = DetailsDialog(Theme(QGuiApplication.instance(), ThemeChoice.LIGHT), made_by, parent)
    dialog.show()
    label = dialog.area.findChildren(QLabel)[-1]
    moves = Moves(label)
    qtbot.waitUntil(lambda: len(dialog.area.findChildren(QLabel)) == 80)
    qtbot.waitUntil(lambda: all(each.isVisible() for each in dialog.area.findChildren(QLabel)))
    # A few for each time that rows come, however the events fall: not some for each label (58).
    batches = 40 // ROWS_AT_ONCE
    assert moves.count <= 4 * batches


@pytest.fixture
def opened(hand, qtbot, open_window):
    """A window in which one question was answered, with the dialog about it."""
    application = open_window()
    hand.ask(application, "one")
    hand.wait_idle(application)
    application.page.transcript.desk.details_requested.emit(application.chat.turns[0].turn_id)
    dialog = application.page.findChild(DetailsDialog)
    qtbot.waitExposed(dialog)
    qtbot.waitUntil(lambda: len(dialog.area.findChildren(QLabel)) == 2 * len(dialog.rows))
    return application, dialog


def test_the_dialog_shows_all_that_is_recorded(opened):
    application, dialog = opened
    shown = [label.text() for label in dialog.area.findChildren(QLabel)]
    assert shown[:2] == ["Model", "fake"]
    assert {"Quantization", "Q4_1", "Seed", "7", "Compute path", "fast"} <= set(shown)
    made_by = application.chat.replaying.provenance(application.chat.turns[0].turn_id)
    assert len(shown) == 2 * len(made_by.details)
    QTest.mouseClick(dialog.copy, LEFT)
    copied = QGuiApplication.clipboard().text().splitlines()
    assert copied[0] == "Model: fake"
    assert len(copied) == len(made_by.details)


def test_everything_in_it_is_reached_by_the_keyboard(opened, qtbot):
    _, dialog = opened
    seen = set()
    for _step in range(6):
        seen.add(dialog.focusWidget())
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    assert {dialog.area, dialog.copy, dialog.replay, dialog.done_button} <= seen
    assert dialog.area.accessibleName() == "What made this answer"


def test_a_replay_begins_from_the_dialog(opened, hand, qtbot, fake_engine):
    application, dialog = opened
    QTest.mouseClick(dialog.replay, LEFT)
    qtbot.waitUntil(lambda: len(fake_engine.requests) == 2)
    hand.wait_idle(application)
    assert hand.toast_texts(application) == ["The same text again."]
    qtbot.waitUntil(lambda: not application.page.findChildren(DetailsDialog))


def test_done_leaves_it(opened, qtbot, fake_engine):
    application, dialog = opened
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not application.page.findChildren(DetailsDialog))
    assert len(fake_engine.requests) == 1


def test_what_can_not_be_replayed_says_so(opened):
    application, _ = opened
    dialog = DetailsDialog(application.page._theme, KNOWN, application.page)
    assert not dialog.replay.isEnabled()
    words = [label.text() for label in dialog.findChildren(QLabel)]
    assert "Not enough is recorded to replay this answer." in words


def test_an_answer_of_which_nothing_is_recorded_says_so(opened, hand):
    application, _ = opened
    application.page.transcript.desk.details_requested.emit(4711)
    assert hand.toast_texts(application) == ["What made this answer is not recorded."]
