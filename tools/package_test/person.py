"""What a person does with the program in front of a screen, by its keys alone.

For: the checks. What the window shows is read as a person could: copied, or by its pictures.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.package_test.machine import Machine
from tools.package_test.screen import Screen

QUESTION = "What is the capital of France?"
ANSWER = "Paris"
_WINDOW_S = 120.0
_ANSWER_S = 240.0
_LEFT_S = 60.0
_SETTLES_S = 0.3
_AT_REST_S = 2.0
_RESTS_S = 600.0  # a model is prepared, and this computer looked at, however busy it is
_GOES_ON_IN_TERMINAL = "Going on in the terminal"


class CheckFailed(Exception):  # noqa: N818 - it is the outcome of a check, not an error of ours
    """What is not as it must be, in a sentence."""


@dataclass
class Answered:
    """How a question went: seconds since the program was started."""

    window_s: float
    answer_s: float
    answer: str


class Person:
    """Somebody with a started program."""

    def __init__(
        self,
        screen: Screen,
        machine: Machine,
        command: Sequence[str],
        environment: Mapping[str, str] | None = None,
        folder: str = "/home/anna",
    ) -> None:
        self.screen, self._machine = screen, machine
        folder_of_all = Path("/proc", str(machine.holder_id), "root", "tmp")
        self._log = folder_of_all / f"said-{time.monotonic_ns()}"
        self.began_s = time.monotonic()
        with self._log.open("w") as log:
            self.process = machine.start(command, environment, folder=folder, output=log)

    @property
    def said(self) -> str:
        """What the program has written on the terminal."""
        return self._log.read_text(errors="replace").strip()

    def since_start_s(self) -> float:
        return time.monotonic() - self.began_s

    def see_window(self) -> float:
        """Seconds from the start to the window. Raises CheckFailed."""
        while not self.screen.windows():
            if self.process.poll() is not None:
                raise CheckFailed(f"it ended with {self.process.returncode}: {self.said}")
            if _GOES_ON_IN_TERMINAL in self.said:
                raise CheckFailed(f"no window: {self.said}")
            if self.since_start_s() > _WINDOW_S:
                raise CheckFailed(f"no window within {_WINDOW_S:.0f} s: {self.said}")
            time.sleep(0.05)
        return self.since_start_s()

    def ask(self) -> Answered:
        """A question, typed as soon as there is a window; what is typed on the first page comes to
        the chat.
        """
        window_s = self.see_window()
        self.screen.wait(self._has_written, _WINDOW_S, "The text field does not get the keys")
        return self._send(window_s)

    def wait_until_at_rest(self) -> None:
        """Until nothing of the program moves any more: how long a page takes to come depends on
        what else the computer does. Raises ScreenError.
        """
        began_s = time.monotonic()

        def rests() -> bool:
            nonlocal began_s
            if not self._machine.is_at_rest():
                began_s = time.monotonic()
            return time.monotonic() - began_s > _AT_REST_S

        self.screen.wait(rests, _RESTS_S, "The program does not come to rest")

    def choose_passphrase(self, passphrase: str = "a long enough passphrase") -> None:
        """Where no keyring answers, the window asks for one, twice."""
        self.see_window()
        self.wait_until_at_rest()
        self.screen.type(passphrase)
        self.screen.press("Tab", "Tab")  # past the eye that shows it
        self.screen.type(passphrase)
        self.screen.press("Return")
        self.wait_until_at_rest()

    def give_passphrase(self, passphrase: str) -> None:
        """The one that opens the history."""
        self.see_window()
        self.wait_until_at_rest()
        self.screen.type(passphrase)
        self.screen.press("Return")
        self.wait_until_at_rest()

    def find_chat(self, title: str) -> None:
        """By its name, as the palette finds it; waits until the window's title says it."""

        def is_open() -> bool:
            self.screen.press("ctrl+k")
            time.sleep(_SETTLES_S)
            self.screen.type(title)
            time.sleep(2 * _SETTLES_S)
            self.screen.press("Return")
            time.sleep(2 * _SETTLES_S)
            self.screen.press("Escape")
            return bool(self.screen.windows(title))

        self.screen.wait(is_open, _WINDOW_S, f"The chat “{title}” does not open")

    def _has_written(self) -> bool:
        """Whether the question, typed over whatever is there, stands in the text field alone."""
        self.screen.press("ctrl+a")
        self.screen.type(QUESTION)
        self.screen.press("ctrl+a", "ctrl+c")
        return self.screen.copied().strip() == QUESTION

    def _send(self, window_s: float) -> Answered:
        self.screen.press("Return")

        def is_answered() -> bool:
            self.screen.press("ctrl+shift+c")
            return ANSWER in self.screen.copied()

        self.screen.wait(is_answered, _ANSWER_S, "There is no answer")
        return Answered(window_s, self.since_start_s(), self.screen.copied())

    def see_privacy(self, picture: Path) -> None:
        """The privacy page, found by its name as a new user finds it."""
        self.screen.press("ctrl+k")
        time.sleep(_SETTLES_S)
        self.screen.type("privacy")
        time.sleep(_SETTLES_S)
        self.screen.press("Return")
        self.wait_until_at_rest()  # every attempt is made while one looks on
        self.screen.take(picture)

    def leave(self) -> int:
        """By the keys that quit; the exit code. Raises CheckFailed."""
        self.screen.press("ctrl+q")
        try:
            code = self.process.wait(_LEFT_S)
        except subprocess.TimeoutExpired as error:
            raise CheckFailed("the program does not quit") from error
        if "Traceback" in self.said:
            raise CheckFailed(f"it ended with a traceback: {self.said[-600:]}")
        return code
