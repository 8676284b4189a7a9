"""The grammar of models that could be here: the catalogue, and whether one of it fits."""

from __future__ import annotations

import argparse

from app.library.mixes import MIXES


def add_catalogue(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `catalogue`, `fit` and `card`."""
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
    _card(actions)


def _card(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    card = actions.add_parser(
        "card",
        help="what of a model would go to an NVIDIA card, and how fast that would be, on paper",
        epilog="Speeds are worked out from what the maker says of a card and from this computer’s "
        "own measured speed; none was measured on a card. Exit code 1 where the model does not "
        "run.",
    )
    card.add_argument(
        "entry",
        metavar="NAME_OR_NUMBER",
        help="of the catalogue, a config.json, or a model that is here",
    )
    card.add_argument(
        "--card", nargs="+", metavar="NAME", help="such as “RTX 4090”; default: all that are known"
    )
    card.add_argument("--memory-gb", type=gigabytes, metavar="N", help="default: this computer’s")
    card.add_argument("--context", type=_tokens, metavar="N", help="default: 8,192")
    card.add_argument(
        "--depth", type=_tokens, default=1, metavar="N", help="tokens read before one is written"
    )
    card.add_argument(
        "--popularity", metavar="FILE", help="how often experts are wanted; default: all alike"
    )
    card.add_argument(
        "--mix",
        choices=[mix.value for mix in MIXES],
        default=None,
        help="how it is prepared; default: q4",
    )
    card.add_argument("--measure", action="store_true", help="measure this computer anew")
    card.add_argument("--json", action="store_true", help="print JSON, one object a line")


def gigabytes(text: str) -> float:
    """Of an argument; raises ArgumentTypeError."""
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number") from None
    if not 0 < value < 1e6:
        raise argparse.ArgumentTypeError("must be above 0 and below a million")
    return value


def _tokens(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:12]) <= 1 << 30:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number of tokens")
    return int(text)
