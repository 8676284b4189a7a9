"""Nothing in the window can be operated without saying what it is and what it is called."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtGui import QAccessible, QAccessibleActionInterface, QAccessibleInterface

from app.widgets.faces import install_faces
from tests.app.test_window_access import STATES, tree, words

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
Role = QAccessible.Role
FOCUS = QAccessibleActionInterface.setFocusAction()
SAYS_NOTHING = {Role.NoRole, Role.Client, Role.Whitespace}
# The bars of what scrolls are Qt's own: their list or page has the name, and scrolls by itself.
PARTS_OF_QT = {Role.ScrollBar}
ANSWER = (
    "# The crow\n\nSee [the fable](https://example.org/fable) with $E$[^1].\n\n"
    "- [x] Fill\n- [ ] Drink\n\n| Pebbles | [Level](https://example.org) |\n|---|--:|\n"
    "| 1 | 12 |\n\n![a pitcher](https://example.org/a.png)\n\n"
    "$$E = mc^2$$\n\n```python\nlevel = 1\n```\n\n```\nno language\n```\n\n---\n\n[^1]: So it is.",
)


def can_be_operated(face: QAccessibleInterface) -> bool:
    actions = face.actionInterface()
    names = set(actions.actionNames()) if actions is not None else set()
    return bool(names - {FOCUS}) or bool(face.state().focusable and FOCUS in names)


@pytest.mark.parametrize("state", STATES)
def test_all_that_can_be_operated_has_a_role_and_a_name(
    qtbot, open_window, fake_engine, state: Callable
):
    install_faces()
    fake_engine.words = ANSWER
    root = state(open_window(), qtbot)
    operated = [
        face for face in tree(QAccessible.queryAccessibleInterface(root)) if can_be_operated(face)
    ]
    told = [(face.role(), *words(face)) for face in operated if face.role() not in PARTS_OF_QT]
    assert len(told) > 3
    assert [each for each in told if each[0] in SAYS_NOTHING or not each[1].strip()] == []


def test_each_thing_in_an_answer_says_what_it_is(qtbot, open_window, fake_engine):
    install_faces()
    fake_engine.words = ANSWER
    chat = next(state for state in STATES if state.__name__ == "chat")
    root = chat(open_window(), qtbot)
    told = {
        (face.role(), words(face)[0]) for face in tree(QAccessible.queryAccessibleInterface(root))
    }
    assert told >= {
        (Role.Heading, "The crow"),
        (Role.Link, "the fable"),
        (Role.Link, "a pitcher"),
        (Role.Equation, "Formula: E"),
        (Role.StaticText, "Footnote 1"),
        (Role.Note, "Note 1: So it is."),
        (Role.CheckBox, "Fill"),
        (Role.CheckBox, "Drink"),
        (Role.Table, "Table, 2 columns, 1 rows"),
        (Role.ColumnHeader, "Level"),
        (Role.Cell, "12"),
        (Role.Graphic, "Formula: E = mc^2"),
        (Role.EditableText, "Code, Python"),
        (Role.EditableText, "Code"),
        (Role.Separator, "Line"),
    }
