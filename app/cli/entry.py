"""From arguments to a command, and from an exception to a sentence and an exit code."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from importlib import import_module

from app.airlock.download.errors import DownloadError
from app.airlock.report import LockReport
from app.chats.errors import ChatsError
from app.cli import policing
from app.cli.failure import CommandError
from app.cli.parser import parse
from app.cli.terminal import plain
from app.diagnostics.errors import DiagnosticsError
from app.installation import installation
from app.library.bundles.errors import BundleError
from app.library.errors import LibraryError
from app.library.models import NoSuchModelError
from app.library.removing import NotRemovableError
from app.updates import starting
from app.updates.errors import UpdateError
from inference.errors import InferenceError

_LEFT_BY_CTRL_C = 130
# Command → module with `run(arguments, lock) -> int`. Late, so that `tokenize` or a
# usage error does not wait for torch.
_COMMANDS = {
    "chat": "app.cli.chat",
    "chats": "app.cli.chats",
    "models": "app.cli.models",
    "tokenize": "app.cli.prompts",
    "template": "app.cli.prompts",
    "logits": "app.cli.measure",
    "perplexity": "app.cli.measure",
    "popularity": "app.cli.measure",
    "bench": "app.cli.measure",
    "doctor": "app.cli.machine",
    "audit": "app.cli.audit",
    "update": "app.cli.updates",
    "rollback": "app.cli.updates",
}


def main(argv: list[str], lock: LockReport) -> int:
    """Run one command; usage errors leave with 2 by SystemExit, as argparse does."""
    for stream in (sys.stdout, sys.stderr, sys.stdin):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="replace")
    try:
        arguments = parse(argv)
    except SystemExit:
        starting.ended_in_order(installation())
        raise
    try:
        code = _run(arguments, lock)
        _record(code)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read us has left; a second failure at exit would print a traceback.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        starting.ended_in_order(installation())
        return _LEFT_BY_CTRL_C
    return code


def _record(code: int) -> None:
    """A version that did what it was asked to has started; a sentence is no crash."""
    if code == 0:
        starting.has_started(installation())
    else:
        starting.ended_in_order(installation())


def _run(arguments: argparse.Namespace, lock: LockReport) -> int:
    module = import_module(_COMMANDS[arguments.command])
    try:
        policing.obey(arguments)
        return int(module.run(arguments, lock))
    except (
        *(InferenceError, NoSuchModelError, CommandError, ChatsError),
        *(DiagnosticsError, BundleError, LibraryError, NotRemovableError, DownloadError),
        UpdateError,
    ) as error:
        return _say(error, 1)
    except BrokenPipeError:
        raise
    except OSError as error:
        logging.getLogger(__name__).debug("system error", exc_info=True)
        where = f"{error.filename}: " if error.filename else ""
        return _say(f"{where}{error.strerror or error}.", 1)
    except MemoryError:
        return _say(
            "There is not enough memory for this. Close other programs, or choose a "
            "smaller model or context.",
            1,
        )


def _say(sentence: object, code: int) -> int:
    print(f"pitcher: {plain(str(sentence), keep_lines=False)}", file=sys.stderr)
    return code
