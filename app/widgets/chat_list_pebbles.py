"""Moves the pebbles of the chat that is being answered, in the sidebar's list.

For: `ChatListView`. Only the place of the pebbles is painted again; nothing runs while no chat is
being answered, while the list is not seen, or where motion is reduced.
"""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QTimer
from PySide6.QtWidgets import QListView

from app.theme.metrics import MOTION, SIZE, SPACE
from app.theme.theme import Theme
from app.widgets.chat_list_delegate import ChatRowDelegate, mark_place
from app.widgets.chat_list_model import ChatListModel
from app.widgets.pebbles import AT_REST

_STEP_MS = 40  # 25 a second: what is so small needs no more


class RowPebbles(QObject):
    """The wave's clock."""

    def __init__(
        self, theme: Theme, view: QListView, model: ChatListModel, delegate: ChatRowDelegate
    ) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self._model = model
        self._delegate = delegate
        self._since = QElapsedTimer()
        self._clock = QTimer(self)
        self._clock.setInterval(_STEP_MS)
        self._clock.timeout.connect(self._on_tick)
        for changed in (model.dataChanged, model.modelReset, theme.changed):
            changed.connect(self._move_or_rest)
        view.installEventFilter(self)

    def is_moving(self) -> bool:
        """Whether the clock runs."""
        return self._clock.isActive()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Nothing runs unseen."""
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            self._move_or_rest()
        return False

    def _move_or_rest(self) -> None:
        is_answering = self._model.answering_id is not None
        must_move = is_answering and self._view.isVisible() and not self._theme.reduced_motion
        if must_move == self.is_moving():
            return
        if must_move:
            self._since.start()
            self._clock.start()
        else:
            self._clock.stop()
            self._delegate.phase = AT_REST
            self._view.viewport().update()

    def _on_tick(self) -> None:
        self._delegate.phase = (self._since.elapsed() % MOTION.pebbles_ms) / MOTION.pebbles_ms
        index = self._model.index_of(self._model.answering_id)
        row = self._view.visualRect(index).adjusted(0, 0, 0, -SPACE.tick)
        if row.isValid():
            self._view.viewport().update(mark_place(row, SIZE.pebbles).toAlignedRect())
