"""The courier role: one download, asked for by the chat process and allowed by the user.

For: `roles`, in a process that the launcher started under its lock. Order: hardening, the lock's
test, one more door closed, then the pipes; nothing is imported that opens a socket before that.
When the launcher goes, its requests end, and so does this process, wherever it is: what it has
fetched lies safe on the disk.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app.airlock.courier.errors import CourierError, NoAskingError, WireError
from app.airlock.courier.messages import (
    MOST_REQUEST_BYTES,
    Ended,
    Outcome,
    Propose,
    decode_request,
)
from app.airlock.courier.wire import LineReader
from app.airlock.inherited import take_pipe_end
from inference.sentence import ours, said, sentence_of

if TYPE_CHECKING:
    from app.airlock.courier.asking import Asker
    from app.airlock.courier.controls import Controls
    from app.airlock.courier.telling import Telling

_USAGE = 2
_LAUNCHER_GONE = 143
_PATIENCE_S = 20.0
_READ_BYTES = 4096


def main(arguments: Sequence[str]) -> int:
    """Fetch what is proposed; its end is told by the pipe, and the exit code is 0."""
    from app.airlock import hardening
    from app.airlock.courier.running import REPORTS_VARIABLE, REQUESTS_VARIABLE

    hardening.harden()
    requests, reports = take_pipe_end(REQUESTS_VARIABLE), take_pipe_end(REPORTS_VARIABLE)
    if requests is None or reports is None:
        sys.stderr.write("pitcher: The courier role is started by the launcher alone.\n")
        return _USAGE
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from app.airlock.courier.telling import Telling

    telling = Telling(reports)
    try:
        telling.tell(_fetch(arguments, requests, telling))
    except BrokenPipeError:
        return _LAUNCHER_GONE
    return 0


def _fetch(arguments: Sequence[str], requests: int, telling: Telling) -> Ended:
    from app.airlock.courier import lockdown
    from app.airlock.courier.controls import Controls

    try:
        lockdown.verify(Path("/"))
        lockdown.seal()
        controls = Controls()
        return _journey(arguments, _first_request(requests, controls), telling, controls)
    except CourierError as error:
        return Ended(Outcome.FAILED, sentence_of(error))


def _journey(
    arguments: Sequence[str], proposal: Propose, telling: Telling, controls: Controls
) -> Ended:
    from app import paths
    from app.airlock.courier.journey import Journey, Place, repository_of
    from app.airlock.courier.starting import check_allowed
    from app.library.catalogue import CatalogueError
    from app.policy import read_policy
    from app.settings import LOCKABLE

    policy = read_policy(paths.policy_file(), LOCKABLE)
    check_allowed(policy)
    try:
        repository = repository_of(proposal)
    except CatalogueError as error:
        return Ended(Outcome.FAILED, sentence_of(error))
    allowed = policy.restrictions.allowed_models
    place = Place(paths.models_dir(), policy.downloads, allowed)
    with _asker(arguments) as asker:
        return Journey(asker, telling, controls, place).run(repository)


def _first_request(requests: int, controls: Controls) -> Propose:
    """The proposal; what comes after it is obeyed as it comes. Raises WireError."""
    proposals: queue.Queue[Propose] = queue.Queue()
    reader = threading.Thread(
        target=_read, args=(requests, controls, proposals), name="requests", daemon=True
    )
    reader.start()
    try:
        return proposals.get(timeout=_PATIENCE_S)
    except queue.Empty:
        raise WireError("Nobody proposed a download.") from None


def _read(requests: int, controls: Controls, proposals: queue.Queue[Propose]) -> None:
    """Until the launcher closes the pipe, or is gone, or says what nobody understands."""
    reader = LineReader(MOST_REQUEST_BYTES)
    try:
        while piece := os.read(requests, _READ_BYTES):
            for line in reader.feed(piece):
                request = decode_request(line)
                if isinstance(request, Propose):
                    proposals.put(request)
                else:
                    controls.obey(request)
    except WireError:
        pass
    os._exit(_LAUNCHER_GONE)


@contextmanager
def _asker(arguments: Sequence[str]) -> Iterator[Asker]:
    """A window or a terminal, as the user came; the other one where that can't be.

    Raises NoAskingError.
    """
    from app.airlock.courier.starting import ASK_FLAG, AskFirst
    from app.airlock.courier.terminal import TerminalAsker

    wants_terminal = list(arguments) == [ASK_FLAG, AskFirst.TERMINAL.value]
    if wants_terminal or not _has_display():
        try:
            asker = TerminalAsker()
        except NoAskingError:
            if not _has_display():
                raise
        else:
            with asker:
                yield asker
            return
    yield _window()


def _window() -> Asker:
    """Raises NoAskingError where the system lacks what a window is made of."""
    try:
        from app.airlock.courier.window_asker import WindowAsker
    except ImportError as error:
        raise NoAskingError(
            said("The window’s libraries can’t be loaded: {why}.", why=ours(str(error)))
        ) from error
    return WindowAsker()


def _has_display() -> bool:
    """Whether a user can see a window: one that is drawn nowhere asks nobody."""
    from app.airlock.display import display_problem

    drawn_nowhere = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0] in (
        "offscreen",
        "minimal",
    )
    return not drawn_nowhere and display_problem(os.environ) is None
