"""Where words begin and end for the search, in scripts that put no spaces between them.

For: the search index, its triggers (by the two SQL functions at the end) and its queries,
which must all cut alike. The tokenizer itself is FTS5's unicode61; it takes a run of Chinese
for one word, so here each such character becomes a word of its own, a query of several a phrase.

What is indexed already was cut by these rules: a change to them needs a migration that
rebuilds the index, or entries could no longer be taken out.
"""

from __future__ import annotations

import re
from typing import Any

import apsw

from app.chats.json_in_pieces import loads_in_pieces

# Unicode noncharacters, which no one's text holds.
MATCH_BEGINS = "\ufdd0"
MATCH_ENDS = "\ufdd1"
# A control character, because unicode61 takes noncharacters for letters.
_CUT = "\x9f"

_ALONE = re.compile(
    "(["
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\u1780-\u17ff"  # Burmese, Khmer
    "\u2190-\u2bff"  # arrows, symbols, dingbats
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9d"  # Japanese
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Chinese
    "\U0001f000-\U0001faff"  # emoji
    "])"
)
_OURS = re.compile(f"[{MATCH_BEGINS}{MATCH_ENDS}{_CUT}]")
# An expression holds the interpreter until it is through: 100 ms for a megabyte of Chinese, in
# which the window stands still. Each character is cut by itself, so pieces make the same whole. One
# of 512 takes 0.1 ms; while 2,048 were cut, a page that opened beside a search waited 0.1 s for it.
_PIECE_CHARS = 512
_MOST_KEPT_CHARS = 16_000_000


def word_text(text: str) -> str:
    """`text` with a mark on both sides of each character that is a word by itself."""
    if text.isascii():
        return text
    pieces = (text[at : at + _PIECE_CHARS] for at in range(0, len(text), _PIECE_CHARS))
    # What is split at each such character, and has them between the parts, joins by the mark.
    return "".join(_CUT.join(_ALONE.split(_OURS.sub(" ", piece))) for piece in pieces)


def plain_text(cut: str) -> str:
    """What `word_text` cut, whole again."""
    return cut.replace(_CUT, "")


def register(connection: apsw.Connection) -> PartWords:
    """Give `connection` the functions that the schema's triggers and views call. What is returned
    keeps the last message read, until it is told to forget it.

    `word_text(text)`, and `part_words(parts, kind)`: the words of all parts of a kind in a
    message's JSON. SQL's own json_each won't do: FTS5 reads its content without virtual tables.
    """
    part_words = PartWords()
    # Innocuous: a schema may use them though it is not trusted.
    for name, function, count in (("word_text", _word_text, 1), ("part_words", part_words, 2)):
        connection.create_scalar_function(
            name, function, count, deterministic=True, flags=apsw.SQLITE_INNOCUOUS
        )
    return part_words


def _word_text(*values: apsw.SQLiteValue) -> str:
    (text,) = values
    return word_text(str(text))


class PartWords:
    """The words of a message's parts, kind after kind: FTS5 asks for all kinds of a message at
    each look at it, so a long message is read once and not three times.
    """

    def __init__(self) -> None:
        self._source = ""
        self._parts: list[dict[str, str]] = []

    def forget(self) -> None:
        """Keep nothing of a chat: the statement is through."""
        self._source, self._parts = "", []

    def __call__(self, *values: apsw.SQLiteValue) -> str:
        source, kind = str(values[0]), values[1]
        try:
            if source != self._source or not source:
                self._source, self._parts = "", _parts_in(source)
                if len(source) <= _MOST_KEPT_CHARS:
                    self._source = source
            found = [part for part in self._parts if part["kind"] == kind]
            return word_text("\n".join(map(_searched, found)))
        except (ValueError, KeyError, TypeError):
            # Whoever reads this message is told of the damage; deleting it must still be possible.
            return ""


def _parts_in(source: str) -> list[dict[str, str]]:
    parts: Any = loads_in_pieces(source)
    return list(parts)


def _searched(part: dict[str, str]) -> str:
    return f"{part['name']}\n{part['text']}" if "name" in part else f"{part['text']}"
