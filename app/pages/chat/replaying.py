"""What made an answer, and the proof of it: the same asked once more, with the same settings.

For: the controller. The answer that is to come out again stays as a branch beside the new one.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject

from app.chats.model import Provenance
from app.chats.provenance import LEFT_OUT, is_same_system, replay_settings
from app.notices import Notices
from app.numbers import whole
from app.pages.chat.answering import Answering
from app.pages.chat.branching import Branching
from app.pages.chat.details_words import name_words
from app.pages.chat.open_chat import RedoKind
from app.pages.chat.stage import Stage
from app.pages.chat.turns import Turn, TurnState

_MAKERS = (
    "model",
    "architecture",
    "quantization",
    "weights_sha256",
    "template_sha256",
    "engine_version",
    "compute",
    "kernels",
)


class Replaying(QObject):
    """Replays answers and compares them."""

    def __init__(
        self,
        answering: Answering,
        branching: Branching,
        stage: Stage,
        notices: Notices,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._branching = branching
        self._stage = stage
        self._notices = notices
        self._made_before: Provenance | None = None
        answering.replayed.connect(self._on_replayed)

    def provenance(self, turn_id: int) -> Provenance | None:
        """What made a turn's answer, as far as it is known."""
        return self._stage.chat.made_by.get(turn_id)

    def replay(self, turn_id: int) -> None:
        """Ask for the same answer once more, and say what came of it."""
        chat, made_by = self._stage.chat, self.provenance(turn_id)
        settings = None if made_by is None else replay_settings(made_by)
        if made_by is None or settings is None:
            self._notices.error(
                self.tr("It is not recorded in full how this answer was made. Nothing was asked.")
            )
            return
        if not is_same_system(made_by, chat.system_with()):
            self._notices.error(
                self.tr(
                    "The system prompt was changed after this answer, so the same text cannot "
                    "be expected. Nothing was asked."
                )
            )
            return
        leaves_out = LEFT_OUT in dict(made_by.details) or chat.settings.leave_out_oldest
        settings = replace(settings, leave_out_oldest=leaves_out)
        self._made_before = made_by
        self._branching.regenerate(turn_id, settings, RedoKind.REPLAY)

    def _on_replayed(self, turn: Turn, before: Turn) -> None:
        made_before, self._made_before = self._made_before, None
        if turn.state is TurnState.FAILED:
            return  # why was told already
        at = _differs_at(before, turn)
        if at is None:
            self._notices.news(self.tr("The same text again."))
            return
        if before.state is TurnState.STOPPED and at == len(_text(before)):
            self._notices.news(
                self.tr("The same text again, up to where the first answer was stopped.")
            )
            return
        if turn.state is TurnState.STOPPED and at == len(_text(turn)):
            self._notices.news(self.tr("The same text again, up to where it was stopped."))
            return
        words = self.tr("The text differs from character {number} on.")
        other = _other_makers(made_before, self.provenance(turn.turn_id))
        if other:
            words = self.tr("The text differs from character {number} on. Other than then: {what}.")
        what = ", ".join(other)
        self._notices.warning(words.format(number=whole(at + 1), what=what))


def _text(turn: Turn) -> str:
    """Thoughts and answer, one after the other."""
    return turn.reasoning + turn.answer


def _differs_at(before: Turn, after: Turn) -> int | None:
    """Where two answers part; None: nowhere."""
    one, other = _text(before), _text(after)
    if one == other:
        return None
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _other_makers(before: Provenance | None, after: Provenance | None) -> list[str]:
    """The names of what is recorded of both, and not the same."""
    if before is None or after is None:
        return []
    then, now = dict(before.details), dict(after.details)
    return [name_words(key) for key in _MAKERS if key in then and then[key] != now.get(key)]
