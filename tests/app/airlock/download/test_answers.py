"""What an answer's head must say for its bytes to count, and what a hub's refusal means."""

from __future__ import annotations

from email.utils import formatdate
from pathlib import Path

import pytest

from app.airlock.download.answers import StartOverError, check_hub, check_part
from app.airlock.download.arrival import Arrival
from app.airlock.download.errors import BadPartError, BusyError, FileChangedError, HubAnswerError
from app.airlock.download.exchange import Purpose
from app.airlock.download.faults import refusal_of
from app.airlock.download.headers import Headers
from app.airlock.download.hosts import hub_rules
from app.airlock.download.listing import HubFile
from app.airlock.download.transport import Answer, Asked

TARGET = hub_rules().checked("https://us.aws.cdn.hf.co/x")
LARGE = HubFile("model.safetensors", 1_000, "a" * 64, None)
SMALL = HubFile("config.json", 20, None, "b" * 40)
COMMIT = "c" * 40


def answer(status: int = 206, hub: dict[str, str] | None = None, **headers: str) -> Answer:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Answer(status, Headers(named), Headers(tuple((hub or {}).items())), TARGET, iter(()))


@pytest.mark.parametrize(
    ("file", "headers"),
    [
        (LARGE, {"x-repo-commit": "d" * 40}),
        (LARGE, {"x-linked-size": "999"}),
        (LARGE, {"x-linked-size": "all"}),
        (LARGE, {"x-linked-etag": f'"{"0" * 64}"'}),
        (LARGE, {"etag": f'W/"{"0" * 64}"'}),
        (SMALL, {"etag": f'"{"0" * 40}"'}),
    ],
)
def test_what_the_hub_says_of_a_file_must_be_what_it_listed(
    file: HubFile, headers: dict[str, str]
) -> None:
    with pytest.raises(FileChangedError, match="start again for a new list"):
        check_hub(answer(hub=headers), file, COMMIT)


@pytest.mark.parametrize(
    ("file", "headers"),
    [
        (LARGE, {}),
        (LARGE, {"x-repo-commit": COMMIT, "x-linked-size": "1000", "etag": '"md5-of-a-mirror"'}),
        (LARGE, {"x-linked-etag": f'"{"a" * 64}"'}),
        (SMALL, {"etag": f'W/"{"b" * 40}"'}),
        (SMALL, {"etag": f'"{"0" * 32}"'}),
    ],
)
def test_marks_of_another_kind_say_nothing(file: HubFile, headers: dict[str, str]) -> None:
    check_hub(answer(hub=headers), file, COMMIT)


@pytest.fixture
def arrival(tmp_path: Path) -> Arrival:
    return Arrival(LARGE, tmp_path / "file", tmp_path / "record.json", 100)


def asked(if_range: dict[str, str] | None = None) -> Asked:
    return Asked("https://us.aws.cdn.hf.co/x", Purpose.FILE, 100, (100, 199), if_range or {})


def test_the_part_that_was_asked_for_is_taken(arrival: Arrival) -> None:
    good = answer(content_range="bytes 100-199/1000", content_length="100", etag='"one"')
    check_part(good, asked(), arrival)
    check_part(good, asked(), arrival)
    assert arrival.marks == {"us.aws.cdn.hf.co": '"one"'}
    with pytest.raises(StartOverError):
        check_part(answer(content_range="bytes 100-199/1000", etag='"two"'), asked(), arrival)


@pytest.mark.parametrize(
    ("told", "error"),
    [
        (answer(content_range="bytes 100-199/1001"), FileChangedError),
        (answer(content_range="bytes 100-199/999"), FileChangedError),
        (answer(416, content_range="bytes */50"), FileChangedError),
        (answer(content_range="bytes 0-99/1000"), BadPartError),
        (answer(content_range="bytes 100-200/1000"), BadPartError),
        (answer(content_range="bytes 100-199/*"), BadPartError),
        (answer(), BadPartError),
        (answer(content_range="bytes 100-199/1000", content_length="99"), BadPartError),
        (answer(content_range="bytes 100-199/1000", content_encoding="br"), BadPartError),
        (answer(200, content_length="1000"), BadPartError),
    ],
)
def test_any_other_answer_is_not(arrival: Arrival, told: Answer, error: type[Exception]) -> None:
    with pytest.raises(error):
        check_part(told, asked(), arrival)
    assert arrival.marks == {}


def test_all_of_a_file_means_another_version_where_one_was_named(arrival: Arrival) -> None:
    named = asked({"us.aws.cdn.hf.co": '"one"'})
    with pytest.raises(StartOverError):
        check_part(answer(200, etag='"two"'), named, arrival)
    with pytest.raises(BadPartError):
        check_part(answer(200, etag='"one"'), named, arrival)
    with pytest.raises(BadPartError):
        check_part(answer(200, etag='"two"'), asked({"another.host": '"one"'}), arrival)


def busy(retry_after: str) -> float | None:
    headers = Headers((("retry-after", retry_after),))
    error = refusal_of(503, headers, TARGET, "maker/chat", has_token=False)
    assert isinstance(error, BusyError)
    return error.wait_s


def test_a_hub_may_name_seconds_or_a_moment_to_wait_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.airlock.download.faults.time.time", lambda: 1_000.0)
    assert busy("17") == 17
    assert busy(formatdate(1_020, usegmt=True)) == 20
    assert busy(formatdate(900, usegmt=True)) == 0


@pytest.mark.parametrize(
    "text", ["", "soon", "-5", "1e9", "9" * 40, "Mon, 99 Foo 2026 99:99:99 GMT"]
)
def test_a_wait_that_makes_no_sense_is_none(text: str) -> None:
    assert busy(text) is None


def test_a_redirect_that_was_not_followed_makes_no_sense() -> None:
    error = refusal_of(304, Headers(()), TARGET, "maker/chat", has_token=False)
    assert isinstance(error, HubAnswerError)
    assert str(error).startswith("us.aws.cdn.hf.co answered 304 for maker/chat")
