"""Opens a chat's settings, and the question with which others an answer is made once more.

For: `Application`. Between the dialogs, the controller that holds the settings, and the presets.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut

from app.bridge.engine_port import ModelCard
from app.bridge.history_worker import HistoryWorker
from app.chats.chat_settings import ChatSettings
from app.chats.model import Preset
from app.notices import Notices
from app.pages.chat.controller import ChatController
from app.pages.chat.page import ChatPage
from app.pages.chat.preset_shelf import PresetShelf
from app.pages.chat.regenerate_dialog import RegenerateDialog
from app.pages.chat.settings_dialog import SettingsDialog
from app.theme.theme import Theme
from inference.request import SamplerSettings

_KEYS = QKeySequence("Ctrl+.")


class Tuning(QObject):
    """One dialog at a time. `shelf` holds the presets, and what new chats begin with."""

    def __init__(
        self,
        theme: Theme,
        page: ChatPage,
        chat: ChatController,
        history: HistoryWorker,
        notices: Notices,
    ) -> None:
        super().__init__(page)
        self._theme = theme
        self._page = page
        self._chat = chat
        self._notices = notices
        self._model: ModelCard | None = None
        self.shelf = PresetShelf(history, notices, self)
        self.dialog: SettingsDialog | None = None
        self._shortcut = QShortcut(_KEYS, page)
        self._shortcut.activated.connect(self.open)
        page.header.settings.show()
        page.header.settings_requested.connect(self.open)
        page.transcript.desk.regenerate_otherwise_requested.connect(self.regenerate)
        chat.model_changed.connect(self._on_model_changed)
        chat.settings_changed.connect(self._on_settings_changed)
        self.shelf.new_chats_changed.connect(chat.begin_chats_with)

    @property
    def recommended(self) -> SamplerSettings:
        """What the model recommends for the chat as it is set."""
        if self._model is None:
            return SamplerSettings()
        if self._chat.settings.thinking is False:
            return self._model.recommended_plain
        return self._model.recommended

    @property
    def thinks(self) -> bool:
        """Whether the model may think; without a model nobody knows."""
        return self._model is None or self._model.thinks

    def open(self) -> None:
        """Show the settings of the chat that is open; not of one behind a locked window."""
        if self.dialog is not None or not self._page.isVisible():
            return
        dialog = self.dialog = SettingsDialog(self._theme, self.shelf, self._page.window())
        dialog.show_chat(self._chat.settings, self.recommended, thinks=self.thinks)
        dialog.changed.connect(self._chat.change_settings)
        dialog.preset_chosen.connect(self._on_preset_chosen)
        dialog.finished.connect(self._on_finished)
        self._notices.posted.connect(dialog.toasts.show_notice)
        chat_id = self._chat.shown_id
        if chat_id is not None and self.shelf.is_open:
            self.shelf.preset_of(chat_id, partial(self._on_preset_read, dialog))
        dialog.open()

    def regenerate(self, turn_id: int) -> RegenerateDialog:
        """Ask with which other settings; the answer is made when that is said."""
        dialog = RegenerateDialog(
            self._theme,
            self._chat.settings,
            self.recommended,
            self._page.window(),
            thinks=self._model is not None and self._model.thinks,
        )
        dialog.chosen.connect(partial(self._chat.branching.regenerate, turn_id))
        dialog.open()
        return dialog

    def _on_model_changed(self, model: ModelCard | None) -> None:
        self._model = model

    def _on_settings_changed(self, _settings: ChatSettings) -> None:
        """Without thoughts a model may recommend otherwise."""
        if self.dialog is not None:
            self.dialog.show_recommended(self.recommended, thinks=self.thinks)

    def _on_preset_read(self, dialog: SettingsDialog, preset_id: int | None) -> None:
        if self.dialog is dialog and preset_id is not None:
            dialog.show_preset(preset_id)

    def _on_preset_chosen(self, preset: object) -> None:
        chat_id = self._chat.shown_id
        if chat_id is not None and self.shelf.is_open:
            self.shelf.remember(chat_id, preset if isinstance(preset, Preset) else None)

    def _on_finished(self, _result: int) -> None:
        self.dialog = None
        self._page.take_focus()
