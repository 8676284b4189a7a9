"""Exports hold one message at a time, and of a very long one only slices twice."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.chats.model import (
    AttachmentPart,
    Conversation,
    Message,
    Part,
    ReasoningPart,
    Role,
    TextPart,
)
from app.chats.transfer import html, json_export, markdown
from app.chats.transfer.wording import Occasion
from app.chats.transfer.writing import write_file

Chat = Callable[[str], Conversation]
Said = Callable[..., Message]
Render = Callable[[Conversation, Iterator[Message], Occasion], Iterator[str]]


def as_json(chat: Conversation, messages: Iterator[Message], occasion: Occasion) -> Iterator[str]:
    return json_export.render([(chat, messages)], exported_at_ms=occasion.at_ms)


def peak_bytes(target: Path, pieces: Iterator[str]) -> int:
    """What writing them takes beyond what was there before."""
    tracemalloc.start()
    try:
        write_file(target, pieces)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("render", [markdown.render, html.render, as_json])
def test_a_chat_is_never_held_whole(
    render: Render, chat: Chat, said: Said, occasion: Occasion, tmp_path: Path
):
    def messages() -> Iterator[Message]:
        for number in range(20):
            yield said(f"{number} " * 200_000, Role.USER)

    peak = peak_bytes(tmp_path / "chat", render(chat("t"), messages(), occasion))
    assert peak < 5_000_000
    assert (tmp_path / "chat").stat().st_size > 8_000_000


@pytest.mark.parametrize("render", [markdown.render, html.render, as_json])
@pytest.mark.parametrize(
    "kind", [TextPart, ReasoningPart, lambda text: AttachmentPart("a.txt", text)]
)
def test_a_long_message_is_not_held_twice(
    kind: Callable[[str], Part],
    render: Render,
    chat: Chat,
    said: Said,
    occasion: Occasion,
    tmp_path: Path,
):
    text = "<b> ![a](b) 😀\n" * 200_000  # 11 MB in memory
    message = said((kind(text),))
    peak = peak_bytes(tmp_path / "chat", render(chat("t"), iter([message]), occasion))
    assert peak < 3_000_000
