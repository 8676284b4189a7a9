"""What is typed and not sent, kept for each chat: a second of it at most is at risk.

For: the controller and the page's composer. Of a temporary chat it is kept in memory alone.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge.history_worker import HistoryWorker, Place
from app.chats.chat_record import ChatRecord, joined
from app.chats.errors import MissingError, VaultError
from app.notices import Notices

_PAUSE_MS = 1000


class Drafts(QObject):
    """The text in the composer, and the chat that it belongs to."""

    shown = Signal(str)  # what the composer shall hold

    def __init__(self, history: HistoryWorker, notices: Notices, parent: QObject) -> None:
        super().__init__(parent)
        self._history = history
        self._notices = notices
        self._record: ChatRecord | None = None  # None: what is kept of it is not known yet
        self._place = Place.KEPT
        self._text = ""
        self._stored: str | None = ""
        self._unkept: dict[ChatRecord, tuple[Place, str]] = {}  # of chats that were left
        self._is_told = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.flush)

    @property
    def text(self) -> str:
        """What the composer holds."""
        return self._text

    @property
    def is_settled(self) -> bool:
        """Whether it is known which chat it belongs to."""
        return self._record is not None

    def belong_to(self, record: ChatRecord, place: Place, kept: str, *, is_kept: bool) -> None:
        """From here on it is this chat's, of which `kept` was read; typed meanwhile stays.

        `is_kept` unless a message was sent since, which empties what is kept.
        """
        self._record, self._place = record, place
        self._stored = kept if is_kept else None
        text = joined(kept, self._text)
        if text != self._text:
            self._text = text
            self.shown.emit(text)
        self._store_soon()

    def change(self, text: str) -> None:
        """The composer holds another text."""
        self._text = text
        self._store_soon()

    def taken(self) -> None:
        """It was sent: whoever stores the message empties what is kept of it."""
        self._text = self._stored = ""
        self._pause.stop()

    def refused(self, record: ChatRecord) -> None:
        """What was sent in a chat was not stored: what is kept of its draft is not known."""
        if record is self._record:
            self._stored = None

    def known(self, text: str) -> None:
        """It was stored by other means."""
        self._stored = text

    def flush(self) -> None:
        """Store it now, if it is not."""
        self._pause.stop()
        unkept, self._unkept = self._unkept, {}
        for record, (place, text) in unkept.items():
            self._store(record, place, text)
        if self._record is not None and self._text != self._stored:
            self._stored = self._text
            self._store(self._record, self._place, self._text)

    def flush_unknown(self) -> None:
        """At the end: what was typed before a history was open is added to what it keeps."""
        text = self._text
        if self._record is None and text.strip():
            self._history.do(
                lambda history: ChatRecord().add_to_draft(history, text),
                lambda _nothing: None,
                what_failed=self.tr("What was typed is not kept."),
            )

    def leave(self) -> None:
        """Store it, and show an empty field; what has no place yet stays in it."""
        if self._record is None:
            return
        self.flush()
        self.clear()

    def clear(self) -> None:
        """Show an empty field, which belongs to no chat yet."""
        self._record = None
        self._stored = self._text = ""
        self.shown.emit("")

    def _store_soon(self) -> None:
        if self._record is not None and self._text != self._stored and not self._pause.isActive():
            self._pause.start()

    def _store(self, record: ChatRecord, place: Place, text: str) -> None:
        self._history.do(
            lambda history: record.set_draft(history, text),
            self._on_stored,
            what_failed="",
            on_failure=lambda error: self._on_not_stored(error, record, place, text),
            place=place,
        )

    def _on_stored(self, _nothing: None) -> None:
        self._is_told = False

    def _on_not_stored(self, error: Exception, record: ChatRecord, place: Place, text: str) -> None:
        if isinstance(error, MissingError | VaultError):  # it has no place any more
            pass
        elif record is self._record:
            self._stored = None
            self._store_soon()
        else:
            self._unkept[record] = (place, text)
            self._pause.start()
        if not self._is_told:
            self._is_told = True
            form = self.tr("{error} What you typed is not stored yet.")
            self._notices.error(form.format(error=error))
