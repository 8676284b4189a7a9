"""Chats to write out, short ones and hostile ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC

import pytest

from app.chats.model import Conversation, Message, MessageState, Part, Role, TextPart
from app.chats.transfer.wording import Occasion

AT_MS = 1_741_097_100_000  # 2025-03-04 14:05 UTC


@pytest.fixture
def occasion() -> Occasion:
    return Occasion(AT_MS, UTC)


@pytest.fixture
def chat() -> Callable[[str], Conversation]:
    return lambda title: Conversation(7, title, AT_MS, AT_MS + 60_000)


@pytest.fixture
def said() -> Callable[..., Message]:
    """A message of one text, or of the parts given."""

    def make(
        content: str | tuple[Part, ...],
        role: Role = Role.ASSISTANT,
        state: MessageState = MessageState.DONE,
    ) -> Message:
        parts = (TextPart(content),) if isinstance(content, str) else content
        return Message(3, 7, None, role, parts, state, AT_MS)

    return make
