"""The presets of the history that is open, and what new chats begin with.

For: a chat's settings and the settings page. Everything is done in the history's thread. A preset
is copied into the chat that takes it: changing or deleting it changes no chat.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge.history_states import HistoryState
from app.bridge.history_worker import HistoryWorker
from app.chats.chat_settings import ChatSettings, settings_from
from app.chats.history import AnyHistory
from app.chats.history_states import Ready
from app.chats.model import Preset
from app.notices import NoticeAction, Notices
from app.theme.metrics import MOTION
from app.widgets.one_line import one_line

_Done = TypeVar("_Done")
_Listed = tuple[tuple[Preset, ...], ChatSettings]


class PresetShelf(QObject):
    """`listed` tells all presets after each change, by name; none while no history is open."""

    listed = Signal(object)  # tuple[Preset, ...]
    new_chats_changed = Signal(object)  # the ChatSettings that new chats begin with

    def __init__(self, history: HistoryWorker, notices: Notices, parent: QObject) -> None:
        super().__init__(parent)
        self._history = history
        self._notices = notices
        self._presets: tuple[Preset, ...] = ()
        self._new_chats = ChatSettings()
        self._unstored: ChatSettings | None = None
        self._storing = QTimer(self, singleShot=True, interval=MOTION.patience_ms)
        self._storing.timeout.connect(self.flush)
        history.changed.connect(self._on_history_changed)

    @property
    def presets(self) -> tuple[Preset, ...]:
        """All of them, by name."""
        return self._presets

    @property
    def new_chats(self) -> ChatSettings:
        """What new chats begin with."""
        return self._new_chats

    @property
    def is_open(self) -> bool:
        """Whether there is a history to keep them in."""
        return isinstance(self._history.state, Ready)

    def create(
        self,
        name: str,
        settings: ChatSettings,
        on_made: Callable[[Preset], object] = lambda _preset: None,
    ) -> None:
        """Keep settings under a name; `on_made` is told the preset."""
        self._do(
            lambda history: history.store.presets.create(name, settings.pairs()),
            self.tr("The preset was not saved."),
            on_made,
        )

    def change(self, preset: Preset, settings: ChatSettings) -> None:
        """Give a preset other settings."""
        self._put(replace(preset, settings=settings.pairs()))

    def rename(self, preset: Preset, name: str) -> None:
        """Give a preset another name."""
        self._put(replace(preset, name=name))

    def delete(self, preset: Preset) -> None:
        """Take a preset away; it can be put back."""
        self._do(
            lambda history: history.store.presets.delete(preset.id),
            self.tr("The preset was not deleted."),
            lambda _nothing: self._tell_deleted(preset),
        )

    def begin_new_chats_with(self, settings: ChatSettings) -> None:
        """Let new chats begin so; stored a moment later, as it may be typed just now."""
        if settings != self._new_chats:
            self._new_chats = self._unstored = settings
            self._storing.start()
            self.new_chats_changed.emit(settings)

    def flush(self) -> None:
        """Store what waits for that."""
        settings, self._unstored = self._unstored, None
        self._storing.stop()
        if settings is not None and self.is_open:
            pairs = settings.pairs()
            self._history.do(
                lambda history: history.store.presets.set_for_new_chats(pairs),
                lambda _nothing: None,
                what_failed=self.tr("What new chats begin with was not stored."),
            )

    def remember(self, chat_id: int, preset: Preset | None) -> None:
        """Note of a chat that is kept which preset it took."""
        number = None if preset is None else preset.id
        self._history.do(
            lambda history: history.store.set_preset(chat_id, number),
            lambda _nothing: None,
            what_failed=self.tr("The chat’s preset was not noted. Its settings hold."),
        )

    def preset_of(self, chat_id: int, tell: Callable[[int | None], None]) -> None:
        """Tell the id of the preset that a kept chat took, or None."""
        self._history.do(
            lambda history: history.store.get(chat_id).preset_id,
            tell,
            what_failed=self.tr("The chat’s preset was not read."),
        )

    def _put(self, preset: Preset) -> None:
        self._do(
            lambda history: history.store.presets.change(preset),
            self.tr("The preset was not changed."),
            lambda _nothing: None,
        )

    def _do(
        self,
        work: Callable[[AnyHistory], _Done],
        what_failed: str,
        on_done: Callable[[_Done], object],
    ) -> None:
        def listed_after(history: AnyHistory) -> tuple[_Done, tuple[Preset, ...]]:
            return work(history), history.store.presets.all()

        def arrive(result: tuple[_Done, tuple[Preset, ...]]) -> None:
            done, presets = result
            self._show(presets)
            on_done(done)

        self._history.do(listed_after, arrive, what_failed=what_failed)

    def _tell_deleted(self, preset: Preset) -> None:
        again = partial(self.create, preset.name, settings_from(preset.settings))
        self._notices.news(
            self.tr("Preset “{name}” deleted.").format(name=one_line(preset.name)),
            NoticeAction(self.tr("Undo"), again),
        )

    def _show(self, presets: tuple[Preset, ...]) -> None:
        self._presets = presets
        self.listed.emit(presets)

    def _on_history_changed(self, state: HistoryState) -> None:
        if not isinstance(state, Ready):
            self._storing.stop()
            self._new_chats, self._unstored = ChatSettings(), None
            self._show(())
            return
        self._history.do(_read, self._on_read, what_failed=self.tr("The presets were not read."))

    def _on_read(self, read: _Listed) -> None:
        presets, new_chats = read
        self._show(presets)
        self._new_chats = new_chats
        self.new_chats_changed.emit(new_chats)


def _read(history: AnyHistory) -> _Listed:
    presets = history.store.presets
    return presets.all(), settings_from(presets.for_new_chats())
