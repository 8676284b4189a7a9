"""The history's own thread: it opens, locks and closes, and does what the window asks in order.

For: the window. A disk may take its time over every write, and a keyring over its answer: the
GUI thread waits for neither. One thread does everything, so that what was asked first is
stored first, and a lock comes after the answers that were to be kept. The history in memory,
for temporary chats, is served here too.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from app.bridge.history_states import HistoryState, Locked, Opening, TemporaryOnly
from app.bridge.tasks import Tasks
from app.chats.errors import ChatsError, StoreError, VaultError
from app.chats.history import AnyHistory, History, TemporaryHistory
from app.chats.history_states import CannotOpen, FirstTime, KeyringWaits, Ready
from app.chats.profile import Profile
from app.chats.profile_opening import HistoryDoor
from app.chats.upkeep.backup_list import Backup
from app.notices import Notices
from inference.sentence import said

_Result = TypeVar("_Result")
_FIRST_WAIT_S = 3.0  # before the window says that it waits for the keyring
_WAIT_S = 30.0
_IS_CLOSED = said("The history is locked. Unlock it, then try again.")


class Place(StrEnum):
    """Where a chat lives."""

    KEPT = "kept"
    TEMPORARY = "temporary"


class HistoryWorker(QObject):
    """Holds the door and what is behind it; all its methods are for the GUI thread."""

    changed = Signal(object)  # a HistoryState

    def __init__(self, door: HistoryDoor, notices: Notices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._door = door
        self._notices = notices
        self._tasks = Tasks(notices, self, workers=1, name="history")
        self._state: HistoryState = Opening()
        # The thread's own, these three: what is open, what was before a step, and in memory.
        self._kept: History | None = None
        self._before: History | None = None
        self._temporary: TemporaryHistory | None = None
        self._is_closed = False

    @property
    def state(self) -> HistoryState:
        """Where it stands, as last told."""
        return self._state

    @property
    def profile(self) -> Profile:
        """Where its files lie."""
        return self._door.profile

    # ------------------------------------------------------------------ the door

    def open(self) -> None:
        """Open it, or begin one in the keyring; also what "Try again" does."""
        self._step(lambda: self._door.open(_FIRST_WAIT_S))

    def wait_on(self) -> None:
        """After KeyringWaits: go on waiting; `cancel` ends that."""
        self._step(lambda: self._door.wait_on(_WAIT_S), Opening(waits=True))

    def cancel(self) -> None:
        """Stop waiting for the keyring."""
        self._door.cancel()

    def try_passphrase(self, passphrase: str) -> None:
        """Where the door asked for one, or offered to take one."""
        self._step(lambda: self._door.try_passphrase(passphrase))

    def unlock(self, passphrase: str) -> None:
        """After Locked with a passphrase: open with it, in one step."""
        self._step(lambda: self._unlocked(passphrase))

    def begin_under_passphrase(self, passphrase: str) -> None:
        """After FirstTime. A passphrase that is refused comes back as FirstTime, saying so."""
        self._step(lambda: self._begun(passphrase))

    def restore(self, backup: Backup | None = None) -> None:
        """Put a backup, or the newest that opens, in the history's place, and open it."""
        self._step(lambda: self._door.restore(backup, _WAIT_S))

    def salvage(self) -> None:
        """Bring what can be read of a damaged history into a new one, and open that."""
        self._step(self._door.salvage)

    def go_on_temporary(self) -> None:
        """Without a history from here on: nothing is stored, and another program may have it."""
        self._step(self._without)

    def lock(self) -> None:
        """Forget the key and close the file, once what was asked before is done."""
        if isinstance(self._state, Ready):
            self._step(self._locked)

    # ------------------------------------------------------------------ what is in it

    def do(
        self,
        work: Callable[[AnyHistory], _Result],
        on_success: Callable[[_Result], None],
        *,
        what_failed: str,
        on_failure: Callable[[Exception], None] | None = None,
        place: Place = Place.KEPT,
    ) -> None:
        """As `Tasks.run`, with the history of `place`; VaultError where that is not open."""
        self._tasks.run(
            lambda: work(self._history(place)),
            on_success,
            what_failed=what_failed,
            on_failure=on_failure,
        )

    def close(self) -> bool:
        """Do what was asked, close everything, and let another program in. Blocks, within the
        limit of `Tasks.close`: False where a disk did not answer for so long.

        A second call does nothing.
        """
        if self._is_closed:
            return True
        self._is_closed = True
        self._door.cancel()
        self._tasks.run(self._left, lambda _nothing: None, what_failed="")
        return self._tasks.close()

    # ------------------------------------------------------------------ steps, in the thread

    def _step(self, step: Callable[[], HistoryState], during: HistoryState | None = None) -> None:
        if self._is_closed:
            return
        self._tell(during or Opening())
        self._tasks.run(
            lambda: self._entered(step),
            self._arrive,
            what_failed="",
            on_failure=lambda error: self._arrive(CannotOpen(str(error))),
        )

    def _entered(self, step: Callable[[], HistoryState]) -> HistoryState:
        self._before, self._kept = self._kept, None
        try:
            state = step()
        except ChatsError as error:
            return CannotOpen(str(error))
        if isinstance(state, Ready):
            self._kept = state.history
        return state

    def _unlocked(self, passphrase: str) -> HistoryState:
        self._door.open(_FIRST_WAIT_S)
        return self._door.try_passphrase(passphrase)

    def _begun(self, passphrase: str) -> HistoryState:
        try:
            return self._door.begin_under_passphrase(passphrase)
        except VaultError as error:
            return FirstTime(str(error))

    def _without(self) -> HistoryState:
        self._door.close()
        return TemporaryOnly()

    def _locked(self) -> HistoryState:
        # What is open by now: another opening may have come between the click and this.
        history, self._before = self._before, None
        if history is None:
            return CannotOpen(_IS_CLOSED)
        asks_passphrase = history.ways().keyring is None
        try:
            history.lock_now()
        except StoreError as error:  # the key is forgotten all the same
            return Locked(asks_passphrase, str(error))
        return Locked(asks_passphrase)

    def _history(self, place: Place) -> AnyHistory:
        if place is Place.TEMPORARY:
            if self._temporary is None:
                self._temporary = TemporaryHistory()
            return self._temporary
        if self._kept is None:
            raise VaultError(_IS_CLOSED)
        return self._kept

    def _left(self) -> None:
        if self._temporary is not None:
            self._temporary.close()
        self._door.close()

    # ------------------------------------------------------------------ back here

    def _arrive(self, state: HistoryState) -> None:
        self._tell(state)
        if isinstance(state, KeyringWaits):
            self.wait_on()

    def _tell(self, state: HistoryState) -> None:
        self._state = state
        self.changed.emit(state)
