"""The command palette and the page of shortcuts, joined with commands, chats and the history.

For: `Application`, which builds it.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut

from app.bridge.history_states import HistoryState
from app.bridge.history_worker import HistoryWorker
from app.bridge.searching import Searching
from app.chats.history_states import Ready
from app.chats.model import Hit
from app.main_window import MainWindow
from app.theme.theme import Theme
from app.widgets.palette import Palette
from app.widgets.palette_commands import Commands
from app.widgets.palette_rows import (
    PaletteItem,
    PaletteLabel,
    PaletteRow,
    command_rows,
    hit_rows,
    title_rows,
)
from app.widgets.search_match import folded
from app.widgets.shortcuts_dialog import ShortcutsDialog
from app.window_finding import Finding

PALETTE_KEYS = QKeySequence("Ctrl+K")
SHORTCUTS_KEYS = (QKeySequence("Shift+F1"), QKeySequence("Ctrl+/"))
_HITS = 30
_MOST_TITLES = 10_000


class WindowPalette(QObject):
    """Shows what answers to what is typed: commands and titles at once, messages a little later."""

    def __init__(
        self,
        theme: Theme,
        window: MainWindow,
        commands: Commands,
        finding: Finding,
        history: HistoryWorker,
    ) -> None:
        super().__init__(window)
        self._theme = theme
        self._window = window
        self._commands = commands
        self._finding = finding
        self._history = history
        self._commands_now: tuple[PaletteRow, ...] = ()
        self._titles_now: tuple[PaletteRow, ...] = ()
        self._known: frozenset[int] = frozenset()
        # Of 5,000 titles 10 ms are saved for each key; forgotten when the history is locked.
        self._folds = lru_cache(maxsize=_MOST_TITLES)(folded)
        self.palette = Palette(theme, window.shell)
        self.searching = Searching(history, _HITS, self)
        self.shortcuts: ShortcutsDialog | None = None
        self.palette.asked.connect(self._on_asked)
        self.palette.closed.connect(lambda: self.searching.ask(""))
        self.searching.found.connect(self._on_found)
        self.searching.failed.connect(self._on_failed)
        history.changed.connect(self._on_history_changed)
        for keys, act in (
            (PALETTE_KEYS, self.turn),
            *((keys, self.show_shortcuts) for keys in SHORTCUTS_KEYS),
        ):
            QShortcut(keys, window).activated.connect(act)

    def turn(self) -> None:
        """Open the palette, or close it."""
        if self.palette.isVisible():
            self.palette.close_now()
        else:
            self._window.shell.close_over()
            self.palette.open_now()

    def show_shortcuts(self) -> None:
        """Show all keys."""
        if self.shortcuts is not None:
            return
        self.palette.close_now()
        dialog = self.shortcuts = ShortcutsDialog(
            self._theme, self._commands.shortcuts(), self._window
        )
        dialog.finished.connect(self._on_shortcuts_closed)
        dialog.open()

    def _on_shortcuts_closed(self, _result: int) -> None:
        if self.shortcuts is not None:
            self.shortcuts.deleteLater()
            self.shortcuts = None

    def _on_asked(self, asked: str) -> None:
        chats = self._window.sidebar.chats.model.chats
        if not asked.strip():  # the one that is shown is no place to go to
            chats = tuple(chat for chat in chats if chat.id != self._finding.shown_id)
        self._commands_now = command_rows(asked, self._commands.offered())
        self._titles_now, self._known = title_rows(
            asked, chats, self.tr("Untitled chat"), self._finding.open_chat, self._folds
        )
        is_open = isinstance(self._history.state, Ready)
        self.searching.ask(asked if is_open else "")
        self._show(())
        self.palette.say("" if is_open and asked.strip() else self._nothing())

    def _on_found(self, _asked: str, hits: tuple[Hit, ...]) -> None:
        rows = hit_rows(hits, self.tr("Untitled chat"), self._known, self._finding.open_hit)
        if rows:
            self._show(rows, keeps_place=True)
        elif not self._commands_now and not self._titles_now:
            self.palette.say(self._nothing())

    def _on_failed(self, sentence: str) -> None:
        if not self._commands_now and not self._titles_now:
            self.palette.say(sentence)

    def _nothing(self) -> str:
        return self.tr("No command is called so, and no chat has these words.")

    def _show(self, found: tuple[PaletteRow, ...], *, keeps_place: bool = False) -> None:
        """Commands first, but before anything is typed the chats that were left last."""
        groups: list[tuple[str, tuple[PaletteRow, ...]]] = [
            (self.tr("Commands"), self._commands_now),
            (self.tr("Chats"), (*self._titles_now, *found)),
        ]
        if not self.palette.field.text().strip():
            groups.reverse()
        items: list[PaletteItem] = []
        for words, rows in groups:
            if rows:
                items += [PaletteLabel(words), *rows]
        self.palette.show_items(items, keeps_place=keeps_place)

    def _on_history_changed(self, state: HistoryState) -> None:
        """What was found may be nobody's to see any more."""
        if not isinstance(state, Ready):
            self.palette.close_now()
            self._commands_now, self._titles_now = (), ()
            self._folds.cache_clear()
