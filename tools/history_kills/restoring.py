"""What must be there after a backup was restored: all that it held, and all that is newer.

For: the judge. Titles, drafts and deletions since the backup are the backup's again, as
`app/chats/upkeep/salvage.py` says.
"""

from __future__ import annotations

from app.chats.model import MessageState
from tools.history_kills.copies import Copy
from tools.history_kills.oracle import Record
from tools.history_kills.worlds import Said, World


def wrong_restored(record: Record, found: World, backups: dict[str, Copy]) -> list[str]:
    """What is missing of the backup and of what came after it."""
    backup = backups.get(record.backup_restored)
    if backup is None:
        # The one that migrating made may have taken its place; then only what is newer counts.
        return []
    expected = _kept(backup) | _salvaged(backup, record.world)
    there = found.messages
    wrong = [
        number
        for number, said in expected.items()
        if number not in there or (there[number].flat, there[number].role) != (said.flat, said.role)
    ]
    return (
        [f"after restoring {record.backup_restored}: messages {wrong} are wrong"] if wrong else []
    )


def _kept(backup: Copy) -> dict[int, Said]:
    """Answers that streamed when it was made went on since."""
    return {
        number: said
        for number, said in backup.world.messages.items()
        if said.state is not MessageState.STREAMING
    }


def _salvaged(backup: Copy, before: World) -> dict[int, Said]:
    """What was newer than the backup, where its chat and all above it are there too."""
    in_backup, taken = backup.world.messages, {}
    for chat_id, chat in before.chats.items():
        if chat_id not in backup.world.chats and chat_id <= backup.last_chat:
            continue  # deleted before the backup was made, and put back after it
        for number, said in sorted(chat.messages.items()):
            has_place = said.parent is None or said.parent in in_backup or said.parent in taken
            if number > backup.last_message and has_place:
                taken[number] = said
    return taken
