"""The models page, its dialogs and its jobs, for `hostile_player`: each hostile text is what
models, their files, bundles and places are called, and why something failed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QDialog, QLabel, QWidget

from app.application import Application
from app.library.bundles.report import as_html
from app.library.shelved import Shelved
from app.markup.visible import visible
from app.pages.models.bundle_dialogs import BundleMadeDialog, TrustDialog
from app.pages.models.contested_dialog import ContestedDialog
from app.pages.models.details_dialog import ModelDialog
from app.pages.models.files_dialog import FilesDialog
from app.pages.models.row import Doing
from app.widgets.confirm_dialog import ConfirmDialog
from app.widgets.toast import ToastStack
from inference.errors import one_line
from tests.flows.hostile_eyes import NOTICE_CHARACTERS, Eyes
from tests.flows.hostile_shelf import NAME_CHARACTERS, Shelf, path_of
from tests.flows.hostile_watching import References

_Dialog = TypeVar("_Dialog", bound=QDialog)
_SPELLED = re.compile("‹U\\+[^›]*›")
_REPORTED_CHARACTERS = 1_000  # as `manifest` has it, and nothing that can't be printed


class ModelSurfaces:
    """Rows and dialogs of what is here, of files and bundles that are taken in."""

    def __init__(self, eyes: Eyes, application: Application, shelf: Shelf) -> None:
        self._eyes = eyes
        self._app = application
        self._shelf = shelf
        self._page = application.models.page

    def play(self, text: str) -> None:
        """All places of the page but those of downloads."""
        self._rows(text)
        self._details(text)
        self._files(text)
        self._dropped(text)
        self._bundles(text)
        self._report(text)
        self._app.models.leave()

    def _rows(self, text: str) -> None:
        here = list(self._shelf.look().models)
        with self._eyes.step("models page"):
            self._app.window.models_requested.emit()
            self._eyes.until(lambda: [row.model for row in self._rows_now()] == here)
            self._eyes.pause(3)
        for model, row in zip(here, self._rows_now(), strict=True):
            assert row.model == model
            self._eyes.see_part("model's row", row.name.text(), text)
            self._eyes.see_part("model's row, words", row.words.text(), text)
            for part in (row.name, row.more):
                self._eyes.rest_on("model's row", part)
        self._eyes.hear("models page", self._page)
        self._clear(text)

    def _rows_now(self):
        return self._page.card.rows

    def _details(self, text: str) -> None:
        for doing, kind, model in (
            (Doing.DETAILS, ModelDialog, self._shelf.sound()),
            (Doing.REMOVE, ConfirmDialog, self._shelf.sound()),
            (Doing.FORGET, ConfirmDialog, self._shelf.gone()),
        ):
            self._look_at(f"{doing.value} a model", kind, self._teller(doing, model), text).reject()
            self._eyes.settle()

    def _teller(self, doing: Doing, model: Shelved) -> Callable[[], None]:
        return lambda: self._page.wanted.emit(doing, model)

    def _files(self, text: str) -> None:
        dialog = self._look_at(
            "files", FilesDialog, self._page.files.click, text, is_full=_has_found
        )
        for row in dialog.found.rows:
            self._eyes.see_part("found file", row.name.text(), text)
        with self._eyes.step("job"):
            dialog.found.rows[0].controls[0].click()
            self._eyes.until(lambda: any("%" in row.words.text() for row in self._jobs()))
            self._eyes.pause(2)
        for row in self._jobs():
            self._eyes.see_part("job", row.name.text().removeprefix("Taking in "), text)
            self._eyes.see_part("job's step", row.words.text(), text[:NAME_CHARACTERS])
        self._eyes.hear("job", self._page)
        with self._eyes.step("job"):
            self._shelf.go_on()
            self._eyes.until(lambda: not self._jobs() and bool(self._toasts()))
            self._eyes.pause(2)
        self._clear(text)

    def _dropped(self, text: str) -> None:
        with self._eyes.step("dropped"):
            self._page.dropped.emit((path_of(text), path_of(text)))
            self._eyes.until(lambda: not self._jobs() and len(self._toasts()) > 1)
            self._eyes.pause(2)
        self._clear(text)

    def _jobs(self):
        return tuple(self._page.jobs.values())

    def _bundles(self, text: str) -> None:
        bundles = self._app.models.bundles
        trust = self._look_at("trust", TrustDialog, lambda: bundles.take((Path("/stick"),)))
        other = self._look_at("other signer", ContestedDialog, trust.act.click, text)
        for party in (other.known, other.new):
            self._eyes.see_part("signer", party[0].text(), text[:NAME_CHARACTERS])
        with self._eyes.step("import of a bundle"):
            other.act.click()
            self._eyes.until(lambda: not self._jobs() and bool(self._toasts()))
            self._eyes.pause(2)
        self._clear(text)
        model = self._shelf.sound()
        made = self._look_at(
            "bundle made", BundleMadeDialog, lambda: bundles._make(model, path_of(text)), text
        )
        made.reject()
        self._eyes.until(lambda: not self._jobs())
        self._clear()

    def _look_at(
        self,
        where: str,
        kind: type[_Dialog],
        ask: Callable[[], None],
        text: str = "",
        *,
        is_full: Callable[[_Dialog], bool] = lambda _dialog: True,
    ) -> _Dialog:
        """The dialog that comes of it, looked at; of the text there is a part in it."""

        def dialogs() -> list[_Dialog]:
            return [each for each in self._page.findChildren(kind) if each.isVisible()]

        with self._eyes.step(where):
            ask()
            self._eyes.until(lambda: any(map(is_full, dialogs())))
            self._eyes.pause(3)
        (dialog,) = dialogs()
        self._eyes.see_clean(where, dialog.windowTitle())
        self._eyes.see_part(where, words_in(dialog), text)
        self._eyes.hear(where, dialog)
        return dialog

    def _report(self, text: str) -> None:
        """Of an import: it lies beside the model, and may be opened by anything."""
        told = one_line(text, _REPORTED_CHARACTERS)
        facts = dict.fromkeys(("model", "title", "licence", "source", "signed_by"), told)
        reader = References()
        reader.feed(
            as_html({**facts, "files": [{"name": told, "bytes": 1, "sha256": "0" * 64}]}).decode()
        )
        self._eyes.refer("bundle's report", reader.found)
        self._eyes.see("bundle's report", "".join(reader.words), told)

    def _toasts(self):
        return self._page.toasts.toasts()

    def _clear(self, text: str = "") -> None:
        clear(self._eyes, self._page.toasts, text)


def _has_found(dialog: FilesDialog) -> bool:
    return bool(dialog.found.rows)


def words_in(thing: QWidget) -> str:
    """All that its labels show."""
    return "\n".join(label.text() for label in thing.findChildren(QLabel) if label.isVisible())


def clear(eyes: Eyes, stack: ToastStack, text: str = "") -> None:
    """What the page's notices say of the text is looked at, and they are dismissed."""
    shown = "\n".join(toast.words.text() for toast in stack.toasts())
    # Errors of Qt-free code have one sign, �, for each that can't be seen.
    seen = _SPELLED.sub(" ", visible(text[:NOTICE_CHARACTERS]))
    eyes.see_part("notice of a page", shown, seen)
    for toast in stack.toasts():
        eyes.see_clean("notice of a page", toast.words.text())
        eyes.hear("notice of a page", toast)
        toast.closed.emit()
    eyes.pause(1)
