"""From a proposal to a model, with a scripted hub and a user who answers as a test has it."""

import json
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from app.airlock.courier.asking import AskingStoppedError, Question, Reply
from app.airlock.courier.controls import Controls
from app.airlock.courier.errors import NoAskingError
from app.airlock.courier.journey import Journey, Place, repository_of
from app.airlock.courier.messages import (
    Answered,
    Asked,
    Cancel,
    Consent,
    Exchange,
    Outcome,
    Pause,
    Progress,
    Propose,
    Report,
    Resume,
    SpeedLimit,
    decode_report,
)
from app.airlock.courier.telling import Telling
from app.airlock.download.exchange import Exchange as Fetched
from app.airlock.download.exchange import Purpose
from app.airlock.download.progress import State, Step
from app.download_policy import DownloadPolicy
from inference.sentence import said
from tests.app.airlock.download.scripted_hub import ScriptedHub

TOKEN = "hf_" + "a1B2" * 8
FILES = {"config.json": b"{}", "model.safetensors": os.urandom(50_000), "README.md": b"words"}
GGUF = {"m-Q8_0.gguf": b"GGUF" + os.urandom(9000), "m-Q4_K_M.gguf": b"GGUF" + os.urandom(5000)}


@dataclass
class User:
    """Answers each question in turn; None is no."""

    replies: list[Reply | Exception | None]
    asked: list[Question] = field(default_factory=list)

    def ask(self, question: Question, stopped: threading.Event) -> Reply | None:
        self.asked.append(question)
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply


class Room:
    """A journey's place, and what it told."""

    def __init__(self, folder: Path, policy: DownloadPolicy, models: Path | None = None) -> None:
        self.models = models or folder / "models"
        self.models.mkdir(exist_ok=True)
        self.place = Place(self.models, policy)
        self.told_by, tells = os.pipe()
        self.telling = Telling(tells)
        self.tells = tells
        self.controls = Controls()
        self.reports: list[Report] = []
        self.listener = threading.Thread(target=self._listen)
        self.listener.start()

    def _listen(self) -> None:
        with os.fdopen(self.told_by, "rb") as lines:
            self.reports += [decode_report(line.strip()) for line in lines]

    def run(self, user: User, name: str = "owner/name"):
        end = Journey(user, self.telling, self.controls, self.place).run(name)
        os.close(self.tells)
        self.listener.join(30)
        return end

    def of(self, kind):
        return [report for report in self.reports if isinstance(report, kind)]


@pytest.fixture
def hub() -> Iterator[ScriptedHub]:
    with ScriptedHub({"owner/name": FILES, "o/quants": GGUF}) as started:
        yield started


@pytest.fixture
def room(tmp_path: Path, hub: ScriptedHub) -> Room:
    return Room(tmp_path, DownloadPolicy(hub.url, (hub.content_url,)))


def test_two_yeses_and_the_model_is_there(room: Room, hub: ScriptedHub) -> None:
    user = User([Reply(), Reply()])
    end = room.run(user)
    assert (end.outcome, end.name) == (Outcome.COMPLETE, "name")
    assert (room.models / "name" / "model.safetensors").read_bytes() == FILES["model.safetensors"]
    assert room.of(Asked) == [Asked(Consent.LIST), Asked(Consent.FETCH)]
    total = sum(map(len, FILES.values()))
    assert room.of(Answered) == [
        Answered(Consent.LIST, True, "owner/name"),
        Answered(Consent.FETCH, True, "owner/name", 3, total),
    ]
    exchanges = [report for report in room.of(Exchange) if report.has_ended]
    assert len(exchanges) == len(hub.requests)
    numbers = [exchange.number for exchange in exchanges]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    steps = {report.step for report in room.of(Progress)}
    assert steps == {Step.CHECK, Step.FETCH, Step.VERIFY}


def test_the_questions_show_whom_what_and_where(room: Room, hub: ScriptedHub) -> None:
    user = User([Reply(), Reply()])
    room.run(user)
    first, second = (shown_in(question) for question in user.asked)
    for question in (first, second):
        for word in ("owner/name", hub.url, hub.content_url):
            assert word in question
    for word in (*FILES, hub.commit("owner/name"), str(room.models / "name"), "50.0 KB"):
        assert word in second


def shown_in(question: Question) -> str:
    rows = [*question.rows]
    for option in question.options:
        rows += [*option.rows, *option.files]
    words = [question.problem, question.title, question.words]
    return "\n".join([*words, *(f"{row.what}: {row.value}" for row in rows)])


@pytest.mark.parametrize("replies", [[None], [Reply(), None]])
def test_a_no_is_a_no(room: Room, hub: ScriptedHub, replies: list[Reply | None]) -> None:
    end = room.run(User([*replies]))
    assert end.outcome is Outcome.DECLINED
    assert not any(request.is_file for request in hub.requests)
    assert bool(hub.requests) is (len(replies) > 1)
    assert room.of(Answered)[-1].is_yes is False
    assert not (room.models / "name").exists()


