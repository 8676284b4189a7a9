"""Asks the model for a chat's title after its first exchange, when nothing else is asked of it.

For: the window. Only question and answer are given along, no thoughts, as the beginning that the
model has read already: what it keeps of the conversation stays (measured: the next question reads
nothing again), and for the same reason a longer chat gets no suggestion. Whatever the user sends
goes first. What comes is cleaned by `app.chats.titles`; a chat that was renamed keeps its name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer

from app.bridge.engine_port import AnswerUpdate, End
from app.bridge.engine_worker import EngineWorker
from app.chats.model import Conversation
from app.chats.titles import suggested_title, title_of
from app.pages.chat.chats import Chats
from app.pages.chat.controller import ChatController
from app.pages.chat.turns import Turn, TurnState
from inference.events import Finished, FinishReason
from inference.request import GenerateRequest, Message, SamplerSettings

_IDLE_MS = 2000
_MOST_TOKENS = 40  # a small model announces its title first
# The likeliest words: a title is no place for ideas.
_SAMPLER = SamplerSettings(temperature=0.0, top_k=0, top_p=1.0, min_p=0.0)
_WITH_TITLE = (FinishReason.STOP, FinishReason.LENGTH)
_REQUEST = (
    "Write a title of at most six words for this conversation. "
    "Reply with the title only, in the language of the conversation."
)


@dataclass(frozen=True)
class _Suggestion:
    """One that is awaited: for which chat, what that is called, and what came so far."""

    answer_id: int
    chat_id: int
    title: str
    exchange: str
    text: str = ""


class TitleSuggesting(QObject):
    """Follows the chat that is shown. Its answers have ids below 0, which no turn has."""

    def __init__(
        self,
        worker: EngineWorker,
        chat: ChatController,
        chats: Chats,
        is_wanted: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._worker = worker
        self._chat = chat
        self._chats = chats
        self._is_wanted = is_wanted
        self._last_id = 0
        self._titled: set[int] = set()
        self._conversation: Conversation | None = None
        self._awaited: _Suggestion | None = None
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(_IDLE_MS)
        self._idle.timeout.connect(self._ask)
        chat.stored.connect(self._on_stored)
        chat.busy_changed.connect(self._on_busy_changed)
        chat.shown_changed.connect(self._on_shown_changed)
        worker.answer_updated.connect(self._on_answer_updated)

    def _on_stored(self, conversation: Conversation) -> None:
        """An answer may have come to its end."""
        if conversation.id == self._chat.shown_id:
            self._conversation = conversation
            self._wait()

    def _on_busy_changed(self, is_busy: bool) -> None:
        if is_busy:
            self._give_up()
        else:
            self._wait()

    def _on_shown_changed(self, chat_id: int | None) -> None:
        if self._conversation is None or chat_id != self._conversation.id:
            self._conversation = None
            self._give_up()

    def _wait(self) -> None:
        if self._exchange() is not None and self._awaited is None:
            self._idle.start()

    def _give_up(self) -> None:
        self._idle.stop()
        awaited, self._awaited = self._awaited, None
        if awaited is not None:
            self._worker.cancel(awaited.answer_id)

    def _exchange(self) -> Turn | None:
        """The first exchange of a chat that is called by its first words still, if it is all."""
        chat, turns = self._conversation, self._chat.turns
        if chat is None or chat.id in self._titled or not self._is_wanted():
            return None
        if self._chat.is_busy() or len(turns) != 1 or turns[0].state is not TurnState.DONE:
            return None
        is_automatic = chat.title == title_of(turns[0].question)
        return turns[0] if is_automatic and turns[0].answer.strip() else None

    def _ask(self) -> None:
        turn, chat = self._exchange(), self._conversation
        if turn is None or chat is None:
            return
        self._last_id -= 1
        exchange = f"{turn.question}\n{turn.answer}"
        self._awaited = _Suggestion(self._last_id, chat.id, chat.title, exchange)
        said = (replace(message, reasoning="") for message in self._chat.messages)
        request = GenerateRequest(
            messages=(*said, Message("user", _REQUEST)),
            sampler=_SAMPLER,
            max_tokens=_MOST_TOKENS,
            thinking=False,
        )
        self._worker.generate(self._last_id, request)

    def _on_answer_updated(self, update: AnswerUpdate) -> None:
        awaited = self._awaited
        if awaited is None or update.answer_id != awaited.answer_id:
            return
        before = "" if update.recast else awaited.text
        self._awaited = awaited = replace(awaited, text=before + update.answer_text)
        if update.end is not None:
            self._awaited = None
            self._end(awaited, update.end)

    def _end(self, awaited: _Suggestion, end: End) -> None:
        """Small models go on behind their title: it may be cut off there."""
        self._titled.add(awaited.chat_id)
        if not isinstance(end, Finished) or end.reason not in _WITH_TITLE:
            return
        is_whole = end.reason is FinishReason.STOP
        title = suggested_title(awaited.text, awaited.exchange, is_whole=is_whole)
        if title is not None and title != awaited.title:
            self._chats.rename_if(awaited.chat_id, awaited.title, title)
