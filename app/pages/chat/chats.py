"""All chats that are kept, as the sidebar lists them, and what is done with one of them.

For: the window, which joins it with the list. The chat that is open is the controller's.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge.history_states import HistoryState, TemporaryOnly
from app.bridge.history_worker import HistoryWorker
from app.chats.export_format import ExportFormat
from app.chats.exporting import export_json, export_readable
from app.chats.history import AnyHistory
from app.chats.history_states import Ready
from app.chats.model import Conversation, ConversationTree
from app.notices import NoticeAction, Notices
from app.theme.metrics import MOTION


class Chats(QObject):
    """Reads and changes them in the history's thread."""

    listed = Signal(object)  # all of them, in a tuple
    words_changed = Signal(str)  # what is said where there are none
    changed = Signal(object)  # a Conversation as it is now
    renamed = Signal(object)  # the same, after its title alone
    leaving = Signal(int)  # a chat is about to be deleted
    gone = Signal(int)
    restored = Signal(object)  # a Conversation that was deleted and is back

    def __init__(self, history: HistoryWorker, notices: Notices, parent: QObject) -> None:
        super().__init__(parent)
        self._history = history
        self._notices = notices
        self._deleted: dict[int, ConversationTree] = {}
        history.changed.connect(self._on_history_changed)

    def reload(self) -> None:
        """List them anew: others than this window's list may have changed them."""
        self._history.do(
            lambda history: history.store.conversations(),
            self._on_listed,
            what_failed=self.tr("The chats could not be listed."),
        )

    def rename(self, chat_id: int, title: str) -> None:
        """Give a chat another title."""

        def work(history: AnyHistory) -> Conversation:
            history.store.rename(chat_id, title)
            return history.store.get(chat_id)

        self._history.do(work, self._on_renamed, what_failed=self.tr("The chat was not renamed."))

    def pin(self, chat_id: int, is_pinned: bool) -> None:
        """Keep a chat at the top of the list, or no longer."""

        def work(history: AnyHistory) -> Conversation:
            history.store.set_pinned(chat_id, is_pinned)
            return history.store.get(chat_id)

        failed = self.tr("The chat was not pinned.")
        if not is_pinned:
            failed = self.tr("The chat is still pinned.")
        self._history.do(work, self.changed.emit, what_failed=failed)

    def delete(self, chat_id: int) -> None:
        """Delete a chat; for as long as the toast is there it can be brought back."""
        self.leaving.emit(chat_id)

        def work(history: AnyHistory) -> ConversationTree:
            tree = history.store.tree(chat_id)
            history.store.delete([chat_id])
            return tree

        self._history.do(work, self._on_deleted, what_failed=self.tr("The chat was not deleted."))

    def export(self, chat_id: int, form: ExportFormat, target: Path) -> None:
        """Write a chat into a file that its owner chose, and agreed to replace if it is there."""

        def work(history: AnyHistory) -> None:
            chat = history.store.get(chat_id)
            if form is ExportFormat.JSON:
                export_json(history.store, [chat], target, replace=True)
            else:
                export_readable(history.store, chat, form, target, replace=True)

        form_words = self.tr("The chat was exported to {file}.")
        self._history.do(
            work,
            lambda _nothing: self._notices.news(form_words.format(file=target)),
            what_failed=self.tr("The chat was not exported."),
        )

    def _on_listed(self, chats: tuple[Conversation, ...]) -> None:
        if isinstance(self._history.state, Ready):  # and was not locked meanwhile
            self.listed.emit(chats)

    def _on_renamed(self, chat: Conversation) -> None:
        self.changed.emit(chat)
        self.renamed.emit(chat)

    def _on_deleted(self, tree: ConversationTree) -> None:
        chat_id = tree.conversation.id
        self._deleted[chat_id] = tree
        self.gone.emit(chat_id)
        action = NoticeAction(self.tr("Undo"), lambda: self._undo(chat_id))
        self._notices.news(self.tr("Chat deleted."), action)
        # Once the toast is gone nobody can ask for it.
        QTimer.singleShot(2 * MOTION.toast_shown_ms, self, lambda: self._deleted.pop(chat_id, None))

    def _undo(self, chat_id: int) -> None:
        tree = self._deleted.pop(chat_id, None)
        if tree is None:
            self._notices.error(self.tr("The history was locked since: the chat is gone."))
            return

        def work(history: AnyHistory) -> Conversation:
            history.store.restore(tree)
            return history.store.get(chat_id)

        self._history.do(
            work,
            self._on_restored,
            what_failed="",
            on_failure=lambda error: self._on_not_restored(tree, error),
        )

    def _on_restored(self, chat: Conversation) -> None:
        self.changed.emit(chat)
        self.restored.emit(chat)

    def _on_not_restored(self, tree: ConversationTree, error: Exception) -> None:
        chat_id = tree.conversation.id
        self._deleted[chat_id] = tree
        form = self.tr("The chat was not brought back. {error}")
        action = NoticeAction(self.tr("Try again"), lambda: self._undo(chat_id))
        self._notices.error(form.format(error=error), action)

    def _on_history_changed(self, state: HistoryState) -> None:
        if isinstance(state, Ready):
            self.words_changed.emit(
                self.tr("No chats yet. Write below; what you type stays on this computer.")
            )
            self.reload()
            return
        self._deleted.clear()
        is_temporary = isinstance(state, TemporaryOnly)
        words = self.tr("Chats are temporary here: nothing of them is stored.")
        self.words_changed.emit(words if is_temporary else "")
        self.listed.emit(())
