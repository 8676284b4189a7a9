"""The palette by itself: what it lists for what is typed, and how it is used."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.chats.model import Conversation, Hit, Role
from app.settings import ThemeChoice
from app.theme.icons import Icon
from app.theme.theme import Theme
from app.widgets.palette import Palette
from app.widgets.palette_commands import Command, CommandGroup, Commands, KeyHint
from app.widgets.palette_rows import (
    PaletteLabel,
    PaletteRow,
    command_rows,
    hit_rows,
    title_rows,
)
from app.widgets.search_text import plain
from app.widgets.shortcuts_dialog import KeyCaps, ShortcutsDialog

LEFT = Qt.MouseButton.LeftButton
# What the offscreen platform says of itself when a window of its own is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def command(name: str, words: str = "", keys: str = "", run=lambda: None) -> Command:
    return Command(name, Icon.MORE, run, keys, words)


def names(rows) -> list[str]:
    return [plain(row.name) for row in rows]


def chat(chat_id: int, title: str, at_ms: int = 0) -> Conversation:
    return Conversation(chat_id, title, at_ms, at_ms)


def nothing(*_what: object) -> None:
    pass


def test_commands_are_listed_by_how_well_their_names_answer_then_by_other_words():
    commands = [
        command("Spring clean"),
        command("Open privacy"),
        command("Print the chat", keys="Ctrl+P"),
        command("Temporary chat", "Unsaved, Private"),
        command("Quit"),
    ]
    rows = command_rows("pri", commands)
    assert names(rows) == ["Print the chat", "Open privacy", "Spring clean", "Temporary chat"]
    assert rows[0].keys == "Ctrl+P"
    assert rows[3].aside == (("Pri", True), ("vate", False))
    assert names(command_rows("quit", [command("Quit now"), *commands])) == ["Quit", "Quit now"]
    assert names(command_rows("", commands)) == [each.name for each in commands]


def test_titles_are_listed_newest_first_where_they_answer_alike():
    chats = [chat(1, "Bread", 10), chat(2, "Bread again", 30), chat(3, "No bread", 90)]
    rows, known = title_rows("bread", chats, "Untitled", nothing)
    assert names(rows) == ["Bread again", "Bread", "No bread"]
    assert known == {1, 2, 3}
    many = [chat(n, f"Bread {n}", n) for n in range(50)]
    rows, known = title_rows("bread", many, "Untitled", nothing)
    assert names(rows)[0] == "Bread 49"
    assert len(rows) == len(known) < 10
    assert names(title_rows("", [chat(1, "", 1)], "Untitled", nothing)[0]) == ["Untitled"]


def test_a_chat_is_listed_once_and_a_hostile_title_is_shown_whole():
    excerpt = (("the ", False), ("crow", True))
    hits = [
        Hit(1, None, "Crow", None, 0, (("Crow", True),)),
        Hit(2, 20, "a\u202eb", Role.USER, 0, excerpt),
        Hit(2, 21, "a\u202eb", Role.USER, 0, excerpt),
        Hit(3, 30, "Known", Role.USER, 0, excerpt),
    ]
    opened: list[Hit] = []
    rows = hit_rows(hits, "Untitled", {3}, opened.append)
    assert names(rows) == ["a‹U+202E›b"]
    assert rows[0].aside == excerpt
    rows[0].run()
    assert opened == [hits[1]]


class Over(QWidget):
    """A window with a field and a palette over it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.field, self.other = QLineEdit(), QLineEdit()
        column = QVBoxLayout(self)
        column.addWidget(self.field)
        column.addWidget(self.other)
        self.palette_over = Palette(theme, self)
        self.ran: list[str] = []
        self.asked: list[str] = []
        self.palette_over.asked.connect(self.asked.append)

    def rows(self, *words: str) -> list[PaletteRow]:
        return [
            PaletteRow(Icon.CHAT, ((each, False),), lambda each=each: self.ran.append(each))
            for each in words
        ]

    def open(self) -> Palette:
        self.palette_over.open_now()
        self.palette_over.show_items(
            [PaletteLabel("Commands"), *self.rows("a", "b"), PaletteLabel("Chats"), *self.rows("c")]
        )
        return self.palette_over


@pytest.fixture
def over(qtbot, qapp) -> Over:
    over = Over(Theme(qapp, ThemeChoice.DARK))
    qtbot.addWidget(over)
    over.resize(900, 700)
    over.show()
    qtbot.waitExposed(over)
    over.activateWindow()
    qtbot.waitUntil(over.isActiveWindow)
    over.field.setFocus()
    return over


def meant(palette: Palette) -> str:
    return str(palette.view.currentIndex().data())


