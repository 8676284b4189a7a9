"""How fast the encrypted history is when it is large: 5,000 chats with 200,000 messages.

For: `python -m benchmarks.history`, which prints a table with the bars it must pass, and beside
them what the disk itself takes to append and sync 4 KB. The text is drawn from a vocabulary
with the frequencies of a language (Zipf), every tenth chat from Chinese characters; searches
are words of that text, most often common ones, whole and as they are being typed.

Opening is all that a user waits for, by the program's own door: the folder's lock, the log's end,
the database, its form, what a last run left. Only the keyring is a stand-in that answers at once.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec

from app.chats.database import Database
from app.chats.history_states import Ready
from app.chats.model import MessageState, Part, ReasoningPart, Role, TextPart
from app.chats.profile import Holder, Profile
from app.chats.profile_opening import HistoryDoor
from app.chats.schema import migrate
from app.chats.store import ChatStore
from app.chats.upkeep.wal_mark import mark_path
from app.chats.vault import envelope_file
from app.chats.vault.backends import KeyringEntry, KeyringKind
from app.chats.vault.envelope import Envelope, new_history_id
from app.chats.vault.key import HistoryKey
from app.chats.vault.keyrings import Keyrings

P = ParamSpec("P")

KEY = bytes(range(32))
SEED = 5
CHATS = 5_000
MESSAGES_PER_CHAT = 40

_LETTERS = "etaoinshrdlucmfwypvbgk"
_VOCABULARY = 50_000
_CHINESE_EVERY = 10
_RARELY = 10  # of so many rounds one is spent on what takes long


class QuickKeyring:
    """A keyring that answers at once."""

    def get_password(self, service: str, username: str) -> str:
        return KEY.hex()

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError

    def delete_password(self, service: str, username: str) -> None:
        raise NotImplementedError


@dataclass(frozen=True)
class Figure:
    """One measured thing; `bar_ms`, where there is one, holds for its 95th percentile."""

    name: str
    samples_ms: Sequence[float]
    bar_ms: float | None = None

    @property
    def median_ms(self) -> float:
        return statistics.median(self.samples_ms)

    @property
    def p95_ms(self) -> float:
        return sorted(self.samples_ms)[int(len(self.samples_ms) * 0.95)]

    @property
    def passes(self) -> bool:
        return self.bar_ms is None or self.p95_ms <= self.bar_ms

    def row(self) -> str:
        bar = "" if self.bar_ms is None else f"≤ {self.bar_ms:g}{'' if self.passes else ' MISSED'}"
        return (
            f"| {self.name} | {self.median_ms:.2f} | {self.p95_ms:.2f} | "
            f"{max(self.samples_ms):.2f} | {bar} |"
        )


class Writer:
    """Random text that is the same every time."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        words: dict[str, None] = {}
        while len(words) < _VOCABULARY:
            letters = self._random.choices(
                _LETTERS, range(len(_LETTERS), 0, -1), k=self._random.randint(2, 10)
            )
            words["".join(letters)] = None
        self._latin = (list(words), _zipf(_VOCABULARY))
        self._chinese = ([chr(0x4E00 + number) for number in range(3_000)], _zipf(3_000))

    def text(self, fewest: int, most: int, *, chinese: bool = False) -> str:
        vocabulary, weights = self._chinese if chinese else self._latin
        count = self._random.randint(fewest, most)
        words = self._random.choices(vocabulary, cum_weights=weights, k=count)
        return ("" if chinese else " ").join(words)

    def query(self) -> str:
        """One to three words, the last one often unfinished; at times Chinese."""
        if self._random.random() < 0.15:
            return self.text(1, 3, chinese=True)
        asked = self.text(1, 3)
        is_typed = self._random.random() < 0.5
        last = asked.rpartition(" ")[2]
        cut = len(last) - self._random.randint(2, len(last)) if is_typed else 0
        return asked[: len(asked) - cut]


def _zipf(count: int) -> list[float]:
    return list(itertools.accumulate(1 / (rank + 2) for rank in range(count)))


def build(path: Path, chats: int, messages_per_chat: int) -> None:
    """Make the history with its envelope; raises StoreError when there is one."""
    writer, clock = Writer(SEED), itertools.count(1_700_000_000_000, 1_000)
    database = Database.open(path, KEY, create=True)
    migrate(database)
    store = ChatStore(database, lambda: next(clock))
    for number in range(chats):
        chinese = number % _CHINESE_EVERY == 0
        with database.write():
            chat = store.create(writer.text(3, 6, chinese=chinese))
            parent: int | None = None
            for turn in range(messages_per_chat):
                role = (Role.USER, Role.ASSISTANT)[turn % 2]
                parts = _parts(writer, role, chinese)
                parent = store.messages.add(chat.id, parent, role, parts).id
    database.close()
    entry = KeyringEntry.create(KeyringKind.SECRET_SERVICE)
    check = HistoryKey(KEY).check
    envelope_file.save(
        path.parent, Envelope(new_history_id(), check, is_in_use=True, keyring=entry)
    )


def _parts(writer: Writer, role: Role, chinese: bool) -> list[Part]:
    if role is Role.USER:
        return [TextPart(writer.text(5, 60, chinese=chinese))]
    thought = ReasoningPart(writer.text(20, 150, chinese=chinese), 4_000, 200)
    return [thought, TextPart(writer.text(20, 200, chinese=chinese))]


