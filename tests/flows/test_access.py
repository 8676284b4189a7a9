"""The real program, read and operated by nothing but the accessibility tree on a real bus."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from app.airlock.syscalls import this_architecture
from tests.flows.access_tree import AccessTree, Ears, GoneError, Seen, State, waited
from tests.flows.accessible_chats import CODE, OLDER, QUESTION, TARGET, history
from tests.flows.accessible_session import accessible_session, missing
from tests.flows.commands import MAIN, chats, passphrase_pipe

pytestmark = [
    pytest.mark.skipif(this_architecture() is None, reason="the launcher's lock: Linux"),
    pytest.mark.skipif(bool(missing()), reason=missing()),
]

HEARD = 3  # sentences, of which one must be the answer's
K_KEY, DOWN, RETURN = 45, 0xFF54, 0xFF0D  # a key's code; symbols
STOPPED = "Stopped. The answer so far is kept."
READ = ("text", "image", "icon", "graphic")
# What a screen reader stops at: it must say what each of them is.
NAMED_ROLES = {
    "push button",
    "toggle button",
    "check box",
    "radio button",
    "text",
    "entry",
    "slider",
    "spin button",
    "combo box",
    "list",
    "list item",
    "menu",
    "menu item",
    "check menu item",
    "radio menu item",
    "dialog",
    "frame",
    "image",
    "panel",
}


@dataclass(frozen=True)
class Reader:
    """A screen reader, and the program that it reads."""

    tree: AccessTree
    program: Seen
    session_bus: str
    environment: dict[str, str]

    def come_forward(self) -> None:
        """Have the keyboard, where no window manager gives it: a second start asks for it."""
        again = subprocess.run([*MAIN], env=self.environment, capture_output=True, timeout=60)
        assert again.returncode == 0, again.stderr

    def seen(self, role: str, name: str) -> Seen:
        """What is seen in the window, the first whose name begins so."""
        look = partial(self.tree.first_of, self.program, role, name)
        seen = waited(look, f"no {role} “{name}”")
        assert isinstance(seen, Seen)
        return seen

    def conversation(self) -> Seen:
        return self.tree.wait_for(self.program, "panel", "Conversation")

    def in_conversation(self, role: str, name: str) -> Seen:
        """What is seen of it, the first one."""

        def found() -> Seen | None:
            return next(iter(self.tree.all_of(self.conversation(), role, name)), None)

        seen = waited(found, f"no {role} “{name}” in the conversation")
        assert isinstance(seen, Seen)
        return seen

    def press(self, name: str) -> None:
        """A button that is seen."""

        def found() -> Seen | None:
            return next(iter(self.tree.all_of(self.program, "push button", name)), None)

        self.tree.press(waited(found, f"no button “{name}”"))

    def answers(self) -> list[str]:
        """The paragraphs of answers that are seen, but for what just scrolls away."""
        found = []
        for text in self.tree.all_of(self.conversation(), "text", "Answer"):
            with suppress(GoneError):
                found.append(" ".join(self.tree.text(text).split()))
        return found


def first_program(tree: AccessTree) -> Seen | None:
    try:
        return next(iter(tree.programs()), None)
    except GoneError:  # the registry itself is only coming
        return None


@pytest.fixture(scope="module")
def reader(
    tmp_path_factory: pytest.TempPathFactory, display: str, starter_path: Path
) -> Iterator[Reader]:
    folder = tmp_path_factory.mktemp("access")
    home = folder / "home"
    (home / "config").mkdir(parents=True)
    (home / "config" / "settings.json").write_text('{"welcomed": true}')
    exported = folder / "chats.json"
    exported.write_text(json.dumps(history()))
    with accessible_session(folder / "session", display) as session:
        environment = os.environ | session | {"PITCHER_HOME": str(home), "HOME": str(home)}
        taken = chats(environment, "import", str(exported), limit_s=60)
        assert taken.returncode == 0, taken.stderr
        words = passphrase_pipe()
        command = [*MAIN, "--model", str(starter_path), "--passphrase-fd", str(words)]
        with subprocess.Popen(command, env=environment, pass_fds=[words]) as window:
            os.close(words)
            bus = session["DBUS_SESSION_BUS_ADDRESS"]
            tree = AccessTree(bus)
            try:
                program = waited(lambda: first_program(tree), "no program")
                item = tree.wait_for(program, "list item", "The crow")
                tree.press(item)
                yield Reader(tree, program, bus, environment)
            finally:
                tree.close()
                window.terminate()
                window.wait(60)


def test_a_conversation_is_read_from_the_top(reader: Reader) -> None:
    tree = reader.tree
    reader.in_conversation("text", "Answer")
    read = [
        tree.name(seen)
        for seen in tree.shown(reader.conversation())
        if tree.role(seen) in READ or State.EXPANDABLE in states(reader, seen)
    ]
    assert read == [
        "Your message",
        "Thought for 12 s 41 tokens",
        "Answer",
        "Table, 2 columns, 2 rows",
        "Formula: E = mc^2",
        "Answer",
        "Answer",
        "Code, Python",
        "Answer",
    ]
    assert tree.text(reader.in_conversation("text", "Your message")) == QUESTION


def states(reader: Reader, seen: Seen) -> set[State]:
    return {state for state in State if reader.tree.has_state(seen, state)}


def test_code_is_read_whole_and_a_title_without_markup(reader: Reader) -> None:
    tree = reader.tree
    assert (
        tree.text(reader.in_conversation("text", "Answer"))
        == "A crow found a pitcher; the fable tells how."
    )
    assert tree.text(reader.in_conversation("text", "Code, Python")) == CODE
    title = tree.wait_for(reader.program, "label", "The crow")
    assert "<" not in tree.description(title)


def test_a_link_is_read_with_its_target_and_copied(reader: Reader) -> None:
    tree = reader.tree
    link = reader.in_conversation("link", "the fable")
    assert tree.description(link) == TARGET
    ears = Ears(reader.session_bus)
    try:
        tree.press(link)
        assert ears.wait_for("Copied") == f"Copied: {TARGET}"
    finally:
        ears.close()


def test_a_table_is_read_by_rows_and_cells_with_their_heads(reader: Reader) -> None:
    tree = reader.tree
    table = reader.in_conversation("table", "Table, 2 columns, 2 rows")
    rows = tree.children(table)
    assert [(tree.role(row), tree.name(row)) for row in rows] == [
        ("row", "Head"),
        ("row", "Row 1"),
        ("row", "Row 2"),
    ]
    cells = [tree.children(row) for row in rows]
    assert [[tree.name(cell) for cell in row] for row in cells] == [
        ["Pebbles", "Level"],
        ["1", "12 mm"],
        ["20", "96 mm"],
    ]
    assert [tree.role(row[0]) for row in cells] == ["column header", "cell", "cell"]
    last = cells[2][1]
    assert tree.table_place(last) == (2, 1)
    assert tree.column_heads(last) == [cells[0][1]]
    assert tree.description(last) == "Level"


def test_tasks_and_notes_say_what_they_are(reader: Reader) -> None:
    boxes = [reader.in_conversation("check box", name) for name in ("Fill it", "Drink")]
    assert [State.CHECKED in states(reader, box) for box in boxes] == [True, False]
    reader.in_conversation("equation", "Formula: E")
    reader.in_conversation("label", "Footnote 1")
    reader.in_conversation("note", "Note 1: Aesop says so.")


def test_the_palette_says_what_it_finds_and_its_rows_are_pressed(reader: Reader) -> None:
    tree = reader.tree
    reader.come_forward()
    ears = Ears(reader.session_bus)
    try:
        tree.type_with_ctrl(K_KEY)
        field = reader.seen("text", "Find a command or a chat")
        tree.write(field, "chat")
        found = ears.wait_for("Found: ")
        tree.type_key(DOWN)
        meant = ears.wait_for("chat")
    finally:
        ears.close()
    rows = reader.seen("list", "Commands and chats")
    names = [tree.name(row) for row in tree.children(rows) if tree.role(row) == "list item"]
    assert found == f"Found: {len(names)}. {names[0]}"
    assert meant == names[1]
    tree.press(reader.seen("list item", "Another chat"))
    waited(lambda: not tree.all_of(reader.program, "text", "Find a command or a chat"), "open")
    reader.seen("frame", "Another chat")
    open_crow(reader)


def test_what_a_search_finds_is_heard_read_and_opened(reader: Reader) -> None:
    tree = reader.tree
    reader.press("Search")
    field = reader.seen("text", "Search all chats")
    ears = Ears(reader.session_bus)
    try:
        tree.write(field, "Hello")
        assert ears.wait_for("Found: ").startswith("Found: 1. Another chat. ")
    finally:
        ears.close()
    row = reader.seen("list item", "Another chat. ")
    assert "Hello" in tree.name(row)
    assert State.SELECTED in states(reader, row)
    tree.press(row)
    reader.seen("frame", "Another chat")
    reader.press("End the search")
    open_crow(reader)


def test_chats_are_renamed_pinned_deleted_and_brought_back(reader: Reader) -> None:
    tree = reader.tree
    reader.seen("heading", "January 1970")
    tree.press(reader.seen("list item", "Another chat"), "Rename")
    tree.write(reader.seen("text", "Title"), "Rain")
    reader.come_forward()
    tree.type_key(RETURN)
    tree.press(reader.seen("list item", "Rain"), "Pin")
    reader.seen("heading", "Pinned")
    tree.press(reader.seen("list item", "Rain"), "Delete")
    waited(lambda: not tree.all_of(reader.program, "list item", "Rain"), "still there")
    reader.press("Undo")
    tree.press(reader.seen("list item", "Rain"), "Unpin")
    waited(lambda: not tree.all_of(reader.program, "heading", "Pinned"), "still pinned")
    chats_list = reader.seen("list", "Chats")
    names = [tree.name(row) for row in tree.children(chats_list)]
    assert tree.select(chats_list, names.index("Rain"))
    reader.seen("frame", "Rain")
    open_crow(reader)


def open_crow(reader: Reader) -> None:
    reader.tree.press(reader.seen("list item", "The crow"))
    reader.seen("frame", "The crow")
    reader.in_conversation("text", "Code, Python")


def test_thoughts_are_unfolded_and_folded(reader: Reader) -> None:
    tree = reader.tree
    head = reader.in_conversation("push button", "Thought for 12 s 41 tokens")
    assert states(reader, head) >= {State.EXPANDABLE}
    assert State.EXPANDED not in states(reader, head)
    tree.press(head)
    assert tree.text(reader.in_conversation("text", "Thoughts")).startswith("The reader wants")
    assert State.EXPANDED in states(reader, head)
    tree.press(head)
    waited(lambda: not tree.all_of(reader.conversation(), "text", "Thoughts"), "still unfolded")


def test_branches_are_walked(reader: Reader) -> None:
    reader.in_conversation("panel", "Version 2 of 2")
    reader.press("Previous version")
    reader.in_conversation("panel", "Version 1 of 2")
    waited(lambda: reader.answers() == [OLDER], "the older answer is not shown")
    reader.press("Next version")
    waited(lambda: "".join(reader.answers()).startswith("A crow found"), "no way back")


def test_everything_that_is_seen_has_a_name(reader: Reader) -> None:
    tree = reader.tree
    seen = tree.roles_and_names(reader.program)
    roles = {role for role, _name in seen}
    assert roles >= {"push button", "text", "list", "list item", "panel"}
    assert "unknown" not in roles
    stops = [(role, name) for role, name in seen if role in NAMED_ROLES]
    assert [role for role, name in stops if not name.strip()] == []


def any_said(shown: set[str], heard: list[str]) -> bool:
    return any(sentence in text for text in shown for sentence in heard)


def test_a_message_is_sent_heard_and_stopped(reader: Reader) -> None:
    tree = reader.tree
    tree.wait_for(reader.program, "label", "Starter model: its answers")
    reader.press("New chat")  # what is heard first is still in sight later
    waited(lambda: not reader.answers(), "the other chat is still shown")
    ears = Ears(reader.session_bus)
    try:
        field = tree.wait_for(reader.program, "text", "Message")
        tree.write(field, "Write a very long story about a crow and a pitcher.")
        reader.press("Send")
        heard, shown = [], set[str]()
        for _sentence in range(HEARD):
            heard.append(ears.next())
            shown.update(reader.answers())  # before it scrolls away
    finally:
        ears.close()
    assert any_said(shown, heard), f"not the answer: {heard}"
    some = reader.answers()
    waited(lambda: reader.answers() != some, "the answer does not grow")
    reader.press("Stop")
    reader.in_conversation("label", STOPPED)
    assert reader.answers()
