"""What a GGUF file says of its tokenizer, as data. For `tokenizer`; builds nothing itself.

Keys and token types as in the GGUF specification, section “Tokenizer”.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol

from inference.errors import TokenizerError

TOKENS_LIMIT = 1_000_000
# GLM, with the most of the known ones, has 318,000.
MERGES_LIMIT = 2_000_000
_PREFIX = "tokenizer.ggml."


class TokenType(IntEnum):
    """`tokenizer.ggml.token_type`."""

    NORMAL = 1
    UNKNOWN = 2
    CONTROL = 3
    USER_DEFINED = 4
    UNUSED = 5
    BYTE = 6


@dataclass(frozen=True)
class GgufVocabulary:
    """A vocabulary as the file has it: unchecked but for its sizes.

    `merges` are two tokens with a space between. `end_ids` are the ids that the file itself
    names as ends of a turn or of a message, `eos_id` apart. None: the file does not say.
    """

    model: str
    pre: str
    tokens: Sequence[str]
    token_types: Sequence[int]
    merges: Sequence[str]
    bos_id: int | None = None
    eos_id: int | None = None
    end_ids: tuple[int, ...] = field(default=())
    add_bos: bool | None = None
    add_eos: bool | None = None


class GgufMetadata(Protocol):
    """What is needed of a GGUF reader; a key that is missing gives the default."""

    def string(self, key: str, default: str = ..., /) -> str:
        """A string."""

    def integer(self, key: str, default: int = ..., /) -> int:
        """An integer."""

    def boolean(self, key: str, default: bool = ..., /) -> bool:
        """A truth value."""

    def strings(self, key: str, /) -> Sequence[str]:
        """An array of strings."""

    def integers(self, key: str, /) -> Sequence[int]:
        """An array of integers."""

    def keys(self) -> Collection[str]:
        """Every key."""


def vocabulary_from_gguf(gguf: GgufMetadata) -> GgufVocabulary:
    """Read the tokenizer's keys; raises TokenizerError and what the reader raises."""
    model = gguf.string(_PREFIX + "model", "")
    if not model:
        raise TokenizerError("The model file holds no tokenizer.")
    present = gguf.keys()
    tokens = gguf.strings(_PREFIX + "tokens")
    types_key = _PREFIX + "token_type"
    types: Sequence[int] = (
        gguf.integers(types_key) if types_key in present else [TokenType.NORMAL] * len(tokens)
    )
    merges_key = _PREFIX + "merges"
    ends = (_identifier(gguf, f"{name}_token_id") for name in ("eot", "eom"))
    return GgufVocabulary(
        model=model,
        pre=gguf.string(_PREFIX + "pre", "default"),
        tokens=tokens,
        token_types=types,
        merges=gguf.strings(merges_key) if merges_key in present else (),
        bos_id=_identifier(gguf, "bos_token_id"),
        eos_id=_identifier(gguf, "eos_token_id"),
        end_ids=tuple(end for end in ends if end is not None),
        add_bos=_flag(gguf, "add_bos_token"),
        add_eos=_flag(gguf, "add_eos_token"),
    )


def _identifier(gguf: GgufMetadata, name: str) -> int | None:
    key = _PREFIX + name
    present = gguf.keys()
    return gguf.integer(key, 0) if key in present else None


def _flag(gguf: GgufMetadata, name: str) -> bool | None:
    key = _PREFIX + name
    present = gguf.keys()
    return gguf.boolean(key, False) if key in present else None
