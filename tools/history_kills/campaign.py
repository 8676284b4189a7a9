"""Kill after kill, life after life: what is done, when it is killed, what the judge says.

For: `tools/kill_history.py` and the tests. Each kill is drawn from the campaign's seed and its
number; what exactly it hits is the machine's chance. A life is one history from its beginning
on; it goes on through all kills that it is given, as a person's does.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from pprint import pformat
from random import Random

from tools.history_kills.commands import run_and_kill_command
from tools.history_kills.judge import Killed, Verdict, judge
from tools.history_kills.killing import Ended, Moment, Target, run_and_kill
from tools.history_kills.lines import Line
from tools.history_kills.oracle import Record
from tools.history_kills.orders import Fault, Mode, Orders
from tools.history_kills.plans import Plan, drawn
from tools.history_kills.tally import Tally
from tools.history_kills.typed_chat import Typed, run_and_kill_chat

_LIFE_KILLS = 40
_CLOSED_DOOR = 3
_FIRST_WORDS = "rain on the roof"
# Retention's clock in this life: not so far that a chat of today gets old.
_CLOCK_STEP_HOURS, _CLOCK_STEPS = 21, 8


class Life:
    """One history and its parent's record."""

    def __init__(
        self, folder: Path, fault: Fault = Fault.NONE, *, is_migrating: bool = False
    ) -> None:
        self.folder = folder
        self.profile = folder / "data" / "history"
        self.profile.parent.mkdir(parents=True)
        self.record = Record()
        self.told: list[Line] = []
        self._steps = 0
        self._runs = 0
        self._fault = fault
        self._is_migrating = is_migrating

    def drawn(self, draw: Random) -> Plan:
        """The next kill."""
        kind = draw.choice(("start", "work", "work", "act", "act", "act", "stream", "stream"))
        if self._is_migrating and draw.random() < 0.5:
            kind = "migrate"
        elif not self._is_migrating and self.record.is_begun:
            # The product's own programs know no further steps.
            kind = draw.choices((kind, "command", "typed chat"), (80, 16, 4))[0]
        return drawn(draw, kind)

    def kill_once(self, plan: Plan, name: str) -> tuple[Verdict, int]:
        """Run, kill, look; and how many kills that were."""
        self._steps += plan.more_steps
        self._runs += 1
        ended, typed = self._ended(plan, name)
        problems = self._heard(ended)
        for number, delay_s in enumerate(plan.starts):
            orders, words = self._orders(f"{name}+{number}", Mode.OPEN)
            problems += self._heard(run_and_kill(orders, words, Moment("", delay_s), Target.TREE))
        self._keep_evidence()
        lines = ended.lines or ()
        killed = Killed(self.profile, lines, ended.killed_at_s, self._steps, typed)
        verdict = judge(killed, self.record)
        verdict = replace(verdict, problems=(*problems, *verdict.problems))
        return verdict, 1 + len(plan.starts)

    def keep_for_study(self) -> None:
        """Write down what was known; the files stay as they are."""
        (self.folder / "record.txt").write_text(pformat(self.record, width=200), encoding="utf-8")
        told = "\n".join(map(repr, self.told))
        (self.folder / "told.txt").write_text(told, encoding="utf-8")

    def _ended(self, plan: Plan, name: str) -> tuple[Ended, Typed | None]:
        orders, words = self._orders(name, Mode.WORK, plan.focus)
        match plan.kind:
            case "typed chat":
                return run_and_kill_chat(orders, words, plan.moment.delay_s)
            case "command":
                delay_s = plan.moment.delay_s
                return run_and_kill_command(orders, words, self.record, delay_s), None
        return run_and_kill(orders, words, plan.moment, plan.target), None

    def _orders(self, name: str, mode: Mode, focus: str = "") -> tuple[Orders, list[str]]:
        words = self.record.words_possible() or [_FIRST_WORDS]
        hours = _CLOCK_STEP_HOURS * min(self._runs, _CLOCK_STEPS)
        return Orders(self.profile, name, mode, focus, self._steps, hours, self._fault), words

    def _heard(self, ended: Ended) -> list[str]:
        """Take over what was told; what is wrong with how it ended."""
        if ended.lines is None:
            return ["something outlived its kill"]
        self.record.take(ended.lines)
        self.told += ended.lines
        wrong = "Traceback" in ended.errors or ended.code == _CLOSED_DOOR
        return [f"exit code {ended.code}: {ended.errors[-1500:]}"] if wrong else []

    def _keep_evidence(self) -> None:
        """The files as the kill left them: looking at them changes them."""
        evidence = self.folder / "evidence"
        shutil.rmtree(evidence, ignore_errors=True)
        evidence.mkdir()
        for file in self.profile.glob("*"):
            if file.is_file():
                shutil.copyfile(file, evidence / file.name)


class Campaign:
    """All kills of one seed, of which a part can be run now and the rest later."""

    def __init__(
        self, seed: int, folder: Path, tally: Tally | None = None, fault: Fault = Fault.NONE
    ) -> None:
        self.tally = tally if tally is not None else Tally()
        self._seed = seed
        self._folder = folder
        self._fault = fault
        self._life: Life | None = None

    def run(self, count: int) -> Iterator[Tally]:
        """Kill until there were `count` kills; the tally after each look."""
        while self.tally.kills < count:
            draw = Random(f"{self._seed}-{self.tally.kills}")
            life = self._living(draw)
            self._kill(life, life.drawn(draw))
            yield self.tally
        self._end_life()

    def _kill(self, life: Life, plan: Plan) -> None:
        name, before = f"{self._seed}-{self.tally.kills}", life.record.acknowledged
        verdict, kills = life.kill_once(plan, name)
        self.tally.add(plan.kind, kills, life.record.acknowledged - before)
        self.tally.stalled += verdict.was_stalled
        if not verdict.was_stalled:
            self.tally.add_lost(verdict.lost_s)
        if verdict.problems:
            life.keep_for_study()
            self._life = None
            for problem in verdict.problems:
                self.tally.problems.append(f"{name}, {plan}: {problem} (kept in {life.folder})")

    def _living(self, draw: Random) -> Life:
        if draw.random() < 1 / _LIFE_KILLS:
            self._end_life()
        if self._life is None:
            folder = self._folder / f"life-{self._seed}-{self.tally.kills}"
            shutil.rmtree(folder, ignore_errors=True)  # of a campaign that was itself stopped
            self._life = Life(folder, self._fault, is_migrating=draw.random() < 1 / 3)
        return self._life

    def _end_life(self) -> None:
        if self._life is not None:
            shutil.rmtree(self._life.folder)
            self._life = None
