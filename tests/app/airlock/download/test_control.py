"""Pause, stop, a speed limit, a full disk: what arrived stays, and it goes on from there."""

from __future__ import annotations

import errno
import os
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from app.airlock.download import arrival as arrival_module
from app.airlock.download import job as job_module
from app.airlock.download.control import Control, Pace
from app.airlock.download.errors import (
    BadPartError,
    BusyError,
    CertificateError,
    DiskError,
    GatedError,
    LineFaultError,
    StoppedError,
    UnreachableError,
)
from app.airlock.download.patience import Patience, Tries
from app.airlock.download.progress import Progress, State, Step, Tally
from tests.app.airlock.download.fetches import FILES, WANTED, WEIGHTS, Fetch, assert_whole
from tests.app.airlock.download.scripted_hub import Evil, Fault, ScriptedHub

TOTAL = sum(len(FILES[name]) for name in WANTED)


def on_first(
    fetch: Fetch, is_it: Callable[[Progress], bool], then: Callable[[], None]
) -> Callable[[Progress], None]:
    """A watch that does something at the first progress of a kind."""
    done: list[bool] = []

    def told(progress: Progress) -> None:
        fetch.progress.append(progress)
        if not done and is_it(progress):
            done.append(True)
            then()

    return told


def run_with(fetch: Fetch, watch: Callable[[Progress], None]) -> object:
    with fetch.transport() as transport:
        job = fetch.job_for(transport, fetch.list(transport))
        object.__setattr__(job._watch, "on_progress", watch)
        return job.run()


def test_a_paused_download_asks_for_nothing_and_goes_on(hub: ScriptedHub, folder: Path) -> None:
    fetch = Fetch(hub, folder)
    hub.chunk_s = 0.1
    paused_at: list[int] = []

    def watch(progress: Progress) -> None:
        fetch.progress.append(progress)
        assert fetch.job is not None
        paused = [each for each in fetch.progress if each.state is State.PAUSED]
        if progress.step is Step.FETCH and progress.done_bytes and not paused:
            fetch.job.pause()
        elif len(paused) == 3:
            paused_at.append(len(hub.requests))
        elif len(paused) == 6 and progress.state is State.PAUSED:
            assert len(hub.requests) == paused_at[-1]
            hub.chunk_s = 0.0
            fetch.job.resume()

    assert run_with(fetch, watch)
    assert paused_at
    assert all(each.bytes_per_s == 0 and each.why == "" for each in fetch.progress
               if each.state is State.PAUSED)  # fmt: skip
    (found,) = (path for path in folder.iterdir() if path.name != ".arriving")
    assert (found / "model.safetensors").read_bytes() == WEIGHTS
    assert hub.asked_bytes <= 2 * len(WEIGHTS)


@pytest.mark.parametrize("is_paused_before", [False, True])
def test_a_download_can_be_stopped_at_work_and_paused(
    hub: ScriptedHub, folder: Path, is_paused_before: bool
) -> None:
    fetch = Fetch(hub, folder)
    hub.chunk_s = 0.05
    wanted = State.PAUSED if is_paused_before else State.RUNNING

    def watch(progress: Progress) -> None:
        fetch.progress.append(progress)
        assert fetch.job is not None
        if progress.step is Step.FETCH and progress.state is wanted:
            fetch.job.stop()
        elif progress.step is Step.FETCH:
            fetch.job.pause()

    with pytest.raises(StoppedError):
        run_with(fetch, watch)
    hub.chunk_s = 0.0
    assert_whole(Fetch(hub, folder).run(), folder)


