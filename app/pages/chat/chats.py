"""All chats that are kept, as the sidebar lists them, and what is done with one or several.

For: the window, which joins it with the list. The chat that is open is the controller's.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge.history_states import HistoryState, TemporaryOnly
from app.bridge.history_worker import HistoryWorker
from app.chats.export_format import ExportFormat
from app.chats.exporting import export_json, export_readable, targets_in
from app.chats.history import AnyHistory
from app.chats.history_states import Ready
from app.chats.model import Conversation, ConversationTree
from app.error_words import words_of
from app.notices import NoticeAction, Notices
from app.numbers import whole
from app.restrictions import Banner
from app.theme.metrics import MOTION

_FEW = 20


class Chats(QObject):
    """Reads and changes them in the history's thread."""

    listed = Signal(object)  # all of them, in a tuple
    words_changed = Signal(str)  # what is said where there are none
    changed = Signal(object)  # a Conversation as it is now
    renamed = Signal(object)  # the same, after its title alone
    leaving = Signal(int)  # a chat is about to be deleted
    gone = Signal(object)  # ids of chats that were deleted, in a tuple
    restored = Signal(object)  # Conversations that were deleted and are back, in a tuple

    def __init__(
        self,
        history: HistoryWorker,
        notices: Notices,
        parent: QObject,
        *,
        banner: Banner | None = None,
    ) -> None:
        """`banner` stands on what is exported to be read."""
        super().__init__(parent)
        self._banner = banner
        self._history = history
        self._notices = notices
        # What was deleted at once, by a number of its own, while it can be brought back.
        self._deleted: dict[int, tuple[ConversationTree, ...]] = {}
        self._deletions = 0
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

    def rename_if(self, chat_id: int, title: str, otherwise: str) -> None:
        """Call a chat `otherwise` if it is still called `title`; what fails is not told."""

        def work(history: AnyHistory) -> Conversation | None:
            with history.store.database.write():
                if history.store.get(chat_id).title != title:
                    return None
                history.store.rename(chat_id, otherwise)
                return history.store.get(chat_id)

        self._history.do(
            work,
            lambda chat: self._on_renamed(chat) if chat is not None else None,
            what_failed="",
            on_failure=lambda _error: None,
        )

    def pin(self, chat_ids: Sequence[int], is_pinned: bool) -> None:
        """Keep chats at the top of the list, or no longer."""

        def work(history: AnyHistory) -> tuple[Conversation, ...]:
            with history.store.database.write():
                for chat_id in chat_ids:
                    history.store.set_pinned(chat_id, is_pinned)
            return tuple(history.store.get(chat_id) for chat_id in chat_ids)

        failed = self.tr("The chat was not pinned.")
        if not is_pinned:
            failed = self.tr("The chat is still pinned.")
        self._history.do(work, self._on_changed, what_failed=failed)

    def delete(self, chat_ids: Sequence[int]) -> None:
        """Delete chats; for as long as the toast is there they can be brought back together."""
        for chat_id in chat_ids:
            self.leaving.emit(chat_id)

        def work(history: AnyHistory) -> tuple[ConversationTree, ...]:
            with history.store.database.write():
                trees = tuple(history.store.tree(chat_id) for chat_id in chat_ids)
                history.store.delete(chat_ids)
            return trees

        failed = self.tr("The chat was not deleted.")
        if len(chat_ids) > 1:
            failed = self.tr("No chat was deleted.")
        self._history.do(work, self._on_deleted, what_failed=failed)

    def export(self, chat_id: int, form: ExportFormat, target: Path) -> None:
        """Write a chat into a file that its owner chose, and agreed to replace if it is there."""

        def work(history: AnyHistory) -> None:
            chat = history.store.get(chat_id)
            if form is ExportFormat.JSON:
                export_json(history.store, [chat], target, replace=True)
            else:
                export_readable(
                    history.store, chat, form, target, replace=True, banner=self._banner
                )

        form_words = self.tr("The chat was exported to {file}.")
        self._history.do(
            work,
            lambda _nothing: self._notices.news(form_words.format(file=target)),
            what_failed=self.tr("The chat was not exported."),
        )

    def export_all(self, chat_ids: Sequence[int], form: ExportFormat, folder: Path) -> None:
        """Write a file for each chat into a folder; none that is there is replaced."""

        def work(history: AnyHistory) -> int:
            chats = [history.store.get(chat_id) for chat_id in chat_ids]
            for chat, target in targets_in(folder, chats, form):
                if form is ExportFormat.JSON:
                    export_json(history.store, [chat], target)
                else:
                    export_readable(history.store, chat, form, target, banner=self._banner)
            return len(chats)

        form_words = self.tr("Chats exported to {folder}: {count}.")
        self._history.do(
            work,
            lambda count: self._notices.news(form_words.format(folder=folder, count=whole(count))),
            what_failed=self.tr("Not all chats were exported."),
        )

    def _on_changed(self, chats: tuple[Conversation, ...]) -> None:
        """A few are put into the list one by one; for more it is read anew."""
        if len(chats) > _FEW:
            self.reload()
            return
        for chat in chats:
            self.changed.emit(chat)

    def _on_listed(self, chats: tuple[Conversation, ...]) -> None:
        if isinstance(self._history.state, Ready):  # and was not locked meanwhile
            self.listed.emit(chats)

    def _on_renamed(self, chat: Conversation) -> None:
        self.changed.emit(chat)
        self.renamed.emit(chat)

    def _on_deleted(self, trees: tuple[ConversationTree, ...]) -> None:
        self._deletions += 1
        number = self._deletions
        self._deleted[number] = trees
        self.gone.emit(tuple(tree.conversation.id for tree in trees))
        action = NoticeAction(self.tr("Undo"), lambda: self._undo(number))
        words = self.tr("Chat deleted.")
        if len(trees) > 1:
            words = self.tr("Chats deleted: {count}.").format(count=whole(len(trees)))
        self._notices.news(words, action)
        # Once the toast is gone nobody can ask for it.
        QTimer.singleShot(2 * MOTION.toast_shown_ms, self, lambda: self._deleted.pop(number, None))

    def _undo(self, number: int) -> None:
        trees = self._deleted.pop(number, None)
        if trees is None:
            self._notices.error(self.tr("The history was locked since: the chat is gone."))
            return

        def work(history: AnyHistory) -> tuple[Conversation, ...]:
            with history.store.database.write():
                for tree in trees:
                    history.store.restore(tree)
            return tuple(history.store.get(tree.conversation.id) for tree in trees)

        self._history.do(
            work,
            self._on_restored,
            what_failed="",
            on_failure=lambda error: self._on_not_restored(number, trees, error),
        )

    def _on_restored(self, chats: tuple[Conversation, ...]) -> None:
        self._on_changed(chats)
        self.restored.emit(chats)

    def _on_not_restored(
        self, number: int, trees: tuple[ConversationTree, ...], error: Exception
    ) -> None:
        self._deleted[number] = trees
        form = self.tr("The chat was not brought back. {error}")
        if len(trees) > 1:
            form = self.tr("The chats were not brought back. {error}")
        action = NoticeAction(self.tr("Try again"), lambda: self._undo(number))
        self._notices.error(form.format(error=words_of(error)), action)

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
