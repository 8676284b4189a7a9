"""Parts, provenance and settings as the JSON that the database keeps, and back.

For: the store. What JSON holds is checked on the way back: a row that isn't what we write is
damage, never a guess.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from app.chats.errors import DamagedError
from app.chats.json_in_pieces import dumps_in_pieces, loads_in_pieces
from app.chats.model import AttachmentPart, Part, Provenance, ReasoningPart, TextPart
from inference.sentence import said

Value = str | int | float | bool
Pairs = tuple[tuple[str, Value], ...]

_DAMAGED = said(
    "A message in the history can't be understood. Nothing was changed; a backup can help."
)


def storable(text: str) -> str:
    """`text` without lone surrogates, which no UTF-8 can hold: U+FFFD stands in their place."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def parts_to_json(parts: Iterable[Part]) -> str:
    """The parts as a list of objects with a `kind` each."""
    return _to_json([_part_document(part) for part in parts])


def parts_from_json(text: str) -> tuple[Part, ...]:
    """What `parts_to_json` wrote. Raises DamagedError."""
    try:
        documents: Any = loads_in_pieces(text)  # a message may be megabytes
        return tuple(_part(document) for document in documents)
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedError(_DAMAGED) from error


def provenance_to_json(provenance: Provenance | None) -> str | None:
    """The record of an answer's making, or None."""
    if provenance is None:
        return None
    return _to_json({"version": provenance.version, "details": provenance.details})


def provenance_from_json(text: str | None) -> Provenance | None:
    """What `provenance_to_json` wrote. Raises DamagedError."""
    if text is None:
        return None
    try:
        document = json.loads(text)
        return Provenance(_pairs(document["details"]), int(document["version"]))
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedError(_DAMAGED) from error


def pairs_to_json(pairs: Pairs) -> str:
    """Plain values by name, in their order."""
    return _to_json(pairs)


def pairs_from_json(text: str) -> Pairs:
    """What `pairs_to_json` wrote. Raises DamagedError."""
    try:
        return _pairs(json.loads(text))
    except (ValueError, TypeError) as error:
        raise DamagedError(_DAMAGED) from error


def _to_json(document: object) -> str:
    return storable(dumps_in_pieces(document))


def _part_document(part: Part) -> dict[str, Value]:
    match part:
        case TextPart():
            return {"kind": "text", "text": part.text}
        case ReasoningPart():
            return {
                "kind": "reasoning",
                "text": part.text,
                "elapsed_ms": part.elapsed_ms,
                "tokens": part.tokens,
            }
        case AttachmentPart():
            return {"kind": "attachment", "name": part.name, "text": part.text}


def _part(document: dict[str, Any]) -> Part:
    text = _text(document["text"])
    match document["kind"]:
        case "text":
            return TextPart(text)
        case "reasoning":
            return ReasoningPart(text, int(document["elapsed_ms"]), int(document["tokens"]))
        case "attachment":
            return AttachmentPart(_text(document["name"]), text)
        case kind:
            raise ValueError(f"no part is of kind {kind}")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} instead of a text")
    return value


def _pairs(document: list[list[object]]) -> Pairs:
    return tuple((_text(name), _value(value)) for name, value in document)


def _value(value: object) -> Value:
    if not isinstance(value, str | int | float | bool):
        raise TypeError(f"{type(value).__name__} instead of a plain value")
    return value
