"""Token ids back to text, one at a time: never half a character.

For the engine's answer. Byte-level BPE writes each byte as one printable character (the
alphabet of GPT-2's tokenizer); this module turns them back into bytes and the bytes into
text. Which ids are control tokens is the tokenizer's knowledge.
"""

from __future__ import annotations

import codecs
from typing import Protocol


def _byte_alphabet() -> dict[str, int]:
    """Character → byte: printable Latin-1 stands for itself, the rest follows from U+0100."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    rest = [byte for byte in range(256) if byte not in set(printable)]
    alphabet = {chr(byte): byte for byte in printable}
    alphabet.update({chr(0x100 + n): byte for n, byte in enumerate(rest)})
    return alphabet


BYTE_OF_CHARACTER = _byte_alphabet()


def bytes_of_token(text: str) -> bytes:
    """The bytes that a byte-level token stands for; a character outside the alphabet is itself."""
    parts = bytearray()
    for character in text:
        byte = BYTE_OF_CHARACTER.get(character)
        if byte is None:
            parts += character.encode("utf-8", "replace")
        else:
            parts.append(byte)
    return bytes(parts)


class TokenBytes(Protocol):
    """The bytes that a token shows."""

    def token_bytes(self, token_id: int, *, show_control: bool = False) -> bytes:
        """Empty for a control token, unless asked for; empty for an id that does not exist."""


class IncrementalDetokenizer:
    """Feed ids, get the text that is complete; bytes that are no UTF-8 become U+FFFD.

    All texts joined, with `flush` last, are the text of all bytes joined.
    """

    def __init__(self, tokens: TokenBytes, *, show_control: bool = False) -> None:
        self._tokens = tokens
        self._show_control = show_control
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    @property
    def is_between_characters(self) -> bool:
        """Whether no character is incomplete."""
        return not self._decoder.getstate()[0]

    def feed(self, token_id: int) -> str:
        """What can be shown now; empty while a character is incomplete."""
        piece = self._tokens.token_bytes(token_id, show_control=self._show_control)
        return self._decoder.decode(piece)

    def flush(self) -> str:
        """What was held back, as U+FFFD; afterwards the detokenizer is as new."""
        rest = self._decoder.decode(b"", True)
        self._decoder.reset()
        return rest
