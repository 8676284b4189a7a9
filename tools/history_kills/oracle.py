"""The parent's record: what was acknowledged, what was under way, and what may be there after it.

For: the campaign, which feeds it the killed program's lines, and the judge. It never looks into
the history; what it expects comes from `begin` and `done` lines alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from app.chats.model import MessageState
from tools.history_kills import outcomes
from tools.history_kills.lines import Line
from tools.history_kills.outcomes import Arguments, Numbers
from tools.history_kills.worlds import Chat, World

# What a kill may cost of an answer that streams.
AT_RISK_S = 1.0
# A process that was not let run for so long could not write anything down either.
_STALL_S = 0.4
_ASKED_KEPT = 3


@dataclass
class Stream:
    """An answer under way: what was shown of it when."""

    chat: int
    message: int
    asked: Arguments
    shown: list[tuple[float, int]] = field(default_factory=list)

    def lost_s(self, kept: int, killed_at_s: float) -> float:
        """How long before the kill the first of it that is lost had been shown."""
        return killed_at_s - min((at for at, n in self.shown if n > kept), default=killed_at_s)

    def chars_due(self, killed_at_s: float) -> int:
        """How much of it must be on the disk."""
        return max((n for at_s, n in self.shown if at_s <= killed_at_s - AT_RISK_S), default=0)


@dataclass(frozen=True)
class BackupMade:
    """An acknowledged backup and what must be in it: what was there all the while."""

    name: str
    messages: dict[int, tuple[int, str]]  # the chat of each, and its text


@dataclass
class Record:
    """What is known of one life of a history."""

    world: World = field(default_factory=World)
    words: list[str] = field(default_factory=list)
    is_begun: bool = False
    backups: list[BackupMade] = field(default_factory=list)
    wiped: set[int] = field(default_factory=set)
    deleted: dict[int, Chat] = field(default_factory=dict)
    streams: dict[int, Stream] = field(default_factory=dict)
    pending: dict[int, tuple[str, Arguments]] = field(default_factory=dict)
    worlds_at_begin: dict[int, World] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    acknowledged: int = 0
    restored_from: str = ""  # in this run: what is there then is not worked out
    restores: int = 0

    def take(self, lines: Iterable[Line]) -> None:
        """What a run told."""
        for line in lines:
            match line["kind"]:
                case "begin":
                    self._begin(line["number"], line["act"], line["arguments"])
                case "done":
                    self._done(line)
                case "failed":
                    self._failed(line)
                case "shown":
                    self.streams[line["answer"]].shown.append((line["t"], line["chars"]))
                case "ready" if line["notices"] and not self.is_restoring:
                    self.complaints.append(f"told at the start: {line['notices']}")
                case "closed door":
                    self.complaints.append(f"did not open: {line['state']}")

    @property
    def is_restoring(self) -> bool:
        """Whether a restore was begun or done since the last judgement."""
        return bool(self.restored_from) or self._is_pending("restore")

    @property
    def backup_restored(self) -> str:
        """The name of the one that was, or was to be, put in the history's place."""
        under_way = (
            str(asked["backup"]) for act, asked in self.pending.values() if act == "restore"
        )
        return self.restored_from or next(under_way, "")

    @property
    def may_be_gone(self) -> bool:
        """Whether no history at all is an outcome too."""
        return not self.is_begun or self._is_pending("everything")

    def words_possible(self) -> list[str]:
        """The passphrases of which one opens it."""
        changed = [asked["words"] for act, asked in self.pending.values() if act == "passphrase"]
        begun = [asked["words"] for act, asked in self.pending.values() if act == "begin"]
        return list(dict.fromkeys([*self.words, *changed, *begun]))

    def wiped_possible(self) -> set[int]:
        """Chats that a wipe was to take, done or not."""
        under_way = (asked["chats"] for act, asked in self.pending.values() if act in _WIPES)
        return self.wiped.union(*under_way)

    def worlds(self, found: World) -> Iterator[World]:
        """What may be there: with what was under way done, or not. Streaming answers are still
        marked so, and hold nothing.
        """
        yield self.world
        under_way = [
            (number, act, asked)
            for number, (act, asked) in self.pending.items()
            if outcomes.changes(act) or act == "finish"
        ]
        for _, act, asked in under_way:
            outcome = self._outcome(act, asked, self._new_numbers(found, act, asked))
            if outcome is not None:
                yield outcome

    def adopt(self, found: World, words: str) -> None:
        """Go on from what was judged to be right."""
        self.world, self.words = found, [words]
        self.is_begun, self.restored_from = True, ""
        self.wiped |= {number for number in self.wiped_possible() if number not in found.chats}
        self.streams, self.pending, self.worlds_at_begin = {}, {}, {}
        self.deleted = {}

    def forget_all(self) -> None:
        """There is no history any more."""
        self.world, self.words, self.is_begun = World(), [], False
        self.backups, self.wiped = [], set()
        self.streams, self.deleted = {}, {}

    # ------------------------------------------------------------------ lines

    def _begin(self, number: int, act: str, asked: Arguments) -> None:
        if act == "undo":
            asked["as it was"] = self.deleted[asked["chat"]]
        if act == "restore":
            self.restores += 1
        if act == "begin":
            self._begin_anew()
        self.pending[number] = (act, asked)
        self.worlds_at_begin[number] = self.world

    def _begin_anew(self) -> None:
        """The program found no history: right where all of it was being wiped."""
        if not self.may_be_gone:
            self.complaints.append("a history was begun in the place of one that was there")
        self.forget_all()
        self.pending = {n: under for n, under in self.pending.items() if under[0] != "everything"}

    def _done(self, line: Line) -> None:
        act, asked = self.pending.pop(line["number"])
        before = self.worlds_at_begin.pop(line["number"])
        new = Numbers(line["chats"], line["messages"], line["note"])
        self.acknowledged += 1
        match act:
            case "begin":
                self.is_begun, self.words = True, [asked["words"]]
            case "everything":
                self.forget_all()
            case "restore":
                self.restored_from = asked["backup"]
            case "passphrase":
                self.words = [asked["words"]]
            case "backup":
                self.backups.append(_backup_made(new.note, before, self.world))
            case "wipe" if new.note:
                self.complaints.append(f"a wipe did not reach {new.note}")
            case "answer":
                stream = Stream(asked["chat"], new.messages[0], asked)
                self.streams[line["number"]] = stream
        if act in ("delete chats", "wipe", "retention"):
            gone = {n: self.world.chats[n] for n in asked["chats"] if n in self.world.chats}
            self.deleted |= gone
            # A backup under way may be of the moment between this and its undoing.
            self.worlds_at_begin = {
                number: world.without_chats(asked["chats"])
                for number, world in self.worlds_at_begin.items()
            }
        if act == "wipe" or (act == "retention" and new.note):
            self.wiped |= set(asked["chats"])
        outcome = self._outcome(act, asked, new)
        if outcome is not None:
            self.world = outcome
        if act == "finish":
            self.streams.pop(asked["answer"], None)

    def _failed(self, line: Line) -> None:
        act, asked = self.pending.pop(line["number"])
        self.worlds_at_begin.pop(line["number"])
        if act == "finish":
            self.streams.pop(asked["answer"], None)
        if (act, line["error"]) not in _EXPECTED_FAILURES:
            self.complaints.append(f"{act} failed: {line['error']}: {line['why']}")

    def _outcome(self, act: str, asked: Arguments, new: Numbers | None) -> World | None:
        if act == "finish":
            stream = self.streams.get(asked["answer"])
            if stream is None:
                return None
            parts = outcomes.answer_parts(stream.asked, asked["chars"])
            return outcomes.ended(self.world, stream.chat, stream.message, asked["state"], parts)
        if new is None or not outcomes.changes(act):
            return None
        return outcomes.after(self.world, act, asked, new)

    def _new_numbers(self, found: World, act: str, asked: Arguments) -> Numbers | None:
        """Those of what is there and was not acknowledged; None where they can't be the act's."""
        chats = sorted(set(found.chats) - set(self.world.chats))
        messages = sorted(set(found.messages) - set(self.world.messages))
        presets = sorted(set(found.presets) - set(self.world.presets))
        source = (self.world.chats[n].messages for n in asked.get("chats", ()) if act == "import")
        needed = {
            "start": (1, 1),
            "old chat": (1, 1),
            "send": (0, 1),
            "branch": (0, 1),
            "answer": (0, 1),
            "import": (len(asked.get("chats", ())), sum(map(len, source))),
        }.get(act)
        if needed is not None and (len(chats), len(messages)) != needed:
            return None
        if act == "preset" and len(presets) != 1:
            return None
        return Numbers(chats, messages, presets[0] if presets else None)

    def _is_pending(self, wanted: str) -> bool:
        return any(act == wanted for act, _ in self.pending.values())


