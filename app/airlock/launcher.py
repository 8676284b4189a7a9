"""The launcher role: starts the chat process under the lock, and waits for it.

For: `main.py`, started without a role. It reads no user data, imports neither Qt nor
torch, and has one thread, which is what makes code between fork and exec safe. Before it
starts a window it asks whether one is open on this profile (`single_instance.py`).

What happens when
    the chat process ends       its exit code is passed on: 0 done, 1 a sentence was
                                printed, 2 wrong usage, 130 left by Ctrl-C
    it is killed by signal N    one sentence, exit code 128 + N
    Ctrl-C, Ctrl-\\ in a terminal  both get it; the launcher waits for what the chat makes of it
    SIGTERM, SIGHUP             passed on; the launcher waits
    the launcher dies           the chat process sees its lifeline end and gets SIGTERM, and
                                is gone within seconds (`leaving.py`); a courier at once
    a download is proposed      the courier's desk starts one and goes between (`courier/desk.py`)
    a window is started again   the first one comes forward and takes the files that are named; the
                                second start says so, exit code 0
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING

from app.airlock import descriptors, meeting_place, native
from app.airlock.command import (
    Role,
    child_environment,
    command_for,
    files_in,
    is_command,
    passphrase_descriptor,
)
from app.airlock.leaving import EXIT_BY_SIGNAL, LIFELINE_VARIABLE
from app.airlock.processor import processor_problem
from app.airlock.raise_pipe import RAISE_VARIABLE, RaisePipe
from app.airlock.setting import Lock, prepare

if TYPE_CHECKING:
    from app.airlock.courier.desk import CourierDesk
    from app.airlock.single_instance import Claim

_PASSED_ON = ("SIGTERM", "SIGHUP")
_LEFT_TO_THE_CHILD = ("SIGINT", "SIGQUIT")
_DOWNLOAD = ["models", "download"]
_FAILED = 1
_STANDARD_ERROR = 2
_LEFT_BY_CTRL_C = 130
_WAKE_BYTES = 4096
_IS_OPEN = "Pitcher is already open; its window comes forward."
_TAKES = "Pitcher is already open; its window comes forward and takes what you named."
_NO_HOME = (
    "This user has no home folder: HOME is not set, and the system knows none. Set HOME, or "
    "PITCHER_HOME, to a folder of your own."
)
_NO_FOLDER = "The folder that this was started in is gone. Name files with their whole path."


def main(arguments: Sequence[str]) -> int:
    """Start the chat process with `arguments`, and return the program's exit code."""
    if os.name == "posix":
        descriptors.fill_standard()
    problem = processor_problem()
    if problem is not None:
        return _say(problem)  # a later version may need more: the one before is taken again
    problem = descriptors.standard_problem() or _home_problem(os.environ)
    if problem is not None:
        return _leave(problem)
    passphrase = passphrase_descriptor(arguments)
    problem = None if passphrase is None else descriptors.passphrase_problem(passphrase)
    if problem is not None:
        return _leave(problem)
    command = command_for(Role.CHAT, arguments)
    desk = desk_for(arguments)
    if is_command(arguments) or not meeting_place.is_possible():
        return launch(command, prepare(), passphrase=passphrase, desk=desk)
    try:
        files = files_in(arguments)
    except OSError:
        return _leave(_NO_FOLDER)
    return launch_once(command, prepare(), passphrase, desk, files)


def _home_problem(environment: Mapping[str, str]) -> str | None:
    """Why nothing of this user's could be kept; None where a home is known or not needed."""
    is_known = environment.get("PITCHER_HOME") or os.path.expanduser("~") != "~"
    return None if is_known else _NO_HOME


def desk_for(arguments: Sequence[str]) -> CourierDesk | None:
    """The way to a courier, for a window and `models download` alone; None for all else, and on
    systems where none could be held to its task.
    """
    is_download = list(arguments[:2]) == _DOWNLOAD
    if (is_command(arguments) and not is_download) or not hasattr(os, "pidfd_open"):
        return None
    from app.airlock.courier.desk import CourierDesk
    from app.airlock.courier.late import record_later, start_later

    return CourierDesk(start_later(is_terminal=is_download), record_later)


def launch_once(
    command: Sequence[str],
    lock: Lock | None,
    passphrase: int | None = None,
    desk: CourierDesk | None = None,
    files: Sequence[str] = (),
) -> int:
    """As `launch`; but where a window is open on this profile, that one comes forward, and takes
    `files`, which have absolute paths.
    """
    # Late, as only a window needs it, and not every system has what it is made of.
    from app.airlock import raise_request, single_instance

    try:
        claim = single_instance.claim(meeting_place.meeting_place(os.environ), files=files)
    except (single_instance.NoAnswerError, raise_request.TooLongError) as error:
        return _leave(str(error))
    except meeting_place.NoPlaceError as error:
        _say(f"{error} Starting Pitcher again can't bring this window forward.")
        return launch(command, lock, passphrase=passphrase, desk=desk)
    except KeyboardInterrupt:
        return _LEFT_BY_CTRL_C
    if claim is None:
        return _leave(_TAKES if files else _IS_OPEN, code=0)
    with closing(claim):
        return launch(command, lock, claim, passphrase, desk)


