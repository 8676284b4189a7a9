"""What a hub can say of a repository: what no honest one says ends it, and nothing is fetched."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.airlock.download.control import Control
from app.airlock.download.errors import (
    BusyError,
    DownloadError,
    FileChangedError,
    GatedError,
    HubAnswerError,
    NoSuchRepositoryError,
    RefusedAddressError,
    RepositoryNameError,
    StoppedError,
    UnreachableError,
    WrongBytesError,
)
from app.airlock.download.headers import Headers
from app.airlock.download.hosts import hub_rules
from app.airlock.download.hub import _Asking, list_repository
from app.airlock.download.names import repository_name
from app.airlock.download.token import hub_token
from app.airlock.download.transport import Answer, Asked, Line, Transport
from tests.app.airlock.download.fetches import (
    FILES,
    REPOSITORY,
    TRIES,
    WEIGHTS,
    Fetch,
    assert_nothing_installed,
    assert_whole,
    small_hub,
)
from tests.app.airlock.download.scripted_hub import Evil, Fault, ScriptedHub

TOKEN = "hf_" + "a1B2" * 8
NAME = repository_name(REPOSITORY)

ENDINGS: dict[Evil, tuple[type[DownloadError], str]] = {
    Evil.LIST_ESCAPES: (HubAnswerError, "“../../outside.safetensors” is a name that no file"),
    Evil.LIST_ODD_NAME: (HubAnswerError, "is a name that no file can have"),
    Evil.LIST_ENDLESS_PAGES: (HubAnswerError, "or no end"),
    Evil.LIST_ENDLESS_PAGE: (HubAnswerError, "and was cut"),
    Evil.LIST_NOT_JSON: (HubAnswerError, "it is not JSON"),
    Evil.LIST_DEEP: (HubAnswerError, "it is not JSON"),
    Evil.LIST_TWICE: (HubAnswerError, "twice"),
    Evil.LIST_NEXT_ELSEWHERE: (HubAnswerError, "does not say where its next page begins"),
    Evil.LIST_NO_COMMIT: (HubAnswerError, "names no commit"),
    Evil.REDIRECT_LOOP: (RefusedAddressError, "on and on"),
    Evil.REDIRECT_ELSEWHERE: (RefusedAddressError, "none of those that may be asked"),
    Evil.REDIRECT_FILE: (RefusedAddressError, "no address of a page"),
    Evil.STATUS_401: (GatedError, "nobody without a token"),
    Evil.STATUS_404: (NoSuchRepositoryError, "has no maker/Small-Chat"),
    Evil.STATUS_418: (HubAnswerError, "answered 418"),
    Evil.STATUS_429: (BusyError, "can’t answer now (429)"),
    Evil.STATUS_503: (BusyError, "can’t answer now (503)"),
    Evil.HEADERS_ENDLESS: (UnreachableError, "broke off"),
    Evil.HANG_UP: (UnreachableError, "3 times in a row"),
}


@pytest.mark.parametrize("evil", ENDINGS, ids=lambda evil: evil.value)
def test_an_evil_list_ends_it_with_a_sentence(
    evil: Evil, hub: ScriptedHub, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.airlock.download.hub._MOST_PAGE_BYTES", 100_000)
    error, words = ENDINGS[evil]
    hub.faults.append(Fault(evil))
    with pytest.raises(error, match=re.escape(words)) as raised:
        Fetch(hub, folder).run()
    assert "\x1b" not in str(raised.value)
    assert not hub.file_requests()
    assert len(hub.requests) < 60
    assert not folder.exists()


@pytest.mark.parametrize("evil", [Evil.STATUS_429, Evil.STATUS_500, Evil.HANG_UP, Evil.NO_HTTP])
def test_what_passes_is_waited_for(evil: Evil, hub: ScriptedHub, folder: Path) -> None:
    hub.faults.append(Fault(evil, times=2))
    assert_whole(Fetch(hub, folder).run(), folder)


def test_the_hub_is_not_asked_before_the_time_it_names(hub: ScriptedHub, folder: Path) -> None:
    """By the waits asked for, not by a clock."""
    waits: list[float] = []

    class Waiting(Control):
        def sleep(self, seconds: float, check: object) -> None:
            waits.append(seconds)

    hub.retry_after = "7"
    hub.faults.append(Fault(Evil.STATUS_429, times=1))
    tries = TRIES.__class__(most_asked_s=300.0)
    with Fetch(hub, folder).transport() as transport:
        list_repository(transport, repository_name(REPOSITORY), control=Waiting(), tries=tries)
    assert [7 <= seconds <= 8 for seconds in waits] == [True]


def test_a_wrong_size_in_the_list_is_noticed(hub: ScriptedHub, folder: Path) -> None:
    hub.faults.append(Fault(Evil.LIST_WRONG_SIZE))
    with pytest.raises(FileChangedError, match="changed on the hub"):
        Fetch(hub, folder).run()
    assert_nothing_installed(folder)


def test_a_wrong_hash_in_the_list_is_noticed(hub: ScriptedHub, folder: Path) -> None:
    hub.faults.append(Fault(Evil.LIST_WRONG_HASH))
    with pytest.raises((FileChangedError, WrongBytesError)):
        Fetch(hub, folder).run()
    assert hub.asked_bytes <= 2 * len(WEIGHTS)
    assert_nothing_installed(folder)


def test_pages_are_put_together(folder: Path) -> None:
    with small_hub(page_files=2) as hub, Fetch(hub, folder).transport() as transport:
        listing = list_repository(transport, repository_name(REPOSITORY))
    assert {file.path: file.size for file in listing.files} == {
        name: len(data) for name, data in FILES.items()
    }
    assert listing.commit == hub.commit(REPOSITORY)
    assert all((f.sha256 is None) != (f.blob is None) for f in listing.files)
    assert not listing.gated


def test_the_next_page_is_asked_of_the_hub_whoever_is_named_for_it(folder: Path) -> None:
    """A mirror passes on the original's answers, which name the original."""
    elsewhere = "https://huggingface.co/api/models/x/tree/y?cursor=2"
    with small_hub(page_files=2, elsewhere=elsewhere) as hub:
        hub.faults.append(Fault(Evil.LIST_NEXT_ELSEWHERE, times=1))
        with Fetch(hub, folder).transport() as transport:
            listing = list_repository(transport, repository_name(REPOSITORY))
        assert {file.path for file in listing.files} == set(FILES)