def stalls(lines: Iterable[Line], killed_at_s: float) -> bool:
    """Whether the killed program was kept from running shortly before its end, so that no clock
    of its own could be on time.
    """
    since_s = killed_at_s - 2 * AT_RISK_S
    times = [since_s, *(line["t"] for line in lines if line["t"] > since_s)]
    pairs = zip(times, [*times[1:], killed_at_s], strict=True)
    return any(later - earlier > _STALL_S for earlier, later in pairs)


def due_backups(record: Record, present: Iterable[str]) -> list[BackupMade]:
    """The acknowledged ones that rotation can't have let go."""
    known = {backup.name for backup in record.backups} | set(present)
    asked_for = [_second(name) for name in known if "-asked" in name]

    def is_due(backup: BackupMade) -> bool:
        return sum(other >= _second(backup.name) for other in asked_for) <= _ASKED_KEPT

    return [backup for backup in record.backups if is_due(backup)]


def _second(name: str) -> str:
    return name.split("Z-", maxsplit=1)[0]


def _backup_made(name: str, before: World, after: World) -> BackupMade:
    still = after.messages
    kept = {
        number: (chat_id, said.flat)
        for chat_id, chat in before.chats.items()
        for number, said in chat.messages.items()
        if still.get(number) == said and said.state is not MessageState.STREAMING
    }
    return BackupMade(name, kept)


