"""What travels between the processes: nothing that is not a message gets through."""

import json
import random

import pytest

from app.airlock.courier import messages
from app.airlock.courier.errors import WireError
from app.airlock.courier.messages import (
    Answered,
    Asked,
    Cancel,
    Consent,
    Ended,
    Exchange,
    Outcome,
    Pause,
    Progress,
    Propose,
    Refused,
    Report,
    Request,
    Resume,
    SpeedLimit,
    decode_report,
    decode_request,
    encode_report,
    encode_request,
)
from app.airlock.courier.wire import LineReader
from app.airlock.courier.wording import words_from, words_of
from app.airlock.download.progress import State, Step
from inference.sentence import Sentence, ours, said

WHY = said("{file} is {size:,} bytes, {share:.0%} of {whole}.", file="a", size=5000, share=0.5,
           whole=said("all of it"))  # fmt: skip
EXCHANGE = Exchange(
    3, True, "list", "huggingface.co", "GET", "/api", 200, said(""), 10, 20, had_token=False
)
REQUESTS = (
    Propose(number=7),
    Propose(repository="owner/name"),
    Pause(),
    Resume(),
    Cancel(),
    SpeedLimit(1_000_000),
)
REPORTS = (
    Asked(Consent.LIST),
    Answered(Consent.FETCH, True, "owner/name", 3, 10**12, had_token=True),
    Progress(Step.FETCH, State.WAITING, 5, 10, 3, WHY),
    Ended(Outcome.FAILED, WHY, ""),
    Refused(WHY),
    EXCHANGE,
)


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda one: type(one).__name__)
def test_a_request_arrives_as_it_was(request_: Request) -> None:
    line = encode_request(request_)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert len(line) <= messages.MOST_REQUEST_BYTES
    assert decode_request(line[:-1]) == request_


@pytest.mark.parametrize("report", REPORTS, ids=lambda one: type(one).__name__)
def test_a_report_arrives_as_it_was(report: Report) -> None:
    line = encode_report(report)
    assert line.count(b"\n") == 1
    assert decode_report(line[:-1]) == report


def test_a_sentence_can_still_be_told_in_another_language() -> None:
    (came,) = [decode_report(encode_report(Refused(WHY)).strip())]
    assert isinstance(came, Refused)
    assert came.why == "a is 5,000 bytes, 50% of all of it."
    assert came.why.template == WHY.template
    assert came.why.values is not None
    assert isinstance(came.why.values["whole"], Sentence)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/",
        "owner/",
        "/name",
        "a/b/c",
        "../etc",
        "owner/../x",
        "owner/name?x=1",
        "owner/name#x",
        "owner name",
        "ówner/name",
        "owner/" + "n" * 97,
        "https://x",
        "owner/name\n",
        "-a/b",
        ".a/b",
    ],
)
def test_a_name_that_no_repository_can_have_is_refused(name: str) -> None:
    with pytest.raises(WireError):
        Propose(repository=name)
    line = json.dumps({"kind": "propose", "repository": name}).encode()
    with pytest.raises(WireError):
        decode_request(line)


@pytest.mark.parametrize(("number", "name"), [(None, None), (1, "a/b"), (0, None), (10_000, None)])
def test_a_proposal_is_a_number_or_a_name(number: int | None, name: str | None) -> None:
    with pytest.raises(WireError):
        Propose(number, name)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"null",
        b"[]",
        b'"pause"',
        b"{",
        b"\xff",
        b"[" * 500,
        b'{"kind":"pause","kind":"pause"}',
        b'{"kind":"pause","more":1}',
        b'{"kind":"speak"}',
        b'{"kind":7}',
        b'{"repository":"a/b"}',
        b'{"kind":"propose","repository":"a/b","words":"secret"}',
        b'{"kind":"propose","repository":["a/b"]}',
        b'{"kind":"propose-number","number":"1"}',
        b'{"kind":"propose-number","number":true}',
        b'{"kind":"propose-number","number":1.0}',
        b'{"kind":"propose-number","number":NaN}',
        b'{"kind":"propose-number","number":-1}',
        b'{"kind":"speedlimit","bytes_per_s":1e999}',
        b'{"kind":"speedlimit","bytes_per_s":99999999999999999999}',
    ],
)
def test_what_is_no_request_is_refused(line: bytes) -> None:
    with pytest.raises(WireError):
        decode_request(line)


