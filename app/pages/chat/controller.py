"""The truth behind the chat page: which chat is open, what is said in it, and where it is kept.

For: the page and the sidebar's list. It joins the parts: `Switching` opens and leaves chats,
`Hiding` hides them from a lock, `Asking` and `Branching` take what is asked, `Deleting` what goes,
`Answering` has the engine answer, `Replaying` proves what made an answer, `Drafts` keeps what is
typed. What concerns one part alone is asked and heard of that part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.bridge.engine_worker import EngineWorker
from app.bridge.history_worker import HistoryWorker, Place
from app.chats.chat_settings import ChatSettings
from app.chats.history_states import Ready
from app.chats.model import Conversation
from app.notices import Notices
from app.pages.chat.answerer import Answerer
from app.pages.chat.answering import Answering
from app.pages.chat.asking import Asking
from app.pages.chat.branching import Branching
from app.pages.chat.deleting import Deleting
from app.pages.chat.drafts import Drafts
from app.pages.chat.hiding import Hiding
from app.pages.chat.keeping import Keeping
from app.pages.chat.open_chat import OpenChat
from app.pages.chat.replaying import Replaying
from app.pages.chat.reshaping import Reshaping
from app.pages.chat.stage import Stage
from app.pages.chat.storing import Storing
from app.pages.chat.switching import Switching
from app.pages.chat.think_button import ThinkingChoice
from app.pages.chat.turns import Attached, Turn, messages_of
from inference.request import Message, SamplerSettings


class ChatController(QObject):
    """One chat at a time; the window's pages and lists follow its signals."""

    message_shown = Signal(int)  # the turn of the message that a chat was opened at
    cleared = Signal()
    unseen = Signal()  # as `Switching.unseen`
    opened = Signal(object)  # the turns of a chat that was opened, in a tuple: its end at least
    earlier_shown = Signal(object)  # those that stand before them, in a tuple
    draft_shown = Signal(str)
    busy_changed = Signal(bool)
    settings_changed = Signal(object)  # the open chat's ChatSettings
    loading = Signal(object)
    model_changed = Signal(object)
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
        self.stage = stage = Stage(self)
        self._answerer = Answerer(worker, notices, sampler, self)
        self._drafts = drafts = Drafts(history, notices, self)
        self._keeping = keeping = Keeping(history, notices, self)
        self._storing = storing = Storing(history, keeping, drafts, notices, self)
        self.answering = Answering(worker, self._answerer, storing, stage, notices, self)
        self._asking = Asking(self._answerer, self.answering, storing, drafts, stage, notices, self)
        self._reshaping = reshaping = Reshaping(history, self._asking, stage, notices, self)
        self.branching = Branching(
            reshaping, self._answerer, self._asking, storing, stage, notices, self
        )
        self.deleting = Deleting(reshaping, self._asking, stage, notices, self)
        self.replaying = Replaying(self.answering, self.branching, stage, notices, self)
        self._switching = Switching(
            history, self.answering, self._asking, drafts, keeping, stage, notices, self
        )
        self._hiding = Hiding(history, self._switching, self._asking, drafts, keeping, stage, self)
        self._connect()

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The conversation, the oldest turn first."""
        return tuple(self._chat.turns.values())

    @property
    def messages(self) -> tuple[Message, ...]:
        """What was said and answered, as the model reads it."""
        return messages_of(self.turns, self._chat.system_with())

    @property
    def drafts(self) -> Drafts:
        """What is typed and attached, and not sent."""
        return self._drafts

    @property
    def settings(self) -> ChatSettings:
        """The open chat's."""
        return self._chat.settings

    @property
    def is_temporary(self) -> bool:
        """Whether nothing of the open chat is stored."""
        return self._chat.is_temporary

    @property
    def shown_id(self) -> int | None:
        """The open chat's id, if it is one that is kept."""
        return self._chat.kept_id

    @property
    def can_keep(self) -> bool:
        """Whether new chats are kept."""
        return self._switching.can_keep

    def retry_with(self, load: Callable[[], None]) -> None:
        """How to load the model again after it failed."""
        self._answerer.retry_with(load)

    def is_busy(self) -> bool:
        """Whether there is something to stop."""
        return self.stage.is_busy()

    # ------------------------------------------------------------------ what is said

    def send(self, text: str, attached: Sequence[Attached] = ()) -> bool:
        """Ask, with files; False where there is nothing to ask or nobody to answer."""
        is_sent = self._asking.send(text, attached)
        if is_sent:
            self._switching.stay()
        return is_sent

    def stop(self) -> None:
        """Stop the answer in progress; without one, take back what waits."""
        self._asking.stop()

    def leave_out_oldest(self, turn_id: int) -> None:
        """Ask a question that did not fit without the oldest turns, in this chat from now on;
        each answer says so.
        """
        turn = self._chat.turns.get(turn_id)
        if turn is None:
            return
        self.change_settings(replace(self._chat.settings, leave_out_oldest=True))
        if self._chat.is_last(turn_id):
            self.branching.regenerate(turn_id)
        else:  # what followed it stays
            self.send(turn.question, turn.attached)

    def change_draft(self, text: str) -> None:
        """What the composer holds now."""
        self._drafts.change(text)

    def change_settings(self, settings: ChatSettings) -> None:
        """From here on the open chat's answers are made so; it keeps that."""
        chat = self._chat
        if settings == chat.settings:
            return
        chat.settings = settings
        self._history.do(
            lambda history: chat.record.set_settings(history, settings.pairs()),
            lambda stored: self._on_settings_stored(chat, stored),
            what_failed=self.tr("The settings hold, but are not stored."),
            place=chat.place,
        )
        self.settings_changed.emit(settings)

    def begin_chats_with(self, settings: ChatSettings) -> None:
        """New chats begin with these, also the one that is shown if nothing was asked in it."""
        self._switching.fresh = settings
        if self._chat.is_new:
            self._chat.settings = settings
            self.settings_changed.emit(settings)

    def choose_thinking(self, choice: ThinkingChoice) -> None:
        """How this chat's answers, and those of new chats, are thought about."""
        self._switching.fresh = _thinking(self._switching.fresh, choice)
        self.change_settings(_thinking(self._chat.settings, choice))

    # ------------------------------------------------------------------ from chat to chat

    def new_chat(self) -> None:
        """Leave this chat, stopped and kept, and start an empty one."""
        self._switching.start(self._switching.place)

    def new_temporary_chat(self) -> None:
        """The same, and nothing of the new one is stored."""
        self._switching.start(Place.TEMPORARY)

    def open_chat(self, chat_id: int, message_id: int | None = None) -> None:
        """Show a kept chat, with that message; this one is left when it has been read."""
        self._switching.open(chat_id, message_id)

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
            self.stage.show_title(conversation.title)

    def forget(self) -> None:
        """For the lock: stop the answer, keep it, and show nothing of any chat."""
        self._hiding.forget()

    def resume(self) -> None:
        """After the lock: show again what was shown before it."""
        self._hiding.resume()

    def close(self) -> None:
        """The window goes: stop the answer, and keep it and what is typed."""
        self._asking.cut()
        self._keeping.retry()
        self._drafts.flush()
        self._drafts.flush_unknown()

    # ------------------------------------------------------------------ the parts

    @property
    def _chat(self) -> OpenChat:
        return self.stage.chat

    def _on_stored(self, chat: OpenChat, conversation: Conversation) -> None:
        if not chat.is_temporary:
            self.stored.emit(conversation)
        if chat is self._chat:
            self.shown_changed.emit(self.shown_id)
            self._on_busy_changed(self.is_busy())

    def _on_settings_stored(self, chat: OpenChat, conversation: Conversation | None) -> None:
        if conversation is not None and not chat.is_temporary:
            self.stored.emit(conversation)

    def _on_busy_changed(self, is_busy: bool) -> None:
        self.busy_changed.emit(is_busy)
        self.answering_changed.emit(self.shown_id if is_busy else None)

    def _on_shown(self) -> None:
        self._on_busy_changed(self.is_busy())
        self.place_changed.emit(self._chat.is_temporary, self.can_keep)
        self.shown_changed.emit(self.shown_id)
        self.settings_changed.emit(self._chat.settings)

    def _on_gone(self, chat: OpenChat, chat_id: int) -> None:
        if not chat.is_temporary:
            self.gone.emit(chat_id)
        if chat is self._chat:
            self.shown_changed.emit(self.shown_id)

    def _connect(self) -> None:
        switching = self._switching
        for inner, outer in (
            (switching.cleared, self.cleared),
            (switching.unseen, self.unseen),
            (switching.opened, self.opened),
            (switching.earlier_shown, self.earlier_shown),
            (switching.message_shown, self.message_shown),
            (self._answerer.loading, self.loading),
            (self._answerer.changed, self.model_changed),
            (self._drafts.shown, self.draft_shown),
            (self._keeping.finished, self.stored),
        ):
            inner.connect(outer)
        self.stage.busy_changed.connect(self._on_busy_changed)
        self._storing.stored.connect(self._on_stored)
        self._storing.gone.connect(self._on_gone)
        self._reshaping.reopen_requested.connect(switching.reopen)
        switching.shown.connect(self._on_shown)
        self._hiding.forgotten.connect(self.branching.forget)
        self._hiding.forgotten.connect(self.deleting.forget)


def _thinking(settings: ChatSettings, choice: ThinkingChoice) -> ChatSettings:
    return replace(
        settings,
        thinking=choice.thinking,
        thinking_budget_tokens=choice.budget_tokens,
        keep_thoughts=choice.keep_thoughts,
    )