def settled(world: World, record: Record, found: World, killed_at_s: float) -> tuple[World, str]:
    """The expected world with its streaming answers as they were found, where that is right; what
    is wrong with one, or nothing.
    """
    streams = {stream.message: stream for stream in record.streams.values()}
    for chat_id, chat in world.chats.items():
        for number, said in chat.messages.items():
            if said.state is not MessageState.STREAMING:
                continue
            there = found.messages.get(number)
            if there is None:
                return world, f"answer {number} is missing"
            wrong = _wrong_answer(streams.get(number), number, there.flat, killed_at_s)
            if wrong or there.state is not MessageState.STOPPED:
                return world, wrong or f"answer {number} is {there.state}"
            as_found = replace(said, state=there.state, parts=there.parts)
            messages = {**world.chats[chat_id].messages, number: as_found}
            world = world.with_chat(chat_id, replace(world.chats[chat_id], messages=messages))
    return world, ""


def _wrong_answer(stream: Stream | None, number: int, kept: str, killed_at_s: float) -> str:
    if stream is None:
        return f"answer {number} holds {len(kept)} characters of nothing" if kept else ""
    whole = stream.asked["thoughts"] + stream.asked["text"]
    if not whole.startswith(kept):
        return f"answer {number} is not what was shown"
    due = stream.chars_due(killed_at_s)
    if len(kept) < due:
        lost = f"{due - len(kept)} characters that were shown a second before the kill are lost"
        return f"answer {number}: {lost}"
    return ""


_WIPES = ("wipe", "retention")
_EXPECTED_FAILURES = {("backup", "BackupError"), ("finish", "MissingError")}
