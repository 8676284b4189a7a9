"""Has a window's answers written down as they grow, and says when that can't be done.

For: the controller. Nothing here touches a disk: the work is given to the history's thread,
which does it in order. An answer that can't be finished waits here and is tried again.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge.history_worker import HistoryWorker, Place
from app.chats.chat_record import AnswerRecord
from app.chats.errors import MissingError, VaultError
from app.chats.model import Conversation, MessageState, Part, Provenance
from app.error_words import words_of
from app.notices import NoticeAction, Notices

# With the recorder's 650 ms and the 33 ms of merged updates less than a second is at risk.
_TICK_MS = 200
_AGAIN_MS = 5000


@dataclass(frozen=True)
class Growth:
    """All that has come of an answer so far."""

    answer: AnswerRecord
    place: Place
    parts: tuple[Part, ...]
    tokens: int


@dataclass(frozen=True)
class Ending:
    """How an answer ended."""

    answer: AnswerRecord
    place: Place
    state: MessageState
    parts: tuple[Part, ...]
    provenance: Provenance | None


class Keeping(QObject):
    """One answer that grows, and those that could not be finished."""

    finished = Signal(object)  # the Conversation, of a chat that is kept

    def __init__(self, history: HistoryWorker, notices: Notices, parent: QObject) -> None:
        super().__init__(parent)
        self._history = history
        self._notices = notices
        self._growth: Growth | None = None
        self._handed: Growth | None = None
        self._is_under_way = False
        self._is_told = False
        self._unfinished: list[Ending] = []
        self._trying = 0
        self._clock = QTimer(self)
        self._clock.setInterval(_TICK_MS)
        self._clock.timeout.connect(self._hand_over)
        self._again = QTimer(self)
        self._again.setInterval(_AGAIN_MS)
        self._again.timeout.connect(self.retry)

    def grow(self, growth: Growth) -> None:
        """Take over what has come; it is written down when that is due."""
        if self._growth is None or self._growth.answer is not growth.answer:
            self._handed, self._is_told = None, False
            self._clock.start()
        self._growth = growth
        # At once, as it is the recorder that knows how many tokens are at risk.
        self._hand_over()

    def finish(self, ending: Ending) -> None:
        """Write down the whole answer and how it ended."""
        if self._growth is not None and self._growth.answer is ending.answer:
            self._stop_growing()
        self._end(ending)

    def retry(self) -> None:
        """Try once more what could not be finished: by and by, and before what comes next."""
        waiting, self._unfinished = self._unfinished, []
        self._trying += len(waiting)
        for ending in waiting:
            self._end(ending, is_again=True)

    def drop(self) -> None:
        """The history is being locked: what can't be finished now never is."""
        self._stop_growing()
        self.retry()
        self._again.stop()

    def _stop_growing(self) -> None:
        self._growth = self._handed = None
        self._clock.stop()

    def _hand_over(self) -> None:
        """Give the history's thread what is new; one piece is under way at a time."""
        growth = self._growth
        if growth is None or self._is_under_way:
            return
        self._is_under_way = True
        is_new, self._handed = growth is not self._handed, growth

        def work(_history: object) -> None:
            if is_new:
                growth.answer.grow(growth.parts, growth.tokens)
            else:
                growth.answer.tick()

        self._history.do(
            work,
            self._on_handed,
            what_failed="",
            on_failure=self._on_not_handed,
            place=growth.place,
        )

    def _on_handed(self, _nothing: None) -> None:
        self._is_under_way = False

    def _on_not_handed(self, error: Exception) -> None:
        self._is_under_way = False
        if not self._is_told:
            self._is_told = True
            self._notices.error(
                self.tr("{error} The answer goes on.").format(error=words_of(error))
            )

    def _end(self, ending: Ending, *, is_again: bool = False) -> None:
        self._history.do(
            lambda history: ending.answer.finish(
                history, ending.state, ending.parts, ending.provenance
            ),
            lambda chat: self._on_ended(ending, chat, is_again=is_again),
            what_failed="",
            on_failure=lambda error: self._on_not_ended(ending, error, is_again=is_again),
            place=ending.place,
        )

    def _on_ended(self, ending: Ending, chat: Conversation | None, *, is_again: bool) -> None:
        if chat is not None and ending.place is Place.KEPT:
            self.finished.emit(chat)
        self._trying -= is_again
        if is_again and not self._unfinished and not self._trying:
            self._again.stop()
            self._notices.news(self.tr("The answer is stored now."))

    def _on_not_ended(self, ending: Ending, error: Exception, *, is_again: bool) -> None:
        self._trying -= is_again
        if isinstance(error, MissingError | VaultError):  # it has no place any more
            form = self.tr("{error} The end of an answer was not stored.")
            self._notices.error(form.format(error=words_of(error)))
            return
        self._unfinished.append(ending)
        self._again.start()
        if not is_again:
            form = self.tr("{error} The answer is stored when that is possible again.")
            action = NoticeAction(self.tr("Try again"), self.retry)
            self._notices.error(form.format(error=words_of(error)), action)
