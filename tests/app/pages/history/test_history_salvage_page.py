"""A damaged history without a backup, in the window: one button brings back what can be read."""

from __future__ import annotations

from app.chats.history import History
from app.chats.history_states import CannotOpen, Ready
from app.chats.model import Role, TextPart
from app.chats.upkeep.salvage import NOTHING_SALVAGED as NOTHING
from app.chats.upkeep.wal_mark import mark_path

PAGE_BYTES = 4096


def fill(history: History, messages: int) -> int:
    """A chat of so many messages; the page that has the last of them."""
    store, parent_id = history.store, None
    chat = store.create("the sea")
    for number in range(messages):
        parts = [TextPart(f"{number} " + "word " * 100)]
        parent_id = store.messages.add(chat.id, parent_id, Role.USER, parts).id
    rows = store.database.read(
        "SELECT pageno FROM dbstat WHERE name = 'message' AND pagetype = 'leaf' ORDER BY path"
    )
    return int(rows[-1][0])


def damage(home, messages: int) -> None:
    """A page of messages, and no clean end, so that it shows at once."""
    pages = []
    home.with_history(lambda history: pages.append(fill(history, messages)))
    database = home.folder / "history.db"
    with open(database, "r+b") as file:
        file.seek((pages[0] - 1) * PAGE_BYTES + 50)
        file.write(b"other bytes")
    mark_path(database).unlink()


def test_without_a_backup_what_can_be_read_is_brought_back_by_enter(look, home):
    home.begin()
    damage(home, messages=30)
    eyes = look()
    screen = eyes.page.problem
    assert isinstance(eyes.application.history.state, CannotOpen)
    assert "there is no backup" in screen.sentence.text()
    assert not screen.restore.isVisible()
    assert screen.salvage.hasFocus()
    screen.salvage.click()
    eyes.until_settled()
    assert isinstance(eyes.application.history.state, Ready)
    assert any("were brought back" in text for text in eyes.toasts())
    eyes.application.close()
    assert "the sea" in home.titles()


def test_where_nothing_can_be_read_it_says_so_and_stays(look, home, monkeypatch):
    home.begin()
    damage(home, messages=30)
    monkeypatch.setattr("app.chats.upkeep.bringing_back.salvage", lambda *_, **__: NOTHING)
    eyes = look()
    eyes.click(eyes.page.problem.salvage)
    eyes.until_settled()
    assert "Nothing of the damaged history could be read." in eyes.page.problem.sentence.text()
    assert not eyes.page.problem.salvage.isVisible()
    assert eyes.page.problem.retry.hasFocus()
