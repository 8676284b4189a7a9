"""What several journeys need: a display of their own, a window with a scripted engine."""

import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from tests.app.conftest import enforced, fake_engine, fake_opener, open_window
from tests.flows.journeys import Traveller

__all__ = ["display", "enforced", "fake_engine", "fake_opener", "open_window", "traveller"]


@pytest.fixture
def traveller(qtbot, open_window) -> Traveller:
    """Someone before an open window."""
    return Traveller(qtbot, open_window())


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A virtual X display that listens on Unix sockets alone."""
    if shutil.which("Xvfb") is None:
        pytest.skip("needs Xvfb (Debian: xvfb)")
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(writer,), stderr=subprocess.DEVNULL)
    os.close(writer)
    with os.fdopen(reader) as told:
        number = told.readline().strip()
    assert number, "Xvfb did not start"
    yield f":{number}"
    server.terminate()
    server.wait()
