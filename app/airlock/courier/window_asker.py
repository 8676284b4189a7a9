"""Asking in the courier's own window, which no other process draws.

For: `role`, in the process that fetches. Qt is loaded with the first question; between questions
there is no window. Words are in the system's language: the user's own settings can't be read here.
"""

from __future__ import annotations

import sys
import threading

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app import translations
from app.airlock.courier.asking import AskingStoppedError, Question, Reply
from app.airlock.courier.errors import NoAskingError
from app.airlock.courier.question_dialog import GUARD_MS, QuestionDialog
from app.settings import Language, ThemeChoice
from app.theme.assets import MissingAssetError, app_icon, load_fonts
from app.theme.theme import Theme
from app.widgets.faces import install_faces
from inference.sentence import sentence_of

_LOOK_MS = 100


class WindowAsker:
    """Shows one question at a time; for the main thread alone."""

    def __init__(self, theme: Theme | None = None, guard_ms: int = GUARD_MS) -> None:
        """Without a `theme` the process's Qt is made here. Raises NoAskingError."""
        self._theme = theme or _theme()
        self._guard_ms = guard_ms

    def ask(self, question: Question, stopped: threading.Event) -> Reply | None:
        """As `Asker.ask`; closing the window is a no."""
        dialog = QuestionDialog(self._theme, question, self._guard_ms)
        look = QTimer(dialog, interval=_LOOK_MS)
        look.timeout.connect(lambda: dialog.reject() if stopped.is_set() else None)
        look.start()
        dialog.setModal(True)
        dialog.show()
        dialog.activateWindow()
        dialog.exec()
        reply = dialog.reply
        dialog.deleteLater()
        if stopped.is_set():
            raise AskingStoppedError
        return reply


def _theme() -> Theme:
    qt = QApplication([sys.argv[0]])
    qt.setApplicationName("pitcher")
    qt.setDesktopFileName("pitcher")
    qt.setQuitOnLastWindowClosed(False)
    install_faces()
    try:
        load_fonts()
        qt.setWindowIcon(app_icon())
        translations.install(qt, Language.AUTO)
    except MissingAssetError as error:
        raise NoAskingError(sentence_of(error)) from error
    return Theme(qt, ThemeChoice.AUTO, qt)