def test_arrows_and_tab_pass_over_labels_and_enter_runs_what_is_meant(over):
    palette = over.open()
    assert palette.field.hasFocus()
    assert meant(palette) == "a"
    for key, expected in (
        (Qt.Key.Key_Down, "b"),
        (Qt.Key.Key_Tab, "c"),
        (Qt.Key.Key_Down, "c"),
        (Qt.Key.Key_Up, "b"),
        (Qt.Key.Key_PageUp, "a"),
        (Qt.Key.Key_Backtab, "a"),
        (Qt.Key.Key_PageDown, "c"),
    ):
        QTest.keyClick(palette.field, key)
        assert meant(palette) == expected
        assert palette.field.hasFocus()
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert over.ran == ["c"]
    assert not palette.isVisible()
    assert over.field.hasFocus(), "the keyboard is where it was"


def test_a_click_runs_a_row_and_none_a_label(over):
    palette = over.open()
    view = palette.view
    for number in (0, 2):
        place = view.visualRect(view.rows.index(number)).center()
        QTest.mouseClick(view.viewport(), LEFT, pos=place)
    assert over.ran == ["b"]


def test_esc_and_a_click_beside_it_close_it_and_what_was_typed_is_forgotten(over):
    for way in ("esc", "beside"):
        palette = over.open()
        QTest.keyClicks(palette.field, "secret")
        if way == "esc":
            QTest.keyClick(palette.field, Qt.Key.Key_Escape)
        else:
            QTest.mouseClick(palette, LEFT, pos=QPoint(5, 5))
        assert not palette.isVisible()
        assert over.field.hasFocus()
        assert palette.field.text() == ""
        assert not palette.field.isUndoAvailable()
    QTest.mouseClick(over.open(), LEFT, pos=over.palette_over.field.geometry().topLeft())
    assert over.palette_over.isVisible(), "a click on the card is none beside it"


def test_whoever_takes_the_keyboard_closes_it_and_keeps_it(over):
    palette = over.open()
    over.other.setFocus()
    assert not palette.isVisible()
    assert over.other.hasFocus()


def test_what_is_typed_is_asked_for_beginning_with_nothing(over):
    palette = over.open()
    QTest.keyClicks(palette.field, "ab")
    assert over.asked[-3:] == ["", "a", "ab"]


def test_more_rows_that_come_later_leave_the_meant_one(over):
    palette = over.open()
    QTest.keyClick(palette.field, Qt.Key.Key_Down)
    palette.show_items([PaletteLabel("Commands"), *over.rows("a", "b", "x", "y")], keeps_place=True)
    assert meant(palette) == "b"
    palette.show_items([PaletteLabel("Commands"), *over.rows("q")])
    assert meant(palette) == "q"


def test_where_there_is_nothing_a_sentence_stands_and_nothing_is_run(over):
    palette = over.open()
    palette.show_items([])
    palette.say("Nothing.")
    assert palette.words.isVisible()
    assert not palette.view.isVisible()
    QTest.keyClick(palette.field, Qt.Key.Key_Down)
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert over.ran == []


def test_it_fits_a_small_window_and_follows_its_size(over):
    palette = over.open()
    palette.show_items(over.rows(*"abcdefghijklmnopqrstuvwxyz"))
    for width, height in ((640, 480), (1200, 900)):
        over.resize(width, height)
        assert palette.size() == over.size()
        card = palette.view.geometry().united(palette.field.geometry())
        assert palette.rect().contains(card)
        over.grab()


def test_groups_of_shortcuts_come_from_commands_and_hints(qtbot, over):
    commands = Commands()
    commands.add(
        Command("Quit", Icon.QUIT, nothing, "Ctrl+Q"),
        Command("New chat", Icon.NEW_CHAT, nothing, "Ctrl+N", group=CommandGroup.CHATS),
        Command("Nothing", Icon.MORE, nothing, is_offered=lambda: False),
    )
    commands.hint(lambda: (KeyHint("Mark", "Shift+Up, Shift+Down", CommandGroup.LIST),))
    assert [hint.name for hint in commands.shortcuts()] == ["New chat", "Mark", "Quit"]
    assert [each.name for each in commands.offered()] == ["Quit", "New chat"]
    assert len(commands.all()) == 3
    dialog = ShortcutsDialog(over.palette_over._theme, commands.shortcuts(), over)
    qtbot.addWidget(dialog)
    said = [widget.accessibleName() for widget in dialog.findChildren(QWidget)]
    assert "Mark: Shift Up, Shift Down" in said
    caps = dialog.findChildren(KeyCaps)
    assert [cap.words for cap in caps] == ["Ctrl N", "Shift Up, Shift Down", "Ctrl Q"]
    dialog.grab()
