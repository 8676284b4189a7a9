"""Finding things from the window: the sidebar's search, joined with the history and the chats.

For: `Application`, which builds it. What is found is the history's; how it looks, the widgets'.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QShortcut

from app.bridge.history_states import HistoryState
from app.bridge.history_worker import HistoryWorker
from app.bridge.searching import Searching
from app.chats.history_states import Ready
from app.chats.model import Hit
from app.main_window import MainWindow
from app.pages.chat.chats import Chats
from app.pages.chat.controller import ChatController
from app.widgets.search_box import SEARCH_KEYS

_MOST_HITS = 50  # in titles, and as many in messages


class Finding(QObject):
    """Searches as one types, and opens what was found."""

    opening = Signal()  # a chat is about to be shown

    def __init__(
        self, window: MainWindow, chat: ChatController, chats: Chats, history: HistoryWorker
    ) -> None:
        super().__init__(window)
        self._window = window
        self._chat = chat
        self._sidebar = window.sidebar
        self.searching = Searching(history, _MOST_HITS, self)
        self._search_keys = QShortcut(SEARCH_KEYS, window)
        self._search_keys.activated.connect(self.search)
        self._connect_search(chat, chats)
        history.changed.connect(self._on_history_changed)
        self._on_history_changed(history.state)

    @property
    def shown_id(self) -> int | None:
        """The chat that is shown, if it is one that is kept."""
        return self._chat.shown_id

    def search(self) -> None:
        """Be ready for words to search for; the sidebar is shown for it."""
        shell = self._window.shell
        if not shell.is_docked() and not shell.is_open_over():
            shell.toggle()
        self._sidebar.search.begin()

    def open_hit(self, hit: Hit) -> None:
        """Show what was found in its chat, on the branch where it is."""
        self.open_chat(hit.conversation_id, hit.message_id)

    def open_chat(self, chat_id: int, message_id: int | None = None) -> None:
        """Show a chat, whatever is seen now."""
        self._window.shell.close_over()
        self.opening.emit()
        self._chat.open_chat(chat_id, message_id)
        self._window.page_now().take_focus()

    def _connect_search(self, chat: ChatController, chats: Chats) -> None:
        box, results = self._sidebar.search, self._sidebar.results
        box.changed.connect(self.searching.ask)
        box.ended.connect(self._on_ended)
        self.searching.found.connect(self._on_found)
        self.searching.failed.connect(results.say)
        results.opened.connect(self.open_hit)
        chats.gone.connect(results.take)
        chat.gone.connect(lambda chat_id: results.take((chat_id,)))
        for changed in (chats.restored, chats.renamed, chats.listed):
            changed.connect(self._search_again, Qt.ConnectionType.QueuedConnection)

    def _on_ended(self) -> None:
        """The keyboard stays in a sidebar that lies over the page."""
        if self._window.shell.is_open_over():
            self._sidebar.search.row.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._window.page_now().take_focus()

    def _search_again(self) -> None:
        """A chat is called otherwise, is there again, or others may have changed them."""
        self.searching.ask_at_once(self._sidebar.search.words)

    def _on_found(self, _words: str, hits: tuple[Hit, ...]) -> None:
        self._sidebar.results.show_hits(hits)

    def _on_history_changed(self, state: HistoryState) -> None:
        """What is locked is not searched, and nothing that was found stays on the screen."""
        is_open = isinstance(state, Ready)
        self._sidebar.can_search(is_open)
        self._search_keys.setEnabled(is_open)
