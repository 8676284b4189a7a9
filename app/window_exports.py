"""Asks where chats are to be written and has them written, unless an administrator forbids it.

For: `Application`. Every way to export leads through the list's signal to here: its menu, the
bar of marked chats, the palette. Where exports are off they all stay, shown as locked, and say
by whom.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from app.main_window import MainWindow
from app.pages.chat.chats import Chats
from app.pages.chat.page import ChatPage
from app.window_history import Services


class WindowExports(QObject):
    """Belongs to the window's life. `are_off`: an administrator forbids them."""

    def __init__(
        self, services: Services, window: MainWindow, page: ChatPage, chats: Chats
    ) -> None:
        super().__init__(window)
        self._notices = services.notices
        self._listed = window.sidebar.chats
        self._page = page
        self._chats = chats
        policy = services.settings.policy
        self._refusal = policy.refusal_of_exports()
        self._listed.export_requested.connect(self._on_requested)
        if self.are_off:
            who = self.tr("Set by your organisation in {file}").format(file=policy.file)
            self._listed.lock_exports(who)

    @property
    def are_off(self) -> bool:
        """Whether an administrator forbids them."""
        return self._refusal is not None

    def _on_requested(self, chat_ids: tuple[int, ...]) -> None:
        if self._refusal is not None:
            self._notices.warning(self._refusal)
            return
        if len(chat_ids) > 1:
            folder = self._page.export_several(len(chat_ids))
            folder.chosen.connect(partial(self._chats.export_all, chat_ids))
            return
        chat = self._listed.chat(chat_ids[0])
        if chat is not None:
            self._page.export(chat).chosen.connect(partial(self._chats.export, chat.id))
