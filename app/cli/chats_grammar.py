"""The grammar of `chats`, and of what opens the history elsewhere."""

from __future__ import annotations

import argparse

from app.chats.export_format import ExportFormat

_HITS = 50
_NUMBER = "ID"


def add_chats(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `chats` with its actions."""
    parser = commands.add_parser(
        "chats",
        help="the encrypted history: list, search, export, import, verify, back up, restore, "
        "wipe, and its key",
        epilog="The history may be open in one program only: close the window first.",
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    _common(actions.add_parser("list", help="all chats, pinned ones first, then the newest"))
    search = actions.add_parser("search", help="chats and messages that hold all of the words")
    search.add_argument("words", nargs="+", metavar="WORD")
    search.add_argument("--limit", type=_number, default=_HITS, metavar="N", help="default: 50")
    _common(search)
    _transfer(actions)
    _common(actions.add_parser("verify", help="read all of the history and its backups: is each "
                               "byte as it was written?"))  # fmt: skip
    _key(actions)
    _common(actions.add_parser("backup", help="make an encrypted backup now"))
    _dangerous(actions)


def add_passphrase(parser: argparse.ArgumentParser, otherwise: str = "ask on the terminal") -> None:
    """Add the flag of everything that opens the history."""
    parser.add_argument(
        "--passphrase-fd",
        type=_descriptor,
        metavar="N",
        help=f"read the passphrase from descriptor N, one line; default: {otherwise}",
    )


def _transfer(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    export = actions.add_parser("export", help="write chats to files that are not encrypted")
    export.add_argument("ids", nargs="*", type=_number, metavar=_NUMBER, help="default: all chats")
    export.add_argument(
        "--format",
        type=ExportFormat,
        choices=list(ExportFormat),
        default=ExportFormat.JSON,
        help="json (default): everything, in one file; markdown, html: to read, a file a chat",
    )
    export.add_argument(
        "--to", required=True, metavar="PATH", help="a file; a folder for several readable ones"
    )
    export.add_argument("--replace", action="store_true", help="replace files that are there")
    _common(export)
    imported = actions.add_parser("import", help="add the chats of an exported JSON file")
    imported.add_argument("file", metavar="FILE.json")
    _common(imported)


def _key(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    key = actions.add_parser(
        "key",
        help="how the history is locked, and other ways to lock it",
        epilog="A new passphrase is asked for on the terminal; with --passphrase-fd it is the "
        "descriptor's last line.",
    )
    key.add_argument(
        "change",
        nargs="?",
        choices=["set-passphrase", "set-recovery", "remove-recovery", "to-keyring"],
        help="default: only tell",
    )
    _common(key)


def _dangerous(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    restore = actions.add_parser(
        "restore",
        help="put a backup in the place of the history; the present files are set aside",
    )
    which = restore.add_mutually_exclusive_group()
    which.add_argument("backup", nargs="?", metavar="NAME", help="default: the newest")
    which.add_argument("--list", action="store_true", help="list the backups, and change nothing")
    which.add_argument(
        "--salvage",
        action="store_true",
        help="no backup: bring back what can be read of a damaged history",
    )
    _common(restore)
    _yes(restore)
    wipe = actions.add_parser("wipe", help="delete chats for good, from all backups too")
    which = wipe.add_mutually_exclusive_group(required=True)
    which.add_argument("ids", nargs="*", type=_number, default=[], metavar=_NUMBER)
    which.add_argument(
        "--all", action="store_true", help="the whole history, with its backups and its key"
    )
    _common(wipe)
    _yes(wipe)


def _common(parser: argparse.ArgumentParser) -> None:
    add_passphrase(parser)
    parser.add_argument("--json", action="store_true", help="print JSON, one object a line")


def _yes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="go on without asking")


def _number(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 1 << 63:
        raise argparse.ArgumentTypeError(f"“{text}” is not a whole number above 0")
    return int(text)


def _descriptor(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or int(text) >= 1 << 20:
        raise argparse.ArgumentTypeError(f"“{text}” is not the number of a descriptor")
    return int(text)
