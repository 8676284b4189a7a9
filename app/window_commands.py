"""The commands of the window, by name, and the keys that are told of beside them.

For: `Application`, which hands over what they run. Others add theirs to the same list.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject

from app.main_window import MainWindow
from app.pages.chat.chats import Chats
from app.pages.chat.controller import ChatController
from app.pages.chat.page import ChatPage
from app.settings import SendKey, ThemeChoice
from app.theme.icons import Icon
from app.widgets.palette_commands import Command, CommandGroup, Commands, KeyHint
from app.window_history import WindowHistory


@dataclass(frozen=True)
class Doing:
    """What commands run that is `Application`'s."""

    open_history: Callable[[], object]
    open_network: Callable[[], object]
    open_settings: Callable[[], object]
    open_help: Callable[[], object]
    open_menu: Callable[[], object]
    export_diagnostics: Callable[[], object]
    choose_theme: Callable[[ThemeChoice], object]
    search: Callable[[], object]
    show_shortcuts: Callable[[], object]
    tune: Callable[[], object]  # the settings of the chat that is shown
    send_key: Callable[[], SendKey]
    leave_page: Callable[[], object]  # whatever lies over the chat
    exports_are_off: bool  # by an administrator


class WindowCommands(QObject):
    """Fills a list of commands, once."""

    def __init__(
        self,
        commands: Commands,
        window: MainWindow,
        page: ChatPage,
        chat: ChatController,
        chats: Chats,
        keeping: WindowHistory,
        doing: Doing,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._page = page
        self._chat = chat
        self._chats = chats
        self._keeping = keeping
        self._doing = doing
        commands.add(*self._of_chats(), *self._of_this_chat(), *self._of_window())
        commands.hint(self._of_writing)
        commands.hint(self._of_reading)
        commands.hint(self._of_list)

    def _has_chats(self) -> bool:
        """Whether chats may be seen: the history is open, or there is none."""
        return self._keeping.page.screen_now() is None

    def _is_open(self) -> bool:
        return self._keeping.can_lock

    def _has_kept_chat(self) -> bool:
        return self._is_open() and self._chat.shown_id is not None

    def _of_chats(self) -> tuple[Command, ...]:
        """What begins, finds, fills and ends."""
        group = CommandGroup.CHATS
        return (
            Command(
                self.tr("New chat"),
                Icon.NEW_CHAT,
                partial(self._on_page, self._page.new_chat),
                "Ctrl+N",
                self.tr("Begin, Start"),
                group,
                self._has_chats,
            ),
            Command(
                self.tr("New temporary chat"),
                Icon.TEMPORARY,
                partial(self._on_page, self._page.new_temporary_chat),
                "Ctrl+Shift+N",
                self.tr("Private, Unsaved"),
                group,
                self._has_chats,
            ),
            Command(
                self.tr("Search all chats"),
                Icon.SEARCH,
                self._doing.search,
                "Ctrl+F",
                self.tr("Find"),
                group,
                self._is_open,
            ),
            Command(
                self.tr("Attach a file"),
                Icon.ATTACH,
                partial(self._on_page, self._page.desk.ask_for_files),
                "Ctrl+O",
                self.tr("Add, Open, Text"),
                CommandGroup.WRITING,
                self._has_chats,
            ),
            Command(
                self.tr("Copy the last answer"),
                Icon.COPY,
                partial(self._on_page, self._page.transcript.copy_last_answer),
                "Ctrl+Shift+C",
                self.tr("Clipboard, Markdown"),
                CommandGroup.READING,
                lambda: self._has_chats() and bool(self._chat.turns),
            ),
            Command(
                self.tr("Settings of this chat"),
                Icon.SLIDERS,
                partial(self._on_page, self._doing.tune),
                "Ctrl+.",
                self.tr("System prompt, Temperature, Sampler, Preset, Seed"),
                group,
                self._has_chats,
            ),
            Command(
                self.tr("Stop the answer"),
                Icon.CLOSE,
                self._page.stop,
                "Esc",
                self.tr("Cancel"),
                group,
                self._chat.is_busy,
            ),
        )

    def _of_this_chat(self) -> tuple[Command, ...]:
        group = CommandGroup.CHATS
        listed, is_off = self._window.sidebar.chats, self._doing.exports_are_off
        off = self.tr("Export this chat (off, set by your organisation)")
        rows: tuple[tuple[str, Icon, Callable[[int], object], str], ...] = (
            (self.tr("Rename this chat"), Icon.EDIT, self._rename, self.tr("Title, Name")),
            (self.tr("Pin or unpin this chat"), Icon.PIN, self._turn_pin, ""),
            (
                off if is_off else self.tr("Export this chat"),
                Icon.LOCKED if is_off else Icon.EXPORT,
                lambda chat_id: listed.export_requested.emit((chat_id,)),
                self.tr("Save, Print, Markdown, HTML, JSON"),
            ),
            (
                self.tr("Delete this chat"),
                Icon.DELETE,
                lambda chat_id: self._chats.delete((chat_id,)),
                self.tr("Remove"),
            ),
        )
        return tuple(
            Command(name, icon, partial(self._on_chat, act), "", words, group, self._has_kept_chat)
            for name, icon, act, words in rows
        )

    def _of_window(self) -> tuple[Command, ...]:
        doing, shell, keeping = self._doing, self._window.shell, self._keeping
        themes = (
            (self.tr("Appearance: as the system"), ThemeChoice.AUTO),
            (self.tr("Appearance: light"), ThemeChoice.LIGHT),
            (self.tr("Appearance: dark"), ThemeChoice.DARK),
        )
        words = self.tr("Theme, Colours, Mode")
        return (
            Command(
                self.tr("Settings"),
                Icon.SETTINGS,
                doing.open_settings,
                "Ctrl+,",
                self.tr("Preferences, Options"),
            ),
            Command(
                self.tr("Show or hide the sidebar"),
                Icon.SIDEBAR,
                shell.toggle,
                "Ctrl+B",
                self.tr("List"),
            ),
            *(
                Command(name, Icon.THEME, partial(doing.choose_theme, choice), "", words)
                for name, choice in themes
            ),
            Command(
                self.tr("Network and privacy"),
                Icon.LOCK_OK,
                doing.open_network,
                "",
                self.tr("Lock, Proof, Blocked"),
            ),
            Command(
                self.tr("History and backups"),
                Icon.HISTORY,
                doing.open_history,
                "",
                self.tr("Passphrase, Restore, Delete all chats"),
                is_offered=self._is_open,
            ),
            Command(
                self.tr("Lock the history now"),
                Icon.LOCKED,
                keeping.lock,
                "Ctrl+L",
                self.tr("Passphrase"),
                is_offered=self._is_open,
            ),
            Command(
                self.tr("Help"),
                Icon.HELP,
                doing.open_help,
                "F1",
                self.tr("Manual, Guide, How to, Questions"),
            ),
            Command(
                self.tr("Keyboard shortcuts"),
                Icon.KEYBOARD,
                doing.show_shortcuts,
                "Shift+F1",
                self.tr("Keys"),
            ),
            Command(
                self.tr("Export diagnostics"),
                Icon.EXPORT,
                doing.export_diagnostics,
                "",
                self.tr("Support, Report, Problem, Versions, Auditor"),
            ),
            Command(self.tr("Menu"), Icon.MORE, doing.open_menu, "F10"),
            Command(
                self.tr("Quit"), Icon.QUIT, self._window.close, "Ctrl+Q", self.tr("Exit, Close")
            ),
        )

    def _of_writing(self) -> tuple[KeyHint, ...]:
        group = CommandGroup.WRITING
        by_enter = self._doing.send_key() is SendKey.ENTER
        return (
            KeyHint(self.tr("Send"), "Enter" if by_enter else "Ctrl+Enter", group),
            KeyHint(self.tr("Break the line"), "Shift+Enter" if by_enter else "Enter", group),
        )

    def _of_reading(self) -> tuple[KeyHint, ...]:
        group = CommandGroup.READING
        return (
            KeyHint(self.tr("A page up or down"), "PgUp, PgDown", group),
            KeyHint(self.tr("To the beginning or the end"), "Home, End", group),
            KeyHint(self.tr("Select the whole conversation"), "Ctrl+A", group),
            KeyHint(self.tr("Copy what is selected"), "Ctrl+C", group),
        )

    def _of_list(self) -> tuple[KeyHint, ...]:
        group = CommandGroup.LIST
        return (
            KeyHint(self.tr("Open the chat"), "Enter", group),
            KeyHint(self.tr("Rename the chat"), "F2", group),
            KeyHint(self.tr("Delete the chat, or all marked ones"), "Del", group),
            KeyHint(self.tr("Mark from here upwards or downwards"), "Shift+Up, Shift+Down", group),
            KeyHint(self.tr("Mark one more"), "Ctrl+Space", group),
            KeyHint(self.tr("Mark all chats"), "Ctrl+A", group),
            KeyHint(self.tr("Unmark all"), "Esc", group),
            KeyHint(self.tr("The chat’s menu"), "Shift+F10", group),
        )

    def _on_page(self, act: Callable[[], object]) -> None:
        """In the chat page, whatever is seen now."""
        self._window.shell.close_over()
        self._doing.leave_page()
        act()

    def _on_chat(self, act: Callable[[int], object]) -> None:
        chat_id = self._chat.shown_id
        if chat_id is not None:
            act(chat_id)

    def _rename(self, chat_id: int) -> None:
        shell = self._window.shell
        if not shell.is_docked() and not shell.is_open_over():
            shell.toggle()
        self._window.sidebar.can_search(self._is_open())
        self._window.sidebar.chats.rename_now(chat_id)

    def _turn_pin(self, chat_id: int) -> None:
        chat = self._window.sidebar.chats.chat(chat_id)
        if chat is not None:
            self._chats.pin((chat_id,), not chat.is_pinned)
