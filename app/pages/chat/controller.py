"""The truth behind the chat page: which chat is open, what is said in it, and where it is kept.

For: the page and the sidebar's list. Questions and answers are `Asking`'s, what is typed is
`Drafts`'s; here chats are opened, left, hidden while the history is locked, and shown again.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.bridge.engine_worker import EngineWorker
from app.bridge.history_states import HistoryState, Opening, TemporaryOnly
from app.bridge.history_worker import HistoryWorker, Place
from app.chats.chat_record import ChatRecord, LoadedChat
from app.chats.history_states import KeyringWaits, Ready
from app.chats.model import Conversation
from app.notices import Notices
from app.pages.chat.answerer import Answerer
from app.pages.chat.asking import Asking
from app.pages.chat.drafts import Drafts
from app.pages.chat.keeping import Keeping
from app.pages.chat.open_chat import OpenChat
from app.pages.chat.stored_turns import system_of, turns_of
from app.pages.chat.storing import Storing
from app.pages.chat.think_button import ThinkingChoice
from app.pages.chat.turns import Turn, messages_of
from inference.request import Message, SamplerSettings


class ChatController(QObject):
    """One chat at a time; the window's pages and lists follow its signals."""

    turn_added = Signal(object)
    turn_changed = Signal(object)
    prefilled = Signal(int, int, int)
    turn_removed = Signal(int)
    cleared = Signal()
    opened = Signal(object)  # all turns of a chat that was opened, in a tuple
    text_returned = Signal(str)
    resend_requested = Signal()
    draft_shown = Signal(str)
    busy_changed = Signal(bool)
    title_changed = Signal(str)
    loading = Signal(object)
    model_changed = Signal(object)
    context_changed = Signal(object, int)  # its use by the prompt, and the answer's tokens
    place_changed = Signal(bool, bool)  # is it temporary, and could chats be kept
    shown_changed = Signal(object)  # the id of the kept chat that is open, or None
    stored = Signal(object)  # the Conversation of a kept chat, as it is now
    answering_changed = Signal(object)  # the id of the kept chat that is being answered, or None
    gone = Signal(int)  # the id of a kept chat of which nothing is left

    def __init__(
        self,
        worker: EngineWorker,
        notices: Notices,
        sampler: SamplerSettings | None = None,
        parent: QObject | None = None,
        *,
        history: HistoryWorker,
    ) -> None:
        super().__init__(parent)
        self._history = history
        self._notices = notices
        self._answerer = Answerer(worker, notices, sampler, self)
        self._drafts = Drafts(history, notices, self)
        self._keeping = Keeping(history, notices, self)
        self._storing = Storing(history, self._keeping, self._drafts, notices, self)
        self._asking = Asking(worker, self._answerer, self._storing, self._drafts, notices, self)
        self._wanted: OpenChat | None = None
        self._was_open = False
        self._hidden: OpenChat | None = None  # while the history is locked
        self._connect()
        history.changed.connect(self._on_history_changed)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The conversation, the oldest turn first."""
        return tuple(self._chat.turns.values())

    @property
    def messages(self) -> tuple[Message, ...]:
        """What was said and answered, as the model reads it."""
        return messages_of(self.turns, "", self._chat.system)[:-1]

    @property
    def is_temporary(self) -> bool:
        """Whether nothing of the open chat is stored."""
        return self._chat.is_temporary

    @property
    def shown_id(self) -> int | None:
        """The open chat's id, if it is one that is kept."""
        return None if self._chat.is_temporary else self._chat.chat_id

    @property
    def can_keep(self) -> bool:
        """Whether new chats are kept."""
        return not isinstance(self._history.state, TemporaryOnly)

    def retry_with(self, load: Callable[[], None]) -> None:
        """How to load the model again after it failed."""
        self._answerer.retry_with(load)

    def is_busy(self) -> bool:
        """Whether there is something to stop."""
        return self._asking.is_busy()

    def send(self, text: str) -> bool:
        """Ask; False where there is nothing to ask or nobody to answer."""
        is_sent = self._asking.send(text)
        if is_sent:
            self._stay()
        return is_sent

    def stop(self) -> None:
        """Stop the answer in progress; without one, take back what waits."""
        self._asking.stop()

    def choose_thinking(self, choice: ThinkingChoice) -> None:
        """How the answers to come are thought about."""
        self._answerer.choose_thinking(choice)

    def answer_now(self) -> None:
        """End the thoughts of the answer in progress."""
        self._asking.answer_now()

    def regenerate(self, turn_id: int) -> None:
        """Ask the last question once more; its answer so far stays as a branch."""
        self._asking.regenerate(turn_id)

    def change_draft(self, text: str) -> None:
        """What the composer holds now."""
        self._drafts.change(text)

    # ------------------------------------------------------------------ from chat to chat

    def new_chat(self) -> None:
        """Leave this chat, stopped and kept, and start an empty one."""
        self._start(Place.KEPT if self.can_keep else Place.TEMPORARY)

    def new_temporary_chat(self) -> None:
        """The same, and nothing of the new one is stored."""
        self._start(Place.TEMPORARY)

    def open_chat(self, chat_id: int) -> None:
        """Show a kept chat; this one is left when it has been read."""
        if chat_id == self.shown_id:
            self._stay()
            return
        self._load(OpenChat(Place.KEPT, ChatRecord(chat_id), chat_id))

    def leave_chat(self, chat_id: int) -> None:
        """It is about to be deleted: if it is open, a new one is shown instead."""
        if chat_id == self.shown_id:
            self.new_chat()

    def leave_if_gone(self, chats: tuple[Conversation, ...]) -> None:
        """Of all chats that there are the open one may not be one any more."""
        is_open = isinstance(self._history.state, Ready) and self.shown_id is not None
        if is_open and all(chat.id != self.shown_id for chat in chats):
            self.new_chat()

    def rename(self, conversation: Conversation) -> None:
        """A kept chat is called otherwise now."""
        if conversation.id == self.shown_id:
            self._asking.show_title(conversation.title)

    def forget(self) -> None:
        """For the lock: stop the answer, keep it, and show nothing of any chat."""
        if self._hidden is not None:
            return
        if self._asking.holds:
            self._put_away()
            return
        self._wanted = None
        self._hidden = self._leave()
        self._keeping.drop()
        self._asking.holds = True
        self._show(OpenChat(Place.KEPT))

    def resume(self) -> None:
        """After the lock: show again what was shown before it."""
        chat, self._hidden = self._hidden, None
        if chat is None:
            return
        place = Place.KEPT if self.can_keep else Place.TEMPORARY
        if chat.place is not place and not chat.is_temporary:
            chat = OpenChat(place)
        self._asking.take_back_waiting()  # what was sent meanwhile stands in the field again
        self._asking.holds = False
        self._load(OpenChat(chat.place, chat.record, chat.chat_id))

    def close(self) -> None:
        """The window goes: stop the answer, and keep it and what is typed."""
        self._asking.cut()
        self._keeping.retry()
        self._drafts.flush()
        self._drafts.flush_unknown()

    # ------------------------------------------------------------------ the steps

    @property
    def _chat(self) -> OpenChat:
        return self._asking.chat

    def _start(self, place: Place) -> None:
        if self._asking.holds and place is Place.KEPT and not self._chat.is_temporary:
            self._asking.take_back_waiting()  # nothing was stored yet: it is a new chat already
            return
        if self._chat.place is place and self._chat.is_new:
            self._stay()
            return
        self._forget_if_temporary(self._leave())
        self._begin_empty(place)

    def _begin_empty(self, place: Place) -> None:
        if self._is_history_open():  # what was held stands in the field again
            self._asking.holds = False
        chat = OpenChat(place)
        self._show(chat)
        self._load(chat)

    def _stay(self) -> None:
        """Whoever writes here stays here, though another chat was about to be shown."""
        self._wanted = None

    def _leave(self) -> OpenChat:
        """Stop and keep what is under way; the field is empty after it."""
        self._asking.cut()
        if self._asking.holds and not self._chat.is_temporary:
            return self._chat  # what was typed has no place yet, and stays
        self._drafts.leave()
        return self._chat

    def _forget_if_temporary(self, chat: OpenChat) -> None:
        if chat.is_temporary:
            self._history.do(
                chat.record.forget, lambda _nothing: None, what_failed="", place=chat.place
            )

    def _load(self, chat: OpenChat) -> None:
        """Read it, then show it; of a new one, what was typed in it before."""
        self._wanted = None if chat is self._chat else chat
        self._history.do(
            chat.record.load,
            lambda loaded: self._arrive(chat, loaded),
            what_failed="",
            on_failure=lambda error: self._on_not_loaded(chat, error),
            place=chat.place,
        )

    def _arrive(self, chat: OpenChat, loaded: LoadedChat) -> None:
        if not self._is_awaited(chat):
            return
        if chat is not self._chat:
            self._wanted = None
            self._forget_if_temporary(self._leave())
            self._fill(chat, loaded)
            self._show(chat)
        self._settle(chat, loaded.draft)

    def _is_history_open(self) -> bool:
        return isinstance(self._history.state, Ready | TemporaryOnly)

    def _put_away(self) -> None:
        """The history is locked before what was kept could be read: nothing typed is left."""
        if self._was_open and not self._chat.is_temporary:
            self._asking.take_back_waiting()
            self._drafts.flush_unknown()
            self._drafts.clear()

    def _is_awaited(self, chat: OpenChat) -> bool:
        """Whether what was read of a chat still matters: nothing of it does after a lock."""
        if not chat.is_temporary and not isinstance(self._history.state, Ready):
            return False
        if chat is self._chat:
            return not self._drafts.is_settled
        return chat is self._wanted

    def _settle(self, chat: OpenChat, draft: str) -> None:
        """From here on the chat on the screen can be written to."""
        # A message that was sent meanwhile takes with it what was kept.
        is_taken = any(turn_id in chat.unstored for turn_id in chat.turns)
        self._drafts.belong_to(chat.record, chat.place, draft, is_kept=not is_taken)
        if self._asking.holds and self._is_history_open():
            self._asking.store_held()

    def _on_not_loaded(self, chat: OpenChat, error: Exception) -> None:
        if not self._is_awaited(chat):
            return
        self._notices.error(str(error))
        if chat is self._chat:
            self._settle(chat, "")
            return
        self._wanted = None
        if self._chat.chat_id is None and not self._drafts.is_settled:
            self._begin_empty(chat.place)

    def _fill(self, chat: OpenChat, loaded: LoadedChat) -> None:
        if loaded.conversation is not None:
            chat.chat_id, chat.title = loaded.conversation.id, loaded.conversation.title
        chat.system = system_of(loaded.messages)
        first_id = self._asking.take_ids(len(loaded.messages))
        chat.fill(turns_of(loaded.messages, first_id))

    def _show(self, chat: OpenChat) -> None:
        self._asking.chat = chat
        self.cleared.emit()
        if chat.turns:
            self.opened.emit(self.turns)
        self._asking.show_title(chat.title)
        self._asking.tell_empty_context()
        self._on_busy_changed(False)
        self.place_changed.emit(chat.is_temporary, self.can_keep)
        self.shown_changed.emit(self.shown_id)

    # ------------------------------------------------------------------ the history

    def _on_history_changed(self, state: HistoryState) -> None:
        match state:
            case Ready() | TemporaryOnly():
                self._was_open = isinstance(state, Ready)
                self._on_history_open()
                return
            case Opening() | KeyringWaits():
                self.forget()
            case _:
                self.forget()
                if not self._chat.is_temporary:
                    self._asking.take_back_waiting()
        self._was_open = False

    def _on_history_open(self) -> None:
        if self._hidden is not None:
            self.resume()
            return
        chat = self._chat
        if not self._asking.holds:
            return
        if chat.is_temporary:  # it was begun before there was anything else
            self._asking.holds = False
        else:
            chat.place = Place.KEPT if self.can_keep else Place.TEMPORARY
            self._load(chat)
        self.place_changed.emit(chat.is_temporary, self.can_keep)

    def _on_stored(self, chat: OpenChat, conversation: Conversation) -> None:
        if not chat.is_temporary:
            self.stored.emit(conversation)
        if chat is self._chat:
            self.shown_changed.emit(self.shown_id)
            self._on_busy_changed(self.is_busy())

    def _on_busy_changed(self, is_busy: bool) -> None:
        self.busy_changed.emit(is_busy)
        self.answering_changed.emit(self.shown_id if is_busy else None)

    def _on_gone(self, chat: OpenChat, chat_id: int) -> None:
        if not chat.is_temporary:
            self.gone.emit(chat_id)
        if chat is self._chat:
            self.shown_changed.emit(self.shown_id)

    def _connect(self) -> None:
        asking = self._asking
        for inner, outer in (
            (asking.turn_added, self.turn_added),
            (asking.turn_changed, self.turn_changed),
            (asking.turn_removed, self.turn_removed),
            (asking.prefilled, self.prefilled),
            (asking.text_returned, self.text_returned),
            (asking.resend_requested, self.resend_requested),
            (asking.title_changed, self.title_changed),
            (asking.context_changed, self.context_changed),
            (self._answerer.loading, self.loading),
            (self._answerer.changed, self.model_changed),
            (self._drafts.shown, self.draft_shown),
            (self._keeping.finished, self.stored),
        ):
            inner.connect(outer)
        asking.busy_changed.connect(self._on_busy_changed)
        asking.new_chat_requested.connect(self.new_chat)
        self._storing.stored.connect(self._on_stored)
        self._storing.gone.connect(self._on_gone)
