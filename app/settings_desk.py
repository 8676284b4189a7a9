"""Opens the settings page, applies what is chosen there, and stores it.

For: `Application`. Each setting takes effect at once; what others than the window follow (the
engine's threads, for one) they hear by `changed`.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from app.bridge.engine_port import ModelCard
from app.chats.chat_settings import ChatSettings
from app.history_desk import HistoryDesk
from app.main_window import MainWindow
from app.page_over import PageOver
from app.pages.chat.controller import ChatController
from app.pages.chat.page import ChatPage
from app.pages.chat.preset_shelf import PresetShelf
from app.pages.settings.page import SettingsPage
from app.settings import (
    AUTO_LOCK_MINUTES,
    DELETE_AFTER_DAYS,
    REDUCE_MOTION,
    SEND_KEY,
    SYSTEM_FONT,
    TEXT_SIZE_PERCENT,
    THEME,
    Setting,
)
from app.translations import languages
from app.window_history import Services


class SettingsDesk(QObject):
    """One place for every change of a setting, whether the page or a menu asks for it."""

    changed = Signal(object, object)  # a Setting and its new value
    opened = Signal()

    def __init__(
        self, services: Services, window: MainWindow, chat_page: ChatPage, desk: HistoryDesk
    ) -> None:
        super().__init__(window)
        self._services = services
        self._chat_page = chat_page
        self._desk = desk
        self.page = SettingsPage(services.theme, services.settings, languages())
        self._over = PageOver(window, self.page)
        self._over.shown_changed.connect(window.sidebar.settings.select)
        self.page.chosen.connect(self.choose)
        self.page.left.connect(self.leave)
        self.page.history_requested.connect(desk.open)
        desk.settings_changed.connect(self.page.refresh)
        services.notices.posted.connect(self._on_notice)

    def follow(self, shelf: PresetShelf, chat: ChatController) -> None:
        """What new chats begin with is shown and changed on the page too."""
        answers = self.page.answers
        answers.changed.connect(shelf.begin_new_chats_with)
        shelf.new_chats_changed.connect(answers.show_settings)
        shelf.listed.connect(lambda _presets: self._offer(shelf))
        chat.model_changed.connect(self._on_model_changed)
        self._offer(shelf)

    def _offer(self, shelf: PresetShelf) -> None:
        """Of a history that is not open nothing is shown."""
        if not shelf.is_open:
            self.page.answers.show_settings(ChatSettings())
        self.page.offer_answers(shelf.is_open)

    def _on_model_changed(self, model: ModelCard | None) -> None:
        if model is not None:
            self.page.answers.show_model(model.recommended, thinks=model.thinks)
        self.page.name_model("" if model is None else model.name)

    @property
    def is_open(self) -> bool:
        """Whether the page is what is seen."""
        return self._over.is_open

    def open(self) -> None:
        """Show the page, over whatever is seen.

        Over the history's own page only what concerns nobody's chats can be changed there: who
        sits before a locked window need not be its user.
        """
        if not self.is_open:
            self.page.trust(self._over.below().is_ground)
            self.page.refresh()
            self.opened.emit()
        self._over.open()

    def leave(self) -> None:
        """Back to what was seen before."""
        self._over.leave()

    def choose(self, setting: Setting[Any], value: Any) -> None:
        """Change a setting, unless it is locked; what can't be undone is asked first."""
        settings = self._services.settings
        now = settings.effective(setting)
        if now.locked_by is not None:
            self._services.notices.warning(
                self.tr(
                    "This is set by your organisation in {file} and cannot be changed here."
                ).format(file=now.locked_by)
            )
        elif setting is DELETE_AFTER_DAYS and value:
            self._desk.ask_to_delete_after(value, self.page.refresh)
            return
        elif now.value != value:
            settings.change(setting, value)
            self._services.save_settings()
            self._apply(setting, value)
            self.changed.emit(setting, value)
        self.page.refresh()

    def _apply(self, setting: Setting[Any], value: Any) -> None:
        theme, settings = self._services.theme, self._services.settings
        if setting is THEME:
            theme.choose(value)
        elif setting is REDUCE_MOTION:
            theme.reduce_motion(value)
        elif setting is SEND_KEY:
            self._chat_page.set_send_key(value)
        elif setting is TEXT_SIZE_PERCENT or setting is SYSTEM_FONT:
            theme.set_text(
                settings.effective(TEXT_SIZE_PERCENT).value,
                is_system_font=settings.effective(SYSTEM_FONT).value,
            )
        elif setting is AUTO_LOCK_MINUTES:
            self._desk.watch_idleness()

    def _on_notice(self, notice: Any) -> None:
        if self.is_open:
            self.page.toasts.show_notice(notice)
