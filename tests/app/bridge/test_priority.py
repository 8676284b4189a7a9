"""Threads that compute make way for the window's, however the program was started."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="threads share it elsewhere")
CODE = """
import os, threading
from app.bridge.priority import yield_to_the_window
yield_to_the_window()
print(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
"""


@pytest.mark.parametrize(("more", "least"), [(0, 5), (19, 19)])
def test_a_priority_is_lowered_and_never_raised(more: int, least: int) -> None:
    command = ["nice", "-n", str(more), sys.executable, "-c", CODE]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(told.stdout) >= least
