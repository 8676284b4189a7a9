"""One case: a scenario played on a disk that fails at one place, then looked at by another process.

For: `fault_history`. It runs inside a program that `faulty_disk.c` is preloaded into; each part
is a child of it by fork, so that the one that fails and the one that looks share nothing but
files. Where a step is refused the disk is mended at some time, and the step tried again.
"""

from __future__ import annotations

import os
import shutil
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from app.chats.database import Database
from app.chats.errors import ChatsError
from app.chats.store import ChatStore
from tools.fault_ledger import Ledger
from tools.fault_life import Life
from tools.fault_scenarios import STEPS, prepare
from tools.fault_steps import OPENS_ITSELF, Step, back_up, leave, start, verify
from tools.fault_words import lacking
from tools.faulty_disk import Disk, Fault, Operation

_MOST_ATTEMPTS = 8
# What may be read while nothing can be written.
_TAKES_NO_READS = ("full", "over quota", "read-only", "short, then full", "never flushes")


@dataclass
class Case:
    """The scenario's `number`th counted operation is where the fault begins."""

    scenario: str
    fault: Fault
    number: int

    def __str__(self) -> str:
        return f"{self.scenario}, {self.fault.name} at {self.number}"


@dataclass
class Outcome:
    """What came of a case. `told` are the sentences of what was refused, `problems` all that is
    wrong; `hit` is the operation that failed first, empty where none did.
    """

    case: Case
    hit: str = ""
    told: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    was_reopened: bool = False
    operations: list[Operation] = field(default_factory=list)


class Stage:
    """Prepared beginnings, and a folder that cases are played in."""

    def __init__(self, root: Path, disk: Disk) -> None:
        self._root = root
        self._disk = disk
        self._ledgers: dict[str, Ledger] = {}

    def operations(self, scenario: str, counted: Operation) -> list[Operation]:
        """What the scenario asks of a disk that works. Raises RuntimeError if it fails there."""
        never = Fault("never", 0, False, counted)
        outcome = self.play(Case(scenario, never, 0))
        if outcome.told or outcome.problems:
            raise RuntimeError(f"{scenario} fails on a disk that works: {outcome}")
        return outcome.operations

    def play(self, case: Case) -> Outcome:
        """Play a case and look at what it leaves."""
        folder = self._root / "case"
        shutil.rmtree(folder, ignore_errors=True)
        ledger = self._prepared(case.scenario)
        shutil.copytree(self._template(case.scenario), folder)
        outcome = Outcome(case)
        played = _in_child(lambda out: self._act(case, folder, ledger, out))
        outcome.hit = self._disk.first_failed
        for line in played:
            kind, _, rest = line.partition(" ")
            match kind:
                case "ledger":
                    ledger = Ledger.from_json(rest)
                case "told":
                    outcome.told.append(rest)
                case "reopened":
                    outcome.was_reopened = True
                case "problem":
                    outcome.problems.append(rest)
        upgrades = case.scenario == "upgrade"
        self._disk.mend()
        seen = self._disk.seen
        for line in _in_child(lambda out: _look(folder, ledger, upgrades, out)):
            outcome.problems.append(f"afterwards: {line.removeprefix('problem ')}")
        outcome.operations = seen
        return outcome

    def _template(self, scenario: str) -> Path:
        return self._root / "prepared" / scenario.replace(" ", "-")

    def _prepared(self, scenario: str) -> Ledger:
        """The ledger of a beginning, which is made the first time."""
        if scenario not in self._ledgers:

            def make(out: TextIO) -> None:
                print(
                    "ledger", prepare(scenario, self._template(scenario)).ledger.to_json(), file=out
                )

            lines = _in_child(make)
            if len(lines) != 1 or not lines[0].startswith("ledger "):
                raise RuntimeError("\n".join(lines))
            self._ledgers[scenario] = Ledger.from_json(lines[0].removeprefix("ledger "))
        return self._ledgers[scenario]

    def _act(self, case: Case, folder: Path, ledger: Ledger, out: TextIO) -> None:
        def acknowledge(told: Ledger) -> None:
            print("ledger", told.to_json(), file=out, flush=True)

        life = Life(folder, acknowledge, ledger, is_upgrading=case.scenario == "upgrade")
        actor = _Actor(life, self._disk, case, out)
        if case.number:
            self._disk.break_at(case.fault, case.number)
        else:
            self._disk.count(case.fault.counted)
        for step in STEPS[case.scenario]:
            actor.take(step)


