"""The grammar of models that are carried by stick: bundles, their keys, and taking a model away."""

from __future__ import annotations

import argparse

_KEY_ACTIONS = ("show", "make", "export", "trust", "list", "remove")


def add_bundles(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `verify`, `export`, `import`, `key` and `remove`."""
    _verify(actions)
    _export(actions)
    _import(actions)
    _key(actions)
    remove = actions.add_parser(
        "remove", help="delete a model of the models folder, or forget one of another place"
    )
    remove.add_argument("name", metavar="NAME")
    remove.add_argument("--yes", action="store_true", help="go on without asking")
    _json(remove)


def _verify(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    verify = actions.add_parser(
        "verify",
        help="read all of a prepared model, of one that came by a bundle, or of a bundle on a "
        "stick: is each byte as it was written?",
        epilog="Exit code 1 where one is not, which names what differs, and where one is that was "
        "signed by a key that is not trusted here.",
    )
    verify.add_argument(
        "folder", nargs="?", metavar="NAME_OR_FOLDER", help="default: every installed model"
    )
    verify.add_argument("--allow-untrusted-signer", action="store_true", help="whoever signed it")
    _json(verify)


def _export(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    export = actions.add_parser(
        "export",
        help="make a signed bundle of a model, to carry it by stick",
        epilog="The model’s original files are carried where they are still here, else the "
        "prepared ones. Ctrl-C stops and keeps what is done (exit code 130); started again, it "
        "goes on from there. With --json, each line has a type: progress, exported.",
    )
    export.add_argument("name", metavar="NAME", help="a model’s name, file or folder")
    export.add_argument("--to", required=True, metavar="FOLDER", help="a folder on the stick")
    export.add_argument(
        "--key", metavar="KEY", help="a private key’s file; default: the one of “models key make”"
    )
    export.add_argument(
        "--part-bytes",
        type=_bytes,
        metavar="N",
        help="the most that a part holds; default: 2 GiB, below the 4 GiB of FAT32",
    )
    _json(export)


def _import(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    imported = actions.add_parser(
        "import",
        help="install a bundle, after its signature and every byte were checked",
        epilog="Where parts lie on several sticks, run it for each; it goes on from what is done, "
        "also after a stick was pulled. With --json, each line has a type: progress, imported.",
    )
    imported.add_argument("path", metavar="PATH", help="the bundle’s folder, or the stick")
    imported.add_argument(
        "--trust", metavar="FINGERPRINT", help="take this signer for this import alone"
    )
    imported.add_argument(
        "--allow-older", action="store_true", help="also in the place of a later bundle"
    )
    imported.add_argument(
        "--allow-other-signer",
        action="store_true",
        help="also in the place of a bundle that another trusted key signed",
    )
    _json(imported)


def _key(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    key = actions.add_parser(
        "key",
        help="the key that signs bundles, and the keys whose bundles are taken",
        epilog="trust takes a fingerprint, or the file that another computer’s export wrote.",
    )
    key.add_argument("change", nargs="?", choices=_KEY_ACTIONS, default="show")
    key.add_argument(
        "what", nargs="?", metavar="FINGERPRINT_OR_FILE", help="for export, trust and remove"
    )
    key.add_argument("--name", default="", metavar="NAME", help="for trust: whose key it is")
    _json(key)


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON, one object a line")


def _bytes(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > 12:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number of bytes")
    return int(text)
