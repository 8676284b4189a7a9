"""The downloads of the models page, for `hostile_player`: what is offered, what was begun, a
journey that fails, and the name of a repository. The courier's side is played here.
"""

from __future__ import annotations

import os

from app.airlock.courier.door import CourierDoor
from app.airlock.courier.messages import Ended, Outcome, Progress, encode_report
from app.airlock.download.progress import State, Step
from app.application import Application
from app.pages.models.journey_row import JourneyRow
from app.pages.models.repository_dialog import RepositoryDialog
from app.widgets.confirm_dialog import ConfirmDialog
from app.widgets.one_line import one_line
from inference.sentence import said
from tests.flows.hostile_eyes import Eyes
from tests.flows.hostile_models import clear, words_in

_MOST_BYTES = 1 << 16


class DownloadSurfaces:
    """Rows of the section, and its dialogs."""

    def __init__(self, eyes: Eyes, application: Application) -> None:
        self._eyes = eyes
        self._app = application
        self._models = application.models
        self._requests, asks = os.pipe()
        tells, self._reports = os.pipe()
        self._models.lead_to(CourierDoor(asks, tells))
        self._section = self._models.downloads.section

    def play(self, text: str) -> None:
        """All places of it."""
        with self._eyes.step("downloads"):
            self._app.window.models_requested.emit()
            self._eyes.until(lambda: self._has_begun(text))
            self._eyes.pause(3)
        self._begun(text)
        self._journey(text)
        self._repository(text)
        clear(self._eyes, self._models.page.toasts)
        self._models.leave()

    def _has_begun(self, text: str) -> bool:
        """Whether all that was begun before is shown, under that name."""
        rows = self._section.journeys
        return len(rows) > 1 and rows[0].title == one_line(text) and rows[0].act.isVisible()

    def _begun(self, text: str) -> None:
        row = self._section.journeys[0]
        self._eyes.see_part("begun", row.name.text(), text)
        self._eyes.rest_on("begun", row.end)
        self._eyes.hear("downloads", self._section)
        with self._eyes.step("giving up"):
            row.end.click()
            self._eyes.pause(3)
        (dialog,) = self._models.page.findChildren(ConfirmDialog)
        self._eyes.see_part("giving up", words_in(dialog), text)
        self._eyes.hear("giving up", dialog)
        dialog.reject()

    def _journey(self, text: str) -> None:
        """It goes on with what was begun: it waits, then it fails."""
        with self._eyes.step("journey"):
            self._section.journeys[0].act.click()
            why = said("It waits: {why}", why=text)
            self._tell(Progress(Step.FETCH, State.WAITING, 10, 100, 5, why))
            self._eyes.until(lambda: self._said("It waits"))
            self._eyes.pause(2)
        self._see_journey("It waits", text)
        self._waiting(text)
        self._fail(text)
        self._see_journey("It failed", text)
        self._end()

    def _fail(self, text: str) -> None:
        with self._eyes.step("journey"):
            self._tell(Ended(Outcome.FAILED, said("It failed: {why}", why=text)))
            self._eyes.until(lambda: self._said("It failed"))
            self._eyes.pause(2)

    def _end(self) -> None:
        """What failed goes."""
        self._said("It failed")[0].end.click()
        os.read(self._requests, _MOST_BYTES)
        self._eyes.until(lambda: not self._said("It failed"))

    def _waiting(self, text: str) -> None:
        """Another one is asked for meanwhile."""
        with self._eyes.step("waiting"):
            self._section.journeys[-1].act.click()
            self._eyes.until(lambda: bool(self._section.waiting))
            self._eyes.pause(2)
        (row,) = self._section.waiting
        self._eyes.see_part("waiting", row.name.text(), text)
        self._eyes.rest_on("waiting", row.end)
        self._eyes.hear("waiting", self._section)
        row.end.click()
        self._eyes.settle()

    def _said(self, beginning: str) -> list[JourneyRow]:
        rows = self._section.journeys
        return [row for row in rows if row.words.text().startswith(beginning)]

    def _see_journey(self, beginning: str, text: str) -> None:
        (row,) = self._said(beginning)
        self._eyes.see_part("journey", row.name.text(), text)
        self._eyes.see_clean("journey, why", row.words.text())
        self._eyes.hear("journey", row)

    def _tell(self, report: Progress | Ended) -> None:
        os.write(self._reports, encode_report(report))

    def _repository(self, text: str) -> None:
        with self._eyes.step("repository"):
            self._section.other.click()
            self._eyes.pause(2)
            (dialog,) = self._models.page.findChildren(RepositoryDialog)
            dialog.field.setText(text)
            self._eyes.pause(1)
            dialog.act.click()
            self._eyes.pause(2)
        for left in self._models.page.findChildren(RepositoryDialog):
            assert left.complaint.isVisible()
            self._eyes.see_clean("repository", words_in(left))
            self._eyes.hear("repository", left)
            left.reject()
            self._eyes.settle()
            return
        self._fail("")  # what is left of it in a line is the name of a repository
        self._end()