class _Actor:
    """Takes steps, and what a person does where one is refused."""

    def __init__(self, life: Life, disk: Disk, case: Case, out: TextIO) -> None:
        self._life = life
        self._disk = disk
        self._case = case
        self._out = out
        self._is_mended = not case.fault.lasts
        self._patience = case.number % 3
        self._refused_since = 0

    def take(self, step: Step) -> None:
        """One step, as often as it takes."""
        self._life.attempt = 0
        while True:
            try:
                if self._life.opened is None and step not in OPENS_ITSELF:
                    self._life.enter()
                step(self._life)
                return
            except ChatsError as error:
                self._tell(step, error)
            self._refused()

    def _tell(self, step: Step, error: ChatsError) -> None:
        said = str(error).replace("\n", "\\n")
        print(f"told {type(error).__name__} {said}", file=self._out, flush=True)
        if lacks := lacking(str(error)):
            print(f"problem the sentence lacks {lacks}: {said}", file=self._out, flush=True)
        is_damaged = self._case.scenario.startswith("damaged")
        assert is_damaged or "damaged" not in said, "a disk that fails is taken for damage"

    def _refused(self) -> None:
        life = self._life
        life.attempt += 1
        if life.attempt >= _MOST_ATTEMPTS:
            raise AssertionError("it is refused although the disk was mended")
        if self._is_mended:
            self._refused_since += 1
            if self._refused_since == 3:
                print("reopened", file=self._out, flush=True)
                self._leave()
            return
        if self._case.fault.name in _TAKES_NO_READS and life.opened is not None:
            problems = life.ledger.problems(life.store)
            assert not problems, f"while the disk is {self._case.fault.name}: {problems}"
        if self._patience == 2:
            self._leave()
        if self._patience != 1 or life.attempt >= 3:
            self._disk.mend()
            self._is_mended = True

    def _leave(self) -> None:
        try:
            self._life.leave()
        except ChatsError as error:
            self._tell(leave, error)


def _look(folder: Path, ledger: Ledger, upgrades: bool, out: TextIO) -> None:
    """By a program that starts anew, on a disk that works: all of it must go well."""
    life = Life(folder, ledger=ledger, is_upgrading=upgrades)
    life.enter()
    problems = ledger.problems(life.store) + ledger.wiped_problems(life.store, folder)
    verify(life)
    for backup in life.history.backups():
        key = life.history._backups.key.reveal()
        database = Database.open(backup.database, key)
        problems += ledger.wiped_problems(ChatStore(database), backup.folder)
        database.close()
    problems += [f"{file} is not whole" for file in ledger.exports if not _is_whole(Path(file))]
    start("afterwards", "it goes on")(life)
    back_up(life)
    problems += ledger.problems(life.store)
    life.leave()
    for stale in (*folder.rglob(".part-*"), *folder.rglob("restoring-*"), *folder.rglob(".draft")):
        problems.append(f"{stale} was left")
    for problem in problems:
        print("problem", problem, file=out)


def _is_whole(file: Path) -> bool:
    ends = {".json": "}\n", ".html": "</html>\n", ".md": "\n"}
    return file.is_file() and file.read_text(encoding="utf-8").endswith(ends[file.suffix])


def _in_child(work: Callable[[TextIO], None]) -> list[str]:
    """The lines that `work` writes in a process of its own; a crash is a line of them."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        code = 1
        with os.fdopen(writer, "w") as out:
            try:
                work(out)
                code = 0
            except BaseException:  # noqa: BLE001 - whatever it is, it is a finding
                print("problem", traceback.format_exc().replace("\n", "\\n"), file=out)
                code = 0
        os._exit(code)
    os.close(writer)
    with os.fdopen(reader) as told:
        lines = told.read().splitlines()
    _, status = os.waitpid(child, 0)
    if status != 0:
        lines.append(f"problem the process ended with {os.waitstatus_to_exitcode(status)}")
    return lines
