"""What a campaign came to, and the file that lets it go on later.

For: the campaign and `tools/kill_history.py`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

_START = "start"


@dataclass
class Tally:
    """Kills by kind, and what was found."""

    kills: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    stalled: int = 0
    answers: int = 0
    most_lost_s: float = 0.0
    problems: list[str] = field(default_factory=list)

    def add(self, kind: str, kills: int, acknowledged: int) -> None:
        """One kill of a kind, and the kills of starts that followed it."""
        self.kills += kills
        self.acknowledged += acknowledged
        self.kinds[kind] += 1
        self.kinds[_START] += kills - 1

    def add_lost(self, lost_s: Iterable[float]) -> None:
        """Answers that were streaming when the kill came."""
        for seconds in lost_s:
            self.answers += 1
            self.most_lost_s = max(self.most_lost_s, seconds)

    def summary(self) -> str:
        """In one line, without the problems' own."""
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self.kinds.items()))
        return (
            f"{self.kills} kills ({kinds}); {self.acknowledged} acknowledged acts; "
            f"{self.answers} answers cut off, of which {self.most_lost_s:.2f} s were lost at most; "
            f"{len(self.problems)} violations; {self.stalled} times the machine stood still"
        )

    def save(self, file: Path, seed: int) -> None:
        """Write it down, whole or not at all."""
        beside = file.with_name(f"{file.name}.new")
        beside.write_text(json.dumps({"seed": seed} | vars(self)), encoding="utf-8")
        beside.replace(file)

    @classmethod
    def load(cls, file: Path, seed: int) -> Tally:
        """What `save` wrote; an empty one where there is no file. ValueError: another seed's."""
        if not file.exists():
            return cls()
        fields = json.loads(file.read_text(encoding="utf-8"))
        if fields.pop("seed") != seed:
            raise ValueError(f"{file} is of a campaign with another seed")
        return cls(**fields | {"kinds": Counter(fields["kinds"])})
