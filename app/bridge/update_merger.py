"""Merges the engine's events into at most 30 updates a second, delivered on the GUI thread.

The engine's thread puts events in; no event waits longer than one interval, and none is lost
or overtaken. However fast the engine is, one wake-up at most is under way.
"""

from __future__ import annotations

import threading
import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.bridge.engine_port import AnswerUpdate, End, Failed, Withdrawn
from inference.events import (
    Channel,
    ContextUse,
    Event,
    Finished,
    Overflow,
    PrefillProgress,
    Recast,
    Token,
)

UPDATES_PER_S = 30
_INTERVAL_S = 1.0 / UPDATES_PER_S
_MS_PER_S = 1000.0


class UpdateMerger(QObject):
    """Belongs to the GUI thread; `put` may be called from any."""

    merged = Signal(object)
    _wake = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._pending: list[tuple[int, Event | End]] = []
        self._is_woken = False
        self._last_flush_s = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._flush)
        self._wake.connect(self._on_wake, Qt.ConnectionType.QueuedConnection)

    def put(self, answer_id: int, event: Event | End) -> None:
        """Take an event of an answer."""
        with self._lock:
            self._pending.append((answer_id, event))
            must_wake = not self._is_woken
            self._is_woken = True
        if must_wake:
            self._wake.emit()

    def _on_wake(self) -> None:
        due_in_s = self._last_flush_s + _INTERVAL_S - time.monotonic()
        if due_in_s <= 0.0:
            self._flush()
        else:
            self._timer.start(int(due_in_s * _MS_PER_S) + 1)

    def _flush(self) -> None:
        with self._lock:
            pending, self._pending = self._pending, []
            self._is_woken = False
        for update in merge(pending):
            self.merged.emit(update)
        # After the receivers' work: however slow they are, the loop has a pause between.
        self._last_flush_s = time.monotonic()


def merge(pending: list[tuple[int, Event | End]]) -> list[AnswerUpdate]:
    """One update for each run of events of one answer, in order."""
    updates: list[AnswerUpdate] = []
    start = 0
    for stop in range(1, len(pending) + 1):
        if stop == len(pending) or pending[stop][0] != pending[start][0]:
            events = [event for _, event in pending[start:stop]]
            updates.append(_merge_one(pending[start][0], events))
            start = stop
    return updates


class _Growth:
    """The text and the tokens of some events; what a Recast moves, it moves in order."""

    def __init__(self) -> None:
        self._texts: dict[Channel, list[str]] = {channel: [] for channel in Channel}
        self.recast = False
        self.tokens = 0
        self.reasoning_tokens = 0

    def token(self, token: Token) -> None:
        self._texts[token.channel].append(token.text)
        if token.token_id is not None:
            self.tokens += 1
            self.reasoning_tokens += token.channel is Channel.REASONING

    def move_answer(self) -> None:
        self._texts[Channel.REASONING] += self._texts[Channel.ANSWER]
        self._texts[Channel.ANSWER] = []
        self.recast = True
        self.reasoning_tokens = self.tokens

    def text(self, channel: Channel) -> str:
        return "".join(self._texts[channel])


def _merge_one(answer_id: int, events: list[Event | End]) -> AnswerUpdate:
    growth = _Growth()
    context: ContextUse | None = None
    prefill: PrefillProgress | None = None
    overflow: Overflow | None = None
    end: End | None = None
    for event in events:
        if isinstance(event, Token):
            growth.token(event)
        elif isinstance(event, Recast):
            growth.move_answer()
        elif isinstance(event, PrefillProgress):
            prefill = event
        elif isinstance(event, ContextUse):
            context = event
        elif isinstance(event, Overflow):
            overflow = event
        elif isinstance(event, Finished | Failed | Withdrawn):
            end = event
    return AnswerUpdate(
        answer_id=answer_id,
        answer_text=growth.text(Channel.ANSWER),
        reasoning_text=growth.text(Channel.REASONING),
        recast=growth.recast,
        new_tokens=growth.tokens,
        new_reasoning_tokens=growth.reasoning_tokens,
        context=context,
        prefill=prefill,
        overflow=overflow,
        end=end,
    )
