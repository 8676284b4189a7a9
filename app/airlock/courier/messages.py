"""What the chat process asks of the courier, and what it is told.

For: all three processes. Requests go up (chat → launcher → courier), reports come down. The chat
process can say no more than what stands here: a number of the catalogue, or the name of a
repository, which the courier's own question shows in full.

    Propose       one model, by number or by name
    Pause, Resume, Cancel, SpeedLimit

    Asked         the courier asks the user now
    Confirmed     the user said yes
    Progress      how far it is
    Ended         the courier has ended, and how
    Refused       nothing was started
    Exchange      one connection that was tried; for the launcher's ledger, not for the chat
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.airlock.courier.errors import WireError
from app.airlock.courier.wire import Fields, line_of
from app.airlock.courier.wording import words_of
from app.airlock.download.progress import State, Step
from inference.sentence import Sentence, said

MOST_REQUEST_BYTES = 512
# What a pipe takes at once or not at all (PIPE_BUF on Linux), so that none is ever torn.
MOST_REPORT_BYTES = 4096 - 1
MOST_NUMBER = 9_999
MOST_PATH = 1_000
_MOST_HOST = 260
_MOST_METHOD = 16
MOST_NAME = 200
_MOST_STATUS = 999
_MOST_FILES = 1_000_000
_CUT_WORDS = 300
_PART = r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_-])?"
_REPOSITORY = re.compile(rf"(?:{_PART}/)?{_PART}")


class Consent(StrEnum):
    """What the user is asked: whether to ask the hub what there is, and whether to fetch it."""

    LIST = "list"
    FETCH = "fetch"


class Outcome(StrEnum):
    """How a courier ended."""

    COMPLETE = "complete"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    FAILED = "failed"
    LOST = "lost"  # it died without a word


@dataclass(frozen=True)
class Propose:
    """A model: a number of the catalogue, or a repository's name; never both.

    Raises WireError for what can be neither.
    """

    number: int | None = None
    repository: str | None = None

    def __post_init__(self) -> None:
        if (self.number is None) == (self.repository is None):
            raise WireError(said("A download needs a model’s number or a repository’s name."))
        if self.repository is not None and not _REPOSITORY.fullmatch(self.repository):
            raise WireError(
                said(
                    "“{name}” can’t be a repository’s name. It has the form OWNER/NAME.",
                    name=self.repository[:MOST_NAME],
                )
            )
        if self.number is not None and not 0 < self.number <= MOST_NUMBER:
            raise WireError(said("The catalogue has no number {number}.", number=self.number))


@dataclass(frozen=True)
class Pause:
    """Stop fetching, and keep what is there."""


@dataclass(frozen=True)
class Resume:
    """Go on after a pause."""


@dataclass(frozen=True)
class Cancel:
    """End the courier; what was fetched is kept for the next time."""


@dataclass(frozen=True)
class SpeedLimit:
    """Fetch no faster than that; 0 is as fast as it comes."""

    bytes_per_s: int


Request = Propose | Pause | Resume | Cancel | SpeedLimit


@dataclass(frozen=True)
class Asked:
    """The courier asks the user now, in its own window or on the terminal."""

    consent: Consent


@dataclass(frozen=True)
class Answered:
    """What was asked, and what the user said; `files` and `total_bytes` are 0 for LIST."""

    consent: Consent
    is_yes: bool
    repository: str
    files: int = 0
    total_bytes: int = 0
    had_token: bool = False


@dataclass(frozen=True)
class Progress:
    """How far it is; the hub is asked what there is while a CHECK has no bytes.

    `why` says what it waits for, empty where there is nothing to say.
    """

    step: Step
    state: State
    done_bytes: int
    total_bytes: int
    bytes_per_s: int
    why: Sentence


@dataclass(frozen=True)
class Ended:
    """How it ended; of what is complete, `name` is its folder among the models."""

    outcome: Outcome
    why: Sentence
    name: str = ""


@dataclass(frozen=True)
class Refused:
    """Nothing was started, and why."""

    why: Sentence


@dataclass(frozen=True)
class Exchange:
    """One connection that was tried. Told at its beginning, and again with the same number.

    `status` is the answer's, 0 without one; `refusal` says what was not allowed or went wrong.
    """

    number: int
    has_ended: bool
    purpose: str
    host: str
    method: str
    path: str
    status: int
    refusal: Sentence
    sent_bytes: int
    received_bytes: int
    had_token: bool


Report = Asked | Answered | Progress | Ended | Refused | Exchange


# ---------------------------------------------------------------------- requests


def encode_request(request: Request) -> bytes:
    """The line that asks it."""
    fields: dict[str, object] = {"kind": _name_of(request)}
    if isinstance(request, Propose):
        if request.number is not None:
            return line_of({"kind": "propose-number", "number": request.number})
        fields["repository"] = request.repository
    if isinstance(request, SpeedLimit):
        fields["bytes_per_s"] = request.bytes_per_s
    return line_of(fields)


def decode_request(line: bytes) -> Request:
    """What a line asks. Raises WireError for anything that is no request."""
    fields = Fields(line)
    kind = fields.text("kind", 20)
    if kind not in _REQUESTS:
        raise WireError(said("A message between Pitcher’s processes could not be understood."))
    request = _REQUESTS[kind](fields)
    fields.end()
    return request


_REQUESTS: Mapping[str, Callable[[Fields], Request]] = {
    "propose": lambda fields: Propose(repository=fields.text("repository", MOST_NAME)),
    "propose-number": lambda fields: Propose(number=fields.whole("number", MOST_NUMBER)),
    "pause": lambda _: Pause(),
    "resume": lambda _: Resume(),
    "cancel": lambda _: Cancel(),
    "speedlimit": lambda fields: SpeedLimit(fields.whole("bytes_per_s")),
}


# ----------------------------------------------------------------------- reports


def encode_report(report: Report) -> bytes:
    """The line that tells it; words that are too long for one are cut."""
    line = line_of({"kind": _name_of(report), **_fields_of(report, cut=False)})
    if len(line) <= MOST_REPORT_BYTES:
        return line
    return line_of({"kind": _name_of(report), **_fields_of(report, cut=True)})


def decode_report(line: bytes) -> Report:
    """What a line tells. Raises WireError for anything that is no report."""
    fields = Fields(line)
    kind = fields.text("kind", 20)
    if kind not in _REPORTS:
        raise WireError(said("A message between Pitcher’s processes could not be understood."))
    report = _REPORTS[kind](fields)
    fields.end()
    return report


def _name_of(message: Request | Report) -> str:
    return type(message).__name__.lower()


def _fields_of(report: Report, *, cut: bool) -> dict[str, object]:
    """The fields by their names; words travel as `wording` has them."""
    return {name: _travelling(value, cut=cut) for name, value in vars(report).items()}


def _travelling(value: object, *, cut: bool) -> object:
    if isinstance(value, Sentence):
        return (
            str(value).encode("ascii", "replace").decode()[:_CUT_WORDS] if cut else words_of(value)
        )
    return value[:_CUT_WORDS] if cut and isinstance(value, str) else value


def _ascii(words: Sentence) -> str:
    return str(words).encode("ascii", "replace").decode()


_REPORTS: Mapping[str, Callable[[Fields], Report]] = {
    "asked": lambda fields: Asked(fields.choice("consent", Consent)),
    "answered": lambda fields: Answered(
        fields.choice("consent", Consent),
        fields.yes_or_no("is_yes"),
        fields.text("repository", MOST_NAME),
        fields.whole("files", _MOST_FILES),
        fields.whole("total_bytes"),
        fields.yes_or_no("had_token"),
    ),
    "progress": lambda fields: Progress(
        fields.choice("step", Step),
        fields.choice("state", State),
        fields.whole("done_bytes"),
        fields.whole("total_bytes"),
        fields.whole("bytes_per_s"),
        fields.sentence("why"),
    ),
    "ended": lambda fields: Ended(
        fields.choice("outcome", Outcome), fields.sentence("why"), fields.text("name", MOST_NAME)
    ),
    "refused": lambda fields: Refused(fields.sentence("why")),
    "exchange": lambda fields: Exchange(
        fields.whole("number"),
        fields.yes_or_no("has_ended"),
        fields.text("purpose", 20),
        fields.text("host", _MOST_HOST),
        fields.text("method", _MOST_METHOD),
        fields.text("path", MOST_PATH),
        fields.whole("status", _MOST_STATUS),
        fields.sentence("refusal"),
        fields.whole("sent_bytes"),
        fields.whole("received_bytes"),
        fields.yes_or_no("had_token"),
    ),
}
