"""The menu at the header's model: the models that are here, and the way to all of them.

For: `WindowModels`. Which there are is looked up each time, beside the window.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QMenu

from app.bridge.tasks import Tasks
from app.library.models import ModelChoice, installed
from app.widgets.header import Header
from app.widgets.one_line import one_line


class ModelMenu(QObject):
    """`chosen` tells a model's name and path, also that of the one that answers."""

    chosen = Signal(str, object)
    all_requested = Signal()

    def __init__(self, header: Header, tasks: Tasks) -> None:
        super().__init__(header)
        self._header = header
        self._tasks = tasks
        header.model_requested.connect(self.open)
        self.current: Path | None = None  # of the model that answers

    def open(self) -> None:
        """Show it, as things are now."""
        self._tasks.run(installed, self._show, what_failed="")

    def _show(self, models: tuple[ModelChoice, ...]) -> None:
        button = self._header.model
        menu = QMenu(self._header)
        for model in models:
            words = one_line(model.title or model.name).replace("&", "&&")
            action = menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(model.path == self.current)
            action.triggered.connect(partial(self.chosen.emit, model.name, model.path))
        menu.addSeparator()
        every = menu.addAction(self.tr("All models…\tCtrl+Shift+M"))
        every.triggered.connect(self.all_requested)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))
