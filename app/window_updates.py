"""The program's versions in the window: updating from a file, using the version that is kept.

For: `Application`. The work is `app/updates`' own, in tasks. What is asked has the safe answer
ready; what is refused is told, and nothing is ever looked for. An update may be dropped on the
window, whatever page it shows.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QDropEvent

from app import updates_work
from app.bridge.jobs import Job, Step
from app.error_words import words_of
from app.installation import Installation
from app.main_window import MainWindow
from app.notices import NoticeAction
from app.pages.settings.program import ProgramSection
from app.pages.settings.update_dialogs import UpdateChooser, UpdateDialog
from app.updates.errors import UpdateStoppedError
from app.updates_work import OtherVersion
from app.widgets.confirm_dialog import ConfirmDialog
from app.widgets.documents import documents_folder
from app.widgets.local_files import update_file
from app.window_history import Services

if TYPE_CHECKING:
    from app.updates.applying import Applied
    from app.updates.looking import Looked
    from inference.sentence import Sentence


class WindowUpdates(QObject):
    """Belongs to the window's life."""

    shown_requested = Signal()  # of the settings, where an update is seen

    def __init__(
        self,
        services: Services,
        window: MainWindow,
        section: ProgramSection,
        installation: Installation,
        may_change: Callable[[], bool],
    ) -> None:
        """`may_change`: whether who sits here is its user, as far as the history tells."""
        super().__init__(window)
        self._services = services
        self._window = window
        self._section = section
        self._installation = installation
        self._policy = services.settings.policy
        self._may_change = may_change
        self._job: Job | None = None
        window.setAcceptDrops(True)
        window.installEventFilter(self)
        section.update_requested.connect(self.ask_for_file)
        section.other_requested.connect(self._on_other_requested)
        section.stop_requested.connect(self._stop)

    def start(self) -> None:
        """The window is shown."""
        self._services.tasks.run(
            partial(updates_work.settle, self._installation), self._on_settled, what_failed=""
        )

    def close(self) -> None:
        """What is under way ends; nothing of it was used."""
        self._stop()

    def refresh(self) -> None:
        """Have the settings show what can be done now."""
        self._services.tasks.run(
            partial(updates_work.state, self._installation, self._policy),
            self._section.show_state,
            what_failed="",
        )

    def ask_for_file(self) -> None:
        """Which file is the update."""
        chooser = UpdateChooser(documents_folder(), self._window)
        chooser.chosen.connect(self.take)
        chooser.open()

    def take(self, file: Path) -> None:
        """Look at an update, and ask."""
        if self._job is None:
            self._services.tasks.run(
                partial(updates_work.look, file, self._installation, self._policy),
                self._on_looked,
                what_failed="",
            )

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """An update that is dragged over the window, where no page takes it."""
        if not isinstance(event, QDropEvent):  # entering and moving are of its kind
            return False
        file = update_file(event.mimeData())
        if file is None or not self._may_change():
            event.ignore()
            return True
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if event.type() == QEvent.Type.Drop:
            self.take(file)
        return True

    def _on_settled(self, fall: Sentence | None) -> None:
        if fall is not None:
            self._services.notices.warning(fall)

    def _on_looked(self, found: Looked) -> None:
        dialog = UpdateDialog(self._services.theme, found, self._window)
        dialog.accepted.connect(partial(self._apply, found))
        dialog.open()

    def _apply(self, found: Looked) -> None:
        if self._job is not None:
            return
        version = found.manifest.version
        self.shown_requested.emit()
        self._job = job = Job(version, parent=self)
        self._section.show_progress(version, 0.0)
        job.stepped.connect(partial(self._on_stepped, job))
        job.ended.connect(self._on_ended)
        job.run(
            self._services.tasks,
            partial(updates_work.apply, found, self._installation, self._policy),
            self._on_applied,
            self._on_failed,
        )

    def _stop(self) -> None:
        if self._job is not None:
            self._job.stop()

    def _on_stepped(self, job: Job, step: Step) -> None:
        if job is self._job:
            self._section.show_progress(job.title, step.share)

    def _on_ended(self) -> None:
        job, self._job = self._job, None
        self._section.end_progress()
        if job is not None:
            job.deleteLater()
        self.refresh()

    def _on_applied(self, applied: Applied) -> None:
        self._tell_next(applied.version)

    def _tell_next(self, version: str) -> None:
        words = self.tr("Version {version} starts with the next start.").format(version=version)
        close = NoticeAction(self.tr("Close Pitcher"), self._close_window)
        self._services.notices.news(words, close)

    def _close_window(self) -> None:
        self._window.close()

    def _on_failed(self, error: Exception) -> None:
        """What was stopped is no failure."""
        if isinstance(error, UpdateStoppedError):
            self._services.notices.news(words_of(error))
        else:
            self._services.notices.error(words_of(error) or type(error).__name__)

    # ------------------------------------------------------------------ the version that is kept

    def _on_other_requested(self) -> None:
        self._services.tasks.run(
            partial(updates_work.other, self._installation, self._policy),
            self._ask_to_use,
            what_failed="",
        )

    def _ask_to_use(self, found: OtherVersion) -> None:
        version = found.version
        parts = [self.tr("It starts with the next start; this window goes on as it is.")]
        form = (
            self.tr("Version {current} is kept to change back to.")
            if found.is_kept
            else self.tr("Version {current}, which never started, is not kept.")
        )
        parts.append(form.format(current=found.current))
        if found.lost is not None:
            parts.append(words_of(found.lost))
        dialog = ConfirmDialog(
            self._services.theme,
            self.tr("Use version {version} from the next start on?").format(version=version),
            " ".join(parts),
            self.tr("Use version {version}").format(version=version),
            self._window,
        )
        dialog.accepted.connect(self._use_other)
        dialog.open()

    def _use_other(self) -> None:
        self._services.tasks.run(
            partial(updates_work.use_other, self._installation, self._policy),
            self._on_other_used,
            what_failed="",
        )

    def _on_other_used(self, version: str) -> None:
        self._tell_next(version)
        self.refresh()
