"""The grammar of models that could be here: the catalogue, and whether one of it fits."""

from __future__ import annotations

import argparse

from app.library.mixes import MIXES


def add_catalogue(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `catalogue` and `fit`."""
    catalogue = actions.add_parser(
        "catalogue",
        help="the models that this program knows: what they are, their sizes and licences",
        epilog="Nothing is asked of a network: sizes are worked out from configurations.",
    )
    catalogue.add_argument(
        "entry", nargs="?", metavar="NAME_OR_NUMBER", help="all that is known of one"
    )
    catalogue.add_argument(
        "--licence", action="store_true", help="with a name: the texts of its licences"
    )
    catalogue.add_argument("--json", action="store_true", help="print JSON, one object a line")
    fit = actions.add_parser(
        "fit",
        help="whether a model fits on this computer and how fast it would be, before it is fetched",
        epilog="The first time, this computer’s speed is measured, for a few seconds. Exit code 1 "
        "where the model does not fit.",
    )
    fit.add_argument(
        "entry",
        nargs="?",
        metavar="NAME_OR_NUMBER",
        help="of the catalogue, a config.json, or a model that is here; default: the one that is "
        "recommended",
    )
    fit.add_argument(
        "--mix",
        choices=[mix.value for mix in MIXES],
        default=None,
        help="how it is prepared; default: q4",
    )
    fit.add_argument(
        "--context", type=_tokens, metavar="N", help="tokens of context; default: 8,192"
    )
    fit.add_argument("--measure", action="store_true", help="measure this computer anew")
    fit.add_argument("--json", action="store_true", help="print JSON, one object a line")


def _tokens(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:12]) <= 1 << 30:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number of tokens")
    return int(text)
