"""What header, empty state and composer say of the model, the chat's place, and what is under way.

For: the chat page, which has these widgets. It follows the controller and shows no turns.
"""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.bridge.engine_port import ModelCard
from app.error_words import words_of
from app.pages.chat.composer import Composer
from app.pages.chat.controller import ChatController
from app.pages.chat.empty_state import EmptyState
from app.widgets.header import Header
from inference.events import LoadProgress


class PageState(QObject):
    """How things stand around the conversation."""

    def __init__(
        self,
        controller: ChatController,
        header: Header,
        empty: EmptyState,
        composer: Composer,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._header = header
        self._empty = empty
        self._composer = composer
        self._has_model = False
        self._is_busy = False
        self._is_temporary = False
        controller.place_changed.connect(self._on_place_changed)
        controller.busy_changed.connect(self._on_busy_changed)
        controller.stage.title_changed.connect(self._on_title_changed)
        controller.loading.connect(self._on_loading)
        controller.model_changed.connect(self._on_model_changed)
        header.show_loading(self.tr("Loading the model"))
        self._on_title_changed("")
        self._show_placeholder()

    def _on_place_changed(self, is_temporary: bool, can_keep: bool) -> None:
        self._is_temporary = is_temporary
        self._header.show_temporary(is_temporary)
        self._composer.set_temporary(is_temporary)
        self._show_placeholder()
        self._empty.show_place(is_temporary=is_temporary, can_keep=can_keep)

    def _on_busy_changed(self, is_busy: bool) -> None:
        self._is_busy = is_busy
        self._composer.set_busy(is_busy)
        self._show_placeholder()

    def _on_title_changed(self, title: str) -> None:
        self._header.show_title(title or self.tr("New chat"))

    def _on_loading(self, progress: LoadProgress) -> None:
        self._header.show_loading(self.tr("Loading: {step}").format(step=words_of(progress.step)))
        self._empty.show_loading()

    def _on_model_changed(self, model: ModelCard | None) -> None:
        self._has_model = model is not None
        if model is None:
            self._header.show_model(self.tr("No model"), is_starter=False)
            self._empty.show_failed()
        else:
            self._header.show_model(model.shown_name, is_starter=model.is_starter)
            self._empty.show_model(model)
        self._composer.think.setVisible(model is not None and model.thinks)
        is_starter = model is not None and model.is_starter
        self._composer.hint.setText(
            self.tr("Starter model: its answers are often wrong.") if is_starter else ""
        )
        self._show_placeholder()

    def _show_placeholder(self) -> None:
        if self._is_busy and self._has_model:
            words = self.tr("Write the next message. It is sent when this answer is done.")
        elif self._has_model and self._is_temporary:
            words = self.tr("Write a message. Nothing of this chat is stored.")
        elif self._has_model:
            words = self.tr("Write a message. It stays on this computer.")
        else:
            words = self.tr("Write a message. It is sent when the model is ready.")
        self._composer.set_placeholder(words)
