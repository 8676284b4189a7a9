"""Records the newest form of the history as a small file: `python -m tools.record_schema`.

For: a release that changed the tables. A file that exists is never written again: it is what
people have on their disks. The key is known: 0, 1, 2 … 31.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from app.chats.database import Database
from app.chats.model import (
    AttachmentPart,
    MessageState,
    Provenance,
    ReasoningPart,
    Role,
    TextPart,
)
from app.chats.schema import migrate, schema_version
from app.chats.store import ChatStore

KEY = bytes(range(32))
FOLDER = Path(__file__).parents[1] / "tests" / "data" / "schemas"

_A_DAY_IN_2026_MS = 1_780_000_000_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=FOLDER)
    print(record(parser.parse_args().folder))
    return 0


def record(folder: Path) -> Path:
    """Write `vN.db` into `folder`. Raises FileExistsError."""
    draft = folder / "draft.db"
    database = Database.open(draft, KEY, create=True)
    try:
        migrate(database)
        fill(ChatStore(database, lambda: _A_DAY_IN_2026_MS))
        path = folder / f"v{schema_version(database)}.db"
    finally:
        database.close()
    if path.exists():
        draft.unlink()
        raise FileExistsError(f"{path} is what people have on their disks")
    return draft.rename(path)


def fill(store: ChatStore) -> None:
    """One of everything that a history can hold."""
    preset = store.presets.create("Careful", (("temperature", 0.2), ("thinks", True)))
    pinned = store.create("Pinned café", preset.id)
    store.set_pinned(pinned.id, True)
    store.send(pinned.id, [TextPart("hello 🎉")])
    store.set_draft(pinned.id, "half a thought")
    store.draft_files.put(pinned.id, [AttachmentPart("half.txt", "half a file 世界")])
    store.set_settings(pinned.id, (("system_prompt", "Be brief."), ("top_k", 20)))
    branched = store.start("Branches", [TextPart("first try")]).conversation_id
    answer = store.messages.add(
        branched,
        store.get(branched).leaf_id,
        Role.ASSISTANT,
        [ReasoningPart("hm", 40, 1), TextPart("an answer")],
        provenance=Provenance((("model", "tiny-r1"), ("seed", 7))),
    )
    assert answer.state is MessageState.DONE
    again = store.messages.add(
        branched,
        None,
        Role.USER,
        [TextPart("second try"), AttachmentPart("notes.txt", "attached words")],
    )
    store.messages.add(
        branched,
        again.id,
        Role.ASSISTANT,
        [ReasoningPart("thinking 世界", 1200, 7), TextPart("half an ans")],
        state=MessageState.STREAMING,
    )
    store.set_loose_draft("not yet a chat")
    store.draft_files.put(None, [AttachmentPart(name, "words") for name in ("b.txt", "a.txt")])


if __name__ == "__main__":
    raise SystemExit(main())
