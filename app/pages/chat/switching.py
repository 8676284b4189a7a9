"""From chat to chat: opened, left, begun anew.

For: the controller, and `Hiding`, which hides them while the history is locked. Chats are read,
and made turns of, in the history's thread; one that was asked for and is not wanted any more when
it has been read is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.bridge.history_states import TemporaryOnly
from app.bridge.history_worker import HistoryWorker, Place
from app.chats.chat_record import ChatRecord, LoadedChat
from app.chats.chat_settings import ChatSettings, settings_from
from app.chats.history import AnyHistory
from app.chats.history_states import Ready
from app.notices import Notices
from app.pages.chat.answering import Answering
from app.pages.chat.asking import Asking
from app.pages.chat.drafts import Draft, Drafts
from app.pages.chat.keeping import Keeping
from app.pages.chat.open_chat import OpenChat
from app.pages.chat.stage import Stage
from app.pages.chat.stored_turns import StoredTurn, attached_of, system_of, turns_of

_FIRST_MESSAGES = 120  # more than a screen holds


@dataclass(frozen=True)
class _Read:
    """A chat as the history's thread read it."""

    loaded: LoadedChat
    turns: tuple[StoredTurn, ...]
    draft: Draft


class Switching(QObject):
    """Which chat is on the stage. `fresh` are the settings that a new chat begins with."""

    cleared = Signal()
    unseen = Signal()  # nothing of what was shown is to be left in memory
    opened = Signal(object)  # the turns of a chat that was opened, in a tuple: its end at least
    earlier_shown = Signal(object)  # those that stand before them, in a tuple
    shown = Signal()  # another chat is on the stage
    message_shown = Signal(int)  # the turn of the message that a chat was opened at

    def __init__(
        self,
        history: HistoryWorker,
        answering: Answering,
        asking: Asking,
        drafts: Drafts,
        keeping: Keeping,
        stage: Stage,
        notices: Notices,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.fresh = ChatSettings()
        self._history = history
        self._answering = answering
        self._asking = asking
        self._drafts = drafts
        self._keeping = keeping
        self._stage = stage
        self._notices = notices
        self._wanted: OpenChat | None = None

    @property
    def can_keep(self) -> bool:
        """Whether new chats are kept."""
        return not isinstance(self._history.state, TemporaryOnly)

    @property
    def place(self) -> Place:
        """Where new chats live, unless they are to be temporary."""
        return Place.KEPT if self.can_keep else Place.TEMPORARY

    def empty(self, place: Place) -> OpenChat:
        """A chat in which nothing was asked."""
        return OpenChat(place, settings=self.fresh)

    def start(self, place: Place) -> None:
        """Leave this chat, stopped and kept, and start an empty one."""
        stage = self._stage
        if stage.holds and place is Place.KEPT and not stage.chat.is_temporary:
            self._asking.take_back_waiting()  # nothing was stored yet: it is a new chat already
            if self._wanted is not None:  # but for the one that is shown again after a lock
                self._begin_empty(place)
            return
        if stage.chat.place is place and stage.chat.is_new:
            self.stay()
            return
        self._forget_if_temporary(self.leave())
        self._begin_empty(place)

    def open(self, chat_id: int, message_id: int | None = None) -> None:
        """Show a kept chat, with that message; this one is left when it has been read."""
        chat = self._stage.chat
        if chat_id != chat.kept_id:
            self.load(OpenChat(Place.KEPT, ChatRecord(chat_id), chat_id), message_id)
            return
        self.stay()
        if message_id is not None and chat.turn_of(message_id) is None:
            self.reopen(chat, message_id)  # it is on a branch that is not shown
        else:
            self._tell_message(chat, message_id)

    def reopen(self, chat: OpenChat, message_id: int | None = None) -> None:
        """Read the chat that is shown anew, with that message; what is under way in it ends."""
        self._asking.cut()
        self._drafts.flush()
        self.load(chat.reopened(), message_id)

    def stay(self) -> None:
        """Whoever writes here stays here, though another chat was about to be shown; but what is
        held goes where that one is.
        """
        if not self._stage.is_held:
            self._wanted = None

    def give_up(self) -> OpenChat | None:
        """The chat that was about to be shown, which is not any more."""
        wanted, self._wanted = self._wanted, None
        return wanted

    def leave(self) -> OpenChat:
        """Stop and keep what is under way; the field is empty after it."""
        self._asking.cut()
        if self._stage.chat.is_temporary and not self._drafts.is_settled:
            self._drafts.clear()  # it must not stand in a chat that is kept
        elif not self._stage.is_held:  # else what was typed has no place yet, and stays
            self._drafts.leave()
        return self._stage.chat

    def load(self, chat: OpenChat, message_id: int | None = None) -> None:
        """Read it, then show it; of a new one, what was typed in it before."""
        self._wanted = None if chat is self._stage.chat else chat

        def work(history: AnyHistory) -> _Read:
            loaded = chat.record.load(history, message_id, most=_FIRST_MESSAGES)
            turns = turns_of(loaded.messages, self._stage.ids, loaded.forks)
            return _Read(loaded, turns, Draft(loaded.draft, attached_of(loaded.draft_files)))

        self._history.do(
            work,
            lambda read: self._arrive(chat, read, message_id),
            what_failed="",
            on_failure=lambda error: self._on_not_loaded(chat, error),
            place=chat.place,
        )

    def show(self, chat: OpenChat, *, is_secret: bool = False) -> None:
        """Put a chat on the stage; of a secret one that was there nothing is left in memory."""
        is_secret = is_secret or self._stage.chat.is_temporary
        self._stage.chat = chat
        self.cleared.emit()
        if is_secret:
            self._answering.forget()
            self.unseen.emit()
        if chat.turns:
            self.opened.emit(tuple(chat.turns.values()))
        self._stage.show_title(chat.title)
        self._answering.tell_context()
        self.shown.emit()

    # ------------------------------------------------------------------ the steps

    def _begin_empty(self, place: Place) -> None:
        if self._is_history_open():  # what was held stands in the field again
            self._stage.holds = False
        chat = self.empty(place)
        self.show(chat)
        self.load(chat)

    def _forget_if_temporary(self, chat: OpenChat) -> None:
        if chat.is_temporary:
            self._history.do(
                chat.record.forget, lambda _nothing: None, what_failed="", place=chat.place
            )

    def _arrive(self, chat: OpenChat, read: _Read, message_id: int | None) -> None:
        if not self._is_awaited(chat):
            return
        draft = read.draft
        if chat is not self._stage.chat:
            self._wanted = None
            if chat.record is self._stage.chat.record and self._drafts.is_settled:
                draft = self._drafts.now  # it was written on while the chat was read anew
            left = self.leave()
            if left.record is not chat.record:
                self._forget_if_temporary(left)
            _fill(chat, read)
            self.show(chat)
            if not chat.is_whole:
                self._load_above(chat, read.loaded)
        self._settle(chat, draft)
        self._tell_message(chat, message_id)

    def _load_above(self, chat: OpenChat, shown: LoadedChat) -> None:
        """Read what stands before the end of a long chat; what is sent meanwhile is stored, and
        so asked, after it.
        """

        def work(history: AnyHistory) -> tuple[str, tuple[StoredTurn, ...]]:
            messages = chat.record.load_above(history, shown)
            return system_of(messages), turns_of(messages, self._stage.ids, shown.forks)

        self._history.do(
            work,
            lambda found: self._arrive_above(chat, *found),
            what_failed="",
            on_failure=lambda error: self._on_not_whole(chat, error),
            place=chat.place,
        )

    def _arrive_above(self, chat: OpenChat, system: str, turns: tuple[StoredTurn, ...]) -> None:
        chat.is_whole, chat.system = True, system
        if chat is self._stage.chat:
            chat.fill_before(turns)
            self.earlier_shown.emit(tuple(each.turn for each in turns))

    def _on_not_whole(self, chat: OpenChat, error: Exception) -> None:
        """Nothing is asked in a chat of which the model would read a part alone."""
        if chat is self._stage.chat:
            self._notices.error(error)
            self.start(chat.place)

    def _tell_message(self, chat: OpenChat, message_id: int | None) -> None:
        turn_id = None if message_id is None else chat.turn_of(message_id)
        if turn_id is not None:
            self.message_shown.emit(turn_id)

    def _is_history_open(self) -> bool:
        return isinstance(self._history.state, Ready | TemporaryOnly)

    def _is_awaited(self, chat: OpenChat) -> bool:
        """Whether what was read of a chat still matters: nothing of it does after a lock."""
        if not chat.is_temporary and not isinstance(self._history.state, Ready):
            return False
        if chat is self._stage.chat:
            return not self._drafts.is_settled
        return chat is self._wanted

    def _settle(self, chat: OpenChat, draft: Draft) -> None:
        """From here on the chat on the screen can be written to."""
        # A message that was sent meanwhile takes with it what was kept.
        is_taken = any(turn_id in chat.unstored for turn_id in chat.turns)
        self._drafts.belong_to(chat.record, chat.place, draft, is_kept=not is_taken)
        if self._stage.holds and self._is_history_open():
            self._asking.store_held()

    def _on_not_loaded(self, chat: OpenChat, error: Exception) -> None:
        if not self._is_awaited(chat):
            return
        self._notices.error(error)
        if chat is self._stage.chat:
            self._settle(chat, Draft())
            return
        self._wanted = None
        if self._stage.chat.chat_id is None and not self._drafts.is_settled:
            self._asking.take_back_waiting()
            self._begin_empty(chat.place)


def _fill(chat: OpenChat, read: _Read) -> None:
    conversation = read.loaded.conversation
    if conversation is not None:
        chat.chat_id, chat.title = conversation.id, conversation.title
        chat.settings = settings_from(conversation.settings)
    chat.is_whole = read.loaded.is_whole
    chat.system = system_of(read.loaded.messages)
    chat.fill(read.turns)
