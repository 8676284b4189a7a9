"""The sections of the settings page: which settings there are, in which words.

For: `SettingsPage`, which places and filters them.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject

from app.pages.settings.rows import RowMaker
from app.settings import (
    AUTO_LOCK_CHOICES,
    AUTO_LOCK_MINUTES,
    DELETE_AFTER_CHOICES,
    DELETE_AFTER_DAYS,
    IDLE_UNLOAD_MINUTES,
    LANGUAGE,
    MOST_IDLE_MINUTES,
    MOST_THREADS,
    REDUCE_MOTION,
    SEND_KEY,
    SUGGEST_TITLES,
    SYSTEM_FONT,
    TEXT_SIZE_PERCENT,
    THEME,
    THREADS,
    Language,
    SendKey,
    ThemeChoice,
)
from app.theme.theme import Theme
from app.widgets.number_range import NumberRange
from app.widgets.setting_row import SettingRow
from app.widgets.setting_section import SettingSection


class Sections(QObject):
    """Makes each section once."""

    def __init__(self, theme: Theme, make: RowMaker, languages: Iterable[Language]) -> None:
        super().__init__()
        self._theme = theme
        self._make = make
        self._languages = tuple(languages)

    def appearance(self) -> SettingSection:
        """How it looks."""
        make = self._make
        rows = (
            make.choice(
                THEME,
                self.tr("Light or dark"),
                self.tr("Follows the system, or stays as it is"),
                {
                    ThemeChoice.AUTO: self.tr("As the system"),
                    ThemeChoice.LIGHT: self.tr("Light"),
                    ThemeChoice.DARK: self.tr("Dark"),
                },
            ),
            make.slider(
                TEXT_SIZE_PERCENT,
                self.tr("Text size"),
                self.tr("In percent, from 80 to 200"),
                NumberRange(80, 200, 5),
            ),
            make.switch(
                SYSTEM_FONT, self.tr("Use the system’s font"), self.tr("In the place of Inter")
            ),
            make.switch(
                REDUCE_MOTION,
                self.tr("Reduce motion"),
                self.tr("Nothing slides, fades or pulses"),
            ),
            make.choice(
                LANGUAGE,
                self.tr("Language"),
                self.tr("Of all words here, from the next start"),
                {one: self._language_words()[one] for one in self._languages},
            ),
        )
        return SettingSection(self._theme, self.tr("Appearance"), rows)

    def writing(self) -> SettingSection:
        """How messages are written."""
        row = self._make.choice(
            SEND_KEY,
            self.tr("Send with"),
            self.tr("Shift+Enter always begins a new line, Ctrl+Enter always sends"),
            {SendKey.ENTER: self.tr("Enter"), SendKey.CTRL_ENTER: self.tr("Ctrl+Enter")},
        )
        return SettingSection(self._theme, self.tr("Writing"), (row,))

    def model(self, graphics: SettingRow) -> SettingSection:
        """What the model uses of the computer; `graphics` is the graphics card's row."""
        make = self._make
        rows = (
            make.number(
                THREADS,
                self.tr("Threads"),
                self.tr("How many compute an answer; fewer leave more for other programs"),
                NumberRange(0, MOST_THREADS),
                self.tr("Automatic"),
            ),
            make.number(
                IDLE_UNLOAD_MINUTES,
                self.tr("Rest after minutes"),
                self.tr("Gives its memory back when idle; your next message brings it back"),
                NumberRange(0, MOST_IDLE_MINUTES, 5),
                self.tr("Never"),
            ),
            graphics,
        )
        return SettingSection(self._theme, self.tr("Model"), rows)

    def privacy(self) -> SettingSection:
        """What is kept, and for whom it can be seen."""
        make = self._make
        rows = (
            make.choice(
                AUTO_LOCK_MINUTES,
                self.tr("Lock after idle"),
                self.tr("Asks for your keyring or passphrase"),
                self._minutes(),
            ),
            make.choice(
                DELETE_AFTER_DAYS,
                self.tr("Delete chats after"),
                self.tr("Those that did not change, from backups too; pinned ones stay"),
                self._days(),
            ),
            make.switch(
                SUGGEST_TITLES,
                self.tr("Suggest titles"),
                self.tr("The model names a new chat, on this computer, when it is idle"),
            ),
        )
        return SettingSection(self._theme, self.tr("Privacy"), rows)

    def _language_words(self) -> dict[Language, str]:
        """Each in its own language: who looks for it may read no other."""
        return {
            Language.AUTO: self.tr("As the system"),
            Language.ENGLISH: "English",
            Language.GERMAN: "Deutsch",
        }

    def _minutes(self) -> dict[int, str]:
        form = self.tr("{count} minutes")
        special = {0: self.tr("Never"), 1: self.tr("1 minute")}
        return {n: special.get(n, form.format(count=n)) for n in AUTO_LOCK_CHOICES}

    def _days(self) -> dict[int, str]:
        form = self.tr("{count} days")
        return {n: form.format(count=n) if n else self.tr("Never") for n in DELETE_AFTER_CHOICES}
