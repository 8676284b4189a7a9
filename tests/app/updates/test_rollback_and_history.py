"""Going back over a history that a later version brought up to date: it is said beforehand, the
older version leaves the chats as they are, and the backup from before opens in it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.chats.database import Database
from app.chats.errors import NewerSchemaError
from app.chats.history_states import Ready
from app.chats.profile import Holder, Profile
from app.chats.profile_opening import HistoryDoor
from app.chats.schema import MIGRATIONS, migrate, schema_version
from app.chats.upkeep.backup_list import BackupKind, list_backups
from app.chats.vault import envelope_file
from app.chats.vault.envelope import Envelope, new_history_id
from app.chats.vault.key import HistoryKey
from app.chats.vault.passphrase import Purpose, wrap_proved
from app.updates.looking import lost_by_going_back
from tests.app.updates.updates_hand import Copy
from tools.history_kills.work import CHEAP

SCHEMAS = Path(__file__).parents[2] / "data" / "schemas"
KEY = bytes(range(32))  # of the recorded forms
WORDS = "rain on the roof"
OLDER = MIGRATIONS[:-1]


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """Chats as the version before kept them."""
    made = Profile(tmp_path / "data" / "history")
    made.prepare()
    shutil.copyfile(SCHEMAS / f"v{OLDER[-1].version}.db", made.database)
    made.database.chmod(0o600)
    key, history_id = HistoryKey(KEY), new_history_id()
    way = wrap_proved(key, WORDS, history_id, Purpose.PASSPHRASE, CHEAP)
    envelope_file.save(made.folder, Envelope(history_id, key.check, True, passphrase=way))
    return made


def titles(profile: Profile, migrations=OLDER) -> list[str]:
    """What a version shows that knows these forms."""
    database = Database.open(profile.database, KEY)
    try:
        migrate(database, migrations=migrations)
        return [str(row[0]) for row in database.read("SELECT title FROM conversation ORDER BY id")]
    finally:
        database.close()


def test_the_older_version_is_warned_of_and_its_backup_opens(copy: Copy, profile: Profile) -> None:
    before = titles(profile)
    assert before
    door = HistoryDoor(profile, Holder.WINDOW)
    door.open()
    assert isinstance(door.try_passphrase(WORDS), Ready)  # the newer version: a new form
    door.close()

    copy.install("0.0.9", schema=OLDER[-1].version)
    copy.install("0.1.1", schema=MIGRATIONS[-1].version)
    lost = lost_by_going_back(copy.prefix, "0.0.9")
    assert lost is not None
    assert "Version 0.0.9 can’t read the chats" in lost
    assert "pitcher chats restore" in lost
    assert lost_by_going_back(copy.prefix, "0.1.1") is None

    with pytest.raises(NewerSchemaError, match="later version"):
        titles(profile)
    assert titles(profile, MIGRATIONS) == before  # it changed nothing

    (backup,) = [b for b in list_backups(profile) if b.kind is BackupKind.BEFORE_MIGRATION]
    shutil.copyfile(backup.database, profile.database)
    database = Database.open(profile.database, KEY)
    assert schema_version(database) == OLDER[-1].version
    database.close()
    assert titles(profile) == before  # in the older version again


@pytest.mark.parametrize("told", [None, "three", True])
def test_a_version_that_does_not_say_what_it_reads_is_doubted(copy: Copy, told: object) -> None:
    copy.install("0.0.9", schema=told)
    lost = lost_by_going_back(copy.prefix, "0.0.9")
    assert lost is not None
    assert "not known" in lost
    (copy.prefix.versions / "0.0.9/build.json").write_text("no json")
    assert lost_by_going_back(copy.prefix, "0.0.9") == lost
