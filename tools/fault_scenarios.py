"""The scenarios of disks that fail: what each begins with, and its steps.

For: `fault_history`, which plays them.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from app.chats.export_format import ExportFormat
from app.chats.upkeep.page_copy import empty_log
from tools.fault_life import Life
from tools.fault_steps import (
    Step,
    answer,
    back_up,
    delete,
    delete_message,
    enter,
    export,
    leave,
    lock,
    rename,
    rescue,
    restore,
    retain,
    send,
    set_passphrase,
    settle,
    start,
    start_old,
    verify,
    wipe_chat,
    wipe_everything,
    words,
)

_BEGINNING: tuple[Step, ...] = (
    enter,
    start("first", words(2, 60)),
    answer("first", words(3, 300)),
    send("first", words(4, 30)),
    start("gone", words(5, 3000)),
    back_up,
    start("newer", words(6, 80)),
)

STEPS: Mapping[str, tuple[Step, ...]] = {
    "life": (
        *_BEGINNING,
        rename("first", "renamed"),
        settle("first"),
        delete_message("first"),
        wipe_chat("gone"),
        start("doomed", words(7, 400)),
        delete("doomed"),
        set_passphrase,
        start_old,
        retain,
        export,
        verify,
        lock,
        answer("newer", words(8, 100)),
        back_up,
        send("newer", words(9, 40)),
        restore,
        send("first", words(10, 20)),
        leave,
    ),
    "damaged file": (rescue, send("first", words(11, 30)), verify, leave),
    "damaged log": (enter, send("first", words(12, 30)), verify, leave),
    "after a kill": (enter, send("first", words(13, 30)), leave),
    "upgrade": (enter, send("first", words(14, 30)), leave),
    "wipe everything": (
        wipe_everything,
        enter,
        start("anew", words(15, 30)),
        leave,
    ),
}


def prepare(name: str, folder: Path) -> Life:
    """What a scenario begins with, in `folder`, on a disk that works."""
    folder.mkdir(parents=True)
    (folder / "exports").mkdir()
    life = Life(folder)
    if name == "life":
        for form in ExportFormat:
            (folder / "exports" / f"chats{form.suffix}").write_text("an older file")
        return life
    for step in _BEGINNING[:-1]:
        step(life)
    # Only the newest chat is in the log, and may be lost with it.
    empty_log(life.store.database)
    _BEGINNING[-1](life)
    if name in ("upgrade", "damaged file", "wipe everything"):
        life.leave()
    else:
        _killed(life)
    if name == "damaged file":
        _flip(folder / "history" / "history.db", 3 * 4096 + 100)
    if name == "damaged log":
        _flip(folder / "history" / "history.db-wal", 32 + 24 + 100)
        newest = life.ledger.chats["newer"]
        life.ledger.leaving.append(newest)
        life.ledger.titles.pop(newest)
        life.ledger.kept.popitem()
    return life


def _killed(life: Life) -> None:
    """Leave what a kill at this moment leaves."""
    copy = life.folder.with_name(life.folder.name + "-copy")
    shutil.copytree(life.folder, copy)
    life.leave()
    shutil.rmtree(life.folder)
    copy.rename(life.folder)


def _flip(file: Path, offset: int) -> None:
    with open(file, "r+b") as stream:
        stream.seek(offset)
        byte = stream.read(1)[0]
        stream.seek(offset)
        stream.write(bytes([byte ^ 0x10]))
