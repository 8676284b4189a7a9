"""A chat's title before its owner gives it another: its first words, or what a model suggests.

For: whoever begins a chat, in the window and in the terminal. A suggestion is a model's output
and is trusted with nothing: it is a few plain words about what was said, or none.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import islice

_TITLE_CHARS = 60
_SUGGESTED_CHARS = 60
_SUGGESTED_WORDS = 6
_SUGGESTED_SIGNS = 24  # of scripts that put no spaces between words
_STEM_CHARS = 4

_LABEL = re.compile(r"^\W*(?:title|titel|titre|título|标题|题目)\W*[:：]\s*", re.IGNORECASE)
_QUOTES = "\"'“”„‟«»‹›‘’‚`´「」『』《》"
_MARKS = re.compile(r"[*_`#>|~\\]+")
_PLACEHOLDER = re.compile(r"[\[\]{}<>]|https?:|www\.", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_BEYOND_SPACES = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def title_of(question: str) -> str:
    """The beginning of what was asked, on one line, cut between words where that can be."""
    words = islice(re.finditer(r"\S{1,99}", question), _TITLE_CHARS)
    line = " ".join(word.group() for word in words)
    if len(line) <= _TITLE_CHARS:
        return line
    return line[:_TITLE_CHARS].rsplit(" ", 1)[0] + "…"


def suggested_title(suggestion: str, exchange: str, *, is_whole: bool = True) -> str | None:
    """A suggestion as a title for what was said in `exchange`; None where it is no title.

    One line without quotes, markup and what is not seen; at most six words, none of them again
    and again, at least one of them of what was said. Of a suggestion that was cut off
    (`is_whole` False) only what is before the cut for certain.
    """
    if not is_whole:
        suggestion = _before_cut(suggestion)
    lines = [line for line in map(_tidied, suggestion.splitlines()) if line]
    title = lines[0] if lines else ""
    if len(lines) > 1 and title.endswith((":", "：")):  # it announced the title first
        title = lines[1]
    title = _without_subtitle(title).rstrip(" .。!?！,;:：–—-…")
    return title if _is_title(title) and _is_about(title, exchange) else None


def _tidied(line: str) -> str:
    """Without marks of emphasis and headings, a label, and quotes around it."""
    line = " ".join("".join(map(_seen, line)).split())
    line = _LABEL.sub("", _MARKS.sub("", line).strip())
    return line.strip(_QUOTES + " -–—•").strip()


def _seen(character: str) -> str:
    """A character as a title may hold it: itself, a space, or nothing."""
    category = unicodedata.category(character)
    if category.startswith("Z") or character == "\t":
        return " "
    return "" if category.startswith("C") else character


def _before_cut(suggestion: str) -> str:
    """Without the last line, but for what stands before a subtitle in it."""
    lines = suggestion.strip().splitlines()
    if not lines:
        return ""
    head, colon, _ = lines[-1].partition(": ")
    return "\n".join((*lines[:-1], head if colon else ""))


def _without_subtitle(title: str) -> str:
    """Of "A garden: how to plan it" the garden."""
    head, colon, rest = title.partition(": ")
    return head if colon and rest and head else title


def _is_title(title: str) -> bool:
    words = [word.casefold() for word in _WORD.findall(title)]
    if not words or len(title) > _SUGGESTED_CHARS or len(title.split()) > _SUGGESTED_WORDS:
        return False
    if not any(character.isalpha() for character in title) or _PLACEHOLDER.search(title):
        return False
    if len(_BEYOND_SPACES.findall(title)) > _SUGGESTED_SIGNS:
        return False
    return all(words.count(word) < 3 for word in words)


def _is_about(title: str, exchange: str) -> bool:
    """Whether a word of it, or a sign, was said: what has none was made up."""
    said = exchange.casefold()
    if any(sign in said for sign in _BEYOND_SPACES.findall(title)):
        return True
    words = (word.casefold() for word in _WORD.findall(title))
    stems = {word[:_STEM_CHARS] for word in words if len(word) >= _STEM_CHARS}
    return any(word[:_STEM_CHARS] in stems for word in _WORD.findall(said))
