"""The command line's grammar: a contract, as it is used to measure."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TypeAlias

from app.airlock.command import PASSPHRASE_FLAG, passphrase_descriptor
from app.cli.audit import add_audit
from app.cli.catalogue_grammar import add_catalogue, gigabytes
from app.cli.chats_grammar import add_chats, add_passphrase
from app.cli.download_grammar import add_download
from app.cli.models_grammar import add_bundles
from app.cli.places_grammar import add_places
from app.cli.updates_grammar import add_updates
from inference.errors import RequestError
from inference.request import Compute, OverflowChoice, SamplerSettings
from inference.version import ENGINE_VERSION

_SAMPLER_FLAGS = ("temperature", "top_k", "top_p", "min_p", "seed")
_MOST_THREADS = 1024


def parse(argv: list[str]) -> argparse.Namespace:
    """The arguments, checked; wrong ones leave with usage and exit code 2."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    if arguments.command == "chat":
        try:
            with_flags(SamplerSettings(), arguments)
        except RequestError as error:
            parser.error(str(error))
        _check_keeping(parser, arguments)
    if arguments.command == "doctor" and arguments.replace and arguments.export is None:
        parser.error("--replace is for --export")
    if arguments.command == "audit" and arguments.replace and arguments.report is None:
        parser.error("--replace is for --report")
    given = getattr(arguments, "passphrase_fd", None)
    if given is not None and given != passphrase_descriptor(argv):
        # The launcher, which passes the descriptor on, knows no other way to write it.
        parser.error(f"write {PASSPHRASE_FLAG} N, once and in full")
    return arguments


