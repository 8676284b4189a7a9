"""What is typed and not sent, kept for each chat: a second of it at most is at risk.

For: the controller and the page's composer. Of a temporary chat it is kept in memory alone, and
so are the files that lie beside what is typed; a text that was pasted as a file is kept with it.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge.history_worker import HistoryWorker, Place
from app.chats.chat_record import ChatRecord, joined
from app.chats.errors import MissingError, VaultError
from app.notices import Notices
from app.pages.chat.attach_pile import Held, Pile, fits_field, parted
from app.pages.chat.turns import Attached

_PAUSE_MS = 1000


class Drafts(QObject):
    """The text in the composer with its files, and the chat that they belong to."""

    shown = Signal(str)  # what the composer shall hold
    attached_changed = Signal(object)  # the files beside it: a tuple of Held

    def __init__(self, history: HistoryWorker, notices: Notices, parent: QObject) -> None:
        super().__init__(parent)
        self._history = history
        self._notices = notices
        self._record: ChatRecord | None = None  # None: what is kept of it is not known yet
        self._place = Place.KEPT
        self._typed = ""
        self._pile = Pile()
        self._piles: list[tuple[ChatRecord, Place, Pile]] = []  # of chats that were left
        self._next_key = 1
        self._stored: str | None = ""
        self._unkept: dict[ChatRecord, tuple[Place, str]] = {}  # of chats that were left
        self._is_told = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.flush)

    @property
    def text(self) -> str:
        """What is kept of it: what is typed, after what was pasted as a file."""
        return self._pile.with_typed(self._typed)

    @property
    def pile(self) -> Pile:
        """The files of the chat that is shown; hand it to `attach` when they have been read."""
        return self._pile

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
        self._take_pile(record, place)
        typed = self._pile.typed_of(kept)
        if not fits_field(typed, was_typed=True):
            text, typed = parted(typed)
            self.attach(Attached(self.tr("Draft.txt"), text, len(text.encode())), is_pasted=True)
        typed = joined(typed, self._typed)
        if typed != self._typed:
            self._typed = typed
            self.shown.emit(typed)
        self._store_soon()

    def change(self, text: str) -> None:
        """The composer holds another text."""
        if text != self._typed:
            self._typed = text
            self._store_soon()

    def attach(
        self, attached: Attached, pile: Pile | None = None, *, is_pasted: bool = False
    ) -> Held:
        """Put a file beside what is typed, in this chat or in the one whose pile it is."""
        held = Held(self._next_key, attached, is_pasted)
        self._next_key += 1
        (pile or self._pile).put([held])
        if pile is None or pile is self._pile:
            self._on_files_changed()
        return held

    def detach(self, key: int) -> Held | None:
        """Take a file away again."""
        held = self._pile.take(key)
        self._on_files_changed()
        return held

    def give_back(self, attached: Sequence[Attached]) -> None:
        """Files of a question that was not asked lie beside what is typed again."""
        for each in attached:
            self.attach(each, is_pasted=True)  # the file itself may be another by now

    def taken(self) -> None:
        """It was sent: whoever stores the message empties what is kept of it."""
        self._typed = self._stored = ""
        self._pause.stop()
        if self._pile.files:
            self._pile.files = ()  # the same pile: what is still being read comes to the next
            self.attached_changed.emit(())

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
        text = self.text
        if self._record is not None and text != self._stored:
            self._stored = text
            self._store(self._record, self._place, text)

    def flush_unknown(self) -> None:
        """At the end: what was typed before a history was open is added to what it keeps."""
        text = self.text
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
        if self._pile.files:
            self._piles.append((self._record, self._place, self._pile))
        self.clear()

    def clear(self) -> None:
        """Show an empty field, which belongs to no chat yet."""
        self._record = None
        self._stored = self._typed = ""
        self._pile = Pile()
        self.shown.emit("")
        self.attached_changed.emit(())

    def _take_pile(self, record: ChatRecord, place: Place) -> None:
        """The files that were beside this chat's text when it was left, then those of now."""
        now, found = self._pile, Pile()
        piles, self._piles = self._piles, []
        for of, at, pile in piles:
            if of is record or _is_same_chat(of, at, record, place):
                found = pile
            elif at is Place.KEPT:  # a temporary chat that was left is gone
                self._piles.append((of, at, pile))
        if found.files:
            found.put(now.files)
            self._pile = found
            self.attached_changed.emit(found.files)

    def _on_files_changed(self) -> None:
        self.attached_changed.emit(self._pile.files)
        self._store_soon()

    def _store_soon(self) -> None:
        if self._record is not None and not self._pause.isActive():
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


def _is_same_chat(of: ChatRecord, at: Place, record: ChatRecord, place: Place) -> bool:
    """Each opening has a record of its own; two without an id are the new chat."""
    if at is not Place.KEPT or place is not Place.KEPT:
        return False
    return of.conversation_id == record.conversation_id
