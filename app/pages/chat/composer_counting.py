"""What the context holds, and would hold with what is being written: counted, else guessed.

For: the composer's meter and the chips of files. Counting is the engine's, in its own time; a
figure that is not counted yet is said to be about right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge.engine_port import ModelCard
from app.bridge.engine_worker import EngineWorker
from app.pages.chat.attach_pile import Held
from app.pages.chat.attach_words import name_line
from app.pages.chat.overflow import Overflowing
from app.pages.chat.turns import Turn
from app.widgets.context_fill import ContextFill, Share, ShareKind, about_tokens
from app.widgets.tumbler import short_count
from inference.events import ContextUse

_PAUSE_MS = 300
_GROWTH_MS = 250  # a growing answer is told so often: each time the meter is laid out anew
_TYPED = "typed"  # of one key the engine counts the newest text alone


@dataclass(frozen=True)
class FileKey:
    """What a file is counted under."""

    key: int


@dataclass(frozen=True)
class Cost:
    """Tokens of a text; `is_about` until they are counted."""

    tokens: int = 0
    is_about: bool = False


@dataclass(frozen=True)
class TurnsKey:
    """What the turns are counted under that no longer fit with a question."""

    turn_id: int


class ContextWatch(QObject):
    """Follows the chat's use of the context, what is typed and the files beside it."""

    filled = Signal(object)  # a ContextFill
    turns_counted = Signal(int, object)  # the turn that did not fit, and what those before it take
    costs_changed = Signal(object)  # of each file by its key: words, and is it too much

    def __init__(self, worker: EngineWorker, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = worker
        self._capacity = 0
        self._use: ContextUse | None = None
        self._answer_tokens = 0
        self._text = ""
        self._typed = Cost()
        self._files: tuple[Held, ...] = ()
        self._costs: dict[int, Cost] = {}
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._count_typed)
        self._growth = QTimer(self)
        self._growth.setSingleShot(True)
        self._growth.setInterval(_GROWTH_MS)
        self._growth.timeout.connect(self._tell)
        worker.counted.connect(self._on_counted)
        worker.tokens_counted.connect(self._on_tokens_counted)

    def on_overflowed(self, found: Overflowing) -> None:
        """Count what the turns that no longer fit take."""
        texts = ["\n".join(_texts_of(turn)) for turn in found.turns]
        if texts:
            self._worker.count_tokens(TurnsKey(found.turn_id), texts)

    def on_model_changed(self, model: ModelCard | None) -> None:
        """Another model counts otherwise; without one all is guessed."""
        self._capacity = model.context_tokens if model is not None else 0
        if model is None:
            self._use = None
        self._costs = {}
        self._count_files()
        self._count_typed()

    def on_context_changed(self, use: ContextUse, answer_tokens: int) -> None:
        """What the prompt and the answer to it take; an answer that only grows can wait."""
        is_growth = use is self._use and answer_tokens > self._answer_tokens > 0
        self._use, self._answer_tokens = use, answer_tokens
        if not is_growth:
            self._tell()
        elif not self._growth.isActive():
            self._growth.start()

    def on_typed(self, text: str) -> None:
        """What is being written; it is counted when there is a pause."""
        self._text = text
        if text:
            self._pause.start()
        else:
            self._pause.stop()
            self._count_typed()

    def on_files_changed(self, files: Sequence[Held]) -> None:
        """The files beside it."""
        self._files = tuple(files)
        self._count_files()
        self._tell()

    def _count_typed(self) -> None:
        if self._capacity and self._text:
            self._worker.count(_TYPED, self._text)
        else:
            self._typed = Cost(about_tokens(self._text), is_about=bool(self._text))
            self._tell()

    def _count_files(self) -> None:
        known, self._costs = self._costs, {}
        for held in self._files:
            text = f"{held.attached.name}\n{held.attached.text}"
            self._costs[held.key] = known.get(held.key) or Cost(about_tokens(text), is_about=True)
            if held.key not in known and self._capacity:
                self._worker.count(FileKey(held.key), text)
        self._tell_costs()

    def _on_counted(self, key: object, tokens: int) -> None:
        if isinstance(key, FileKey) and key.key in self._costs:
            self._costs[key.key] = Cost(tokens)
            self._tell_costs()
            self._tell()
        elif key == _TYPED and self._text:
            self._typed = Cost(tokens)
            self._tell()

    def _on_tokens_counted(self, key: object, tokens: tuple[int, ...]) -> None:
        if isinstance(key, TurnsKey):
            self.turns_counted.emit(key.turn_id, tokens)

    def _tell_costs(self) -> None:
        form, about = self.tr("{count} tokens"), self.tr("about {count} tokens")
        self.costs_changed.emit(
            {
                key: (
                    (about if cost.is_about else form).format(count=short_count(cost.tokens)),
                    0 < self._capacity < cost.tokens,
                )
                for key, cost in self._costs.items()
            }
        )

    def _tell(self) -> None:
        self._growth.stop()
        shares = (*self._said(), *self._written())
        used = sum(share.tokens for share in shares)
        kept = 0
        if self._use is not None:
            kept = self._use.kept_for_answer_tokens - self._answer_tokens
            kept = max(0, min(kept, self._use.capacity_tokens - used))
        capacity = self._use.capacity_tokens if self._use is not None else self._capacity
        self.filled.emit(ContextFill(shares, capacity, kept))

    def _said(self) -> list[Share]:
        use = self._use
        if use is None:
            return []
        named = (
            (ShareKind.SYSTEM, self.tr("System prompt"), use.system_tokens),
            (ShareKind.CONVERSATION, self.tr("This conversation"), use.conversation_tokens),
            (ShareKind.FILE, self.tr("Attached files"), use.attached_tokens),
            (ShareKind.CONVERSATION, self.tr("Your question"), use.question_tokens),
            (ShareKind.TEMPLATE, self.tr("Chat template"), use.template_tokens),
            (ShareKind.ANSWER, self.tr("This answer"), use.answer_tokens + self._answer_tokens),
        )
        return [Share(kind, name, tokens) for kind, name, tokens in named if tokens]

    def _written(self) -> list[Share]:
        shares = [
            Share(ShareKind.FILE, name_line(held.attached.name), cost.tokens, cost.is_about)
            for held in self._files
            if (cost := self._costs.get(held.key))
        ]
        if self._typed.tokens:
            name = self.tr("What you are writing")
            shares.append(Share(ShareKind.MESSAGE, name, self._typed.tokens, self._typed.is_about))
        return shares


def _texts_of(turn: Turn) -> list[str]:
    """What the model reads of a turn; whether also its thoughts is the family's way."""
    return [*(each.text for each in turn.attached), turn.question, turn.answer]