@pytest.mark.parametrize(
    "link", ["<https://[/x?cursor=2>", "<x?cursor=a&cursor=b>", "<x?cursor=%0a>"]
)
def test_a_next_page_that_makes_no_sense_ends_it(folder: Path, link: str) -> None:
    with small_hub(elsewhere=link[1:-1]) as hub, Fetch(hub, folder).transport() as transport:
        hub.faults.append(Fault(Evil.LIST_NEXT_ELSEWHERE))
        with pytest.raises(HubAnswerError, match="where its next page begins"):
            list_repository(transport, repository_name(REPOSITORY))


def answered(body: bytes) -> Transport:
    """A transport whose every answer has this body."""

    class Scripted(Transport):
        @contextmanager
        def ask(self, asked: Asked) -> Iterator[Answer]:
            target = self.rules.checked(asked.url)
            yield Answer(200, Headers(()), Headers(()), target, iter([body]))

    return Scripted(Line(hub_rules()), lambda exchange: None)


def is_path(path: str) -> bool:
    return path.isprintable() and not {"", ".", ".."} & set(path.split("/")) and "\\" not in path


FILE = {"type": "file", "path": "model.safetensors", "size": 5, "oid": "a" * 40}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["type", "path", "size", "oid", "lfs"]), JSON)
def test_whatever_a_field_holds_is_a_file_or_a_sentence(field: str, value: object) -> None:
    body = json.dumps([{**FILE, field: value}]).encode()
    files = []
    with answered(body) as transport, suppress(HubAnswerError):
        files = list(_Asking(transport, NAME, Control(), TRIES).files("c" * 40))
    assert all(0 <= file.size <= 1 << 40 and is_path(file.path) for file in files)


