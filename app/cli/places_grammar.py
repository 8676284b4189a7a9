"""The grammar of models in other places: found, added, moved, located."""

from __future__ import annotations

import argparse


def add_places(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `found`, `add`, `move` and `locate`."""
    found = actions.add_parser(
        "found", help="list what Ollama, LM Studio and the Hub’s cache keep on this computer"
    )
    _json(found)
    add = actions.add_parser(
        "add",
        help="use a model that lies elsewhere, by a name of its own",
        epilog="Ctrl-C stops copying and keeps what is done (exit code 130).",
    )
    add.add_argument("path", metavar="PATH", help="a GGUF or safetensors file, or its folder")
    add.add_argument("--name", default="", metavar="NAME", help="default: the file’s or folder’s")
    add.add_argument(
        "--copy", action="store_true", help="copy it into the models folder; default: use it there"
    )
    _json(add)
    move = actions.add_parser(
        "move",
        help="move a model to another disk, which is remembered when it is not connected",
        epilog="It is copied, read back, and only then removed. Ctrl-C stops and keeps what is "
        "done (exit code 130); started again, it goes on from there.",
    )
    move.add_argument("name", metavar="NAME")
    move.add_argument("--to", required=True, metavar="FOLDER", help="a folder on that disk")
    _json(move)
    locate = actions.add_parser("locate", help="say where a model is whose place has changed")
    locate.add_argument("name", metavar="NAME")
    locate.add_argument("path", metavar="PATH", help="its file or folder")
    _json(locate)


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON, one object a line")
