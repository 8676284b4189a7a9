"""Stop strings: text that ends an answer, found across token borders and never shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Passed:
    """Text that may be shown now, and whether a stop string came behind it."""

    text: str
    stopped: bool


class StopStrings:
    """Holds back text for as long as it may be the beginning of a stop string."""

    def __init__(self, strings: tuple[str, ...]) -> None:
        self._strings = strings
        self._held = ""
        self._told_before = 0  # characters of what is held

    def feed(self, text: str) -> Passed:
        """More text in; what is safe to show out."""
        self._held += text
        found = [at for at in (self._held.find(s) for s in self._strings) if at >= 0]
        if found:
            shown, self._held = self._held[: min(found)], ""
            return Passed(self._untold(shown), stopped=True)
        keep = max((_overlap(self._held, s) for s in self._strings), default=0)
        cut = len(self._held) - keep
        shown, self._held = self._held[:cut], self._held[cut:]
        return Passed(self._untold(shown), stopped=False)

    def flush(self) -> str:
        """What was held back, when no more text comes."""
        held, self._held = self._held, ""
        return self._untold(held)

    def mark_told(self) -> None:
        """What is held back was shown after all, as an answer was cut off there."""
        self._told_before = len(self._held)

    def _untold(self, text: str) -> str:
        before = min(self._told_before, len(text))
        self._told_before -= before
        return text[before:]


def _overlap(text: str, stop: str) -> int:
    """Length of the longest end of `text` that begins `stop`."""
    longest = min(len(text), len(stop) - 1)
    return next((n for n in range(longest, 0, -1) if text.endswith(stop[:n])), 0)