def measure(path: Path, rounds: int) -> Iterator[Figure]:
    """Every figure; changes the file. `rounds` is the number of samples of a quick one."""
    yield Figure("disk: append and fsync 4 KB", list(_disk_ms(path.parent, rounds)))
    yield from _opening(path, rounds)
    database = Database.open(path, KEY)
    store = ChatStore(database)
    yield Figure("list all chats", [_ms(store.conversations) for _ in range(rounds)], 50)
    writer = Writer(SEED + 1)
    queries = [writer.query() for _ in range(rounds)]
    searched = [_ms(store.search, query) for query in queries]
    yield Figure("search", searched, 150)
    yield from _writing(store, writer, rounds)
    yield from _deleting(store, max(2, rounds // _RARELY))
    database.close()


def _opening(path: Path, rounds: int) -> Iterator[Figure]:
    """The first of everything: files and pages are read from the disk unless it says otherwise."""
    opened = [_first_ms(path) for _ in range(rounds)]
    yield Figure("open, nothing in the page cache", [open_ms for open_ms, _ in opened], 100)
    yield Figure("the first list after it", [list_ms for _, list_ms in opened], 50)
    writer = Writer(SEED + 2)
    searched = [_first_ms(path, writer.query())[1] for _ in range(rounds)]
    yield Figure("the first search after it", searched, 150)
    yield Figure("open", [_first_ms(path, cold=False)[0] for _ in range(rounds)], 100)
    rarely = max(2, rounds // _RARELY // 2)
    checked = [_first_ms(path, was_killed=True)[0] for _ in range(rarely)]
    yield Figure("open after a kill, every page checked, none cached", checked)


def _first_ms(
    path: Path, query: str = "", *, cold: bool = True, was_killed: bool = False
) -> tuple[float, float]:
    """How long opening takes, and then the first list, or the first search where there is one."""
    door = HistoryDoor(
        Profile(path.parent),
        Holder.COMMAND,
        Keyrings({KeyringKind.SECRET_SERVICE: QuickKeyring}),
    )
    if was_killed:
        # The same steps as when it says that nobody closed the history.
        mark_path(path).unlink()
    if cold:
        _forget_pages(path)
    with _timed() as open_ms:
        state = door.open(begins=False)
    try:
        if not isinstance(state, Ready):
            raise AssertionError(f"the benchmark's own history did not open: {state}")
        store = state.history.store
        then_ms = _ms(store.search, query) if query else _ms(store.conversations)
    finally:
        door.close()
    return open_ms[0], then_ms


def _writing(store: ChatStore, writer: Writer, rounds: int) -> Iterator[Figure]:
    chat = store.conversations()[0]
    path_ms = [_ms(store.messages.path, chat.leaf_id) for _ in range(rounds)]
    yield Figure("read a chat's branch", path_ms)
    texts = [writer.text(5, 60) for _ in range(rounds)]
    sent = [_ms(store.send, chat.id, [TextPart(text)]) for text in texts]
    yield Figure("append a message, FULL sync", sent, 5)
    leaf_id = store.get(chat.id).leaf_id
    streaming = MessageState.STREAMING
    answer = store.messages.add(chat.id, leaf_id, Role.ASSISTANT, (), state=streaming)
    grown = [TextPart(writer.text(4_000, 4_000))]
    grow_ms = [_ms(store.messages.grow, answer.id, grown) for _ in range(rounds)]
    yield Figure("write down an answer of 4,000 words so far", grow_ms)
    finish_ms = _ms(store.messages.finish, answer.id, MessageState.DONE, grown)
    yield Figure("finish and index it", [finish_ms])


def _deleting(store: ChatStore, count: int) -> Iterator[Figure]:
    ids = [chat.id for chat in store.conversations()[1:]]
    single = [_ms(store.delete, [chat_id]) for chat_id in ids[:count]]
    yield Figure("delete a chat, its words too", single)
    yield Figure("delete a tenth of all chats", [_ms(store.delete, ids[-len(ids) // 10 :])])


def _disk_ms(folder: Path, rounds: int) -> Iterator[float]:
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        for _ in range(rounds):
            block = os.urandom(4096)
            with _timed() as took_ms:
                file.write(block)
                os.fsync(file.fileno())
            yield took_ms[0]


def _forget_pages(path: Path) -> None:
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _ms(call: Callable[P, object], *arguments: P.args, **settings: P.kwargs) -> float:
    with _timed() as took_ms:
        call(*arguments, **settings)
    return took_ms[0]


@contextmanager
def _timed() -> Iterator[list[float]]:
    took_ms: list[float] = []
    started_s = time.perf_counter()
    yield took_ms
    took_ms.append((time.perf_counter() - started_s) * 1000)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--chats", type=int, default=CHATS)
    parser.add_argument("--messages", type=int, default=MESSAGES_PER_CHAT, help="in each chat")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--folder", type=Path, help="on the disk to measure")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        path = Path(folder) / "history.db"
        started_s = time.perf_counter()
        build(path, options.chats, options.messages)
        size_mb = path.stat().st_size / 1e6
        print(f"{options.chats} chats of {options.messages} messages: {size_mb:.0f} MB, ", end="")
        print(f"written in {time.perf_counter() - started_s:.0f} s")
        print("\n| what | median ms | p95 ms | worst ms | bar |\n|---|---|---|---|---|")
        passes = True
        for figure in measure(path, options.rounds):
            print(figure.row(), flush=True)
            passes = passes and figure.passes
    return 0 if passes else 1


if __name__ == "__main__":
    raise SystemExit(main())
