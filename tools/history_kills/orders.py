"""What the parent tells the program that it will kill: one JSON argument.

For: `killing`, which writes it, and `worker`, which reads it. The passphrase goes another way.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path


class Mode(StrEnum):
    """What the worker does until it is killed."""

    WORK = "work"
    OPEN = "open"  # opens and closes, and changes nothing


class Fault(StrEnum):
    """A mistake that the campaign has to find (`faults`)."""

    NONE = ""
    EARLY = "early"  # acknowledged before the transaction is committed
    SLOW = "slow"  # an answer is written down every minute only
    FORGETFUL = "forgetful"  # a wipe leaves the backups as they are


@dataclass(frozen=True)
class Orders:
    """One run of the worker. `focus` is the act that it comes to soon and often."""

    folder: Path
    seed: str
    mode: Mode = Mode.WORK
    focus: str = ""
    steps: int = 0
    clock_hours: int = 0
    fault: Fault = Fault.NONE

    def to_text(self) -> str:
        """The argument."""
        return json.dumps(asdict(self) | {"folder": str(self.folder)})

    @classmethod
    def from_text(cls, text: str) -> Orders:
        """What `to_text` wrote."""
        fields = json.loads(text)
        return cls(
            Path(fields["folder"]),
            fields["seed"],
            Mode(fields["mode"]),
            fields["focus"],
            fields["steps"],
            fields["clock_hours"],
            Fault(fields["fault"]),
        )
