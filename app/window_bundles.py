"""Bundles in the window: making one of a model, and importing one after its signer is known.

For: `WindowModels`. The work is `app/library/bundles`' own; faults are told by their names.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from app import models_work
from app.library.shelved import Shelved
from app.models_desk import ModelsDesk
from app.models_work import MadeBundle, Stick
from app.notices import NoticeAction
from app.numbers import whole
from app.pages.models.bundle_dialogs import BundleMadeDialog, TrustDialog
from app.pages.models.choosers import FolderChooser
from app.pages.models.page import ModelsPage
from app.pages.models.row import title_of
from app.pages.models.words import size_words
from app.widgets.documents import documents_folder
from app.widgets.one_line import one_line
from app.window_history import Services


class WindowBundles(QObject):
    """Belongs to the window's life."""

    def __init__(self, services: Services, page: ModelsPage, desk: ModelsDesk) -> None:
        super().__init__(page)
        self._services = services
        self._page = page
        self._desk = desk
        page.bundle_requested.connect(self.ask_for_bundle)

    def ask_where(self, model: Shelved) -> None:
        """Into which folder, of a stick most likely, a bundle of a model goes."""
        title = self.tr("Make the bundle in which folder?")
        chooser = FolderChooser(title, self.tr("Make it here"), documents_folder(), self._page)
        chooser.chosen.connect(partial(self._make, model))
        chooser.open()

    def ask_for_bundle(self) -> None:
        """Which folder is the bundle, or holds the only one."""
        title = self.tr("Choose the bundle’s folder, or the stick")
        chooser = FolderChooser(title, self.tr("Choose"), documents_folder(), self._page)
        chooser.chosen.connect(self._look)
        chooser.open()

    def _make(self, model: Shelved, folder: Path) -> None:
        if model.choice is not None:
            self._desk.run(
                self.tr("Making a bundle of {model}").format(model=title_of(model)),
                model.path,
                partial(models_work.make_bundle, model.choice, folder),
                self._on_made,
            )

    def _on_made(self, made: MadeBundle) -> None:
        form = self.tr("{size} in {count} parts, in {folder}. Each part fits on a FAT32 stick.")
        words = form.format(
            size=size_words(made.total_bytes),
            count=whole(made.parts),
            folder=one_line(str(made.folder)),
        )
        BundleMadeDialog(self._services.theme, words, made.fingerprint, self._page).open()

    def _look(self, path: Path) -> None:
        self._services.tasks.run(
            partial(models_work.open_stick, path),
            self._on_looked,
            what_failed=self.tr("Nothing was imported."),
        )

    def _on_looked(self, stick: Stick) -> None:
        if stick.signer is not None:
            self._install(stick, False, False)
            return
        dialog = TrustDialog(self._services.theme, stick.fingerprint, self._page)
        dialog.chosen.connect(partial(self._install, stick, True))
        dialog.open()

    def _install(self, stick: Stick, is_trusted_now: bool, stays: bool) -> None:
        name = one_line(stick.name)
        allowed = self._services.settings.policy.restrictions.allowed_models
        self._desk.run(
            self.tr("Importing {model}").format(model=name),
            None,
            partial(models_work.install, stick, is_trusted_now, stays, allowed),
            partial(self._on_installed, name),
        )

    def _on_installed(self, name: str, folder: Path) -> None:
        form = self.tr(
            "{model} was imported: every byte is as it was signed. A report lies beside it."
        )
        use = NoticeAction(
            self.tr("Load"), partial(self._desk.use_requested.emit, folder.name, folder)
        )
        self._services.notices.news(form.format(model=name), use)
