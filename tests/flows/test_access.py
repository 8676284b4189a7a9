"""The real program, read and operated by nothing but the accessibility tree on a real bus."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.airlock.syscalls import this_architecture
from tests.flows.access_tree import AccessTree, Ears, GoneError, Seen, State, waited
from tests.flows.accessible_session import accessible_session, missing
from tests.flows.commands import MAIN, chats, passphrase_pipe

pytestmark = [
    pytest.mark.skipif(this_architecture() is None, reason="the launcher's lock: Linux"),
    pytest.mark.skipif(bool(missing()), reason=missing()),
]

QUESTION = "How did the crow drink?"
TARGET = "https://example.org/aesop/390?full=1"
CODE = "def drop(pebble):\n    return level + pebble"
ANSWER = f"""A crow found a **pitcher**; [the fable]({TARGET}) tells how.

| Pebbles | Level |
|:--------|------:|
| 1       | 12 mm |
| 20      | 96 mm |

$$E = mc^2$$

```python
{CODE}
```
"""
THOUGHTS = "The reader wants the fable.\nStones raise the water."
OLDER = "It waited for rain."
HEARD = 3  # sentences, of which one must be the answer's
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


def message(number: int, parent: int | None, role: str, *parts: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": number,
        "parent_id": parent,
        "role": role,
        "state": "done",
        "created_at_ms": number,
        "parts": list(parts),
    }


def told(text: str) -> dict[str, Any]:
    return {"kind": "text", "text": text}


def history() -> dict[str, Any]:
    """A chat with a branch, thoughts, a link, a table, a formula and code; and another one."""
    thoughts = {"kind": "reasoning", "text": THOUGHTS, "elapsed_ms": 12_000, "tokens": 41}
    crow = [
        message(1, None, "user", told(QUESTION)),
        message(2, 1, "assistant", told(OLDER)),
        message(3, 1, "assistant", thoughts, told(ANSWER)),
    ]
    other = [message(11, None, "user", told("Hello")), message(12, 11, "assistant", told("Hi."))]
    made = {"created_at_ms": 1, "updated_at_ms": 2}
    return {
        "format": "pitcher-chats",
        "version": 1,
        "exported_at_ms": 1,
        "chats": [
            {"id": 1, "title": "The crow", "leaf_id": 3, "messages": crow, **made},
            {"id": 2, "title": "Another chat", "leaf_id": 12, "messages": other, **made},
        ],
    }


@dataclass(frozen=True)
class Reader:
    """A screen reader, and the program that it reads."""

    tree: AccessTree
    program: Seen
    session_bus: str

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

    def last_answer(self) -> str:
        texts = self.tree.all_of(self.conversation(), "text", "Answer")
        return self.tree.text(texts[-1]) if texts else ""


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
    home.mkdir()
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
                yield Reader(tree, program, bus)
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
        "Code, Python",
    ]
    assert tree.text(reader.in_conversation("text", "Your message")) == QUESTION


def states(reader: Reader, seen: Seen) -> set[State]:
    return {state for state in State if reader.tree.has_state(seen, state)}


def test_links_code_and_tables_are_read_whole(reader: Reader) -> None:
    tree = reader.tree
    answer = reader.in_conversation("text", "Answer")
    assert tree.text(answer) == "A crow found a pitcher; the fable tells how."
    assert tree.description(answer) == f"Links: {TARGET}"
    assert tree.text(reader.in_conversation("text", "Code, Python")) == CODE
    table = reader.in_conversation("text", "Table, 2 columns, 2 rows")
    assert tree.description(table) == "Pebbles, Level; 1, 12 mm; 20, 96 mm"
    title = tree.wait_for(reader.program, "label", "The crow")
    assert "<" not in tree.description(title)


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
    waited(lambda: reader.last_answer() == OLDER, "the older answer is not shown")
    reader.press("Next version")
    waited(lambda: reader.last_answer().startswith("A crow found"), "no way back")


def test_everything_that_is_seen_has_a_name(reader: Reader) -> None:
    tree = reader.tree
    seen = [(tree.role(each), tree.name(each)) for each in tree.shown(reader.program)]
    assert {role for role, _name in seen} >= {"push button", "text", "list", "list item", "panel"}
    assert "unknown" not in {role for role, _name in seen}
    stops = [(role, name) for role, name in seen if role in NAMED_ROLES]
    assert [role for role, name in stops if not name.strip()] == []


def is_of_answer(reader: Reader, sentence: str) -> bool:
    texts = reader.tree.all_of(reader.conversation(), "text", "Answer")
    return any(sentence in " ".join(reader.tree.text(each).split()) for each in texts)


def test_a_message_is_sent_heard_and_stopped(reader: Reader) -> None:
    tree = reader.tree
    tree.wait_for(reader.program, "label", "Starter model: its answers")
    ears = Ears(reader.session_bus)
    try:
        field = tree.wait_for(reader.program, "text", "Message")
        tree.write(field, "Write a very long story about a crow and a pitcher.")
        reader.press("Send")
        heard = [ears.next() for _sentence in range(HEARD)]
    finally:
        ears.close()
    waited(lambda: any(is_of_answer(reader, each) for each in heard), f"not the answer: {heard}")
    some = reader.last_answer()
    assert not some.startswith("A crow found a pitcher; the fable")
    waited(lambda: reader.last_answer() != some, "the answer does not grow")
    reader.press("Stop")
    reader.in_conversation("label", STOPPED)
    assert reader.last_answer()
