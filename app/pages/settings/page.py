"""The settings page: sections of rows, a field that filters them; what is chosen applies at once.

For: `SettingsDesk`, which hears what is chosen and applies it. The page changes nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.installation import Installation, installation
from app.pages.base import Page
from app.pages.settings.organisation import organisation_section
from app.pages.settings.program import ProgramSection
from app.pages.settings.rows import RowMaker
from app.pages.settings.sections import Sections
from app.settings import Language, Setting, Settings
from app.theme.icons import Icon
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.answer_controls import AnswerControls
from app.widgets.beside_layout import BesideLayout
from app.widgets.button import Button, ButtonKind, IconButton
from app.widgets.label import Label
from app.widgets.one_line import one_line
from app.widgets.page_frame import frame_page
from app.widgets.search_field import SearchField
from app.widgets.setting_row import SettingRow
from app.widgets.setting_section import SettingSection
from app.widgets.toast import ToastStack


class SettingsPage(Page):
    """`chosen` tells a setting and the value that the user wants for it."""

    chosen = Signal(object, object)  # a Setting and its value
    left = Signal()
    history_requested = Signal()

    def __init__(
        self,
        theme: Theme,
        settings: Settings,
        languages: Iterable[Language] = (Language.AUTO,),
        program: Installation | None = None,
    ) -> None:
        super().__init__()
        self._settings = settings
        self._make = RowMaker(theme, settings, self._on_chosen)
        sections = Sections(theme, self._make, languages)
        self.answers = AnswerControls(theme, self)
        self.restore = Button(
            theme,
            self.tr("Restore recommended"),
            ButtonKind.QUIET,
            height=SIZE.toast_button,
            icon=Icon.RESTORE,
        )
        self.answers_section = SettingSection(
            theme, self.tr("Answers in new chats"), self.answers.rows
        )
        self.answers_section.head.addWidget(self.restore)
        self.no_history = Label(
            theme,
            self.tr("What new chats begin with is kept in the history, which is not open."),
            Type.SMALL,
            Ink.TEXT2,
            wrap=True,
        )
        self.answers_section.column.addWidget(self.no_history)
        self.graphics = self._make.graphics()
        self.model = sections.model(self.graphics)
        self.privacy = sections.privacy()
        self.history = Button(theme, self.tr("History and backups…"))
        self.privacy.card.add(
            SettingRow(
                theme,
                self.tr("History"),
                self.tr("How the chats are locked, and their backups"),
                (self.history,),
            )
        )
        policy = settings.policy
        self.program = ProgramSection(
            theme,
            program or installation(),
            policy.file if policy.restrictions.updates_off else None,
        )
        self.organisation = organisation_section(theme, settings.policy)
        self.sections = (
            *self.organisation,
            sections.appearance(),
            sections.writing(),
            self.answers_section,
            self.model,
            self.privacy,
            self.program,
        )
        self.back = IconButton(theme, Icon.BACK, self.tr("Back to the chat"))
        self.back.rename(self.tr("Back to the chat"), "Esc")
        self.sidebar = IconButton(theme, Icon.SIDEBAR, self.tr("Show sidebar"))
        self.sidebar.rename(self.tr("Show sidebar"), "Ctrl+B")
        self.search = SearchField(theme)
        self.search.setAccessibleName(self.tr("Search settings"))
        self.search.setPlaceholderText(self.tr("Search settings"))
        self.search.setFixedWidth(SIZE.settings_search)
        self.nothing = Label(theme, "", Type.SMALL, Ink.TEXT3, wrap=True)
        self.nothing.hide()
        self._area = self._lay_out(theme)
        self.toasts = ToastStack(theme, self)
        self._connect()

    def refresh(self) -> None:
        """Show what is in force."""
        self._make.refresh()

    def name_model(self, name: str) -> None:
        """Whose recommendations are shown."""
        self.answers_section.heading.setText(
            self.tr("Answers in new chats, {model}").format(model=one_line(name))
            if name
            else self.tr("Answers in new chats")
        )

    def offer_answers(self, is_offered: bool) -> None:
        """What new chats begin with is kept in the history: only while that is open."""
        self.answers_section.card.setVisible(is_offered)
        self.restore.setVisible(is_offered)
        self.no_history.setVisible(not is_offered)

    def trust(self, is_trusted: bool) -> None:
        """Whether who sits here is its user, as far as the history tells: else only how it looks
        and what sends can be changed.
        """
        for section in (self.model, self.privacy, self.program):
            section.setEnabled(is_trusted)

    def set_sidebar_docked(self, is_docked: bool) -> None:
        """Where the sidebar is hidden, a button shows it."""
        self.sidebar.setVisible(not is_docked)

    def menu_anchor(self) -> QWidget:
        """At the right of the head."""
        return self.search

    def take_focus(self) -> None:
        """To the search."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def escape(self) -> None:
        """Empty the search, else go back."""
        if self.search.text():
            self.search.clear()
        else:
            self.left.emit()

    def _lay_out(self, theme: Theme) -> QScrollArea:
        column = QVBoxLayout()
        column.setSpacing(SPACE.section)
        column.setContentsMargins(0, 0, 0, SPACE.section)
        column.addLayout(self._head(theme))
        column.addWidget(self.nothing)
        for section in self.sections:
            column.addWidget(section)
        column.addStretch(1)
        return frame_page(self, theme, self.tr("Settings"), column, lambda: SIZE.column)

    def _head(self, theme: Theme) -> BesideLayout:
        words = QVBoxLayout()
        words.setSpacing(SPACE.xs)
        words.addWidget(Label(theme, self.tr("Settings"), Type.PAGE_TITLE))
        words.addWidget(Label(theme, self.tr("Changes apply at once"), Type.SMALL, Ink.TEXT2))
        lead = QHBoxLayout()
        lead.setSpacing(SPACE.sm)
        for button in (self.sidebar, self.back):
            lead.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        lead.addLayout(words)
        lead.addStretch(1)
        return BesideLayout(lead, (self.search,), lambda: lead.sizeHint().width(), SPACE.sm)

    def _connect(self) -> None:
        self.back.clicked.connect(self.left)
        self.sidebar.clicked.connect(self.sidebar_requested)
        self.search.textChanged.connect(self._on_searched)
        self.search.escaped.connect(self.escape)
        self.restore.clicked.connect(self.answers.restore)
        self.history.clicked.connect(self.history_requested)
        # Once the row has its place.
        see = partial(self._area.ensureWidgetVisible, self.program.progress)
        self.program.progress_shown.connect(lambda: QTimer.singleShot(0, self, see))

    def _on_searched(self, words: str) -> None:
        found = sum([section.filter(words) for section in self.sections])
        self.nothing.setText(
            self.tr("No setting has “{words}” in its name.").format(words=one_line(words.strip()))
        )
        self.nothing.setVisible(not found)
        self._area.verticalScrollBar().setValue(0)

    def _on_chosen(self, setting: Setting[Any], value: Any) -> None:
        if self._settings.effective(setting).value != value:
            self.chosen.emit(setting, value)
