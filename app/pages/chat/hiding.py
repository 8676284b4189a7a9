"""What becomes of the open chat when the history is locked, and when it is open again.

For: the controller. `Switching` shows chats; here is said when one is hidden, and which one stands
there again.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.bridge.history_states import HistoryState, Opening, TemporaryOnly
from app.bridge.history_worker import HistoryWorker, Place
from app.chats.history_states import KeyringWaits, Ready
from app.pages.chat.asking import Asking
from app.pages.chat.drafts import Drafts
from app.pages.chat.keeping import Keeping
from app.pages.chat.open_chat import OpenChat
from app.pages.chat.stage import Stage
from app.pages.chat.switching import Switching


class Hiding(QObject):
    """Follows the history's states."""

    forgotten = Signal()  # nothing of any chat is to be left in memory

    def __init__(
        self,
        history: HistoryWorker,
        switching: Switching,
        asking: Asking,
        drafts: Drafts,
        keeping: Keeping,
        stage: Stage,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._switching = switching
        self._asking = asking
        self._drafts = drafts
        self._keeping = keeping
        self._stage = stage
        self._was_open = False
        self._hidden: OpenChat | None = None  # while the history is locked
        history.changed.connect(self._on_history_changed)

    def forget(self) -> None:
        """For the lock: stop the answer, keep it, and show nothing of any chat."""
        if self._hidden is not None:
            return
        self.forgotten.emit()
        wanted = self._switching.give_up()
        if self._stage.holds:
            self._put_away()
            self._hidden = wanted  # locked again before it was shown again
            return
        left = self._switching.leave()
        self._hidden = left.bare()
        self._keeping.drop()
        self._stage.holds = True
        self._switching.show(self._switching.empty(Place.KEPT), is_secret=True)
        left.forget()

    def resume(self) -> None:
        """After the lock: show again what was shown before it."""
        chat, self._hidden = self._hidden, None
        if chat is None:
            return
        place = self._switching.place
        if chat.place is not place and not chat.is_temporary:
            chat = self._switching.empty(place)
        # What is sent until it is shown stands in the field again.
        self._asking.take_back_waiting()
        self._switching.load(chat.reopened())

    def _put_away(self) -> None:
        """The history is locked before what was kept could be read: nothing typed is left."""
        if self._was_open and not self._stage.chat.is_temporary:
            self._asking.take_back_waiting()
            self._drafts.flush_unknown()
            self._drafts.clear()

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
                if not self._stage.chat.is_temporary:
                    self._asking.take_back_waiting()
        self._was_open = False

    def _on_history_open(self) -> None:
        if self._hidden is not None:
            self.resume()
            return
        chat = self._stage.chat
        if not self._stage.holds:
            return
        if chat.is_temporary:  # it was begun before there was anything else
            self._stage.holds = False
        else:
            chat.place = self._switching.place
            self._switching.load(chat)
        self._switching.shown.emit()
