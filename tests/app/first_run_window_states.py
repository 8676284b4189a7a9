"""The first page's states, one after the other in one window.

For: `test_window_fits`, beside `window_states`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtWidgets import QWidget

from app.application import Application
from tools.screenshot_first_run import recommend

Roots = Iterator[QWidget]


class FirstRunStates:
    """Of a window whose history is open."""

    def __init__(self, app: Application) -> None:
        self._app = app
        app.first_run.is_looking = True

    def all(self) -> tuple[Callable[[], Roots], ...]:
        """Each by its name."""
        return (self.first_looking, self.first_recommended, self.first_without_downloads)

    def first_looking(self) -> Roots:
        """While the computer is measured."""
        self._app.first_run.open()
        self._app.first_run.page.card.show_looking()
        yield self._app.window
        self._app.first_run.leave()

    def first_recommended(self) -> Roots:
        """A model and how to get it; the top, and the end."""
        recommend(self._app)
        bar = self._app.first_run.page.area.verticalScrollBar()
        yield self._app.window
        bar.setValue(bar.maximum() // 2)
        yield self._app.window
        bar.setValue(bar.maximum())
        yield self._app.window
        self._app.first_run.leave()

    def first_without_downloads(self) -> Roots:
        """No courier, no model, nothing kept."""
        page = self._app.first_run.page
        self._app.first_run.open()
        page.offer_downloads(False)
        page.show_no_model()
        page.show_chats(None)
        yield self._app.window
        self._app.first_run.leave()