def test_a_question_that_is_taken_back_is_no_answer(room: Room, hub: ScriptedHub) -> None:
    end = room.run(User([AskingStoppedError()]))
    assert end.outcome is Outcome.CANCELLED
    assert room.of(Answered) == []
    assert hub.requests == []


def test_where_nobody_can_be_asked_any_more_it_ends(room: Room, hub: ScriptedHub) -> None:
    end = room.run(User([NoAskingError(said("The window is gone."))]))
    assert (end.outcome, end.why) == (Outcome.FAILED, "The window is gone.")
    assert hub.requests == []


def test_one_quantization_of_several_is_fetched(room: Room) -> None:
    user = User([Reply(), Reply(1)])
    end = room.run(user, "o/quants")
    assert [option.label.split(":")[0] for option in user.asked[1].options] == ["Q4_K_M", "Q8_0"]
    assert end.name == "quants-Q8_0"
    assert room.of(Answered)[1].total_bytes == len(GGUF["m-Q8_0.gguf"])
    assert (room.models / "quants-Q8_0" / "m-Q8_0.gguf").read_bytes() == GGUF["m-Q8_0.gguf"]


@pytest.mark.parametrize("name", ["owner/none", "owner/--x", "a/b/c"])
def test_what_there_is_not_is_a_sentence(room: Room, name: str) -> None:
    end = room.run(User([Reply()]), name)
    assert end.outcome is Outcome.FAILED
    assert end.why.endswith(".")


# ------------------------------------------------------------------- tokens and proxies


def gated_room(tmp_path: Path, hub: ScriptedHub, monkeypatch: pytest.MonkeyPatch) -> Room:
    """As with the Hub itself, which takes tokens: a mirror does not by itself."""
    from app.airlock.courier import journey

    rules = hub.rules(token_to_mirror=True)
    monkeypatch.setattr(journey, "hub_rules", lambda *_: rules)
    return Room(tmp_path, DownloadPolicy())


def test_a_token_is_asked_for_shown_in_every_question_and_sent_to_the_hub_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedHub({"owner/name": FILES}, gated=("owner/name",), token=TOKEN) as hub:
        room = gated_room(tmp_path, hub, monkeypatch)
        replies = [Reply() for _ in range(6)]
        user = User(replies)
        original = user.ask

        def ask(question: Question, stopped: threading.Event) -> Reply | None:
            reply = original(question, stopped)
            wants = question.takes_token and "hf_…" not in shown_in(question)
            return replace(reply, token=TOKEN) if wants and reply else reply

        user.ask = ask
        end = room.run(user)
    assert end.outcome is Outcome.COMPLETE, end.why
    assert TOKEN not in "".join(shown_in(question) for question in user.asked)
    with_token = [one for one in hub.requests if "authorization" in one.headers]
    assert with_token
    assert {one.server for one in with_token} == {"hub"}
    assert {report.had_token for report in room.of(Exchange)} == {True, False}
    asked_last = user.asked[-1]
    assert f"hf_…{TOKEN[-4:]}" in shown_in(asked_last)
    assert room.of(Answered)[-1].had_token


def test_a_text_that_is_no_token_is_asked_for_again_and_never_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hub: ScriptedHub
) -> None:
    room = gated_room(tmp_path, hub, monkeypatch)
    user = User([Reply(token="my password"), None])
    assert room.run(user).outcome is Outcome.DECLINED
    assert "no token of the Hub" in user.asked[1].problem
    assert "my password" not in shown_in(user.asked[1])
    assert hub.requests == []


def test_a_proxy_is_shown_before_it_is_used(room: Room, hub: ScriptedHub) -> None:
    user = User([Reply(proxy="nonsense"), Reply(proxy="http://user:pw@127.0.0.1:9"), None])
    room.run(user)
    assert "no host, mirror or proxy" in user.asked[1].problem
    assert "Through: http://127.0.0.1:9" in shown_in(user.asked[2])
    assert "pw" not in shown_in(user.asked[2])
    assert hub.requests == []


def test_a_proxy_of_the_policy_stands_in_the_first_question(tmp_path: Path) -> None:
    room = Room(tmp_path, DownloadPolicy(proxy="http://10.0.0.9:3128"))
    user = User([None])
    room.run(user)
    assert "Through: http://10.0.0.9:3128" in shown_in(user.asked[0])
    assert "huggingface.co" in shown_in(user.asked[0])


# ------------------------------------------------------------------------ allowed models


def test_only_what_the_organisation_allows_is_offered(room: Room, hub: ScriptedHub) -> None:
    import hashlib

    digest = hashlib.sha256(GGUF["m-Q4_K_M.gguf"]).hexdigest()
    room.place = replace(room.place, allowed_models=frozenset({digest}))
    user = User([Reply(), None])
    room.run(user, "o/quants")
    assert [option.label.split(":")[0] for option in user.asked[1].options] == ["Q4_K_M"]


