"""A history under a passphrase for the commands of `chats`, and what their output says."""

from __future__ import annotations

import json

from app.airlock.report import LockReport, LockState
from app.chats.history import History
from app.chats.model import Role, TextPart
from app.chats.profile import Holder, Profile
from app.chats.profile_opening import HistoryDoor
from app.chats.vault.keyrings import Keyrings
from app.chats.vault.passphrase import Argon2Cost

LOCK = LockReport(LockState.NOT_TESTED, "a test")
WORDS = "rain on the roof"
CHEAP = Argon2Cost(memory_kib=16, iterations=1, lanes=1)


def new_door(holder: Holder) -> HistoryDoor:
    return HistoryDoor(Profile(), holder, Keyrings({}), CHEAP)


def add(history: History, title: str) -> int:
    store = history.store
    question = store.start(title, (TextPart(f"Tell me of {title}."),))
    store.messages.add(question.conversation_id, question.id, Role.ASSISTANT, (TextPart("It is."),))
    return question.conversation_id


def objects(out):
    return [json.loads(line) for line in out.splitlines()]


def titles(run):
    return {line["title"] for line in objects(run("list", "--json")[1])}
