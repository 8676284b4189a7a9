"""Makes and signs the file by which copies of the program are updated: a step of `tools.package`.

The private key is in a file that RELEASE_SIGNING_KEY names, outside the repository. Without one no
update is written, and that is said: everything else is built all the same.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from app.installation import BUILD_FILE, build_of
from app.library.bundles.errors import KeyFileError
from app.library.bundles.signing import PublicKey, SigningKey
from app.updates import SUFFIX
from app.updates.errors import UpdateError
from app.updates.making import make_update
from app.updates.manifest import Release
from tools.package.freeze import ROOT, PackageError, say
from tools.package.linux_files import read_build

KEY_VARIABLE = "RELEASE_SIGNING_KEY"


def build(tree: Path, out: Path) -> list[Path]:
    """The update, where there is a key to sign it. Raises PackageError."""
    named = os.environ.get(KEY_VARIABLE)
    if not named:
        say(f"No update: {KEY_VARIABLE} names no file with the key that signs one.")
        return []
    key = read_signing_key(Path(named))
    told = build_of(tree)
    if told.release_key is None:
        raise PackageError(
            "This build names no release key, so no copy that was updated to it would ever take an "
            "update again. Build it with RELEASE_KEY=FILE."
        )
    if told.release_key != key.public.raw:
        new = PublicKey(told.release_key).fingerprint
        say(f"The update hands over to another key, which signs the ones after it: {new}")
    release = release_of(tree)
    name = f"pitcher-{release.version}-{release.system}-{release.architecture}{SUFFIX}"
    try:
        make_update(tree, release, key, out / name)
    except (UpdateError, OSError) as error:
        raise PackageError(f"The update can't be made: {error}") from error
    say(f"The update is signed by {key.public.fingerprint}")
    return [out / name]


def release_of(tree: Path) -> Release:
    """What the update says of a frozen program for Linux. Raises PackageError."""
    told, found = build_of(tree), read_build(tree)
    try:
        schema = json.loads((tree / BUILD_FILE).read_text(encoding="utf-8"))["history_schema"]
    except (OSError, ValueError, KeyError) as error:
        raise PackageError(
            f"{tree / BUILD_FILE} does not say which histories it reads: {error}."
        ) from error
    return Release(
        version=told.version,
        commit=told.commit,
        made_at_s=found.seconds,
        system="linux",
        architecture=found.machine,
        glibc=found.glibc,
        history_schema=schema,
    )


def read_signing_key(file: Path, variable: str = KEY_VARIABLE) -> SigningKey:
    """The private key that a variable names; one that lies in the repository is refused. Raises
    PackageError.
    """
    if file.resolve().is_relative_to(ROOT):
        raise PackageError(f"{file} lies in the repository. Keep the private key elsewhere.")
    if not file.exists():
        raise PackageError(f"{variable} names {file}, which is not there.")
    try:
        return SigningKey.read(file)
    except KeyFileError as error:
        raise PackageError(str(error)) from error
