"""Does what is asked of a model on the models page: verify, move, remove, locate.

For: `WindowModels`. Whatever reads or writes whole models is a job, shown on the page until it
ends; its failure is told by the notices.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from app import models_work, paths
from app.bridge.jobs import Hand, Job
from app.bridge.tasks import Tasks
from app.error_words import words_of
from app.library.shelved import Checked, Shelved
from app.models_work import Shelf
from app.notices import NoticeAction
from app.pages.models.choosers import FolderChooser
from app.pages.models.details_dialog import ModelDialog
from app.pages.models.page import ModelsPage
from app.pages.models.row import Doing, InUse, title_of
from app.pages.models.words import size_words
from app.widgets.confirm_dialog import ConfirmDialog
from app.widgets.documents import documents_folder
from app.widgets.one_line import one_line
from app.window_history import Services
from inference.errors import PreparationCancelledError

_Result = TypeVar("_Result")
_WORKERS = 2


class ModelsDesk(QObject):
    """Belongs to the window's life."""

    changed = Signal()
    removed = Signal(object)  # a Shelved
    moved = Signal(object, object)  # a Shelved and the Path where it is now
    use_requested = Signal(str, object)  # a model's name and path

    def __init__(self, services: Services, page: ModelsPage) -> None:
        super().__init__(page)
        self._services = services
        self._page = page
        self.tasks = Tasks(services.notices, self, workers=_WORKERS, name="models")
        self._in_use: dict[Path, InUse] = {}
        self._problem = ""
        self._looks = 0

    def refresh(self) -> None:
        """Look at all models again, beside the window; what was seen before that is not shown."""
        self._looks += 1
        self._services.tasks.run(
            models_work.look,
            partial(self._on_looked, self._looks),
            what_failed=self.tr("The models can’t be listed."),
        )

    def show_use(self, in_use: dict[Path, InUse], graphics: str) -> None:
        """What the engine does with which model, and the graphics card of the loaded one."""
        self._in_use = in_use
        self._page.show_use(in_use, graphics)

    def close(self) -> bool:
        """Stop all jobs; False if one would not end."""
        for job in self._page.jobs:
            job.stop()
        return self.tasks.close()

    def run(
        self,
        title: str,
        subject: Path | None,
        work: Callable[[Hand], _Result],
        on_success: Callable[[_Result], None],
        on_failure: Callable[[Exception], None] | None = None,
    ) -> Job:
        """Do it as a job, and look at all models again when it has ended."""
        job = Job(title, subject, self)
        self._page.add_job(job)
        job.ended.connect(self._on_job_ended)
        job.ended.connect(job.deleteLater)
        job.run(self.tasks, work, on_success, on_failure or self.tell_failure)
        return job

    def tell_failure(self, error: Exception) -> None:
        """What was stopped is no failure."""
        if isinstance(error, PreparationCancelledError):
            self._services.notices.news(words_of(error))
        else:
            self._services.notices.error(words_of(error) or type(error).__name__)

    def do(self, doing: Doing, model: Shelved) -> None:
        """What a row asks for."""
        acts: dict[Doing, Callable[[Shelved], None]] = {
            Doing.DETAILS: self._show_details,
            Doing.VERIFY: self._verify,
            Doing.MOVE: self._ask_where_to_move,
            Doing.REMOVE: self._ask_to_remove,
            Doing.LOCATE: self._ask_where_it_is,
            Doing.FORGET: self._ask_to_forget,
        }
        acts[doing](model)

    # ------------------------------------------------------------------ one model

    def _show_details(self, model: Shelved) -> None:
        ModelDialog(self._services.theme, model, self._page).open()

    def _verify(self, model: Shelved) -> None:
        if model.choice is not None:
            self.run(
                self.tr("Verifying {model}").format(model=title_of(model)),
                model.path,
                partial(models_work.verify, model.choice),
                partial(self._on_verified, model),
            )

    def _on_verified(self, model: Shelved, checked: Checked) -> None:
        if not checked.is_trusted:
            self._warn_of_signer(replace(model, checked=checked))
            return
        if checked.is_first_reading:
            form = self.tr(
                "{model} was read whole. There was nothing to compare it with; from now on "
                "there is."
            )
        else:
            form = self.tr("{model} is as it was, to the last byte.")
        self._services.notices.news(form.format(model=title_of(model)))

    def _warn_of_signer(self, model: Shelved) -> None:
        form = self.tr(
            "{model} is as it was signed, but by a key that is not trusted here: compare its "
            "fingerprint."
        )
        compare = NoticeAction(
            self.tr("Compare…"), partial(self._page.wanted.emit, Doing.TRUST, model)
        )
        self._services.notices.warning(form.format(model=title_of(model)), compare)

    def _ask_where_to_move(self, model: Shelved) -> None:
        title = self.tr("Move {model} to which folder?").format(model=title_of(model))
        chooser = FolderChooser(title, self.tr("Move here"), paths.models_dir(), self._page)
        chooser.chosen.connect(partial(self._move, model))
        chooser.open()

    def _move(self, model: Shelved, folder: Path) -> None:
        if model.choice is not None:
            self.run(
                self.tr("Moving {model}").format(model=title_of(model)),
                model.path,
                partial(models_work.move, model.choice, folder),
                partial(self._on_moved, model),
            )

    def _on_moved(self, model: Shelved, target: Path) -> None:
        self.moved.emit(model, target)
        form = self.tr("{model} lies in {folder} now.")
        words = form.format(model=title_of(model), folder=one_line(str(target.parent)))
        self._services.notices.news(words)

    def _ask_to_remove(self, model: Shelved) -> None:
        form = self.tr(
            "This deletes its files ({size}) in {folder} and the copy that was prepared of them "
            "({copy}). Chats stay, and what it answered in them. It can’t be undone."
        )
        words = form.format(
            size=size_words(model.stored_bytes),
            folder=one_line(str(model.path.parent)),
            copy=size_words(model.copy_bytes),
        )
        title = self.tr("Remove {model}?").format(model=title_of(model))
        self._confirm(title, words, self.tr("Remove"), partial(self._remove, model))

    def _ask_to_forget(self, model: Shelved) -> None:
        form = self.tr("Pitcher no longer shows it. Its files in {folder} stay as they are.")
        title = self.tr("Forget {model}?").format(model=title_of(model))
        words = form.format(folder=one_line(str(model.path.parent)))
        act = self._remove if model.choice is not None else self._forget
        self._confirm(title, words, self.tr("Forget"), partial(act, model))

    def _confirm(self, title: str, words: str, action: str, act: Callable[[], None]) -> None:
        dialog = ConfirmDialog(self._services.theme, title, words, action, self._page)
        dialog.accepted.connect(act)
        dialog.open()

    def _remove(self, model: Shelved) -> None:
        if model.choice is not None:
            self.tasks.run(
                partial(models_work.remove, model.choice),
                lambda _nothing: self._on_removed(model),
                what_failed="",
                on_failure=self._on_removal_failed,
            )

    def _forget(self, model: Shelved) -> None:
        self.tasks.run(
            partial(models_work.forget, model),
            lambda _nothing: self._on_removed(model),
            what_failed="",
            on_failure=self._on_removal_failed,
        )

    def _on_removed(self, model: Shelved) -> None:
        self.removed.emit(model)
        self._on_job_ended()

    def _on_removal_failed(self, error: Exception) -> None:
        self.tell_failure(error)
        self._on_job_ended()

    def _ask_where_it_is(self, model: Shelved) -> None:
        title = self.tr("Where is {model} now?").format(model=title_of(model))
        chooser = FolderChooser(title, self.tr("It is here"), documents_folder(), self._page)
        chooser.chosen.connect(partial(self._locate, model))
        chooser.open()

    def _locate(self, model: Shelved, path: Path) -> None:
        self.tasks.run(
            partial(models_work.locate, model, path),
            lambda _nothing: self._on_job_ended(),
            what_failed="",
            on_failure=self.tell_failure,
        )

    # ------------------------------------------------------------------ the list

    def _on_job_ended(self) -> None:
        self.changed.emit()
        self.refresh()

    def _on_looked(self, look: int, shelf: Shelf) -> None:
        if look != self._looks:
            return  # a later one is under way, and may have been faster
        self._page.show_models(shelf.models, self._in_use)
        if shelf.problem and shelf.problem != self._problem:
            self._services.notices.warning(words_of(shelf.problem))
        self._problem = shelf.problem
