"""One download, from a proposal to a model that lies complete in its folder.

For: `role`. Nothing is sent before the user said yes to the list, and no file is asked for before
a second yes. A token that the hub wants is asked for here, and kept nowhere.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from app.airlock.courier.asking import (
    Asker,
    AskingStoppedError,
    Question,
    Reply,
    Room,
    Way,
    fetch_question,
    list_question,
)
from app.airlock.courier.controls import Asking, Controls
from app.airlock.courier.errors import CourierError
from app.airlock.courier.messages import Answered, Asked, Consent, Ended, Outcome, Progress, Propose
from app.airlock.courier.telling import Telling
from app.airlock.download.choices import Choice, choices_of
from app.airlock.download.destination import with_free_names
from app.airlock.download.errors import DownloadError, GatedError, StoppedError
from app.airlock.download.hosts import hub_rules, proxy_from
from app.airlock.download.hub import list_repository
from app.airlock.download.job import Job
from app.airlock.download.listing import Listing
from app.airlock.download.names import repository_name
from app.airlock.download.progress import State, Step, Watch
from app.airlock.download.token import hub_token
from app.airlock.download.transport import Line, Transport
from app.airlock.download.unfinished import unfinished
from app.download_policy import DownloadPolicy
from inference.sentence import Sentence, said, sentence_of

_NOTHING = said("")
_WEIGHTS = (".safetensors", ".gguf")


@dataclass(frozen=True)
class Place:
    """Where models lie, and what an administrator says of downloads: `allowed_models` are
    SHA-256 of files of weights, None for every model.
    """

    models_folder: Path
    policy: DownloadPolicy
    allowed_models: frozenset[str] | None = None


@dataclass(frozen=True)
class _Chosen:
    listing: Listing
    choice: Choice


class _DeclinedError(Exception):
    """The user said no."""


class Journey:
    """For one proposal. `line` makes the transport's settings, with time limits of its own."""

    def __init__(
        self,
        asker: Asker,
        telling: Telling,
        controls: Controls,
        place: Place,
        line: Callable[[Way], Line] | None = None,
    ) -> None:
        self._asker = asker
        self._telling = telling
        self._controls = controls
        self._place = place
        self._line = line or self._line_of
        policy = place.policy
        self._way = Way(
            hub_rules(policy.mirror, policy.hosts),
            proxy_from(policy.proxy) if policy.proxy else None,
            None,
        )

    def run(self, repository: str) -> Ended:
        """Ask, list, ask, fetch; how it ended. Never raises what a hub or a user can cause."""
        try:
            chosen = self._choose(repository)
            name = self._fetch(chosen)
        except (AskingStoppedError, StoppedError):
            return Ended(Outcome.CANCELLED, said("Stopped. What has arrived is kept."))
        except _DeclinedError:
            return Ended(Outcome.DECLINED, said("Nothing was downloaded: that was not confirmed."))
        except (DownloadError, CourierError) as error:
            return Ended(Outcome.FAILED, sentence_of(error))
        return Ended(Outcome.COMPLETE, _NOTHING, name)

    # ------------------------------------------------------------------------ asking

    def _choose(self, repository: str) -> _Chosen:
        """What the user chose to fetch, after both consents."""
        listing = self._list(repository)
        folder = self._place.models_folder
        choices = self._allowed(with_free_names(choices_of(listing), listing, folder))
        here = {found.name: found.done_bytes for found in unfinished(folder)}
        wants_token = listing.gated and self._way.token is None
        room = Room(folder, shutil.disk_usage(folder).free, here)
        problem = _wants_token() if wants_token else _NOTHING
        question = fetch_question(
            listing, choices, self._way, room, problem, wants_token=wants_token
        )
        choice = choices[self._ask(Consent.FETCH, question, repository, choices).option]
        return _Chosen(listing, choice)

    def _allowed(self, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
        """Those whose weights the organisation allows. Raises CourierError where none is."""
        allowed = self._place.allowed_models
        if allowed is None:
            return choices
        kept = tuple(choice for choice in choices if _weights_of(choice) <= allowed)
        if not kept:
            raise CourierError(
                said("Your organisation does not allow this model. Nothing was downloaded.")
            )
        return kept

    def _list(self, repository: str) -> Listing:
        """The hub's list, once the user allowed to ask for it; with a token, if it wants one."""
        name = repository_name(repository)
        problem, wants_token = _NOTHING, False
        while True:
            question = list_question(repository, self._way, problem, wants_token=wants_token)
            self._ask(Consent.LIST, question, repository)
            self._telling.tell(Progress(Step.CHECK, State.RUNNING, 0, 0, 0, _NOTHING))
            try:
                with self._transport() as transport:
                    asking = Asking()
                    self._controls.attach(asking)
                    return list_repository(transport, name, control=asking.control)
            except GatedError as error:
                if self._way.token is not None or not self._way.rules.hub_takes_token:
                    raise
                problem, wants_token = sentence_of(error), True

    def _ask(
        self,
        consent: Consent,
        question: Question,
        repository: str,
        choices: tuple[Choice, ...] = (),
    ) -> Reply:
        """The user's yes. Raises _DeclinedError, AskingStoppedError, NoAskingError."""
        self._telling.tell(Asked(consent))
        while True:
            reply = self._asker.ask(question, self._controls.stopped)
            if reply is not None and (reply.token or reply.proxy):
                question = self._asked_again(question, reply)
                continue
            choice = choices[reply.option] if reply is not None and choices else None
            self._telling.tell(
                Answered(
                    consent,
                    reply is not None,
                    repository,
                    len(choice.files) if choice else 0,
                    choice.total_bytes if choice else 0,
                    self._way.token is not None,
                )
            )
            if reply is None:
                raise _DeclinedError
            return reply

    def _asked_again(self, question: Question, reply: Reply) -> Question:
        """The same question, which now shows the token or the proxy; or says what is wrong."""
        before = self._way.rows()
        try:
            token = hub_token(reply.token) if reply.token else self._way.token
            proxy = proxy_from(reply.proxy) if reply.proxy else self._way.proxy
        except DownloadError as error:
            return replace(question, problem=sentence_of(error))
        self._way = replace(self._way, token=token, proxy=proxy)
        rows = [row for row in question.rows if row not in before]
        return replace(question, rows=(*rows, *self._way.rows()), problem=_NOTHING)

    # ---------------------------------------------------------------------- fetching

    def _fetch(self, chosen: _Chosen) -> str:
        """The folder's name. Raises DownloadError."""
        with self._transport() as transport:
            job = Job(
                transport,
                chosen.listing,
                chosen.choice,
                self._place.models_folder,
                Watch(self._telling.on_progress),
            )
            self._controls.attach(job)
            return job.run().folder.name

    @contextmanager
    def _transport(self) -> Iterator[Transport]:
        self._telling.begin_line()
        with Transport(self._line(self._way), self._telling.on_exchange) as transport:
            yield transport

    def _line_of(self, way: Way) -> Line:
        return Line(way.rules, way.proxy, self._place.policy.ca_file, way.token)


def repository_of(proposal: Propose) -> str:
    """The repository that a proposal means. Raises CatalogueError, which is a sentence."""
    if proposal.repository is not None:
        return proposal.repository
    from app.library.catalogue import entry

    assert proposal.number is not None
    return entry(proposal.number).repository


def _weights_of(choice: Choice) -> frozenset[str]:
    """The hashes of its files of weights; one without such a hash is allowed by no list."""
    weights = (file for file in choice.files if file.name.endswith(_WEIGHTS))
    return frozenset(file.sha256 or "" for file in weights)


def _wants_token() -> Sentence:
    return said(
        "The makers of this model want to know who downloads it. Agree to their terms on the hub’s "
        "website, and enter a token of your account there. It is not stored."
    )
