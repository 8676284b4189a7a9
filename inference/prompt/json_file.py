"""Reads one JSON object that somebody else wrote, within limits. For `tokenizer_json` and its
neighbours. What the object means is theirs to check.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from inference.errors import TokenizerError
from inference.sentence import said, system_words

FILE_LIMIT_BYTES = 64 * 2**20
# A value costs 28 to 64 bytes of memory whatever its length in the file, so it is counted
# before the file is read as JSON. GLM's tokenizer.json has 0.3 and 1.1 million of them.
_CONTAINERS_LIMIT = 1_000_000
_VALUES_LIMIT = 6_000_000


def read_object(path: Path, limit_bytes: int = FILE_LIMIT_BYTES) -> dict[str, Any]:
    """The object that a file holds; raises TokenizerError."""
    raw = read_bytes(path, limit_bytes)
    containers = raw.count(b"{") + raw.count(b"[")
    if containers > _CONTAINERS_LIMIT or raw.count(b",") > _VALUES_LIMIT:
        raise TokenizerError(
            said("{file} holds far more entries than any known one.", file=path.name)
        )
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):  # a number of more than 4,300 digits is a ValueError
        raise TokenizerError(said("{file} is damaged: it is not JSON.", file=path.name)) from None
    if not isinstance(content, dict):
        raise TokenizerError(said("{file} is damaged: it is not an object.", file=path.name))
    return content


def read_bytes(path: Path, limit_bytes: int) -> bytes:
    """A file's content; raises TokenizerError."""
    if path.exists() and not path.is_file():  # a pipe would be waited for without end
        raise TokenizerError(said("{file} is not a file.", file=path.name))
    try:
        with path.open("rb") as file:
            raw = file.read(limit_bytes + 1)
    except OSError as error:
        raise TokenizerError(
            said("{file} can't be read: {why}.", file=path.name, why=system_words(error))
        ) from error
    if len(raw) > limit_bytes:
        raise TokenizerError(
            said(
                "{file} is too long; at most {limit_bytes:,} bytes can be.",
                file=path.name,
                limit_bytes=limit_bytes,
            )
        )
    return raw
