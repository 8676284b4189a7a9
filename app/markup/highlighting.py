"""Code → runs of the look's five colours, by Pygments.

For: the views of code blocks; any thread may call it. A lexer is other people's regular
expressions over a hostile text: it gets a few lines at a time, of a bounded length and within a
bounded time, and what it can't do is plain. Lexers are found by the names that Pygments knows;
it is imported when first needed.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from typing import Any

# Regular expressions can take quadratic time and worse, and no other thread runs while one looks
# for its end: what is longer is plain. A code's pieces are within this (`pieces`).
MOST_CHARACTERS = 16 * 1024
MOST_LINES = 250
LONGEST_LINE_CHARACTERS = 512
LONGEST_LABEL_CHARACTERS = 30
MOST_SECONDS = 0.25
_LONG_GAP = re.compile(r"[ \t]{128}")
_NAME = re.compile(r"[\w.+#-]{1,40}")
# Words that models write for languages which Pygments knows by another name.
_ALSO = {"plaintext": "text", "txt": "text", "shell": "bash", "zsh": "bash", "jsx": "javascript"}
_LABELS = {"text": "Text", "bash": "Bash", "console": "Console"}


class CodeColor(StrEnum):
    """What a run of code is, as far as the look tells apart."""

    PLAIN = "plain"
    KEYWORD = "keyword"
    STRING = "string"
    NUMBER = "number"
    NAME = "name"
    COMMENT = "comment"


Runs = tuple[tuple[CodeColor, str], ...]

# The beginning of a token's name in Pygments → its colour; the first that fits.
_COLORS = (
    ("Token.Comment", CodeColor.COMMENT),
    ("Token.Keyword", CodeColor.KEYWORD),
    ("Token.Operator.Word", CodeColor.KEYWORD),
    ("Token.Name.Tag", CodeColor.KEYWORD),
    ("Token.Literal.Number", CodeColor.NUMBER),
    ("Token.Literal", CodeColor.STRING),
    ("Token.Name.Function", CodeColor.NAME),
    ("Token.Name.Class", CodeColor.NAME),
    ("Token.Name.Decorator", CodeColor.NAME),
    ("Token.Name.Builtin", CodeColor.NAME),
    ("Token.Name.Exception", CodeColor.NAME),
    ("Token.Name.Namespace", CodeColor.NAME),
    ("Token.Name.Attribute", CodeColor.NAME),
    ("Token.Name.Constant", CodeColor.NAME),
)


def highlight(code: str, language: str) -> Runs:
    """The code in runs that join to exactly the code; plain where it can't be coloured."""
    if not code:
        return ()
    lexer = _lexer(language) if _is_bounded(code) else None
    if lexer is None:
        return ((CodeColor.PLAIN, code),)
    runs = tuple(_merged(_tokens(lexer, code)))
    if "".join(text for _, text in runs) != code:
        return ((CodeColor.PLAIN, code),)  # a lexer that changes what it reads
    return runs


def language_label(language: str) -> str:
    """What a language is called: "py" is "Python"; an unknown word stays as it was written."""
    if not language:
        return ""
    lexer = _lexer(language)
    name = _also(language)
    label = language if lexer is None else _LABELS.get(name, str(lexer.name))
    return label[:LONGEST_LABEL_CHARACTERS]


def _is_bounded(code: str) -> bool:
    if len(code) > MOST_CHARACTERS:
        return False
    lines = code.split("\n")
    if len(lines) > MOST_LINES or max(map(len, lines)) > LONGEST_LINE_CHARACTERS:
        return False
    return not _LONG_GAP.search(code)


def _also(language: str) -> str:
    word = language.strip("{}.").lower()
    return _ALSO.get(word, word)


@lru_cache(maxsize=64)
def _lexer(language: str) -> Any | None:
    """Pygments' lexer of a language; none where it knows no such."""
    name = _also(language)
    if not _NAME.fullmatch(name):
        return None
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(name, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def _tokens(lexer: Any, code: str) -> Iterator[tuple[CodeColor, str]]:
    """The lexer's tokens as far as it comes in its time, then the rest as it is."""
    done = 0
    until_s = time.monotonic() + MOST_SECONDS
    try:
        for _, kind, text in lexer.get_tokens_unprocessed(code):
            done += len(text)
            yield _color(str(kind)), text
            if time.monotonic() > until_s:
                break
    except (RuntimeError, LookupError, ValueError, TypeError, AttributeError):
        pass  # a fault in a lexer costs colours, nothing else
    if done < len(code):
        yield CodeColor.PLAIN, code[done:]


@lru_cache(maxsize=256)
def _color(kind: str) -> CodeColor:
    for beginning, color in _COLORS:
        if kind == beginning or kind.startswith(beginning + "."):
            return color
    return CodeColor.PLAIN


def _merged(runs: Iterable[tuple[CodeColor, str]]) -> Iterator[tuple[CodeColor, str]]:
    held, texts = CodeColor.PLAIN, list[str]()
    for color, text in runs:
        if color is not held and texts:
            yield held, "".join(texts)
            texts = []
        held = color
        texts.append(text)
    if texts:
        yield held, "".join(texts)
