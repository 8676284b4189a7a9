"""Bundles in the window: making one of a model, importing one or several, trusting a signer.

For: `WindowModels`. The work is `app/library/bundles`' own; faults are told by their names. Each
import is a `BundleImport`.
"""

from __future__ import annotations

from collections import deque
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from app import models_work
from app.bundle_import import BundleImport
from app.library.shelved import Shelved
from app.models_desk import ModelsDesk
from app.models_work import MadeBundle
from app.numbers import whole
from app.pages.models.bundle_dialogs import BundleMadeDialog, KeyDialog
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
        self._waiting: deque[Path] = deque()
        self._is_busy = False
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
        chooser.chosen.connect(self._import)
        chooser.open()

    def take(self, folders: tuple[Path, ...]) -> None:
        """One after the other: each may have its questions."""
        self._waiting.extend(folders)
        self._take_next()

    def ask_to_trust(self, model: Shelved) -> None:
        """Whether the key that signed an installed model is trusted from now on."""
        if model.checked is None or model.checked.is_trusted:
            return
        dialog = KeyDialog(self._services.theme, title_of(model), model.checked.signer, self._page)
        dialog.accepted.connect(partial(self._trust, model.name, model.checked.signer))
        dialog.open()

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

    def _import(self, path: Path) -> BundleImport:
        way = BundleImport(self._services, self._page, self._desk)
        way.start(path)
        return way

    def _take_next(self) -> None:
        if self._waiting and not self._is_busy:
            self._is_busy = True
            self._import(self._waiting.popleft()).ended.connect(self._on_taken)

    def _on_taken(self) -> None:
        self._is_busy = False
        self._take_next()

    def _trust(self, name: str, fingerprint: str) -> None:
        self._services.tasks.run(
            partial(models_work.trust, fingerprint, name),
            lambda _nothing: self._desk.refresh(),
            what_failed=self.tr("The key is not trusted."),
        )