def test_a_full_disk_pauses_it_and_says_so(
    hub: ScriptedHub, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch, is_full = Fetch(hub, folder), [True]
    write_all = arrival_module.write_all

    def full(stream: BinaryIO, data: bytes) -> None:
        if is_full[0] and len(data) > 1_000:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write_all(stream, data)

    def make_room() -> None:
        assert fetch.job is not None
        is_full[0] = False
        fetch.job.resume()

    monkeypatch.setattr(arrival_module, "write_all", full)
    watch = on_first(fetch, lambda progress: progress.state is State.PAUSED, make_room)
    assert run_with(fetch, watch)
    (why,) = {each.why for each in fetch.progress if each.state is State.PAUSED}
    assert "The disk is full" in why
    assert (folder / "Small-Chat" / "model.safetensors").read_bytes() == WEIGHTS


def test_no_byte_is_asked_for_without_room_for_all(
    hub: ScriptedHub, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    fetch, free = Fetch(hub, folder), [1_000]
    monkeypatch.setattr(job_module.shutil, "disk_usage", lambda path: usage(1 << 40, 0, free[0]))

    def make_room() -> None:
        assert fetch.job is not None
        assert not hub.file_requests("hub")
        free[0] = 1 << 30
        fetch.job.resume()

    watch = on_first(fetch, lambda progress: progress.state is State.PAUSED, make_room)
    assert run_with(fetch, watch)
    (why,) = {each.why for each in fetch.progress if each.state is State.PAUSED}
    assert "There is no room for this model" in why


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.EFBIG, "can’t hold a file as large"),
        (errno.EIO, "can’t be used: Input/output error"),
        (errno.EROFS, "can’t be used: Read-only file system"),
    ],
)
def test_a_disk_that_refuses_is_named(
    hub: ScriptedHub, folder: Path, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    def refuse(stream: BinaryIO, data: bytes) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(arrival_module, "write_all", refuse)
    with pytest.raises(DiskError, match=words):
        Fetch(hub, folder).run()
    monkeypatch.undo()
    assert_whole(Fetch(hub, folder).run(), folder)


def test_a_disk_that_is_full_for_small_files_too_ends_it(
    hub: ScriptedHub, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(job_module, "write_plan", refuse)
    with pytest.raises(DiskError, match="The disk is full"):
        Fetch(hub, folder).run()


def test_a_busy_hub_is_waited_for_and_named(hub: ScriptedHub, folder: Path) -> None:
    fetch = Fetch(hub, folder)
    hub.retry_after = "1"
    hub.faults.append(Fault(Evil.STATUS_503, "/model.safetensors", times=1))
    fetch.options = Fetch(hub, folder).options.__class__(
        **{**fetch.options.__dict__, "workers": 1, "tries": Tries(busy=3, most_asked_s=0.6)}
    )
    fetch.run()
    waiting = [each for each in fetch.progress if each.state is State.WAITING]
    assert waiting
    assert all("can’t answer now (503)" in each.why for each in waiting)


def test_a_job_tells_of_all_its_steps(hub: ScriptedHub, folder: Path) -> None:
    fetch = Fetch(hub, folder)
    fetch.run()
    assert [step for step in Step if step in {each.step for each in fetch.progress}] == list(Step)
    assert {each.total_bytes for each in fetch.progress if each.step is not Step.CHECK} == {TOTAL}


def test_a_limited_download_is_whole(hub: ScriptedHub, folder: Path) -> None:
    fetch = Fetch(hub, folder)
    with fetch.transport() as transport:
        job = fetch.job_for(transport, fetch.list(transport))
        job.set_speed_limit(2_000_000)
        assert_whole(job.run(), folder)


def test_a_limit_is_shared_and_can_be_lifted(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("app.airlock.download.control.time.monotonic", lambda: now[0])
    pace = Pace()
    assert pace.take(1 << 30) == 0
    pace.limit(1_000)
    assert pace.take(500) == pytest.approx(0.5)
    assert pace.take(500) == pytest.approx(1.0)
    now[0] += 10
    assert pace.take(500) == pytest.approx(0.5)
    pace.limit(None)
    assert pace.take(500) == 0


@pytest.mark.parametrize("limit", [0, -5, float("nan")])
def test_a_limit_of_nothing_is_a_mistake(limit: float) -> None:
    with pytest.raises(ValueError):
        Pace().limit(limit)


def test_the_first_reason_to_pause_counts() -> None:
    control = Control()
    control.pause("full")
    control.pause()
    assert (control.is_paused, control.why) == (True, "full")
    control.resume()
    assert (control.is_paused, control.why) == (False, "")
    assert not control.is_stopped


def test_speed_and_time_left_are_of_the_last_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("app.airlock.download.progress.time.monotonic", lambda: now[0])
    tally = Tally(Step.FETCH, 10_000, 1_000)
    assert tally.progress(State.RUNNING, "").left_s is None
    for second in range(1, 31):
        now[0] = float(second)
        tally.add(100 if second <= 20 else 200, "a")
        seen = tally.progress(State.RUNNING, "")
    assert seen.bytes_per_s == pytest.approx(200)
    assert seen.left_s == pytest.approx((10_000 - 1_000 - 20 * 100 - 10 * 200) / 200)
    assert (seen.file, seen.done_bytes) == ("a", 5_000)
    assert tally.progress(State.PAUSED, "x").left_s is None


def test_waits_grow_and_end(monkeypatch: pytest.MonkeyPatch) -> None:
    patience = Patience(Tries(line=5, first_wait_s=1.0, most_wait_s=3.0), chance=lambda: 1.0)
    fault = LineFaultError("It broke off.")
    assert [patience.wait_after(fault) for _ in range(4)] == [1.0, 2.0, 3.0, 3.0]
    with pytest.raises(UnreachableError, match=r"It broke off\. That was so 5 times in a row"):
        patience.wait_after(fault)


def test_something_that_came_makes_failures_count_anew() -> None:
    patience = Patience(Tries(line=2, bad=2, first_wait_s=0))
    for _ in range(5):
        patience.wait_after(LineFaultError("x"))
        patience.came_on()
    patience.wait_after(BadPartError("bad"))
    patience.came_on()
    with pytest.raises(BadPartError):
        patience.wait_after(BadPartError("bad"))


def test_a_hub_gets_the_wait_that_it_asks_for_within_reason() -> None:
    patience = Patience(Tries(busy=9, most_asked_s=300.0), chance=lambda: 0.5)
    assert patience.wait_after(BusyError("x", 20.0)) == 20.5
    assert patience.wait_after(BusyError("x", 9e9)) == 300.5
    assert patience.wait_after(BusyError("x")) == pytest.approx(0.5 * 4 * 0.75)


@pytest.mark.parametrize("error", [GatedError("x"), CertificateError("x"), StoppedError()])
def test_what_does_not_pass_is_not_tried_again(error: Exception) -> None:
    with pytest.raises(type(error)):
        Patience(Tries()).wait_after(error)  # type: ignore[arg-type]
