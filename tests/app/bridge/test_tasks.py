"""The one background idiom: work elsewhere, results and failures here."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from app.bridge.tasks import Tasks
from app.notices import Notice, NoticeKind, Notices


@pytest.fixture
def notices(qtbot) -> Notices:
    return Notices()


@pytest.fixture
def shown(notices: Notices) -> list[Notice]:
    collected: list[Notice] = []
    notices.show_on(collected.append)
    return collected


def test_work_runs_elsewhere_and_its_result_arrives_here(qtbot, notices):
    tasks = Tasks(notices)
    got: list[tuple[int, int]] = []
    tasks.run(
        threading.get_ident,
        lambda worked_in: got.append((worked_in, threading.get_ident())),
        what_failed="",
    )
    qtbot.waitUntil(lambda: bool(got))
    worked_in, delivered_in = got[0]
    assert worked_in != threading.get_ident()
    assert delivered_in == threading.get_ident()


@pytest.mark.skipif(sys.platform != "linux", reason="threads share it elsewhere")
def test_the_window_goes_first(qtbot, notices):
    tasks = Tasks(notices)
    told: list[int] = []

    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    tasks.run(niceness, told.append, what_failed="")
    qtbot.waitUntil(lambda: bool(told))
    assert told[0] >= 5
    assert niceness() <= told[0]


def fail() -> None:
    raise ValueError("The disk is full.")


def test_a_failure_nobody_handles_is_shown(qtbot, notices, shown):
    Tasks(notices).run(fail, lambda _: None, what_failed="Nothing was saved.")
    tasks = Tasks(notices)
    tasks.run(fail, lambda _: None, what_failed="Nothing was saved.")
    qtbot.waitUntil(lambda: bool(shown))
    assert shown[0] == Notice(NoticeKind.ERROR, "Nothing was saved. The disk is full.")


def test_a_failure_that_is_handled_is_not_shown(qtbot, notices, shown):
    tasks = Tasks(notices)
    failures: list[Exception] = []
    tasks.run(fail, lambda _: None, what_failed="x", on_failure=failures.append)
    qtbot.waitUntil(lambda: bool(failures))
    assert str(failures[0]) == "The disk is full."
    assert shown == []


def test_nothing_is_delivered_after_closing(qtbot, notices):
    tasks = Tasks(notices)
    begun, may_end = threading.Event(), threading.Event()
    got: list[bool] = []

    def work() -> bool:
        begun.set()
        return may_end.wait(60)

    tasks.run(work, got.append, what_failed="")
    assert begun.wait(60)
    may_end.set()
    tasks.close()
    qtbot.wait(20)
    assert got == []


def test_closing_does_not_wait_for_ever(notices):
    tasks = Tasks(notices)
    may_end = threading.Event()
    tasks.run(may_end.wait, lambda _: None, what_failed="")
    assert not tasks.close(limit_s=0.01)
    may_end.set()
    assert tasks.close()


def test_notices_posted_before_a_window_is_there_are_shown_later(qtbot, notices):
    notices.warning("early")
    shown: list[Notice] = []
    notices.show_on(shown.append)
    notices.news("late")
    assert [n.text for n in shown] == ["early", "late"]
