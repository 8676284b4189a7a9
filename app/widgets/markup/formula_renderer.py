"""Draws formulas in the background and keeps what was drawn.

For the views of formulas, which ask for what they show and are told when it has come. Only what
a view that still exists wants is drawn, in the order in which it was asked for. It holds outlines
without colour or scale, so that a theme or a display changes nothing here.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from enum import Enum

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge.tasks import Tasks
from app.notices import Notices
from app.widgets.markup.formula_drawing import Drawing, FormulaKey, draw_formula

MAX_KEPT = 2_048
MAX_WAITING = 2_048
# Of more than a page has the worker rests after each for as long as that took: each of the
# hundred calls of Qt that draw a frame asks for the interpreter, and would have to wait for it.
_FLOOD = 64
_GATHERING_MS = 30  # several that come one after the other move the page once


class Refused(Enum):
    """A formula that can't be drawn: its source is shown."""

    REFUSED = "refused"


Outcome = Drawing | Refused


class FormulaRenderer(QObject):
    """One worker, a queue, and the last formulas drawn; belongs to the GUI thread."""

    arrived = Signal(object)  # frozenset[FormulaKey]

    def __init__(
        self,
        notices: Notices,
        parent: QObject | None = None,
        *,
        draw: Callable[[FormulaKey], Drawing] = draw_formula,
        max_waiting: int = MAX_WAITING,
    ) -> None:
        super().__init__(parent)
        self._tasks = Tasks(notices, self, workers=1, name="formula")
        self._draw = draw
        self._max_waiting = max_waiting
        self._kept: OrderedDict[FormulaKey, Outcome] = OrderedDict()
        self._waiting: OrderedDict[FormulaKey, set[int]] = OrderedDict()
        self._owners: dict[int, set[FormulaKey]] = {}  # and what each waits for
        self._is_drawing = False
        self._age = 0  # how often all was forgotten
        self._come: set[FormulaKey] = set()
        self._gathering = QTimer(self)
        self._gathering.setSingleShot(True)
        self._gathering.setInterval(_GATHERING_MS)
        self._gathering.timeout.connect(self._tell)

    def look_up(self, key: FormulaKey) -> Outcome | None:
        """What came of a formula, or None where it wasn't drawn yet or is forgotten."""
        outcome = self._kept.get(key)
        if outcome is not None:
            self._kept.move_to_end(key)
        return outcome

    def want(self, keys: Iterable[FormulaKey], owner: QObject) -> None:
        """Draw formulas as long as `owner` exists; `arrived` tells what came."""
        owner_id = id(owner)
        if owner_id not in self._owners:
            self._owners[owner_id] = set()
            owner.destroyed.connect(lambda: self._forget_owner(owner_id))
        for key in keys:
            if key in self._kept:
                self._arrive(key)
            elif key in self._waiting or len(self._waiting) < self._max_waiting:
                self._waiting.setdefault(key, set()).add(owner_id)
                self._owners[owner_id].add(key)
            else:
                self._keep(key, Refused.REFUSED)
        self._draw_next()

    def waiting(self) -> int:
        """How many are still to be drawn."""
        return len(self._waiting)

    def forget(self) -> None:
        """Keep nothing of what was drawn, nor of what is being drawn."""
        self._age += 1
        self._kept.clear()
        self._come.clear()

    def close(self) -> bool:
        """Draw nothing more; False where the thread would not end."""
        self._waiting.clear()
        return self._tasks.close()

    def _forget_owner(self, owner_id: int) -> None:
        for key in self._owners.pop(owner_id, ()):
            owners = self._waiting.get(key, set())
            owners.discard(owner_id)
            if not owners:
                self._waiting.pop(key, None)

    def _draw_next(self) -> None:
        if self._is_drawing or not self._waiting:
            return
        self._is_drawing = True
        age = self._age
        key, owners = self._waiting.popitem(last=False)
        for owner_id in owners:
            self._owners[owner_id].discard(key)
        is_flood = len(self._waiting) > _FLOOD
        self._tasks.run(
            lambda: self._drawn(key, rests=is_flood),
            lambda drawing: self._on_drawn(key, drawing, age),
            what_failed="",
            on_failure=lambda _error: self._on_drawn(key, Refused.REFUSED, age),
        )

    def _drawn(self, key: FormulaKey, *, rests: bool) -> Drawing:
        """In the worker: drawing is Python through and through."""
        began_s = time.perf_counter()
        try:
            return self._draw(key)
        finally:
            if rests:
                time.sleep(time.perf_counter() - began_s)

    def _on_drawn(self, key: FormulaKey, outcome: Outcome, age: int) -> None:
        self._is_drawing = False
        if age == self._age:
            self._keep(key, outcome)
        self._draw_next()

    def _keep(self, key: FormulaKey, outcome: Outcome) -> None:
        self._kept[key] = outcome
        self._kept.move_to_end(key)
        while len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)
        self._arrive(key)

    def _arrive(self, key: FormulaKey) -> None:
        self._come.add(key)
        if not self._gathering.isActive():
            self._gathering.start()

    def _tell(self) -> None:
        come, self._come = frozenset(self._come), set()
        self.arrived.emit(come)
