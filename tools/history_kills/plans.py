"""How one kill is drawn: what the program is doing, and when it is hit.

For: the campaign.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

from tools.history_kills.killing import Moment, Target

# What the worker comes to soon and often, and the act in it that is cut off.
_FOCUSES = {
    "backup": ("backup",),
    "wipe": ("wipe",),
    "restore": ("restore",),
    "passphrase": ("passphrase",),
    "retention": ("retention",),
    "export": ("export", "import"),
    "everything": ("everything", "begin"),
    "answer": ("answer", "finish"),
    "send": ("send",),
    "undo": ("delete chats", "undo"),
    "delete chats": ("delete chats",),
    "delete message": ("delete message",),
    "reopen": ("reopen",),
    "verify": ("verify",),
}


@dataclass(frozen=True)
class Plan:
    """One kill."""

    kind: str
    moment: Moment
    target: Target = Target.TREE
    focus: str = ""
    more_steps: int = 0
    starts: tuple[float, ...] = ()  # kills of starts that follow before anybody looks


def drawn(draw: Random, kind: str) -> Plan:
    """A kill of this kind; the kind “act” is of any act's own."""
    target = draw.choice((Target.TREE,) * 6 + (Target.CHAT, Target.LAUNCHER))
    starts = tuple(between(draw, 0.15, 1.2) for _ in range(draw.choice((0, 0, 0, 0, 1, 2))))
    match kind:
        case "start":
            return Plan(kind, Moment("", between(draw, 0.001, 1.5)), target, starts=starts)
        case "work":
            moment = Moment("ready", between(draw, 0.001, 2.5))
            return Plan(kind, moment, target, starts=starts)
        case "stream":
            moment = Moment("shown", draw.uniform(0.2, 3.5))
            return Plan(kind, moment, target, "answer", starts=starts)
        case "command":
            return Plan(kind, Moment("", between(draw, 0.2, 1.5)))
        case "typed chat":
            return Plan(kind, Moment("", between(draw, 0.05, 3.0)))
        case "migrate":
            moment = Moment("opening", between(draw, 0.001, 0.4))
            return Plan(kind, moment, target, more_steps=draw.randint(1, 3), starts=starts)
    focus = draw.choice(list(_FOCUSES))
    act = draw.choice(_FOCUSES[focus])
    moment = Moment(act, between(draw, 0.0001, 0.08), draw.randint(1, 3))
    return Plan(focus, moment, target, focus, starts=starts)


def between(draw: Random, least: float, most: float) -> float:
    """As often between 1 and 2 ms as between 1 and 2 s."""
    return math.exp(draw.uniform(math.log(least), math.log(most)))
