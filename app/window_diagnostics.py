"""Gathers the diagnostics beside the window, shows them, and saves what was shown.

For: `Application`. What concerns the screen is asked here; all else in a background task, which
imports what is heavy.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, qVersion
from PySide6.QtGui import QAccessible, QGuiApplication

from app.airlock.report import LockReport
from app.bridge.engine_port import ModelOpener
from app.bridge.history_worker import HistoryWorker
from app.bridge.quick_imports import keep_modules, load_torch_libraries
from app.chats.history import AnyHistory
from app.chats.history_states import Ready
from app.chats.profile import Profile
from app.collector import uncollected
from app.error_words import words_of
from app.main_window import MainWindow
from app.model_opening import FileModelOpener
from app.numbers import whole
from app.pages.privacy.diagnostics_dialog import DiagnosticsDialog
from app.settings import LANGUAGE, TEXT_SIZE_PERCENT, Settings
from app.translations import spoken, system_languages
from app.window_history import Services

_GATHERING = "app.diagnostics.gathering"


@dataclass(frozen=True)
class _Asked:
    """What the task needs of the window, taken on its thread."""

    lock: LockReport
    settings: Settings
    profile: Profile
    display: Mapping[str, object]
    state: str
    history: AnyHistory | None
    model: Path | None


@dataclass(frozen=True)
class Gathered:
    """The file's text, and how many values of it were withheld."""

    text: str
    withheld: int


class WindowDiagnostics(QObject):
    """One dialog at a time. `opener_now` says which model is in use, if it opens files."""

    def __init__(
        self,
        services: Services,
        window: MainWindow,
        history: HistoryWorker,
        opener_now: Callable[[], ModelOpener],
    ) -> None:
        super().__init__(window)
        self._services = services
        self._window = window
        self._history = history
        self._opener_now = opener_now
        self.dialog: DiagnosticsDialog | None = None

    def open(self) -> None:
        """Show the dialog, and fill it once all is gathered."""
        if self.dialog is not None:
            return
        dialog = self.dialog = DiagnosticsDialog(
            self._services.theme, self._services.notices, self._window
        )
        dialog.save_requested.connect(self._on_save_requested)
        dialog.finished.connect(self._on_finished)
        dialog.open()
        self._services.tasks.run(
            partial(gathered_text, self._asked()),
            partial(self._on_gathered, dialog),
            what_failed="",
            on_failure=partial(self._on_failed, dialog),
        )

    def _asked(self) -> _Asked:
        services, state = self._services, self._history.state
        opener = self._opener_now()
        return _Asked(
            services.lock,
            services.settings,
            self._history.profile,
            self._display(),
            type(state).__name__,
            state.history if isinstance(state, Ready) else None,
            opener.path if isinstance(opener, FileModelOpener) else None,
        )

    def _display(self) -> dict[str, object]:
        window, settings = self._window, self._services.settings
        screen = window.screen()
        area = screen.geometry()
        return {
            "platform": QGuiApplication.platformName(),
            "screens": len(QGuiApplication.screens()),
            "width_px": area.width(),
            "height_px": area.height(),
            "scale": screen.devicePixelRatio(),
            "refresh_hz": screen.refreshRate(),
            "window_width_px": window.width(),
            "window_height_px": window.height(),
            "colours": self._services.theme.tokens.scheme.value,
            "language": spoken(settings.effective(LANGUAGE).value, system_languages()),
            "text_size_percent": settings.effective(TEXT_SIZE_PERCENT).value,
            "reads_aloud": QAccessible.isActive(),
        }

    def _on_gathered(self, dialog: DiagnosticsDialog, found: Gathered) -> None:
        if dialog is self.dialog:
            words = self.tr("Values that did not fit and were left out: {count}.")
            dialog.show_text(found.text, words.format(count=whole(found.withheld)))

    def _on_failed(self, dialog: DiagnosticsDialog, error: Exception) -> None:
        if dialog is self.dialog:
            dialog.show_failure(words_of(error) or type(error).__name__)

    def _on_save_requested(self, target: Path) -> None:
        if self.dialog is None:
            return
        words = self.tr("The diagnostics were saved to {file}.")
        self._services.tasks.run(
            partial(_save, self.dialog.text.toPlainText(), target),
            lambda _nothing: self._services.notices.news(words.format(file=target)),
            what_failed=self.tr("The diagnostics were not saved."),
        )

    def _on_finished(self, _result: int) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.deleteLater()


def gathered_text(asked: _Asked) -> Gathered:
    """In a background task. Raises DiagnosticsError."""
    _import()
    from app.diagnostics.exporting import text_of
    from app.diagnostics.gathering import Sources, gathered
    from app.diagnostics.section import withheld

    report = gathered(
        Sources(
            asked.lock,
            asked.settings,
            asked.profile,
            written_by="window",
            qt=qVersion(),
            display=asked.display,
            history_state=asked.state,
            history=asked.history,
            model=asked.model,
        )
    )
    return Gathered(text_of(report), withheld(report.written()))


def _import() -> None:
    """What gathers, and torch with it where no model was loaded; without a stall of the window."""
    if _GATHERING in sys.modules:
        return
    with uncollected():
        load_torch_libraries()
        importlib.import_module(_GATHERING)
        keep_modules()


def _save(text: str, target: Path) -> None:
    """The text that was shown, and no other. Raises TransferError, DiagnosticsError."""
    from app.diagnostics.exporting import export

    export(text, target, replace=True)