def _check_keeping(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    """A passphrase opens the history, which these flags leave alone."""
    keeps = not (arguments.temporary or arguments.json) and arguments.prompt is None
    if arguments.passphrase_fd is not None and not keeps:
        parser.error("--passphrase-fd is not for a chat that is not stored")


def with_flags(recommended: SamplerSettings, arguments: argparse.Namespace) -> SamplerSettings:
    """The recommended settings with what the flags of `chat` say; raises RequestError."""
    given = {name: getattr(arguments, name) for name in _SAMPLER_FLAGS}
    return replace(recommended, **{n: v for n, v in given.items() if v is not None})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pitcher",
        description="Private chat with a language model that runs on this computer.",
        epilog="Without a command, the window opens.",
    )
    parser.add_argument("--version", action="version", version=f"Pitcher {ENGINE_VERSION}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _chat(commands)
    add_chats(commands)
    _models(commands)
    _prompts(commands)
    _logits(commands)
    _perplexity(commands)
    _popularity(commands)
    _bench(commands)
    _doctor(commands)
    add_audit(commands)
    add_updates(commands)
    return parser


_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON, one object a line")


def _plain(commands: _Commands, name: str, text: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text.capitalize() + ".")
    _json(parser)
    return parser


def _doctor(commands: _Commands) -> None:
    parser = _plain(
        commands, "doctor", "what this machine has, and which kernel runs where and why"
    )
    parser.add_argument(
        "--export",
        metavar="FILE",
        help="write diagnostics for support or an auditor as JSON; - prints them. They hold "
        "numbers, switches, dates, versions, hashes and words that the program itself declares: "
        "no chat text, no name, no path. The history is not opened",
    )
    parser.add_argument(
        "--replace", action="store_true", help="with --export: replace a file that is there"
    )


def _model(parser: argparse.ArgumentParser, required: bool = True) -> None:
    parser.add_argument(
        "--model",
        required=required,
        metavar="NAME_OR_PATH",
        help="an installed model's name, or a model file",
    )


def _running(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--threads", type=_threads, metavar="N", help="default: physical cores")
    parser.add_argument(
        "--compute",
        type=Compute,
        choices=list(Compute),
        default=Compute.FAST,
        help="fast (default), or reference: float32 throughout",
    )


def _chat(commands: _Commands) -> None:
    parser = commands.add_parser(
        "chat",
        help="chat in the terminal, or one answer with --prompt",
        epilog="With --prompt, standard output has the answer alone; thoughts and remarks go to "
        "standard error. With --json, each line has a type: context, token (with its channel: "
        "answer, reasoning or marker; where a token's text belongs to two, the rest comes with "
        "token_id null), recast (the answer so far was reasoning), overflow, finished. A chat that "
        "is typed in a terminal is stored, encrypted; with --prompt, --json or --temporary, or "
        "without a terminal and --passphrase-fd, nothing is.",
    )
    _model(parser, required=False)
    parser.add_argument("--system", metavar="S", help="the system prompt")
    parser.add_argument("--prompt", metavar="P", help="answer this once and leave; stores nothing")
    parser.add_argument("--temperature", type=float, metavar="T")
    parser.add_argument("--top-k", type=int, metavar="K", help="0: off")
    parser.add_argument("--top-p", type=float, metavar="P", help="1: off")
    parser.add_argument("--min-p", type=float, metavar="P", help="0: off")
    parser.add_argument("--seed", type=int, metavar="N")
    parser.add_argument("--max-tokens", type=_positive, metavar="N")
    parser.add_argument(
        "--context", type=_positive, metavar="N", help="tokens of prompt and answer together"
    )
    parser.add_argument("--temporary", action="store_true", help="store nothing of this chat")
    add_passphrase(parser)
    _thinking(parser)
    _running(parser)
    parser.add_argument(
        "--gpu",
        action="store_true",
        help="use an NVIDIA card as far as its memory goes; the kernels were never run on one",
    )
    _json(parser)


def _thinking(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("thinking", "what is not said here is the model's own way")
    group.add_argument(
        "--think", action=argparse.BooleanOptionalAction, help="think before the answer, or not"
    )
    group.add_argument(
        "--thinking-budget", type=_count, metavar="N", help="end the thoughts after N tokens"
    )
    kept = group.add_mutually_exclusive_group()
    kept.add_argument(
        "--keep-thoughts",
        dest="keep_thoughts",
        action="store_const",
        const=True,
        help="earlier thoughts stay in the conversation",
    )
    kept.add_argument(
        "--drop-thoughts",
        dest="keep_thoughts",
        action="store_const",
        const=False,
        help="earlier thoughts are not read again",
    )
    group.add_argument(
        "--on-overflow",
        type=OverflowChoice,
        choices=list(OverflowChoice),
        default=OverflowChoice.STOP,
        help="when the chat no longer fits: stop (default), or drop the oldest turns",
    )


def _models(commands: _Commands) -> None:
    parser = commands.add_parser(
        "models", help="list models, look into them, prepare, carry, verify and remove them"
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    _json(actions.add_parser("list", help="the models on this computer"))
    inspect = actions.add_parser(
        "inspect",
        help="what a model file, a folder or a config.json holds, and a plan for a machine",
    )
    inspect.add_argument("path", metavar="PATH")
    inspect.add_argument(
        "--memory-gb",
        type=gigabytes,
        nargs="+",
        metavar="GB",
        help="plan for machines with this much memory; default: this one",
    )
    inspect.add_argument("--context", type=_positive, metavar="N", help="tokens to plan for")
    inspect.add_argument(
        "--weights", metavar="SCHEME", help="for a config.json alone: its matrices in this scheme"
    )
    _json(inspect)
    _prepared_models(actions)


def _prepared_models(actions: _Commands) -> None:
    prepare = actions.add_parser(
        "prepare",
        help="lay a model out for this program, once, so that it loads and runs fast",
        epilog="Ctrl-C stops and keeps what is done; started again, it goes on from there. "
        "Exit code 130 then. With --json, each line has a type: progress, prepared.",
    )
    prepare.add_argument("path", metavar="PATH", help="a model's name, file or folder")
    prepare.add_argument(
        "--to", metavar="FOLDER", help="default: beside the other models, as NAME-prepared"
    )
    prepare.add_argument(
        "--mix",
        default="q4",
        metavar="NAME",
        help="how full precision or FP8 is quantized: q4 (default), q6, q8, or none; a GGUF "
        "file keeps its own schemes",
    )
    _json(prepare)
    add_catalogue(actions)
    add_download(actions)
    add_bundles(actions)
    add_places(actions)


def _prompts(commands: _Commands) -> None:
    tokenize = commands.add_parser("tokenize", help="token ids of a text, as a user's text")
    _model(tokenize)
    source = tokenize.add_mutually_exclusive_group(required=True)
    source.add_argument("text", nargs="?", metavar="TEXT")
    source.add_argument("--file", metavar="F", help="read the text from a UTF-8 file")
    tokenize.add_argument("--raw", action="store_true", help="recognise control tokens")
    _json(tokenize)
    template = commands.add_parser("template", help="a conversation as the model reads it")
    _model(template)
    template.add_argument("--messages", required=True, metavar="FILE.json")
    template.add_argument("--no-generation-prompt", action="store_true")
    template.add_argument(
        "--think", action=argparse.BooleanOptionalAction, help="set the template's own switch"
    )
    _json(template)


def _logits(commands: _Commands) -> None:
    parser = commands.add_parser("logits", help="logits of token ids, into a safetensors file")
    _model(parser)
    parser.add_argument("--token-ids", required=True, type=_ids, metavar="1,2,3")
    parser.add_argument("--out", required=True, metavar="FILE.safetensors")
    _running(parser)


def _perplexity(commands: _Commands) -> None:
    parser = commands.add_parser("perplexity", help="perplexity of a text, by llama.cpp's rule")
    _model(parser)
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--context", type=_positive, default=512, metavar="N")
    _running(parser)
    _json(parser)


def _popularity(commands: _Commands) -> None:
    parser = commands.add_parser(
        "popularity",
        help="how often a text wants each expert: with --gpu the most wanted go to the card",
    )
    _model(parser)
    parser.add_argument("file", metavar="FILE")
    parser.add_argument(
        "--out", metavar="FILE.json",
        help="for “models card --popularity”; default: the prepared copy, for “chat --gpu” and "
        "the window",
    )  # fmt: skip
    parser.add_argument("--context", type=_positive, default=512, metavar="N")
    _running(parser)


def _bench(commands: _Commands) -> None:
    parser = commands.add_parser("bench", help="tokens a second of prefill and decode")
    _model(parser)
    parser.add_argument("--prefill", type=_count, default=512, metavar="N")
    parser.add_argument("--decode", type=_count, default=64, metavar="N")
    parser.add_argument("--depth", type=_count, default=0, metavar="N")
    parser.add_argument("--repeat", type=_positive, default=3, metavar="N")
    _running(parser)
    _json(parser)


def _ids(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError("write token ids as 1,2,3") from None


def _count(text: str) -> int:
    return _at_least(0, text)


def _positive(text: str) -> int:
    return _at_least(1, text)


def _at_least(least: int, text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not a whole number") from None
    if value < least:
        raise argparse.ArgumentTypeError(f"must be {least} or more")
    return value


def _threads(text: str) -> int:
    value = _positive(text)
    if value > _MOST_THREADS:
        raise argparse.ArgumentTypeError(f"must be at most {_MOST_THREADS:,}")
    return value
