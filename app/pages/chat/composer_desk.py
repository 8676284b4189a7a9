"""Wires the composer to what reads files, counts tokens and keeps drafts.

For: the chat page, which owns one once the window's services are there.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.bridge.engine_worker import EngineWorker
from app.bridge.tasks import Tasks
from app.chats.chat_settings import ChatSettings
from app.notices import Notices
from app.pages.chat.attach_dialog import AttachDialog
from app.pages.chat.attach_drop import DropZone
from app.pages.chat.attach_pile import Held
from app.pages.chat.attach_words import name_line
from app.pages.chat.attaching import Attaching
from app.pages.chat.composer import Composer
from app.pages.chat.composer_counting import ContextWatch
from app.pages.chat.controller import ChatController
from app.pages.chat.think_button import ThinkingChoice
from app.theme.theme import Theme
from app.widgets.announcing import announce
from app.widgets.context_fill import ContextFill
from app.widgets.context_popover import ContextPopover

_ATTACH_KEYS = QKeySequence("Ctrl+O")


class ComposerDesk(QObject):
    """What lies around the composer: the dialog, the drop zone, the counts and their popover."""

    def __init__(
        self,
        theme: Theme,
        page: QWidget,
        composer: Composer,
        controller: ChatController,
        tasks: Tasks,
        worker: EngineWorker,
        notices: Notices,
    ) -> None:
        super().__init__(page)
        self._page = page
        self._composer = composer
        self._folder = ""
        self.attaching = Attaching(controller.drafts, tasks, notices, self)
        self.watch = ContextWatch(worker, self)
        self._files: tuple[Held, ...] = ()
        self.drop_zone = DropZone(theme, page)
        self.popover = ContextPopover(theme, composer.meter, page)
        self._keys = QShortcut(_ATTACH_KEYS, page)
        composer.attach.rename(
            composer.attach.accessibleName(),
            _ATTACH_KEYS.toString(QKeySequence.SequenceFormat.NativeText),
        )
        self._connect_files()
        self._connect_counts(controller)
        controller.settings_changed.connect(self._on_settings_changed)

    def ask_for_files(self) -> AttachDialog:
        """Open the dialog, where the last files were."""
        dialog = AttachDialog(self._folder, self._page)
        dialog.chosen.connect(self._on_chosen)
        dialog.open()
        return dialog

    def _connect_files(self) -> None:
        composer, attaching = self._composer, self.attaching
        self._keys.activated.connect(self.ask_for_files)
        composer.attach_requested.connect(self.ask_for_files)
        composer.detach_requested.connect(attaching.detach)
        composer.files_given.connect(attaching.attach_files)
        composer.text_given.connect(self._on_text_given)
        composer.text_kept.connect(attaching.keep_text)
        self.drop_zone.dropped.connect(self._on_dropped)
        attaching.text_wanted.connect(self._on_text_wanted)

    def _connect_counts(self, controller: ChatController) -> None:
        watch = self.watch
        controller.drafts.attached_changed.connect(self._on_files_changed)
        controller.model_changed.connect(watch.on_model_changed)
        controller.answering.context_changed.connect(watch.on_context_changed)
        controller.answering.overflowed.connect(watch.on_overflowed)
        self._composer.changed.connect(watch.on_typed)
        watch.filled.connect(self._on_filled)
        watch.costs_changed.connect(self._composer.files.show_costs)
        self._composer.meter.clicked.connect(self.popover.toggle)

    def _on_settings_changed(self, settings: ChatSettings) -> None:
        """The chat that is shown now may think otherwise."""
        self._composer.think.show_choice(
            ThinkingChoice(
                settings.thinking, settings.thinking_budget_tokens, settings.keep_thoughts
            )
        )

    def _on_chosen(self, paths: Sequence[Path]) -> None:
        self._folder = str(paths[0].parent) if paths else self._folder
        self.attaching.attach_files(paths)
        self._composer.edit.setFocus()

    def _on_dropped(self, paths: Sequence[Path]) -> None:
        self.attaching.attach_files(paths)
        self._composer.edit.setFocus()

    def _on_text_given(self, text: str) -> None:
        fits = self._composer.edit.has_room_for(text)
        self.attaching.attach_text(text, offers_insertion=fits)

    def _on_text_wanted(self, text: str) -> None:
        self._composer.edit.insert_text(text)
        self._composer.edit.setFocus()

    def _on_files_changed(self, files: Sequence[Held]) -> None:
        self._announce(files)
        self._composer.show_files(files)
        self.watch.on_files_changed(files)

    def _announce(self, files: Sequence[Held]) -> None:
        """Whoever does not see the chips hears what was attached, the last of several."""
        known = {held.key for held in self._files}
        self._files = tuple(files)
        for held in files:
            if held.key not in known:
                form = self.tr("{name} is attached.")
                announce(self._composer, form.format(name=name_line(held.attached.name)))

    def _on_filled(self, fill: ContextFill) -> None:
        meter = self._composer.meter
        meter.show_fill(fill)
        self.popover.show_fill(fill, meter.text())