def launch(
    command: Sequence[str],
    lock: Lock | None,
    claim: Claim | None = None,
    passphrase: int | None = None,
    desk: CourierDesk | None = None,
) -> int:
    """Run `command` under `lock` with standard input and output as they are; its exit code.

    `passphrase` is a descriptor that it gets too. `desk`, which is closed at the end, is its way
    to a courier.
    """
    relay = _SignalRelay()
    relay.install()
    given = desk.chat_ends if desk is not None else {}
    try:
        process, lifeline = _spawn(command, lock, claim.pipe if claim else None, passphrase, given)
    except (OSError, subprocess.SubprocessError) as error:
        return _say(f"The chat process could not be started: {error}.")
    if passphrase is not None and passphrase > _STANDARD_ERROR:
        os.close(passphrase)
    relay.attach(process)
    if desk is not None:
        desk.hand_over()
    if claim is not None:
        claim.serve(process, desk)
    code = _end_of(process, desk)
    if desk is not None:
        desk.close()
    if lifeline is not None:
        os.close(lifeline)
    return code if code >= 0 else _killed(-code, relay)


def _spawn(
    command: Sequence[str],
    lock: Lock | None,
    raises: RaisePipe | None,
    passphrase: int | None,
    given: Mapping[str, int],
) -> tuple[subprocess.Popen[bytes], int | None]:
    """The child, and the writing end of its lifeline."""
    environment = child_environment()
    if os.name != "posix":
        return subprocess.Popen(command, env=environment), None
    reader, writer = os.pipe()
    environment[LIFELINE_VARIABLE] = str(reader)
    passed_on = [reader] if passphrase is None else [reader, passphrase]
    for variable, descriptor in given.items():
        environment[variable] = str(descriptor)
        passed_on.append(descriptor)
    if raises is not None:
        environment[RAISE_VARIABLE] = str(raises.reader)
        passed_on.append(raises.reader)
    try:
        process = subprocess.Popen(
            command,
            env=environment,
            pass_fds=passed_on,
            # One thread, so this is safe; the lock has to come before the program's first
            # instruction, preloaded libraries included.
            preexec_fn=partial(_before_exec, lock, os.getpid()),  # noqa: PLW1509
        )
    except BaseException:
        os.close(writer)
        raise
    finally:
        os.close(reader)
    return process, writer


def _end_of(process: subprocess.Popen[bytes], desk: CourierDesk | None = None) -> int:
    """Wait for its exit code; every signal's handler runs at once.

    A signal that comes just before a blocking call runs its handler only after it: on a busy
    machine a request to end was not passed on. Here each signal also ends the waiting. What
    comes to the desk meanwhile is dealt with there.
    """
    if not hasattr(os, "pidfd_open"):
        return process.wait()
    try:
        ended = os.pidfd_open(process.pid)
    except OSError:  # an older kernel, which holds no courier either
        if desk is not None:
            desk.close()
        return process.wait()
    woken, waker = os.pipe()
    for end in (woken, waker):
        os.set_blocking(end, False)
    before = signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    waiting = select.poll()
    waiting.register(ended, select.POLLIN)
    waiting.register(woken, select.POLLIN)
    if desk is not None:
        desk.attend(waiting)
    try:
        while (code := process.poll()) is None:
            for number, _ in waiting.poll():
                if number == woken:
                    os.read(woken, _WAKE_BYTES)
                elif desk is not None:
                    desk.hear(number)
        return code
    finally:
        signal.set_wakeup_fd(before)
        for descriptor in (ended, woken, waker):
            os.close(descriptor)


def _before_exec(lock: Lock | None, launcher_id: int) -> None:
    """In the child, after the fork: a signal at the launcher's death, then the lock."""
    if lock is None:
        return
    lock.engage()
    native.prctl(native.PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != launcher_id:
        os._exit(EXIT_BY_SIGNAL + signal.SIGTERM)  # it died before the line above


class _SignalRelay:
    """Passes on what asks the program to end, and remembers what it passed on.

    Handlers, never SIG_IGN: an ignored signal stays ignored through exec, a handled one is
    the default again. What came in ignored (nohup) stays so, for both processes.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self.passed_on: set[int] = set()

    def install(self) -> None:
        for names, handler in (
            (_PASSED_ON, self._pass_on),
            (_LEFT_TO_THE_CHILD, self._leave_it),
        ):
            self._set(names, handler)

    def attach(self, process: subprocess.Popen[bytes]) -> None:
        """Pass signals to `process`, those that came too early first."""
        self._process = process
        for number in tuple(self.passed_on):
            process.send_signal(number)

    def _set(self, names: Sequence[str], handler: Callable[[int, FrameType | None], None]) -> None:
        for name in names:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, handler)

    def _pass_on(self, number: int, _frame: FrameType | None) -> None:
        self.passed_on.add(number)
        if self._process is not None:
            self._process.send_signal(number)

    def _leave_it(self, _number: int, _frame: FrameType | None) -> None:
        """The terminal sent it to the chat process too."""


def _killed(number: int, relay: _SignalRelay) -> int:
    if number not in relay.passed_on:
        try:
            name = signal.Signals(number).name
        except ValueError:  # a real-time signal
            name = "a real-time signal"
        _say(f"The chat process was ended by signal {number} ({name}).")
    return EXIT_BY_SIGNAL + number


def _leave(sentence: str, code: int = _FAILED) -> int:
    """Say why nothing is started. This version did not fail to: it is not given up for it."""
    from app.installation import installation
    from app.updates import starting

    starting.ended_in_order(installation())
    return _say(sentence, code)


def _say(sentence: str, code: int = _FAILED) -> int:
    sys.stderr.write(f"pitcher: {sentence}\n")
    return code
