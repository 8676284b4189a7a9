"""Flip single bits of a history's files, or cut them off, and see that it never passes unnoticed.

`python -m tools.flip_history --count 1000 --seed 1`. Each damage is done to a copy of a history
with a backup and chats that are newer than it, left in order or killed. The program then opens
it, reads all of it and checks it: no text may be another one than was written, nothing but a
typed error may come, and what is damaged is restored by one action, with all that the newest
good backup has. Deterministic by its seed. Ends with 1 where anything else happened.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from app.chats.database import Database
from app.chats.errors import BackupError, ChatsError, DamagedError, WrongKeyError
from app.chats.history import History
from app.chats.history_states import CannotOpen, DoorState, FirstTime, NeedsPassphrase, Ready
from app.chats.model import TextPart
from app.chats.profile import Holder, Profile
from app.chats.profile_opening import HistoryDoor
from app.chats.vault.keyrings import Keyrings
from app.chats.vault.passphrase import Argon2Cost

WORDS = "rain on the roof"
_CHEAP = Argon2Cost(memory_kib=16, iterations=1, lanes=1)
_LIMIT_S = 60.0
_VOCABULARY = ("river", "stone", "lamp", "green", "seven", "paper", "cloud", "night", "grain")
# Where damage falls, and how often.
_SHARES = {
    "history.db": 60,
    "history.db-wal": 10,
    "history.db-shm": 3,
    "history.mark": 4,
    "vault.json": 6,
    "vault.copy.json": 3,
    "backup/history.db": 8,
    "backup/vault.json": 3,
    "backup/vault.copy.json": 3,
}
_CUTS_SHARE = 0.15

Texts = dict[str, list[str]]


class Seen(StrEnum):
    """When a damage was noticed; HARMLESS where there was nothing to notice."""

    AT_OPENING = "at opening"
    SAID = "at opening, put right and said"
    AT_READING = "at reading"
    BY_CHECK = "by the check"
    BY_BACKUP_CHECK = "by the check of the backup"
    HARMLESS = "harmless"


@dataclass(frozen=True)
class Damage:
    """`bit` is flipped, or the file is cut off after `left_bytes`."""

    file: str
    is_killed: bool
    bit: int = 0
    left_bytes: int | None = None

    def __str__(self) -> str:
        how = f"bit {self.bit} flipped" if self.left_bytes is None else f"cut at {self.left_bytes}"
        return f"{self.file} ({'killed' if self.is_killed else 'closed'}): {how}"

    @property
    def may_be_harmless(self) -> bool:
        """Whether what is damaged may hold nothing, or nothing that is not made anew: the log's
        index, the mark, copies of the envelope; pages that the log has in a later form; and the
        line's end of the envelope.
        """
        if self.file == "vault.json":
            return self.left_bytes is not None
        return self.file != "backup/history.db" and (self.is_killed or self.file != "history.db")

    def do(self, file: Path) -> None:
        """Damage `file`, which keeps its times, as a failing disk leaves them."""
        if self.left_bytes is not None:
            with open(file, "r+b") as stream:
                stream.truncate(self.left_bytes)
            return
        with open(file, "r+b") as stream:
            stream.seek(self.bit // 8)
            byte = stream.read(1)[0]
            stream.seek(self.bit // 8)
            stream.write(bytes([byte ^ 1 << self.bit % 8]))


@dataclass
class Findings:
    """What a campaign saw."""

    seen: Counter[tuple[str, Seen]] = field(default_factory=Counter)
    restored: int = 0
    failures: list[str] = field(default_factory=list)

    def report(self) -> str:
        """What to print at the end."""
        lines = [f"{sum(self.seen.values()):,} damages, {self.restored:,} restored by one action."]
        totals: Counter[Seen] = Counter()
        for (_, when), count in self.seen.items():
            totals[when] += count
        for when, count in totals.most_common():
            where = ", ".join(
                f"{file} {number}" for (file, seen), number in self.seen.items() if seen is when
            )
            lines.append(f"{count:>6,}  {when}: {where}")
        return "\n".join([*lines, *self.failures[:20]])


class Original:
    """A history that damages are done to copies of."""

    def __init__(self, folder: Path) -> None:
        self._root = folder
        self._closed, self._killed = folder / "closed", folder / "killed"
        self._case = folder / "case"
        with _program(self._closed) as door:
            history = _ready(_entered(door))
            for number in range(12):
                _write(history, f"chat {number}", 12)
            history.wipe([_write(history, "wiped", 300)])
            history.back_up()
            self.backed_up = _texts(history)
            _write(history, "newer", 40)
            shutil.copytree(self._closed, self._killed)
            self.expected = _texts(history)

    def damages(self, count: int, seed: int) -> Iterator[Damage]:
        """Of every file, in shares; the same ones for the same seed."""
        draw = random.Random(seed)
        for _ in range(count):
            (file,) = draw.choices([*_SHARES], [*_SHARES.values()])
            is_killed = file.startswith("history.db-") or draw.random() < 0.3
            size_bytes = self._file(self._folder(is_killed), file).stat().st_size
            if draw.random() < _CUTS_SHARE:
                yield Damage(file, is_killed, left_bytes=draw.randrange(size_bytes))
            else:
                yield Damage(file, is_killed, bit=draw.randrange(size_bytes * 8))

    def free_pages_of_backup(self) -> list[int]:
        """Pages that no table and no index has; the history itself has the same ones."""
        with _program(self._closed) as door:
            history = _ready(_entered(door))
            key = history._backups.key.reveal()
            database = Database.open(history.backups()[0].database, key)
            used = {row[0] for row in database.read("SELECT pageno FROM dbstat")}
            (pages,) = database.read("PRAGMA page_count")[0]
            database.close()
        return [page for page in range(1, pages + 1) if page not in used]

    def try_one(self, damage: Damage, findings: Findings) -> None:
        """Do a damage to a copy, and note what came of it."""
        shutil.rmtree(self._case, ignore_errors=True)
        shutil.copytree(self._folder(damage.is_killed), self._case)
        damage.do(self._file(self._case, damage.file))
        try:
            with _program(self._case) as door:
                seen = self._looked_at(door, _entered(door))
                assert seen is not Seen.HARMLESS or damage.may_be_harmless, "nobody noticed"
                findings.seen[damage.file, seen] += 1
                if seen in (Seen.AT_OPENING, Seen.AT_READING, Seen.BY_CHECK):
                    self._restore(door)
                    findings.restored += 1
                if seen is Seen.BY_BACKUP_CHECK:
                    findings.restored += self._restore_damaged(door)
            with _program(self._case) as door:
                history = _ready(_entered(door))
                history.verify()
                history.verify_backup(history.back_up())
        except (ChatsError, AssertionError, OSError) as error:
            findings.failures.append(f"{damage}: {type(error).__name__}: {error}")

    def _looked_at(self, door: HistoryDoor, state: DoorState) -> Seen:
        if isinstance(state, CannotOpen):
            return Seen.AT_OPENING
        history = _ready(state)
        try:
            there = _texts(history)
        except ChatsError:
            return Seen.AT_READING
        assert isinstance(state, Ready)
        if state.notices:
            self._check(there)
        else:
            assert there == self.expected, "other texts, and nothing is said"
        try:
            history.verify()
        except (DamagedError, WrongKeyError):
            return Seen.BY_CHECK
        for backup in history.backups():
            try:
                history.verify_backup(backup)
            except (DamagedError, WrongKeyError):
                return Seen.BY_BACKUP_CHECK
        return Seen.SAID if state.notices else Seen.HARMLESS

    def _restore(self, door: HistoryDoor) -> None:
        state = door.restore()
        if isinstance(state, NeedsPassphrase):
            state = door.try_passphrase(WORDS)
        history = _ready(state)
        history.verify()
        there = _texts(history)
        assert self.backed_up.items() <= there.items(), "a part of the backup is missing"
        self._check(there)

    def _restore_damaged(self, door: HistoryDoor) -> bool:
        """Whether only bytes that hold nothing were damaged; otherwise nothing changes."""
        try:
            self._restore(door)
        except BackupError:
            self._check(_texts(_ready(_entered(door))))
            return False
        return True

    def _check(self, there: Texts) -> None:
        """No text is another one than was written: what is missing may be newer than a backup."""
        for title, texts in there.items():
            assert texts == self.expected[title][: len(texts)], f"{title} holds other texts"
        assert self.backed_up.keys() <= there.keys(), "a chat is missing"

    def _folder(self, is_killed: bool) -> Path:
        return self._killed if is_killed else self._closed

    def _file(self, folder: Path, name: str) -> Path:
        if not name.startswith("backup/"):
            return folder / name
        (backup,) = (folder / "backups").iterdir()
        return backup / name.removeprefix("backup/")


@contextmanager
def _program(folder: Path) -> Iterator[HistoryDoor]:
    door = HistoryDoor(Profile(folder), Holder.COMMAND, Keyrings({}), _CHEAP)
    try:
        yield door
    finally:
        door.close()


def _entered(door: HistoryDoor) -> DoorState:
    state = door.open(_LIMIT_S)
    if isinstance(state, FirstTime):
        return door.begin_under_passphrase(WORDS)
    return door.try_passphrase(WORDS) if isinstance(state, NeedsPassphrase) else state


def _ready(state: DoorState) -> History:
    assert isinstance(state, Ready), state
    return state.history


def _write(history: History, title: str, count: int) -> int:
    """A chat of four messages of so many words, the same ones for the same title."""
    draw = random.Random(title)
    texts = [" ".join(draw.choices(_VOCABULARY, k=count * (n + 1))) for n in range(4)]
    message = history.store.start(title, [TextPart(texts[0])])
    for text in texts[1:]:
        history.store.send(message.conversation_id, [TextPart(text)])
    return message.conversation_id


def _texts(history: History) -> Texts:
    return {
        chat.title: [message.text for message in history.store.messages.all(chat.id)]
        for chat in history.store.conversations()
    }


def campaign(count: int, seed: int, folder: Path) -> Findings:
    """`count` damages, reproducible by `seed`."""
    findings = Findings()
    original = Original(folder)
    for damage in original.damages(count, seed):
        original.try_one(damage, findings)
    return findings


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        findings = campaign(arguments.count, arguments.seed, Path(folder))
    print(findings.report())
    return 1 if findings.failures else 0


if __name__ == "__main__":
    sys.exit(main())
