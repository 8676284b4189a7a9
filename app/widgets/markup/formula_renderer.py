"""Has formulas drawn in the background and keeps what was drawn.

For the views of formulas, which ask for what they show and are told when it has come. Only what
a view that still exists wants is drawn, in the order in which it was asked for. It holds outlines
without colour or scale, so that a theme or a display changes nothing here.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge.tasks import Tasks
from app.error_words import words_of
from app.markup.formula_outline import QUICK_CHARS, FormulaKey
from app.notices import Notices
from app.widgets.markup.formula_drawing import FormulaDrawer, Outcome, Refused, SealedDrawer

MAX_KEPT = 2_048
MAX_WAITING = 2_048
# Asked for together: what a formula that brings the worker down takes along is drawn again.
_TOGETHER = 16
_GATHERING_MS = 30  # several that come one after the other move the page once


class FormulaRenderer(QObject):
    """One worker, a queue, and the last formulas drawn; belongs to the GUI thread."""

    arrived = Signal(object)  # frozenset[FormulaKey]

    def __init__(
        self,
        notices: Notices,
        parent: QObject | None = None,
        *,
        drawer: FormulaDrawer | None = None,
        max_waiting: int = MAX_WAITING,
    ) -> None:
        super().__init__(parent)
        self._tasks = Tasks(notices, self, workers=1, name="formula")
        self._notices = notices
        self._drawer = drawer or SealedDrawer()
        self._max_waiting = max_waiting
        self._kept: OrderedDict[FormulaKey, Outcome] = OrderedDict()
        self._waiting: OrderedDict[FormulaKey, set[int]] = OrderedDict()
        self._owners: dict[int, set[FormulaKey]] = {}  # and what each waits for
        self._drawn: dict[FormulaKey, set[int]] = {}  # what is being drawn, and for whom
        self._age = self._drawn_age = 0  # how often all was forgotten, by now and before that
        self._has_complained = False
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
            elif key in self._drawn and self._drawn_age == self._age:
                self._drawn[key].add(owner_id)
                self._owners[owner_id].add(key)
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
        has_ended = self._tasks.close()
        self._drawer.close()
        return has_ended

    def _forget_owner(self, owner_id: int) -> None:
        for key in self._owners.pop(owner_id, ()):
            for wanted in (self._waiting, self._drawn):
                owners = wanted.get(key, set())
                owners.discard(owner_id)
            if key in self._waiting and not self._waiting[key]:
                del self._waiting[key]

    def _draw_next(self) -> None:
        if self._drawn or not self._waiting:
            return
        keys = self._taken()
        age = self._drawn_age = self._age
        self._tasks.run(
            lambda: self._drawer.draw(keys),
            lambda outcomes: self._on_drawn(keys, outcomes, age),
            what_failed="",
            on_failure=lambda error: self._on_failed(keys, error, age),
        )

    def _taken(self) -> list[FormulaKey]:
        """The next ones: several that are quick, or one that may take its time."""
        keys: list[FormulaKey] = []
        for key in self._waiting:
            is_long = len(key.source) > QUICK_CHARS
            if keys and (is_long or len(keys) == _TOGETHER):
                break
            keys.append(key)
            if is_long:
                break
        for key in keys:
            self._drawn[key] = self._waiting.pop(key)
        return keys

    def _on_drawn(self, keys: list[FormulaKey], outcomes: list[Outcome], age: int) -> None:
        come = dict(zip(keys, outcomes, strict=False))
        for key in reversed(keys):
            owners = self._drawn.pop(key)
            if key not in come and owners:  # in front of all others, where they were
                self._waiting.setdefault(key, set()).update(owners)
                self._waiting.move_to_end(key, last=False)
                continue
            for owner_id in owners:
                self._owners[owner_id].discard(key)
        if age == self._age:
            for key, outcome in come.items():
                self._keep(key, outcome)
        self._draw_next()

    def _on_failed(self, keys: list[FormulaKey], error: Exception, age: int) -> None:
        """Nothing can be drawn: said once, as all are shown as their sources from now on."""
        if not self._has_complained:
            self._has_complained = True
            self._notices.warning(
                self.tr("Formulas are shown as their source. {error}").format(error=words_of(error))
            )
        self._on_drawn(keys, [Refused.REFUSED] * len(keys), age)

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
