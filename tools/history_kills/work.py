"""A history at work: the door it came through, and acts that are told before and after.

For: the acts. A `begin` line says all that an act will do, so that the parent can work out its
outcome; a `done` line acknowledges it, after the call has returned.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from app.chats.errors import ChatsError
from app.chats.history import History
from app.chats.history_states import DoorState, FirstTime, NeedsPassphrase, Ready
from app.chats.model import Conversation, Message, MessageState
from app.chats.profile import Holder, Profile
from app.chats.profile_opening import HistoryDoor
from app.chats.store import ChatStore
from app.chats.vault.passphrase import Argon2Cost
from tools.history_kills.lines import Teller
from tools.history_kills.orders import Orders

# Opening is what is tried here, not how slow a passphrase can be made.
CHEAP = Argon2Cost(memory_kib=16, iterations=1, lanes=1)


class ClosedDoorError(Exception):
    """The history did not open; the message says what it came to."""


@dataclass
class Done:
    """What an act brought: the numbers of new chats and messages, and what else there is."""

    number: int
    chats: list[int] = field(default_factory=list)
    messages: list[int] = field(default_factory=list)
    note: object = None


class Work:
    """One run of the worker."""

    def __init__(self, orders: Orders, words: list[str], teller: Teller) -> None:
        self.orders = orders
        self.draw = Random(orders.seed)
        self.words = words
        self.teller = teller
        self.door = HistoryDoor(Profile(orders.folder), Holder.WINDOW, cost=CHEAP)
        self._history: History | None = None
        self._numbers = itertools.count(1)
        self.streaming: set[int] = set()  # chats

    @property
    def history(self) -> History:
        """The open one."""
        if self._history is None:
            raise ClosedDoorError("no history is open")
        return self._history

    @property
    def store(self) -> ChatStore:
        """Its chats."""
        return self.history.store

    def open(self) -> None:
        """Through the door, beginning a history where none is. Raises ClosedDoorError."""
        self.teller.tell("opening")
        state = self.door.open()
        if isinstance(state, FirstTime):
            with self.act("begin", words=self.words[0]):
                state = self.door.begin_under_passphrase(self.words[0])
        for words in self.words:
            if isinstance(state, NeedsPassphrase):
                state = self.door.try_passphrase(words)
        self.take(state)

    def take(self, state: DoorState) -> None:
        """Go on with what is behind an open door. Raises ClosedDoorError."""
        if not isinstance(state, Ready):
            self.teller.tell("closed door", state=repr(state))
            raise ClosedDoorError(repr(state))
        self._history = state.history
        self.teller.tell("ready", notices=list(state.notices))

    @contextmanager
    def act(self, name: str, **arguments: object) -> Iterator[Done]:
        """Tell that an act begins, and what it brought; an error that it may raise is told."""
        done = Done(next(self._numbers))
        self.teller.tell("begin", number=done.number, act=name, arguments=arguments)
        try:
            yield done
        except ChatsError as error:
            self.teller.tell(
                "failed", number=done.number, act=name, error=type(error).__name__, why=str(error)
            )
        else:
            self.teller.tell(
                "done",
                number=done.number,
                chats=done.chats,
                messages=done.messages,
                note=done.note,
            )

    def chats(self) -> list[Conversation]:
        """Those whose answers have all ended."""
        return [chat for chat in self.store.conversations() if chat.id not in self.streaming]

    def any_chat(self) -> Conversation | None:
        """One of all chats; the newest ones more often."""
        chats = self.store.conversations()
        if not chats:
            return None
        return self.draw.choice(chats[:4] if self.draw.random() < 0.5 else chats)

    def any_message(self, chat: Conversation) -> Message | None:
        """One of a chat's messages that is no answer under way."""
        ended = [m for m in self.store.messages.all(chat.id) if m.state is not _STREAMING]
        return self.draw.choice(ended) if ended else None


_STREAMING = MessageState.STREAMING