def test_what_the_organisation_does_not_allow_is_not_fetched(room: Room, hub: ScriptedHub) -> None:
    room.place = replace(room.place, allowed_models=frozenset())
    end = room.run(User([Reply()]))
    assert end.outcome is Outcome.FAILED
    assert "does not allow this model" in end.why
    assert not any(request.is_file for request in hub.requests)


# ------------------------------------------------------------------------------ stopping


def test_a_download_that_is_cancelled_keeps_what_arrived(room: Room, hub: ScriptedHub) -> None:
    room.controls.obey(Cancel())
    end = room.run(User([Reply(), Reply()]))
    assert end.outcome is Outcome.CANCELLED
    assert not (room.models / "name").exists()


def test_asking_for_the_list_can_be_stopped(room: Room, hub: ScriptedHub) -> None:
    user = User([Reply()])
    original = user.ask

    def ask(question: Question, stopped: threading.Event) -> Reply | None:
        reply = original(question, stopped)
        for request in (SpeedLimit(5), Pause(), Resume(), Cancel()):
            room.controls.obey(request)
        return reply

    user.ask = ask
    assert room.run(user).outcome is Outcome.CANCELLED
    assert hub.requests == []


def test_words_that_another_program_put_beside_what_arrived_are_not_sent(
    room: Room, hub: ScriptedHub
) -> None:
    secret = "said-in-confidence"
    hub.chunk_s = 0.2
    threading.Thread(target=_stop_once_begun, args=(hub, room.controls)).start()
    assert room.run(User([Reply(), Reply()])).outcome is Outcome.CANCELLED
    records = list((room.models / ".arriving" / "name" / "records").iterdir())
    assert records
    host = hub.content_url.split("/")[2].partition(":")[0]
    for record in records:
        facts = json.loads(record.read_text())
        record.write_text(json.dumps(facts | {"etags": {host: f'"{secret}"'}}))
    hub.chunk_s = 0.0
    again = Room(room.models.parent / "again", room.place.policy, room.models)
    assert again.run(User([Reply(), Reply()])).outcome is Outcome.COMPLETE
    for request in hub.requests:
        assert secret not in request.path + "".join(request.headers.values())


def _stop_once_begun(hub: ScriptedHub, controls: Controls) -> None:
    until_s = time.monotonic() + 60
    while not hub.file_requests() and time.monotonic() < until_s:
        time.sleep(0.01)
    time.sleep(0.1)
    controls.obey(Cancel())


def test_what_had_arrived_stands_in_the_question(room: Room, hub: ScriptedHub) -> None:
    from app.airlock.courier.asking import Room as Disk
    from app.airlock.courier.asking import Way, fetch_question
    from app.airlock.download.choices import Choice, Kind
    from app.airlock.download.hosts import hub_rules
    from app.airlock.download.listing import HubFile, Listing
    from app.airlock.download.names import repository_name

    file = HubFile("model.safetensors", 3_000_000_000, "a" * 64, None)
    listing = Listing(repository_name("owner/name"), "main", "b" * 40, (file,))
    disk = Disk(room.models, 5_000_000, {"name": 1_000_000_000})
    question = fetch_question(
        listing,
        [Choice(Kind.SAFETENSORS, "", "name", (file,))],
        Way(hub_rules(), None, None),
        disk,
        said(""),
        wants_token=False,
    )
    assert "Here already: 1.00 GB" in shown_in(question)
    assert "Free there: 5.0 MB" in shown_in(question)
    assert "3.00 GB in one file" in shown_in(question)
    room.run(User([None]))


# -------------------------------------------------------------------------------- telling


def test_what_a_hub_calls_its_files_can_not_break_a_report(room: Room) -> None:
    evil = Fetched(
        4, Purpose.FILE, "GET", "https", "h\u202e\x00" + "x" * 400, 443, "/a\nb\x1b" + "é" * 2000,
        None, "Cut.", 10, 1 << 60, with_token=False, started_at_s=0.0, has_ended=True,
    )  # fmt: skip
    room.telling.on_exchange(evil)
    room.run(User([None]))
    (exchange,) = room.of(Exchange)
    assert exchange.path.isprintable()
    assert exchange.refusal == "Cut."
    assert exchange.status == 0


def test_a_number_of_the_catalogue_names_its_makers_repository() -> None:
    from app.library.catalogue import entries

    entry = entries()[0]
    assert repository_of(Propose(number=entry.number)) == entry.repository
    assert repository_of(Propose(repository="a/b")) == "a/b"


def test_a_progress_report_is_bounded(room: Room) -> None:
    from app.airlock.download.progress import Progress as Seen

    room.telling.on_progress(Seen(Step.FETCH, State.PAUSED, "Full.", -5, 1 << 60, 1e30, None, "f"))
    room.run(User([None]))
    (progress,) = room.of(Progress)
    assert (progress.done_bytes, progress.why) == (0, "Full.")
    assert json.dumps(progress.total_bytes)
