"""The product's own commands, killed: `python main.py chats …` as a person types it.

For: the campaign. What such a command was to do becomes a `begin` line, as if it had told so; an
exit code of 0 is its acknowledgement.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

from app.chats.profile import Profile
from app.chats.upkeep.backup_list import list_backups
from tools.history_kills.killing import ENDS_S, PASSPHRASE, ROOT, Ended, Target, kill, started
from tools.history_kills.lines import Line
from tools.history_kills.oracle import Record
from tools.history_kills.orders import Orders


def run_and_kill_command(
    orders: Orders, words: Sequence[str], record: Record, delay_s: float
) -> Ended:
    """One command on this history, killed `delay_s` after its start unless it is faster."""
    home = orders.folder.parent.parent
    act, asked, arguments = _drawn(Random(orders.seed), orders.folder, record)
    command = ["chats", *arguments, "--json", "--passphrase-fd", PASSPHRASE]
    begin: Line = {"kind": "begin", "number": 1, "act": act, "arguments": asked}
    begin |= {"t": time.monotonic()}
    output, errors = home / "output.txt", home / "errors.txt"
    with open(output, "wb") as stdout, open(errors, "wb") as stderr:
        process = started([str(ROOT / "main.py"), *command], orders.folder, words, stdout, stderr)
        with suppress(subprocess.TimeoutExpired):
            process.wait(delay_s)
        killed_at_s = time.monotonic()
        kill(process.pid, Target.TREE, Random(0))
        code = process.wait(ENDS_S)
    lines = [begin]
    if code == 0:
        lines.append(_done(act, output))
    return Ended(tuple(lines), killed_at_s, code, errors.read_text(errors="replace"))


def _drawn(draw: Random, folder: Path, record: Record) -> tuple[str, dict[str, Any], list[str]]:
    """An act, what it is asked, and the command's arguments."""
    backups, chats = list_backups(Profile(folder)), sorted(record.world.chats)
    kind = draw.choice(("backup", "backup", "verify", "export", "wipe", "restore"))
    if kind == "wipe" and chats:
        chosen = draw.sample(chats, min(2, len(chats)))
        return "wipe", {"chats": chosen}, ["wipe", "--yes", *map(str, chosen)]
    if kind == "restore" and backups:
        name = draw.choice(backups).folder.name
        return "restore", {"backup": name}, ["restore", name, "--yes"]
    if kind == "export":
        target = str(folder.parent.parent / "exported.json")
        return "export", {"chats": chats}, ["export", "--to", target, "--replace"]
    if kind == "verify":
        return "verify", {}, ["verify"]
    return "backup", {}, ["backup"]


def _done(act: str, output: Path) -> Line:
    note = None
    if act == "backup":
        note = json.loads(output.read_text().splitlines()[-1])["name"]
    return {"kind": "done", "number": 1, "chats": [], "messages": [], "note": note,
            "t": time.monotonic()}  # fmt: skip
