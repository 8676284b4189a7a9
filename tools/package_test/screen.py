"""What a machine's user sees and types: an X server with a window manager, outside of the machine.

For: the checks. Only the server's socket is seen inside. Keys are real ones, by the XTEST
extension; the clipboard is read as another program would read it.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

_SIZE = "1280x860x24"
_LOOK_S = 0.05
_ANSWERS_S = 15.0


class ScreenError(Exception):
    """There is no screen, or nothing on it in time; the message is a sentence."""


class Screen:
    """One X server; a context manager."""

    def __init__(self) -> None:
        self.display = 0
        self._processes: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Screen:
        reader, writer = os.pipe()
        options = ["-screen", "0", _SIZE, "-nolisten", "tcp", "-nolisten", "local", "-noreset"]
        self._begin(["Xvfb", "-displayfd", str(writer), *options], pass_fds=(writer,))
        os.close(writer)
        with os.fdopen(reader) as told:
            number = told.readline().strip()
        if not number:
            raise ScreenError("The X server does not start.")
        self.display = int(number)
        self._begin(["openbox"])
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        for process in reversed(self._processes):
            process.terminate()
            process.wait()

    def windows(self, name: str = "Pitcher") -> list[int]:
        """The windows that are seen, by a part of their title."""
        found = self._ask(["xdotool", "search", "--onlyvisible", "--name", name])
        return [int(line) for line in found.split()]

    def active_window(self) -> int:
        """The one that gets the keys; 0 where none does."""
        return int(self._ask(["xdotool", "getactivewindow"]).strip() or 0)

    def wait_for_window(self, limit_s: float, name: str = "Pitcher") -> int:
        """The first that appears. Raises ScreenError."""
        self.wait(lambda: bool(self.windows(name)), limit_s, "No window appeared")
        return self.windows(name)[0]

    def wait(self, is_so: Callable[[], bool], limit_s: float, otherwise: str) -> float:
        """How long it took until something was so. Raises ScreenError."""
        began_s = time.monotonic()
        while not is_so():
            if time.monotonic() - began_s > limit_s:
                raise ScreenError(f"{otherwise} within {limit_s:.0f} s.")
            time.sleep(_LOOK_S)
        return time.monotonic() - began_s

    def press(self, *keys: str) -> None:
        """Keys or chords by their X names: Return, ctrl+shift+c."""
        self._ask(["xdotool", "key", "--clearmodifiers", *keys])

    def type(self, text: str) -> None:
        """A text, key by key."""
        self._ask(["xdotool", "type", "--delay", "15", text])

    def minimize(self) -> None:
        """The window that gets the keys goes out of sight."""
        self._ask(["xdotool", "getactivewindow", "windowminimize"])

    def copied(self) -> str:
        """The clipboard's text."""
        return self._ask(["timeout", "2", "xclip", "-selection", "clipboard", "-o"])

    def take(self, picture: Path) -> None:
        """A picture of all of it."""
        picture.parent.mkdir(parents=True, exist_ok=True)
        self._ask(["maim", "--hidecursor", str(picture)])

    def _ask(self, command: list[str]) -> str:
        """What it prints; a screen that does not answer is an error, never a wait without end."""
        try:
            done = subprocess.run(
                command,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=_ANSWERS_S,
            )
        except subprocess.TimeoutExpired as error:
            raise ScreenError(f"{command[0]} got no answer from the screen.") from error
        return done.stdout

    def _begin(self, command: list[str], pass_fds: tuple[int, ...] = ()) -> None:
        self._processes.append(
            subprocess.Popen(
                command,
                env=self._environment(),
                pass_fds=pass_fds,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        )

    def _environment(self) -> dict[str, str]:
        return dict(os.environ) | {"DISPLAY": f":{self.display}"}
