"""The grammar of `models download`."""

from __future__ import annotations

import argparse

from app.library.mixes import Mix


def add_download(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `download`."""
    download = actions.add_parser(
        "download",
        help="fetch a model, after you were asked twice, and prepare it",
        epilog="A process of its own asks on this terminal, or in its own window, before anything "
        "is sent: first for the list of files, then for the files. Ctrl-C stops and keeps what "
        "has arrived (exit code 130); started again, it goes on from there. With --json, each "
        "line has a type: asked, answered, progress, downloaded, prepared.",
    )
    download.add_argument(
        "model", metavar="NUMBER_OR_NAME", help="of “models catalogue”, or OWNER/NAME on the hub"
    )
    download.add_argument(
        "--mix",
        choices=[mix.value for mix in Mix],
        default=None,
        help="how full precision or FP8 is quantized when it is prepared: q4 (default), q6, q8, "
        "or none; a download that was begun keeps what was chosen for it",
    )
    download.add_argument(
        "--no-prepare", action="store_true", help="leave it as it came; chatting prepares it then"
    )
    download.add_argument(
        "--speed-limit", type=_megabytes, metavar="MB", help="megabytes a second at most"
    )
    download.add_argument("--json", action="store_true", help="print JSON, one object a line")


def _megabytes(text: str) -> int:
    """Bytes a second."""
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number") from None
    if not 0.001 <= value <= 1e6:
        raise argparse.ArgumentTypeError("must be at least 0.001 and at most a million")
    return int(value * 1e6)
