"""A request from another start reaches the window, and the window comes forward."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.bridge import raise_requests
from app.bridge.raise_requests import RaiseRequests, bring_forward

pytestmark = pytest.mark.skipif(os.name != "posix", reason="POSIX pipes")


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    reader, writer = os.pipe()
    yield reader, writer
    for end in (reader, writer):
        if is_open(end):
            os.close(end)


def is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def test_a_request_is_told_on_the_gui_thread(qtbot, pipe):
    requests = RaiseRequests(pipe[0])
    with qtbot.waitSignal(requests.received):
        os.write(pipe[1], b"\n")
    with qtbot.waitSignal(requests.received):
        os.write(pipe[1], b"\n")
    requests.close()


def test_many_requests_before_the_window_are_one(qtbot, pipe):
    os.write(pipe[1], b"\n" * 50)
    requests = RaiseRequests(pipe[0])
    got: list[bool] = []
    requests.received.connect(lambda: got.append(True))
    qtbot.waitUntil(lambda: bool(got))
    qtbot.wait(20)
    assert got == [True]
    requests.close()


def test_files_are_told_once_their_request_is_whole(qtbot, pipe):
    requests = RaiseRequests(pipe[0])
    told: list[object] = []
    requests.received.connect(lambda: told.append("forward"))
    requests.files_received.connect(told.append)
    for piece in (b"/a", b" b\0/\nc", b"\0/\xff\0"):
        os.write(pipe[1], piece)
        qtbot.wait(20)
        assert told == []
    os.write(pipe[1], b"\n\n/d\0\n/half")
    qtbot.waitUntil(lambda: len(told) == 2)
    files = (Path("/a b"), Path("/\nc"), Path(os.fsdecode(b"/\xff")), Path("/d"))
    assert told == ["forward", files]
    os.write(pipe[1], b" a name\0\n")
    qtbot.waitUntil(lambda: len(told) == 4)
    assert told[2:] == ["forward", (Path("/half a name"),)]
    requests.close()


def test_closing_tells_the_launcher_that_nobody_reads(qtbot, pipe):
    requests = RaiseRequests(pipe[0])
    requests.close()
    with pytest.raises(BrokenPipeError):
        os.write(pipe[1], b"\n")
    other = os.open(os.devnull, os.O_RDONLY)
    requests.close()
    requests._on_readable()  # what Qt had already queued
    assert is_open(other)
    os.close(other)


def test_the_launchers_end_is_no_request(qtbot, pipe):
    requests = RaiseRequests(pipe[0])
    got: list[bool] = []
    requests.received.connect(lambda: got.append(True))
    os.close(pipe[1])
    qtbot.waitUntil(lambda: not is_open(pipe[0]))
    assert got == []


def test_without_a_pipe_nothing_is_watched(qtbot):
    requests = RaiseRequests(None)
    requests._on_readable()
    requests.close()


@pytest.mark.qt_log_ignore("This plugin does not support raise")
def test_a_minimised_window_comes_back_as_it_was_and_asks_for_attention(qtbot, monkeypatch):
    alerted: list[QWidget] = []
    monkeypatch.setattr(raise_requests.QApplication, "alert", alerted.append)
    window, other = QWidget(), QWidget()
    for made in (window, other):
        qtbot.addWidget(made)
    window.showMaximized()
    window.showMinimized()
    other.show()
    other.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is other)
    bring_forward(window)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    assert window.isVisible()
    assert not window.isMinimized()
    assert window.windowState() & Qt.WindowState.WindowMaximized
    assert alerted == [window]
