"""One bundle's way into the window: looked at, its signer asked about, what stands against it
asked about, installed.

For: `WindowBundles`. The work is `app/library/bundles`' own; what is refused there without an
answer of the user's is asked here, with the safe answer ready.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app import models_work
from app.error_words import words_of
from app.models_desk import ModelsDesk
from app.models_work import Consent, Contested, Stick
from app.notices import NoticeAction
from app.pages.models.bundle_dialogs import TrustDialog
from app.pages.models.contested_dialog import ContestedDialog
from app.pages.models.page import ModelsPage
from app.widgets.one_line import one_line
from app.window_history import Services


class BundleImport(QObject):
    """Ends once, however: installed, refused, or not wanted."""

    ended = Signal()

    def __init__(self, services: Services, page: ModelsPage, desk: ModelsDesk) -> None:
        super().__init__(page)
        self._services = services
        self._page = page
        self._desk = desk
        self.ended.connect(self.deleteLater)

    def start(self, path: Path) -> None:
        """Of the bundle in that folder, or of the only one in it."""
        self._services.tasks.run(
            partial(models_work.open_stick, path),
            self._on_looked,
            what_failed="",
            on_failure=self._on_not_looked,
        )

    def _on_looked(self, stick: Stick) -> None:
        if stick.signer is not None:
            self._install(stick, Consent())
            return
        dialog = TrustDialog(self._services.theme, stick.fingerprint, self._page)
        dialog.chosen.connect(
            lambda stays: self._install(stick, Consent(is_trusted_now=True, stays=stays))
        )
        dialog.rejected.connect(self.ended)
        dialog.open()

    def _on_not_looked(self, error: Exception) -> None:
        words = self.tr("Nothing was imported.")
        self._services.notices.error(f"{words} {words_of(error)}")
        self.ended.emit()

    def _install(self, stick: Stick, consent: Consent) -> None:
        allowed = self._services.settings.policy.restrictions.allowed_models
        self._desk.run(
            self.tr("Importing {model}").format(model=one_line(stick.name)),
            None,
            partial(models_work.install, stick, consent, allowed),
            partial(self._on_answered, stick, consent),
            self._on_failed,
        )

    def _on_answered(self, stick: Stick, consent: Consent, answer: Path | Contested) -> None:
        if isinstance(answer, Contested):
            self._ask(stick, consent, answer)
        else:
            self._tell(stick, answer)
            self.ended.emit()

    def _on_failed(self, error: Exception) -> None:
        self._desk.tell_failure(error)
        self.ended.emit()

    def _ask(self, stick: Stick, consent: Consent, contested: Contested) -> None:
        """Only what was shown is allowed: if something else stands against it then, it is asked."""
        conflict = contested.conflict
        wider = replace(
            consent,
            older=consent.older or conflict.is_older,
            other_signer=consent.other_signer or conflict.is_other_signer,
        )
        dialog = ContestedDialog(self._services.theme, stick, contested, self._page)
        dialog.accepted.connect(lambda: self._install(stick, wider))
        dialog.rejected.connect(self.ended)
        dialog.open()

    def _tell(self, stick: Stick, folder: Path) -> None:
        form = self.tr(
            "{model} was imported: every byte is as it was signed. A report lies beside it."
        )
        use = NoticeAction(
            self.tr("Load"), partial(self._desk.use_requested.emit, folder.name, folder)
        )
        self._services.notices.news(form.format(model=one_line(stick.name)), use)
