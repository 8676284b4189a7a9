"""Takes in model files that are on this computer already: found, chosen, dropped, or named
at the start.

For: `WindowModels`. They are used where they lie, or copied; `app/library/moving` does it.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app import models_work
from app.error_words import words_of
from app.library.found import Found
from app.library.models import ModelChoice
from app.models_desk import ModelsDesk
from app.models_work import Taken
from app.notices import NoticeAction
from app.pages.models.choosers import FolderChooser, ModelFileChooser
from app.pages.models.files_dialog import FilesDialog
from app.pages.models.page import ModelsPage
from app.widgets.documents import documents_folder
from app.widgets.one_line import one_line
from app.window_history import Services

_BETWEEN = ", "


class ModelsTaking(QObject):
    """Belongs to the window's life. `bundles_found`: folders of bundles among what was dropped."""

    bundles_found = Signal(object)  # a tuple of Path

    def __init__(self, services: Services, page: ModelsPage, desk: ModelsDesk) -> None:
        super().__init__(page)
        self._services = services
        self._page = page
        self._desk = desk
        page.files_requested.connect(self.ask_for_files)
        page.dropped.connect(self.take_files)

    def ask_for_files(self) -> None:
        """Which files, found or chosen, and whether they are copied."""
        dialog = FilesDialog(self._services.theme, self._page)
        is_there = [True]
        dialog.finished.connect(lambda _result: is_there.clear())
        dialog.chosen.connect(self._take)
        dialog.file_requested.connect(partial(self._on_file_requested, dialog))
        dialog.folder_requested.connect(partial(self._on_folder_requested, dialog))

        def show(found: tuple[Found, ...]) -> None:
            if is_there:
                dialog.show_found(found)

        self._desk.tasks.run(
            models_work.find,
            show,
            what_failed=self.tr("Other programs’ folders can’t be looked at."),
        )
        dialog.open()

    def _on_file_requested(self, dialog: FilesDialog) -> None:
        chooser = ModelFileChooser(documents_folder(), dialog)
        chooser.chosen.connect(lambda path: dialog.take(path, ""))
        chooser.open()

    def _on_folder_requested(self, dialog: FilesDialog) -> None:
        title = self.tr("Choose a model’s folder")
        chooser = FolderChooser(title, self.tr("Choose"), documents_folder(), dialog)
        chooser.chosen.connect(lambda path: dialog.take(path, ""))
        chooser.open()

    def take_files(self, files: tuple[Path, ...]) -> None:
        """Models, bundles, or what belongs to them."""
        if not files:
            return
        one = self.tr("Taking in {model}").format(model=one_line(files[0].name))
        self._desk.run(
            one if len(files) == 1 else self.tr("Taking in what was dropped"),
            None,
            partial(models_work.take_all, files),
            self._on_all_taken,
        )

    def _on_all_taken(self, taken: Taken) -> None:
        if len(taken.models) == 1:
            self._on_taken(taken.models[0])
        elif taken.models:
            form = self.tr("These are among your models now: {models}.")
            names = _BETWEEN.join(model.name for model in taken.models)
            self._services.notices.news(form.format(models=one_line(names)))
        if taken.refused:
            self._tell_refused(taken.refused)
        if taken.bundles:
            self.bundles_found.emit(taken.bundles)

    def _tell_refused(self, refused: tuple[tuple[str, Exception], ...]) -> None:
        """In one notice, with the reason of the first."""
        words = words_of(refused[0][1])
        if len(refused) > 1:
            form = self.tr("These could not be taken: {names}. {reason}")
            names = _BETWEEN.join(name for name, _why in refused)
            words = form.format(names=one_line(names), reason=words)
        self._services.notices.error(words)

    def _take(self, path: Path, name: str, copies: bool) -> None:
        self._desk.run(
            self.tr("Taking in {model}").format(model=one_line(name or path.name)),
            None,
            partial(models_work.take, path, name, copies),
            self._on_taken,
        )

    def _on_taken(self, model: ModelChoice) -> None:
        words = self.tr("{model} is among your models now.").format(model=one_line(model.name))
        use = NoticeAction(
            self.tr("Load"), partial(self._desk.use_requested.emit, model.name, model.path)
        )
        self._services.notices.news(words, use)
