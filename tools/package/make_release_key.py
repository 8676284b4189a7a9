"""Makes the pair of keys of who releases: `python -m tools.package.make_release_key FOLDER`.

`release-private-key.pem` signs updates (RELEASE_SIGNING_KEY names it) and is readable by its owner
alone; `release-public-key.hex` goes into builds (RELEASE_KEY names it). Neither is ever in the
repository: a folder in it is refused, and so is one that has such a key already.
"""

from __future__ import annotations

import sys
from pathlib import Path

from app.library.bundles.errors import KeyFileError
from app.library.bundles.signing import SigningKey
from tools.package.freeze import ROOT

PRIVATE, PUBLIC = "release-private-key.pem", "release-public-key.hex"


def make(folder: Path) -> str:
    """Both files; the fingerprint. Raises KeyFileError, OSError."""
    if folder.resolve().is_relative_to(ROOT):
        raise KeyFileError(f"{folder} lies in the repository. Name a folder elsewhere.")
    key = SigningKey.make(folder / PRIVATE)
    (folder / PUBLIC).write_text(f"{key.public.raw.hex()}\n", encoding="ascii")
    return key.public.fingerprint


def main(arguments: list[str]) -> int:
    """0, or 1 with one sentence on stderr; 2 for usage."""
    if len(arguments) != 1:
        print("python -m tools.package.make_release_key FOLDER", file=sys.stderr)
        return 2
    folder = Path(arguments[0]).expanduser()
    try:
        fingerprint = make(folder)
    except (KeyFileError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Made {folder / PRIVATE}: keep it secret, and a copy of it in a safe.")
    print(f"Made {folder / PUBLIC}: builds are given it. Its fingerprint, as Pitcher shows it:")
    print(fingerprint)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
