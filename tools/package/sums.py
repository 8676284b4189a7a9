"""Lists every file with its hash: of the tree, for `audit`; and of the artefacts beside them.

Steps of `tools.package`: `build` when nothing is written into the tree any more, `of_artefacts`
at the end. A release signs the list of the tree with the key that RELEASE_SIGNING_KEY names.
"""

from __future__ import annotations

import os
from pathlib import Path

from app.airlock.installed_files import LIST_NAME, PURPOSE, SIGNATURE_NAME, read_list
from app.installation import build_of
from tools.package.freeze import PackageError
from tools.package.hashing import sha256_of
from tools.package.tree_files import remove_from, write_into
from tools.package.update_bundle import KEY_VARIABLE, read_signing_key

# Where updates are signed with the key of the build before (a change of keys), the build's own.
OWN_KEY_VARIABLE = "RELEASE_OWN_KEY"


class SumsError(PackageError):
    """The tree or the key is not what a release has; a sentence."""


def build(tree: Path, _out: Path) -> list[Path]:
    """SHA256SUMS beside build.json, signed where the build names a key. Raises PackageError."""
    text = list_of_tree(tree)
    write_into(tree, LIST_NAME, text)
    remove_from(tree, SIGNATURE_NAME)
    key = build_of(tree).release_key
    variable = OWN_KEY_VARIABLE if os.environ.get(OWN_KEY_VARIABLE) else KEY_VARIABLE
    named = os.environ.get(variable)
    if named and key is not None:
        signing = read_signing_key(Path(named), variable)
        if signing.public.raw != key:
            raise SumsError(
                "The signing key is not the one whose public half is in build.json: "
                f"{OWN_KEY_VARIABLE} names that one, where updates are signed with another."
            )
        write_into(tree, SIGNATURE_NAME, signing.signature_of(text, PURPOSE))
    elif key is not None:
        raise SumsError(
            f"This build names a release key: {KEY_VARIABLE} has to name the file of its private "
            "half, or audit says of every copy that its signature is missing."
        )
    return []


def list_of_tree(tree: Path) -> bytes:
    """A line for each file, as `sha256sum` writes them. Raises SumsError."""
    files = []
    for folder, folders, names in os.walk(tree):
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        if links:
            raise SumsError(f"{folder}/{links[0]} is a link to a folder: audit can’t follow it.")
        files += [Path(folder, name) for name in names]
    listed = {file.relative_to(tree).as_posix(): file for file in files}
    for name in (LIST_NAME, SIGNATURE_NAME):
        listed.pop(name, None)
    text = "".join(f"{sha256_of(listed[name])}  {name}\n" for name in sorted(listed)).encode()
    try:
        read_list(text)
    except ValueError as error:
        raise SumsError(f"A file’s name can’t be listed: {error}") from error
    return text


def of_artefacts(out: Path) -> Path:
    """SHA256SUMS beside the artefacts, of all of them."""
    files = sorted(file for file in out.iterdir() if file.is_file() and file.name != LIST_NAME)
    text = "".join(f"{sha256_of(file)}  {file.name}\n" for file in files)
    (out / LIST_NAME).write_text(text, encoding="utf-8")
    return out / LIST_NAME
