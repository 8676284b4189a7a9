"""From the key of a history to the open history.

For: `HistoryDoor`. One order: the log's end is examined; the database is opened and, after
anything but a clean exit, checked before it is written to; the tables are brought up to date,
after a backup; answers that were streaming are stopped; what a wipe left undone is done.
"""

from __future__ import annotations

from collections.abc import Callable

from app.chats.database import Database
from app.chats.errors import ChatsError, DamagedError
from app.chats.history import History
from app.chats.opening_words import gone_on_words
from app.chats.profile import Profile
from app.chats.schema import migrate
from app.chats.store import ChatStore
from app.chats.upkeep.backups import Backups
from app.chats.upkeep.damaged_log import go_on_after
from app.chats.upkeep.integrity import check_quickly
from app.chats.upkeep.wal_mark import WalLoss, examine
from app.chats.upkeep.wal_watch import WalWatch
from app.chats.upkeep.wipe import finish_wipe
from app.chats.vault.key import HistoryKey
from app.chats.vault.opening import Opening
from inference.sentence import said


def entered(
    profile: Profile,
    key: HistoryKey,
    opening: Opening,
    notices: list[str],
    on_closed: Callable[[], None],
    *,
    is_new: bool,
) -> History:
    """The history of a profile that is locked for this process; what is to be said of it goes to
    `notices`, and closing it calls `on_closed`.

    Raises WrongKeyError, DamagedError, DiskFailedError, other ChatsErrors; nothing stays open.
    """
    was_clean = is_new or _after_last_exit(profile, key, notices)
    database = Database.open(profile.database, key.reveal(), create=is_new)
    try:
        watch = WalWatch(database)
    except BaseException:
        database.close()
        raise
    try:
        if not was_clean:
            check_quickly(database)
        backups = Backups(profile, key)
        migrate(database, before=backups.before_migration)
        opening.mark_used()
        store = ChatStore(database)
        store.recover()
        _finish_wipe(store, backups, notices)
    except BaseException:
        watch.close()
        raise
    return History(store, backups, watch, opening, on_closed)


def _after_last_exit(profile: Profile, key: HistoryKey, notices: list[str]) -> bool:
    """See to a log that was damaged; whether the last exit was a clean one."""
    found = examine(profile.database)
    if found.loss is not WalLoss.NONE:
        notices.append(gone_on_words(found.loss, go_on_after(profile, key, found.loss)))
    return found.was_clean


def _finish_wipe(store: ChatStore, backups: Backups, notices: list[str]) -> None:
    """What a wipe left undone. A backup that can't be reached keeps nobody from their chats."""
    try:
        finish_wipe(store, backups)
    except DamagedError:
        raise
    except ChatsError as error:
        notices.append(
            said(
                "Chats that were deleted for good may still be in backups. {error} Pitcher "
                "tries again at its next start.",
                error=error,
            )
        )
