"""Says a growing answer to a screen reader, a sentence at a time, politely."""

from __future__ import annotations

import re

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.pages.chat.turns import LIVE_STATES, Turn
from app.widgets.announcing import announce

_SENTENCE_END = re.compile(r"[.!?…:]+[\s*_\"”)]+|[。！？]|\n+")


class Speech(QObject):
    """Says what is new of the answer that grows, once it makes a sentence."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._turn_id: int | None = None
        self._said = 0  # characters of its answer

    def say(self, sentence: str) -> None:
        """Say something else."""
        announce(self._widget, sentence)

    def stop(self) -> None:
        """Nothing more of that answer."""
        self._turn_id = None

    def follow(self, turn: Turn, *, was_live: bool) -> None:
        """Say the sentences that came; when the answer has ended, its rest."""
        is_live = turn.state in LIVE_STATES
        if not is_live and not was_live:
            return
        if turn.turn_id != self._turn_id or len(turn.answer) < self._said:
            self._turn_id, self._said = turn.turn_id, 0
        end = len(turn.answer) if not is_live else _last_end(turn.answer, self._said)
        if end > self._said:
            announce(self._widget, turn.answer[self._said : end].strip())
            self._said = end


def _last_end(text: str, start: int) -> int:
    """Where the last whole sentence after `start` ends, or `start`."""
    end = start
    for found in _SENTENCE_END.finditer(text, start):
        end = found.end()
    return end
