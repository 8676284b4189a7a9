"""What is typed and attached and not sent, kept for each chat: a second of it at most is at risk.

For: the controller and the page's composer. Of a temporary chat it is kept in memory alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakSet

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge.history_worker import HistoryWorker, Place
from app.chats.chat_record import ChatRecord, joined
from app.chats.errors import MissingError, VaultError
from app.error_words import words_of
from app.notices import Notices
from app.pages.chat.attach_pile import Held, Pile, parted
from app.pages.chat.stored_turns import attachments_of
from app.pages.chat.turns import Attached
from app.widgets.field_room import fits_field

_PAUSE_MS = 1000


@dataclass(frozen=True)
class Draft:
    """What is typed, and the files beside it."""

    text: str = ""
    files: tuple[Attached, ...] = ()


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
        self._left: WeakSet[Pile] = WeakSet()  # of chats that were left, while files come to them
        self._next_key = 1
        self._stored: Draft | None = Draft()
        self._unkept: dict[ChatRecord, tuple[Place, Draft]] = {}  # of chats that were left
        self._is_told = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.flush)

    @property
    def now(self) -> Draft:
        """What is typed and attached."""
        return Draft(self._typed, self._pile.attached)

    @property
    def pile(self) -> Pile:
        """The files of the chat that is shown; hand it to `attach` when they have been read."""
        return self._pile

    @property
    def is_settled(self) -> bool:
        """Whether it is known which chat it belongs to."""
        return self._record is not None

    def belong_to(self, record: ChatRecord, place: Place, kept: Draft, *, is_kept: bool) -> None:
        """From here on it is this chat's, of which `kept` was read; typed meanwhile stays.

        `is_kept` unless a message was sent since, which empties what is kept.
        """
        self._record, self._place = record, place
        self._stored = kept if is_kept else None
        self._take_files(record, place, kept.files)
        typed = kept.text
        if not fits_field(typed, was_typed=True):
            text, typed = parted(typed)
            self.attach(Attached(self.tr("Draft.txt"), text, len(text.encode())))
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

    def attach(self, attached: Attached) -> Held:
        """Put a file beside what is typed."""
        held = self._held(attached)
        self._pile.put([held])
        self._on_files_changed()
        return held

    def arrive(self, attached: Attached, pile: Pile) -> None:
        """A file was read for a pile, whose chat may have been left meanwhile: it lies there."""
        pile = pile.newest()
        if pile is self._pile:
            self.attach(attached)
        elif pile.home is not None:
            self._keep_there(attached, pile, *pile.home)
        else:
            self._notices.warning(self._not_attached())

    def detach(self, key: int) -> Held | None:
        """Take a file away again."""
        held = self._pile.take(key)
        self._on_files_changed()
        return held

    def give_back(self, attached: Sequence[Attached]) -> None:
        """Files of a question that was not asked lie beside what is typed again."""
        for each in attached:
            self.attach(each)

    def taken(self) -> None:
        """It was sent: whoever stores the message empties what is kept of it."""
        self._typed, self._stored = "", Draft()
        self._pause.stop()
        if self._pile.files:
            self._pile.files = ()  # the same pile: what is still being read comes to the next
            self.attached_changed.emit(())

    def refused(self, record: ChatRecord) -> None:
        """What was sent in a chat was not stored: what is kept of its draft is not known."""
        if record is self._record:
            self._stored = None

    def known(self, draft: Draft) -> None:
        """It was stored by other means."""
        self._stored = draft

    def flush(self) -> None:
        """Store it now, if it is not."""
        self._pause.stop()
        unkept, self._unkept = self._unkept, {}
        for record, (place, draft) in unkept.items():
            self._store(record, place, draft, has_other_files=True)
        now, stored = self.now, self._stored
        if self._record is not None and now != stored:
            self._stored = now
            is_other = stored is None or stored.files != now.files
            self._store(self._record, self._place, now, has_other_files=is_other)

    def flush_unknown(self) -> None:
        """At the end: what came before a history was open is added to what it keeps."""
        now = self.now
        if self._record is None and (now.text.strip() or now.files):
            files = attachments_of(now.files)
            self._history.do(
                lambda history: ChatRecord().add_to_draft(history, now.text, files),
                lambda _nothing: None,
                what_failed=self.tr("What was typed and attached is not kept.")
                if files
                else self.tr("What was typed is not kept."),
            )

    def leave(self) -> None:
        """Store it, and show an empty field; what has no place yet stays in it."""
        if self._record is None:
            return
        self.flush()
        if self._place is Place.KEPT:  # a temporary chat that is left is gone
            self._pile.home = self._record, self._place
        self._pile.files = ()
        self._left.add(self._pile)
        self.clear()

    def clear(self) -> None:
        """Show an empty field, which belongs to no chat yet."""
        self._record = None
        self._typed, self._stored = "", Draft()
        self._pile = Pile()
        self.shown.emit("")
        self.attached_changed.emit(())

    def _held(self, attached: Attached) -> Held:
        self._next_key += 1
        return Held(self._next_key, attached)

    def _take_files(self, record: ChatRecord, place: Place, kept: Sequence[Attached]) -> None:
        """The files that are kept of this chat, those on their way there, then those of now."""
        files = [self._held(each) for each in kept]
        for pile in tuple(self._left):
            if pile.home is not None and _is_same_chat(*pile.home, record, place):
                files += pile.files
                pile.files, pile.heir = (), self._pile
                self._left.discard(pile)
        if files:
            self._pile.files = (*files, *self._pile.files)
            self.attached_changed.emit(self._pile.files)

    def _keep_there(self, attached: Attached, pile: Pile, record: ChatRecord, place: Place) -> None:
        held, files = self._held(attached), attachments_of([attached])
        pile.put([held])  # until it is stored: the chat may be read before that
        self._history.do(
            lambda history: record.add_to_draft(history, "", files),
            lambda _nothing: pile.drop(held),
            what_failed="",
            on_failure=lambda error: self._on_not_kept_there(error, pile, held),
            place=place,
        )

    def _on_not_kept_there(self, error: Exception, pile: Pile, held: Held) -> None:
        pile.drop(held)
        self._notices.error(f"{self._not_attached()} {words_of(error)}")

    def _not_attached(self) -> str:
        """Without a name: who sits here now may not have chosen it."""
        return self.tr("A file that was still being read is not attached.")

    def _on_files_changed(self) -> None:
        self.attached_changed.emit(self._pile.files)
        self._store_soon()

    def _store_soon(self) -> None:
        if self._record is not None and not self._pause.isActive():
            self._pause.start()

    def _store(
        self, record: ChatRecord, place: Place, draft: Draft, *, has_other_files: bool
    ) -> None:
        files = attachments_of(draft.files) if has_other_files else None
        self._history.do(
            lambda history: record.set_draft(history, draft.text, files),
            self._on_stored,
            what_failed="",
            on_failure=lambda error: self._on_not_stored(error, record, place, draft),
            place=place,
        )

    def _on_stored(self, _nothing: None) -> None:
        self._is_told = False

    def _on_not_stored(
        self, error: Exception, record: ChatRecord, place: Place, draft: Draft
    ) -> None:
        if isinstance(error, MissingError | VaultError):  # it has no place any more
            pass
        elif record is self._record:
            self._stored = None
            self._store_soon()
        else:
            self._unkept[record] = (place, draft)
            self._pause.start()
        if not self._is_told:
            self._is_told = True
            form = self.tr("{error} What you typed is not stored yet.")
            if draft.files:
                form = self.tr("{error} What you typed and attached is not stored yet.")
            self._notices.error(form.format(error=words_of(error)))


def _is_same_chat(of: ChatRecord, at: Place, record: ChatRecord, place: Place) -> bool:
    """Each opening has a record of its own; two without an id are the new chat."""
    if at is not Place.KEPT or place is not Place.KEPT:
        return False
    return of.conversation_id == record.conversation_id
