"""Where words begin and end for the search, in scripts that put no spaces between them.

For: the search index, its triggers (as the SQL function `word_text`) and its queries, which
must all cut alike. The tokenizer itself is FTS5's unicode61; it takes a run of Chinese for one
word, so here each such character becomes a word of its own, and a query of several a phrase.

What is indexed already was cut by these rules: a change to them needs a migration that
rebuilds the index, or entries could no longer be taken out.
"""

from __future__ import annotations

import re

# Unicode noncharacters: no one's text holds them, and unicode61 takes them for spaces.
MATCH_BEGINS = "\ufdd0"
MATCH_ENDS = "\ufdd1"
_CUT = "\ufdd2"

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


def word_text(text: str) -> str:
    """`text` with a mark on both sides of each character that is a word by itself."""
    if text.isascii():
        return text
    return _ALONE.sub(rf"{_CUT}\1{_CUT}", _OURS.sub(" ", text))


def plain_text(cut: str) -> str:
    """What `word_text` cut, whole again."""
    return cut.replace(_CUT, "")
