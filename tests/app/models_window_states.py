"""The models page's main states, one after the other in one window.

For: `test_window_fits`, beside `window_states`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from PySide6.QtWidgets import QWidget

from app.airlock.courier.door import CourierDoor
from app.airlock.courier.messages import (
    Asked,
    Consent,
    Ended,
    Outcome,
    Progress,
    Report,
    encode_report,
)
from app.airlock.download.progress import State, Step
from app.application import Application
from app.library.bundles.errors import Conflict
from app.models_work import Contested, Stick
from app.pages.models.bundle_dialogs import BundleMadeDialog, KeyDialog, TrustDialog
from app.pages.models.contested_dialog import ContestedDialog
from app.pages.models.details_dialog import ModelDialog
from app.pages.models.files_dialog import FilesDialog
from app.pages.models.repository_dialog import RepositoryDialog
from app.pages.models.row import Doing
from app.widgets.confirm_dialog import ConfirmDialog
from inference.sentence import said

Roots = Iterator[QWidget]
FINGERPRINT = " ".join(["5554"] * 16)


def contested_bundle() -> tuple[Stick, Contested]:
    """An older one than is installed, and of another signer. No part of it is there."""
    stick = Stick(None, "tiny", 1, 1_790_000_000, FINGERPRINT, None)  # type: ignore[arg-type]
    later_s = stick.made_at_s + 3600
    conflict = Conflict(later_s, FINGERPRINT, later_s, is_there=True, is_older=True,
                        is_other_signer=True)  # fmt: skip
    return stick, Contested(conflict, "Anna", None)


class ModelsStates:
    """Of a window that has a way to a courier, whose side is played here."""

    def __init__(self, app: Application, until: Callable[[Callable[[], bool]], None]) -> None:
        self._app = app
        self._until = until
        self._pipes: tuple[tuple[int, int], tuple[int, int]] | None = None
        app.models.downloads.may_measure = False

    def all(self) -> tuple[Callable[[], Roots], ...]:
        """Each by its name."""
        return (self.models, self.model_dialogs, self.bundle_dialogs)

    def models(self) -> Roots:
        """What is installed, what can be had, a download on its way, failed, and none."""
        self._open()
        section = self._app.models.downloads.section
        yield self._app.window
        section.all.click()
        yield self._app.window
        section.rows[0].download.click()
        self._tell(Asked(Consent.LIST))
        self._until(lambda: bool(section.journeys) and section.journeys[0].act.isHidden())
        yield self._app.window
        for row in section.rows[1:3]:
            row.download.click()
        yield self._app.window
        for state, why in ((State.RUNNING, ""), (State.PAUSED, "The disk is full.")):
            self._tell(Progress(Step.FETCH, state, 6_100_000_000, 9_700_000_000, 11_200_000,
                                said(why)))  # fmt: skip
            self._until(lambda: not section.journeys[0].act.isHidden())
            yield self._app.window
        self._tell(Ended(Outcome.FAILED, said("The hub can’t be reached.")))
        self._until(lambda: len(section.journeys) == 2)  # the next one begins by itself
        yield self._app.window
        section.waiting[0].end.click()
        self._tell(Ended(Outcome.FAILED, said("The disk is full.")))
        self._until(lambda: self._app.models.downloads.journey.can_ask)
        for row in tuple(section.journeys):
            row.end.click()
        section.all.click()
        self._app.models.leave()

    def model_dialogs(self) -> Roots:
        """What a model is, the menus, files, a repository, and taking one away."""
        self._open()
        page = self._app.models.page
        row = next(row for row in page.rows.values() if row.model.is_starter)
        offer = self._app.models.downloads.section.rows[0]
        for menu in (row.menu_now(), offer.bits.menu_now()):
            menu.popup(self._app.window.mapToGlobal(self._app.window.rect().topLeft()))
            yield menu
            menu.close()
        for doing in (Doing.DETAILS, Doing.REMOVE, Doing.FORGET):
            self._app.models.desk.do(doing, row.model)
            yield from self._dialog(ModelDialog if doing is Doing.DETAILS else ConfirmDialog)
        page.files.click()
        yield from self._dialog(FilesDialog)
        self._app.models.downloads.section.other.click()
        yield from self._dialog(RepositoryDialog)
        self._app.models.leave()

    def bundle_dialogs(self) -> Roots:
        """An unknown signer, of a bundle and of a model; what stands against a bundle; one made."""
        self._open()
        page = self._app.models.page
        TrustDialog(self._app.theme, FINGERPRINT, page).open()
        yield from self._dialog(TrustDialog)
        KeyDialog(self._app.theme, "tiny", FINGERPRINT, page).open()
        yield from self._dialog(KeyDialog)
        ContestedDialog(self._app.theme, *contested_bundle(), page).open()
        yield from self._dialog(ContestedDialog)
        BundleMadeDialog(self._app.theme, "98 MB, 3, /media/stick", FINGERPRINT, page).open()
        yield from self._dialog(BundleMadeDialog)
        self._app.models.leave()

    def close(self) -> None:
        """Nobody plays the courier any more."""
        self._app.models.downloads.close()
        if self._pipes is not None:
            requests, reports = self._pipes
            os.close(requests[0])
            os.close(reports[1])

    def _open(self) -> None:
        models = self._app.models
        if self._pipes is None:
            requests, reports = self._pipes = os.pipe(), os.pipe()
            models.lead_to(CourierDoor(requests[1], reports[0]))
        self._app.window.models_requested.emit()
        self._until(lambda: bool(models.page.rows) and bool(models.downloads.section.rows))

    def _tell(self, report: Report) -> None:
        assert self._pipes is not None
        os.write(self._pipes[1][1], encode_report(report))

    def _dialog(self, kind: type[QWidget]) -> Roots:
        def found() -> list[QWidget]:
            return [each for each in self._app.window.findChildren(kind) if each.isVisible()]

        self._until(lambda: bool(found()))
        dialog = found()[-1]
        yield dialog
        dialog.close()
