"""The help's search, the first page and the header's menu of models, for `hostile_player`."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QMenu

from app.application import Application
from app.chats.kept import Kept
from tests.flows.hostile_eyes import Eyes, first_word
from tests.flows.hostile_shelf import Shelf, path_of


class OtherPages:
    """Pages that have a word or two of others."""

    def __init__(self, eyes: Eyes, application: Application, shelf: Shelf) -> None:
        self._eyes = eyes
        self._app = application
        self._shelf = shelf
        application.first_run.is_looking = True  # or it would measure this computer

    def play(self, text: str) -> None:
        """All of them."""
        self._help(text)
        self._first_run(text)
        self._menu(text)

    def _help(self, text: str) -> None:
        page = self._app.help.page
        with self._eyes.step("help"):
            self._app.window.help_requested.emit()
            self._eyes.until(lambda: bool(page.text.rows()))
            self._eyes.pause(3)
            page.search.setText(text)
            self._eyes.pause(3)
        self._eyes.see_clean("help", page.found.text())
        self._eyes.hear("help", page)
        with self._eyes.step("help"):
            page.search.setText(first_word(text))
            self._eyes.pause(3)
            page.search.clear()
            self._app.help.leave()
            self._eyes.pause(1)

    def _first_run(self, text: str) -> None:
        """The model that answers has this name; so has the folder of the chats."""
        page = self._app.first_run.page
        with self._eyes.step("first page"):
            self._app.first_run.open()
            page.show_chats(Kept(path_of(text), exists=True))
            self._eyes.pause(3)
        self._eyes.see_part("first page", page.start.sentence, text)
        self._eyes.see_part("first page, chats", page.chats.sentence.text(), text)
        self._eyes.hear("first page", page)
        with self._eyes.step("first page"):
            self._app.first_run.leave()
            self._eyes.pause(1)

    def _menu(self, text: str) -> None:
        with self._eyes.step("menu of models"):
            self._app.models.menu.open()
            self._eyes.until(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
            self._eyes.pause(3)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        for action in menu.actions()[: len(self._shelf.installed())]:
            assert "&" not in action.text().replace("&&", "")
            self._eyes.see_part("menu of models", action.text().replace("&&", "&"), text)
            self._eyes.see_clean("menu of models, tip", action.toolTip())
        self._eyes.hear("menu of models", menu)
        menu.close()
        self._eyes.settle()