@settings(max_examples=100, deadline=None)
@given(JSON)
def test_whatever_a_hub_says_of_a_repository_is_a_commit_or_a_sentence(value: object) -> None:
    with answered(json.dumps(value).encode()) as transport, pytest.raises(HubAnswerError):
        list_repository(transport, NAME)


def test_a_revision_is_pinned_to_its_commit(hub: ScriptedHub, folder: Path) -> None:
    first = hub.commit(REPOSITORY)
    hub.set_files(REPOSITORY, {**FILES, "config.json": b"{}"})
    with Fetch(hub, folder).transport() as transport:
        old = list_repository(transport, repository_name(REPOSITORY), first)
        new = list_repository(transport, repository_name(REPOSITORY))
    assert (old.commit, new.commit) == (first, hub.commit(REPOSITORY))
    assert old.commit != new.commit


@pytest.mark.parametrize("revision", ["", "../x", "a/b", "x y", "-x", "é", "a" * 97, "a..b"])
def test_a_revision_that_can_be_none_is_not_asked_for(
    hub: ScriptedHub, folder: Path, revision: str
) -> None:
    with Fetch(hub, folder).transport() as transport, pytest.raises(RepositoryNameError):
        list_repository(transport, repository_name(REPOSITORY), revision)
    assert not hub.requests


def test_an_unknown_repository_is_said_to_be_none(hub: ScriptedHub, folder: Path) -> None:
    with (
        Fetch(hub, folder).transport() as transport,
        pytest.raises(NoSuchRepositoryError, match=r"has no maker/Other\. Check the name"),
    ):
        list_repository(transport, repository_name("maker/Other"))


def test_a_gated_repository_wants_a_token(folder: Path) -> None:
    with small_hub(gated=(REPOSITORY,), token=TOKEN) as hub:
        with pytest.raises(GatedError, match="want to know who fetches it"):
            Fetch(hub, folder).run()
        wrong = {"rules": hub.rules(token_to_mirror=True)}
        with pytest.raises(GatedError, match="owner of this token"):
            Fetch(hub, folder, token="hf_" + "x" * 30, line=wrong).run()


def test_a_token_goes_to_the_hub_and_not_to_the_host_that_it_sends_us_on_to(folder: Path) -> None:
    with small_hub(gated=(REPOSITORY,), token=TOKEN) as hub:
        fetch = Fetch(hub, folder, token=TOKEN, line={"rules": hub.rules(token_to_mirror=True)})
        assert_whole(fetch.run(), folder)
        at_hub = [s.headers.get("authorization") for s in hub.requests if s.server == "hub"]
        at_content = [s.headers.get("authorization") for s in hub.requests if s.server != "hub"]
    assert set(at_hub) == {f"Bearer {TOKEN}"}
    assert set(at_content) == {None}
    ended = [e for e in fetch.exchanges if e.has_ended]
    assert {e.with_token for e in ended if f":{e.port}" in hub.url} == {True}
    assert {e.with_token for e in ended if f":{e.port}" in hub.content_url} == {False}
    assert TOKEN not in repr(fetch.exchanges) + repr(hub_token(TOKEN))


def test_a_mirror_gets_no_token_unless_that_was_decided(folder: Path) -> None:
    with small_hub() as hub:
        Fetch(hub, folder, token=TOKEN).run()
        assert not any("authorization" in seen.headers for seen in hub.requests)


def test_no_request_says_more_than_it_must(hub: ScriptedHub, folder: Path) -> None:
    Fetch(hub, folder).run()
    allowed = {"host", "user-agent", "accept", "accept-encoding", "range", "if-range"}
    assert all(set(seen.headers) <= allowed for seen in hub.requests)
    assert {seen.headers["user-agent"] for seen in hub.requests} == {"pitcher"}
    assert {seen.headers["accept-encoding"] for seen in hub.requests} == {"identity"}


def test_a_list_can_be_stopped(hub: ScriptedHub, folder: Path) -> None:
    control = Control()
    control.stop()
    with Fetch(hub, folder).transport() as transport, pytest.raises(StoppedError):
        list_repository(transport, repository_name(REPOSITORY), control=control)
