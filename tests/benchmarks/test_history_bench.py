"""The benchmark of the history runs, measures what it names and says when a bar is missed."""

from pathlib import Path

import pytest

from app.chats.database import Database
from app.chats.store import ChatStore
from benchmarks.history import KEY, Figure, Writer, build, main


def test_the_history_is_as_large_as_asked_and_found_in(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    build(path, chats=3, messages_per_chat=4)
    database = Database.open(path, KEY)
    store = ChatStore(database)
    chats = store.conversations()
    assert len(chats) == 3
    assert [len(store.messages.path(chat.leaf_id)) for chat in chats] == [4, 4, 4]
    text = store.messages.path(chats[0].leaf_id)[0].text
    assert store.search(" ".join(text.split()[:3]))
    database.close()


def test_text_and_queries_are_the_same_every_time() -> None:
    one, other = Writer(1), Writer(1)
    assert [one.query() for _ in range(20)] == [other.query() for _ in range(20)]
    assert all(one.query().strip() for _ in range(200))


def test_it_prints_every_figure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--chats", "12", "--messages", "4", "--rounds", "3", "--folder", str(tmp_path)])
    printed = capsys.readouterr().out
    assert "12 chats of 4 messages" in printed
    for name in ("fsync 4 KB", "open", "list all", "search", "append", "delete a chat"):
        assert name in printed
    assert list(tmp_path.iterdir()) == []


def test_a_missed_bar_is_said_and_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    missed = Figure("slow", [1.0, 99.0], bar_ms=50)
    monkeypatch.setattr("benchmarks.history.measure", lambda path, rounds: [missed])
    arguments = ["--chats", "1", "--messages", "1", "--folder", str(tmp_path)]
    assert main(arguments) == 1
    assert "MISSED" in capsys.readouterr().out


def test_the_bar_is_for_the_95th_percentile() -> None:
    assert Figure("x", [1.0] * 99 + [900.0], bar_ms=2).passes
    assert not Figure("x", [1.0] * 90 + [900.0] * 10, bar_ms=2).passes
