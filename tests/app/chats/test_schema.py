"""Steps of the tables: in order, each wholly or not at all, and never backwards."""

import shutil
from pathlib import Path

import apsw
import pytest

from app.chats.database import Database
from app.chats.errors import BackupError, DiskFullError, NewerSchemaError, StoreError
from app.chats.model import AttachmentPart, MessageState, ReasoningPart, Role, TextPart
from app.chats.schema import MIGRATIONS, Migration, migrate, schema_version
from app.chats.search_index import check_index
from app.chats.store import ChatStore

RELEASED = Path(__file__).parents[2] / "data" / "schemas"


def add_colour(cursor: apsw.Cursor) -> None:
    cursor.execute("ALTER TABLE conversation ADD COLUMN colour TEXT")


def fail_half_way(cursor: apsw.Cursor) -> None:
    cursor.execute("CREATE TABLE half (number)")
    cursor.execute("INSERT INTO half SELECT number FROM nowhere")


NEWEST = MIGRATIONS[-1].version
NEXT = (*MIGRATIONS, Migration(NEWEST + 1, add_colour))
BROKEN = (*NEXT, Migration(NEWEST + 2, fail_half_way))


def columns(database: Database) -> list[str]:
    return [row[0] for row in database.read("SELECT name FROM pragma_table_info('conversation')")]


def test_an_empty_database_gets_every_step_and_no_backup(database: Database) -> None:
    migrate(database, before=pytest.fail, migrations=NEXT)
    assert schema_version(database) == NEWEST + 1
    assert columns(database)[-1] == "colour"


def test_a_second_run_has_nothing_to_do(store: ChatStore) -> None:
    migrate(store.database, before=pytest.fail)
    assert schema_version(store.database) == MIGRATIONS[-1].version


def test_an_older_file_is_backed_up_and_then_brought_up_to_date(store: ChatStore) -> None:
    store.create("kept")
    seen: list[tuple[int, list[str]]] = []

    def back_up(version: int) -> None:
        seen.append((version, columns(store.database)))

    migrate(store.database, before=back_up, migrations=NEXT)
    assert [(version, "colour" in names) for version, names in seen] == [(NEWEST, False)]
    assert schema_version(store.database) == NEWEST + 1
    assert [chat.title for chat in store.conversations()] == ["kept"]


def test_without_its_backup_a_file_stays_as_it_is(store: ChatStore) -> None:
    def fail(version: int) -> None:
        raise BackupError("no room")

    with pytest.raises(BackupError):
        migrate(store.database, before=fail, migrations=NEXT)
    assert schema_version(store.database) == NEWEST


def test_a_step_that_fails_leaves_those_before_it_and_nothing_of_its_own(store: ChatStore) -> None:
    with pytest.raises(StoreError):
        migrate(store.database, migrations=BROKEN)
    assert schema_version(store.database) == NEWEST + 1
    assert store.database.read("SELECT * FROM sqlite_schema WHERE name = 'half'") == []


@pytest.mark.parametrize("after", range(0, 48, 6))
def test_a_disk_that_fills_while_tables_are_made_leaves_none(
    tmp_path: Path, key: bytes, disk: apsw.VFS, after: int
) -> None:
    path = tmp_path / "history.db"
    database = Database.open(path, key, create=True, vfs=disk.name)
    disk.breaks("write", (apsw.FullError, apsw.SQLITE_FULL), after)
    with pytest.raises(DiskFullError):
        migrate(database)
    disk.mend()
    assert schema_version(database) == 0
    assert database.read("SELECT * FROM sqlite_schema") == []
    migrate(database)
    ChatStore(database).create("works")
    database.close()


def test_a_later_programs_file_is_refused_untouched(store: ChatStore) -> None:
    store.database.connection.execute("PRAGMA user_version = 9")
    with pytest.raises(NewerSchemaError, match="later version"):
        migrate(store.database, before=pytest.fail)
    assert schema_version(store.database) == 9


def test_a_parent_comes_before_its_child_whatever_a_file_says(store: ChatStore) -> None:
    message = store.start("chat", [TextPart("a")])
    circle = "UPDATE message SET parent_id = id WHERE id = ?"
    with pytest.raises(StoreError), store.database.write() as cursor:
        cursor.execute(circle, (message.id,))


@pytest.mark.parametrize("file", sorted(RELEASED.glob("v*.db")), ids=lambda file: file.stem)
def test_every_released_form_is_upgraded_with_all_it_holds(tmp_path: Path, file: Path) -> None:
    path = tmp_path / "history.db"
    shutil.copyfile(file, path)
    database = Database.open(path, bytes(range(32)))
    versions: list[int] = []
    migrate(database, before=versions.append, migrations=[*MIGRATIONS, Migration(99, add_colour)])
    assert versions == [int(file.stem[1:])]
    store = ChatStore(database)
    assert store.recover() == 1
    pinned, branched = store.conversations()
    assert (pinned.title, pinned.is_pinned, pinned.draft) == ("Pinned café", True, "half a thought")
    assert store.loose_draft() == "not yet a chat"
    assert [preset.name for preset in store.presets.all()] == ["Careful"]
    assert pinned.preset_id == store.presets.all()[0].id
    own = (("system_prompt", "Be brief."), ("top_k", 20))
    assert pinned.settings == (own if versions[0] > 1 else ())
    assert branched.settings == ()
    half, loose = (
        [(file.name, file.text) for file in store.draft_files.of(owner)]
        for owner in (pinned.id, None)
    )
    assert half == ([("half.txt", "half a file 世界")] if versions[0] > 2 else [])
    assert loose == ([("b.txt", "words"), ("a.txt", "words")] if versions[0] > 2 else [])
    roots = store.messages.children(branched.id, None)
    assert [message.text for message in roots] == ["first try", "second try"]
    question, answer = store.messages.path(branched.leaf_id)
    assert question.parts == (TextPart("second try"), AttachmentPart("notes.txt", "attached words"))
    assert answer.parts == (ReasoningPart("thinking 世界", 1200, 7), TextPart("half an ans"))
    assert (answer.role, answer.state) == (Role.ASSISTANT, MessageState.STOPPED)
    for asked in ("cafe", "世界", "attached", "half an"):
        assert store.search(asked), asked
    check_index(database)
    assert database.read("PRAGMA integrity_check") == [("ok",)]
    database.close()
