"""What of an NVIDIA card a loaded model uses, in facts that anyone may keep; nothing of a card."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class CardUse:
    """What of a card a model uses: its name, the backends there, the plan in a sentence, and
    whether tokens are replays of a recorded step, in another.

    Without a card, `reason` says why; all is empty where none was asked for.
    """

    card: str = ""
    backends: tuple[str, ...] = ()
    plan: str = ""
    reason: str = ""
    steps: str = ""

    def without(self, reason: str) -> CardUse:
        """The same after the card failed."""
        return replace(self, card="", backends=(), plan="", reason=reason, steps="")
