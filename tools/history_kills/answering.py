"""An answer that streams in, with what else happens meanwhile.

For: `worker`. A piece is told as shown before the recorder gets it, which is the worst case. The
clock of the recorder's owner is played as the window and the terminal do it, every 250 ms.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress

from app.chats.errors import MissingError
from app.chats.model import (
    Conversation,
    MessageState,
    Part,
    Provenance,
    ReasoningPart,
    TextPart,
)
from app.chats.recorder import AnswerRecorder
from tools.history_kills import acts
from tools.history_kills.texts import pieces, text
from tools.history_kills.work import Done, Work

_TICK_S = 0.25
_GAPS_S = (0.0, 0.0, 0.002, 0.01, 0.03, 0.06)
_PATIENCE_S = 5.0
_PAUSE_CHANCE = 0.01
_MEANWHILE_CHANCE = 0.03
_MEANWHILE: tuple[Callable[[Work], None], ...] = (
    acts.send,
    acts.rename,
    acts.draft,
    acts.pin,
    acts.start,
    acts.delete_chats,
)
_ENDS = (MessageState.DONE, MessageState.DONE, MessageState.STOPPED, MessageState.FAILED)


def answer(work: Work) -> None:
    """A whole answer below the branch that a chat shows."""
    chat = work.any_chat()
    if chat is None or chat.leaf_id is None or chat.id in work.streaming:
        return acts.send(work)
    work.streaming.add(chat.id)
    try:
        _Answer(work, chat, chat.leaf_id).stream()
    except MissingError:
        work.teller.tell("gone", chat=chat.id)  # its chat was deleted meanwhile
    finally:
        work.streaming.discard(chat.id)
    return None


class _Answer:
    """One answer under way."""

    def __init__(self, work: Work, chat: Conversation, parent_id: int) -> None:
        self._work = work
        self._thoughts = text(work.draw) if work.draw.random() < 0.4 else ""
        self._text = text(work.draw) + text(work.draw)
        self._chars = 0
        self._recorder, self._number = self._begun(chat.id, parent_id)
        self._turn = threading.Lock()  # the recorder is one thread's at a time
        self._has_ended = threading.Event()

    def stream(self) -> None:
        """Raises MissingError where it has no place any more."""
        clock = threading.Thread(target=self._tick, name="ticks", daemon=True)
        clock.start()
        state = MessageState.STOPPED
        try:
            self._grow()
            state = self._work.draw.choice(_ENDS)
        finally:
            self._has_ended.set()
            clock.join()
            self._end(state)

    def _grow(self) -> None:
        draw = self._work.draw
        gap_s = draw.choice(_GAPS_S)
        patient_until_s = time.monotonic() + draw.uniform(1, _PATIENCE_S)
        for tokens, chars in enumerate(self._ends(), 1):
            self._work.teller.tell("shown", answer=self._number, chars=chars)
            with self._turn:
                self._chars = chars
                self._recorder.grow(self._parts(), tokens)
            time.sleep(draw.uniform(0.3, 2.0) if draw.random() < _PAUSE_CHANCE else gap_s)
            if draw.random() < _MEANWHILE_CHANCE:
                draw.choice(_MEANWHILE)(self._work)
            if time.monotonic() > patient_until_s:
                break

    def _begun(self, chat_id: int, parent_id: int) -> tuple[AnswerRecorder, int]:
        told = {"chat": chat_id, "parent": parent_id, "thoughts": self._thoughts}
        done: Done
        with self._work.act("answer", text=self._text, **told) as done:
            recorder = self._work.history.record_answer(chat_id, parent_id)
            done.messages = [recorder.message.id]
        return recorder, done.number

    def _ends(self) -> list[int]:
        return pieces(self._work.draw, len(self._thoughts) + len(self._text))

    def _parts(self) -> list[Part]:
        thoughts = self._thoughts[: self._chars]
        said = self._text[: max(0, self._chars - len(self._thoughts))]
        parts: list[Part] = [ReasoningPart(thoughts)] if thoughts else []
        return [*parts, TextPart(said)] if said else parts

    def _tick(self) -> None:
        # Somewhere between two tokens, as the clock of the window and the terminal.
        while not self._has_ended.wait(_TICK_S):
            with self._turn, suppress(MissingError):
                self._recorder.tick()
            self._work.teller.tell("tick")

    def _end(self, state: MessageState) -> None:
        told = {"answer": self._number, "chars": self._chars, "state": state.value}
        with self._work.act("finish", **told):
            self._recorder.finish(state, self._parts(), Provenance((("model", "none"),)))
