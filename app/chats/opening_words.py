"""What is told once after a history was opened by another way than the usual.

For: `profile_opening`.
"""

from __future__ import annotations

from app.chats.upkeep.damaged_log import GoneOn
from app.chats.upkeep.restore import Restored
from app.chats.upkeep.wal_mark import WalLoss
from inference.sentence import joined, said


def restored_words(done: Restored) -> str:
    """A backup took the history's place."""
    newer = done.salvaged.messages
    along: list[str] = []
    if newer:
        along.append(said(" {newer:,} newer messages could be read and came along.", newer=newer))
    if done.salvaged.unreadable:
        along.append(said(" What else was newer could not be read."))
    return said(
        "The backup {name} was restored.{along} What was there before: {set_aside}.",
        name=done.backup.folder.name,
        along=joined("", along),
        set_aside=done.set_aside,
    )


def salvaged_words(done: GoneOn) -> str:
    """What could be read was brought into a new history."""
    found = done.salvaged
    lost = said(" What else was there could not be read.") if found.unreadable else ""
    return said(
        "{chats:,} chats with {messages:,} messages were brought back.{lost} The "
        "damaged files lie in {set_aside}.",
        chats=found.chats,
        messages=found.messages,
        lost=lost,
        set_aside=done.set_aside,
    )


def gone_on_words(loss: WalLoss, done: GoneOn) -> str:
    """The end of the log was damaged, and set aside."""
    kept = said("The damaged files lie in {set_aside}.", set_aside=done.set_aside)
    if loss is WalLoss.REDUNDANT:
        return said("The history's log was damaged. Nothing is lost. {kept}", kept=kept)
    return said(
        "The end of the history's log was damaged: the last messages may be missing. "
        "{messages:,} of them were brought back. {kept}",
        messages=done.salvaged.messages,
        kept=kept,
    )
