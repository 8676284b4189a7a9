"""What a hub, a content host or a line can do to a file: never a wrong byte, never without end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.airlock.download.errors import (
    BadPartError,
    BusyError,
    DownloadError,
    FileChangedError,
    GatedError,
    HubAnswerError,
    NoSuchRepositoryError,
    RefusedAddressError,
    UnreachableError,
    WrongBytesError,
)
from tests.app.airlock.download.fetches import (
    ONE_AT_A_TIME,
    PART_BYTES,
    SIZE,
    TRIES,
    WEIGHTS,
    Fetch,
    assert_nothing_installed,
    assert_whole,
    small_hub,
)
from tests.app.airlock.download.scripted_hub import Evil, Fault, ScriptedHub

PARTS = 4
# Evils that end by a stall alone, which must not take long here.
SLOW = (Evil.FILE_SLOW, Evil.FILE_STALLED)
STALL_S = 0.4

# For ever: the error, and words of its sentence.
ENDINGS: dict[Evil, tuple[type[DownloadError], str]] = {
    Evil.FILE_FLIPPED: (WrongBytesError, "not what the hub’s own record names"),
    Evil.FILE_LYING_OFFSET: (WrongBytesError, "not what the hub’s own record names"),
    Evil.FILE_OK_TO_RANGE: (BadPartError, "all of it came"),
    Evil.FILE_WRONG_OFFSET: (BadPartError, "another part"),
    Evil.FILE_SHORT: (BadPartError, "longer or shorter"),
    Evil.FILE_416: (FileChangedError, "changed on the hub"),
    Evil.FILE_GZIP: (BadPartError, "compressed"),
    Evil.FILE_SLOW: (UnreachableError, "Nothing came for"),
    Evil.FILE_ENDLESS: (BadPartError, "More came"),
    Evil.FILE_NEW_COMMIT: (FileChangedError, "changed on the hub"),
    Evil.FILE_TWO_LENGTHS: (UnreachableError, "broke off"),
    Evil.REDIRECT_LOOP: (RefusedAddressError, "on and on"),
    Evil.REDIRECT_ELSEWHERE: (RefusedAddressError, "none of those that may be asked"),
    Evil.REDIRECT_PRIVATE: (RefusedAddressError, "none of those that may be asked"),
    Evil.REDIRECT_PLAIN: (RefusedAddressError, "none of those that may be asked"),
    Evil.REDIRECT_USER: (RefusedAddressError, "names no host, or a user"),
    Evil.REDIRECT_FILE: (RefusedAddressError, "no address"),
    Evil.REDIRECT_EMPTY: (RefusedAddressError, "no address has"),
    Evil.STATUS_401: (GatedError, "nobody without a token"),
    Evil.STATUS_403: (GatedError, "nobody without a token"),
    Evil.STATUS_404: (NoSuchRepositoryError, "Check the name"),
    Evil.STATUS_418: (HubAnswerError, "makes no sense"),
    Evil.STATUS_429: (BusyError, "can’t answer now (429)"),
    Evil.STATUS_500: (BusyError, "can’t answer now (500)"),
    Evil.STATUS_503: (BusyError, "can’t answer now (503)"),
    Evil.HEADERS_ENDLESS: (UnreachableError, "broke off"),
    Evil.INTERIM_ENDLESS: (HubAnswerError, "and was cut"),
    Evil.NO_HTTP: (UnreachableError, "broke off"),
    Evil.HANG_UP: (UnreachableError, "broke off"),
}


@pytest.mark.parametrize("evil", ENDINGS, ids=lambda evil: evil.value)
def test_an_evil_without_end_ends_the_download_and_costs_it_nothing(
    evil: Evil, folder: Path
) -> None:
    error, words = ENDINGS[evil]
    with small_hub() as hub:
        fetch = Fetch(hub, folder, stall_s=_stall_s(evil))
        hub.faults.append(Fault(evil, "model.safetensors"))
        with pytest.raises(error, match=words.replace("(", r"\(").replace(")", r"\)")) as raised:
            fetch.run()
        assert str(raised.value).endswith((".", "kept"))
        assert_nothing_installed(folder)
        # At most one whole refetch of what was asked for, and a few tries of each part.
        assert hub.asked_bytes <= 2 * SIZE + (TRIES.line + PARTS) * PART_BYTES
        assert len(hub.requests) < 60
        hub.faults.clear()
        assert_whole(Fetch(hub, folder).run(), folder)


# Once: it is overcome, by asking again for no more than this many bytes.
ONCE: dict[Evil, int] = {
    Evil.FILE_FLIPPED: SIZE,
    Evil.FILE_LYING_OFFSET: SIZE,
    Evil.FILE_OK_TO_RANGE: PART_BYTES,
    Evil.FILE_WRONG_OFFSET: PART_BYTES,
    Evil.FILE_SHORT: PART_BYTES,
    Evil.FILE_GZIP: PART_BYTES,
    Evil.FILE_TRUNCATED: PART_BYTES // 2,
    Evil.FILE_STALLED: PART_BYTES // 2,
    Evil.FILE_SLOW: PART_BYTES // 2,
    Evil.FILE_RESET: PART_BYTES,
    Evil.FILE_ENDLESS: PART_BYTES,
    Evil.FILE_CHANGED: SIZE,
    Evil.FILE_TWO_LENGTHS: PART_BYTES,
    Evil.STATUS_429: PART_BYTES,
    Evil.STATUS_500: PART_BYTES,
    Evil.STATUS_503: PART_BYTES,
    Evil.NO_HTTP: PART_BYTES,
    Evil.HANG_UP: PART_BYTES,
}


@pytest.mark.parametrize("evil", ONCE, ids=lambda evil: evil.value)
def test_an_evil_that_passes_costs_a_part_or_one_refetch(evil: Evil, folder: Path) -> None:
    with small_hub() as hub:
        hub.faults.append(Fault(evil, "/model.safetensors", times=1, skip=1))
        fetch = Fetch(hub, folder, options=ONE_AT_A_TIME, stall_s=_stall_s(evil))
        assert_whole(fetch.run(), folder)
        assert hub.asked_bytes <= SIZE + max(ONCE[evil], PART_BYTES // 2 + 65_536)


def _stall_s(evil: Evil) -> float:
    return STALL_S if evil in SLOW else 10.0


def test_a_cut_line_goes_on_within_the_part(hub: ScriptedHub, folder: Path) -> None:
    hub.faults.append(Fault(Evil.FILE_TRUNCATED, "model.safetensors"))
    options = replace(ONE_AT_A_TIME, part_bytes=SIZE)
    with pytest.raises(UnreachableError, match="3 times in a row"):
        Fetch(hub, folder, options=options).run()
    starts = [seen.range[0] for seen in hub.file_requests() if seen.range]
    assert starts == sorted(set(starts))
    assert starts[1] == SIZE // 2


def test_the_first_flipped_byte_is_fetched_once_more_and_no_second_time(
    hub: ScriptedHub, folder: Path
) -> None:
    hub.faults.append(Fault(Evil.FILE_FLIPPED, "model.safetensors"))
    with pytest.raises(WrongBytesError):
        Fetch(hub, folder).run()
    assert hub.asked_bytes == 2 * SIZE


def test_a_small_file_is_held_to_its_git_hash(hub: ScriptedHub, folder: Path) -> None:
    hub.faults.append(Fault(Evil.FILE_FLIPPED, "config.json"))
    with pytest.raises(WrongBytesError, match=r"config\.json"):
        Fetch(hub, folder).run()
    assert len([s for s in hub.file_requests("hub") if s.path.endswith("config.json")]) == 2
    assert_nothing_installed(folder)


def test_a_file_that_goes_on_changing_is_never_mixed(hub: ScriptedHub, folder: Path) -> None:
    fetch = Fetch(hub, folder, options=ONE_AT_A_TIME)
    for skip in (2, 5):
        hub.faults.append(Fault(Evil.FILE_CHANGED, "model.safetensors", times=1, skip=skip))
    with pytest.raises((FileChangedError, WrongBytesError)):
        fetch.run()
    assert hub.asked_bytes <= 2 * SIZE + 2 * PART_BYTES
    assert_nothing_installed(folder)


def test_a_part_that_is_asked_for_again_names_the_version_that_it_must_be_of(
    hub: ScriptedHub, folder: Path
) -> None:
    hub.faults.append(Fault(Evil.FILE_TRUNCATED, "model.safetensors", times=1))
    Fetch(hub, folder, options=ONE_AT_A_TIME).run()
    marks = [seen.headers.get("if-range") for seen in hub.file_requests()]
    assert marks[0] is None
    assert len(set(marks[1:])) == 1
    assert None not in marks[1:]


def test_an_address_that_expired_is_asked_for_anew(hub: ScriptedHub, folder: Path) -> None:
    hub.faults.append(Fault(Evil.STATUS_403, "/model.safetensors", times=1, skip=3))
    assert_whole(Fetch(hub, folder, options=ONE_AT_A_TIME).run(), folder)
    resolved = [s for s in hub.file_requests("hub") if s.path.endswith("model.safetensors")]
    assert len(resolved) == 2


def test_an_address_is_asked_of_the_hub_once(hub: ScriptedHub, folder: Path) -> None:
    Fetch(hub, folder, options=ONE_AT_A_TIME).run()
    resolved = [s for s in hub.file_requests("hub") if s.path.endswith("model.safetensors")]
    assert (len(resolved), len(hub.file_requests())) == (1, PARTS)


def test_an_address_is_not_remembered_for_ever(hub: ScriptedHub, folder: Path) -> None:
    options = replace(ONE_AT_A_TIME, address_s=0.0)
    Fetch(hub, folder, options=options).run()
    resolved = [s for s in hub.file_requests("hub") if s.path.endswith("model.safetensors")]
    assert len(resolved) == len(hub.file_requests()) == PARTS


def test_a_content_host_that_refuses_is_named(hub: ScriptedHub, folder: Path) -> None:
    fetch = Fetch(hub, folder)
    with fetch.transport() as transport:
        fetch.listing = fetch.list(transport)
    hub.changed.clear()
    hub.set_files("maker/Small-Chat", hub.repositories["maker/Small-Chat"])
    hub.content = lambda digest: None  # type: ignore[method-assign]
    with pytest.raises(BadPartError, match=r"does not give out model.safetensors \(403\)"):
        fetch.run()


def test_every_exchange_is_told_with_its_bytes_and_without_its_secrets(
    hub: ScriptedHub, folder: Path
) -> None:
    fetch = Fetch(hub, folder)
    fetch.run()
    ended = [e for e in fetch.exchanges if e.has_ended]
    begun = [e for e in fetch.exchanges if not e.has_ended]
    assert sorted(e.number for e in ended) == sorted(e.number for e in begun)
    assert {(e.number, e.path) for e in ended} == {(e.number, e.path) for e in begun}
    told = [(e.port, e.path, e.status) for e in ended]
    seen = [(int(s.headers["host"].split(":")[1]), s.path, s.status) for s in hub.requests]
    assert sorted(told) == sorted((p, path.split("?")[0], status) for p, path, status in seen)
    assert sum(e.bytes_received for e in ended) > len(WEIGHTS)
    assert all(e.bytes_sent > 100 and not e.with_token and not e.refusal for e in ended)
    assert all(e.bytes_sent == 0 and e.status is None for e in begun)