@pytest.mark.parametrize(
    "change",
    [
        {"status": 1000},
        {"status": -1},
        {"host": "x" * 300},
        {"path": "/a\nb"},
        {"path": "/\u202eb"},
        {"refusal": 5},
        {"refusal": {"t": "{x}", "v": {}}},
        {"had_token": None},
        {"number": None},
        {"unknown": 1},
    ],
)
def test_a_report_with_a_field_that_cannot_be_is_refused(change: dict[str, object]) -> None:
    made = json.loads(encode_report(EXCHANGE)) | change
    with pytest.raises(WireError):
        decode_report(json.dumps(made).encode())


def test_a_choice_that_there_is_not_is_refused() -> None:
    with pytest.raises(WireError):
        decode_report(b'{"kind":"asked","consent":"everything"}')
    with pytest.raises(WireError):
        decode_report(b'{"kind":"asked","consent":3}')


def test_words_that_are_too_long_are_cut_and_arrive() -> None:
    many = {f"v{n}": "ü" * 1000 for n in range(5)}
    long = said("{v0}{v1}{v2}{v3}{v4}", **many)
    line = encode_report(Ended(Outcome.FAILED, long, ""))
    assert len(line) <= messages.MOST_REPORT_BYTES
    came = decode_report(line.strip())
    assert isinstance(came, Ended)
    assert came.why


# ----------------------------------------------------------------------- wording


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        [],
        {"t": "x"},
        {"t": "x", "v": {}, "more": 1},
        {"t": 5, "v": {}},
        {"t": "x", "v": []},
        {"t": "{a.b}", "v": {"a": "x"}},
        {"t": "{a[0]}", "v": {"a": "x"}},
        {"t": "{a!r}", "v": {"a": "x"}},
        {"t": "{a:999999999}", "v": {"a": "x"}},
        {"t": "{a:{b}}", "v": {"a": 1, "b": 2}},
        {"t": "{}", "v": {}},
        {"t": "{a", "v": {"a": "x"}},
        {"t": "a}", "v": {}},
        {"t": "{{a}}", "v": {"a": "x"}},
        {"t": "{a}", "v": {"a": "x", "b": "y"}},
        {"t": "{a}", "v": {"a": None}},
        {"t": "{a}", "v": {"a": True}},
        {"t": "{a}", "v": {"a": 1 << 70}},
        {"t": "{a:,}", "v": {"a": "text"}},
        {"t": "x" * 2000, "v": {}},
        {"t": "{a}", "v": {"a": "x" * 2000}},
        {"t": "{a}", "v": {"a": {"s": {"t": "{a}", "v": {"a": {"s": {"t": "{a}", "v": {
            "a": {"s": {"t": "{a}", "v": {"a": {"s": "deep"}}}}}}}}}}}},
    ],
)  # fmt: skip
def test_what_is_no_sentence_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        words_from(value)


def test_an_error_among_the_values_travels_as_its_sentence() -> None:
    came = words_from(words_of(said("{why}!", why=OSError(28, "No space left on device"))))
    assert came == "[Errno 28] No space left on device!"
    assert came.values is not None
    assert isinstance(came.values["why"], Sentence)


def test_a_sentence_that_may_not_travel_arrives_as_plain_text() -> None:
    odd = said("{a!r} and more", a="x")
    assert words_of(odd) == "'x' and more"
    assert words_of(ours("{braces}")) == "{braces}"
    assert words_from("{braces}") == "{braces}"


# ------------------------------------------------------------------------- lines


def test_lines_arrive_whole_however_they_are_torn() -> None:
    text = b"".join(encode_request(one) for one in REQUESTS) * 20
    chance = random.Random(5)
    reader, came = LineReader(messages.MOST_REQUEST_BYTES), []
    while text:
        size = chance.randint(1, 40)
        came += reader.feed(text[:size])
        text = text[size:]
    assert [decode_request(line) for line in came] == list(REQUESTS) * 20


def test_a_line_without_an_end_is_not_kept() -> None:
    reader = LineReader(16)
    reader.feed(b"x" * 16)
    with pytest.raises(WireError):
        reader.feed(b"x")
    with pytest.raises(WireError):
        LineReader(16).feed(b"y" * 17 + b"\n")
