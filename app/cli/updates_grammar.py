"""The grammar of `update` and `rollback`."""

from __future__ import annotations

import argparse


def add_updates(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add both."""
    update = commands.add_parser(
        "update",
        help="update this program from a file that was signed for it",
        epilog="Nothing looks for updates: the file is handed over, and checked byte by byte. The "
        "new version starts with the next start; the one before is kept to go back to. Ctrl-C "
        "stops and changes nothing (exit code 130).",
    )
    update.add_argument("file", metavar="FILE", help="a .pitcher-update")
    update.add_argument(
        "--show", action="store_true", help="say what it is and who signed it; change nothing"
    )
    update.add_argument(
        "--allow-downgrade", action="store_true", help="also where it is an older version"
    )
    _json(update)
    rollback = commands.add_parser(
        "rollback",
        help="go back to the version before the last update",
        epilog="It says beforehand if that version can’t read the chats as they are kept now.",
    )
    rollback.add_argument("--yes", action="store_true", help="go on without asking")
    _json(rollback)


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON, one object a line")
