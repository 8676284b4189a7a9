"""`models key`: the key that signs bundles here, and the keys whose bundles are taken."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli.failure import CommandError
from app.cli.terminal import show, show_json
from app.library.bundles.signing import PublicKey, SigningKey, read_public_key
from app.library.bundles.trust import Trusted, TrustStore

_NEEDS_WHAT = ("export", "trust", "remove")


def run(arguments: argparse.Namespace) -> int:
    """Every change; raises CommandError, BundleError."""
    if (arguments.change in _NEEDS_WHAT) != (arguments.what is not None):
        needs = "needs" if arguments.change in _NEEDS_WHAT else "takes no"
        raise CommandError(f"models key {arguments.change} {needs} fingerprint or file.")
    store = TrustStore()
    if arguments.change == "make":
        return _tell(SigningKey.make(store.own_file).public, "made", arguments.json)
    if arguments.change == "show":
        return _tell(_own(store), "key", arguments.json)
    if arguments.change == "export":
        return _export(_own(store), Path(arguments.what).expanduser(), arguments.json)
    if arguments.change == "trust":
        fingerprint, name = _meant(arguments.what)
        trusted = store.trust(fingerprint, arguments.name or name)
        return _tell_trusted([trusted], "trusted", arguments.json)
    if arguments.change == "remove":
        store.remove(arguments.what)
        if arguments.json:
            show_json({"type": "removed", "fingerprint": arguments.what})
        else:
            show("Removed. Its bundles are no longer taken.")
        return 0
    return _tell_trusted(store.trusted(), "trusted", arguments.json)


def _own(store: TrustStore) -> PublicKey:
    return SigningKey.read(store.own_file).public


def _meant(what: str) -> tuple[str, str]:
    """A fingerprint, and a name for it, from either form."""
    file = Path(what).expanduser()
    if file.is_file():
        return read_public_key(file).fingerprint, file.stem
    return what, "no name"


def _export(key: PublicKey, file: Path, as_json: bool) -> int:
    try:
        with file.open("xb") as stream:
            stream.write(key.written())
    except FileExistsError:
        raise CommandError(f"{file} is already there. It was not changed.") from None
    if as_json:
        show_json({"type": "exported", "path": str(file), "fingerprint": key.fingerprint})
    else:
        show(f"Written: {file}. It holds no secret. Whoever trusts it compares this first:")
        show(key.fingerprint)
    return 0


def _tell(key: PublicKey, kind: str, as_json: bool) -> int:
    if as_json:
        show_json({"type": kind, "fingerprint": key.fingerprint, "public_key": key.raw.hex()})
    else:
        show(f"{'Made. ' if kind == 'made' else ''}The key that signs bundles here:")
        show(key.fingerprint)
    return 0


def _tell_trusted(keys: tuple[Trusted, ...] | list[Trusted], kind: str, as_json: bool) -> int:
    for key in keys:
        if as_json:
            show_json({"type": kind, "fingerprint": key.fingerprint, "name": key.name})
        else:
            show(f"{key.fingerprint}  {key.name}")
    if not keys and not as_json:
        show("No key is trusted yet; bundles that were made here are.")
    return 0
