"""Sentences for people that can still be told in another language.

For: whoever refuses something, in any package; the window translates what it shows. A Sentence
is its English text and works as any text does; beside it, it remembers the template and the
values that it was made of, so that a value is never read as words of ours. What `said` is given
is collected by `tools/error_sentences.py` and translated with the window's own words.

A Sentence that is joined, cut or formatted into another text becomes plain text, in English:
say such a text with a template of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from string import Formatter
from typing import Any

_HOLE = re.compile(r"\{[^{}]*\}")
# More is no template of ours, but a text that somebody else wrote.
_MOST_TEMPLATE_CHARACTERS = 4_000
_CANDIDATE = re.compile(r"[^\W\d_]|[“”]")  # a letter, or nearly; what has none may be long


class Sentence(str):
    """An English text, and what it was made of: a template, and values for its holes.

    Without values the template is the text itself, whatever signs are in it.
    """

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, object] | None

    def __new__(
        cls, text: str, template: str = "", values: Mapping[str, object] | None = None
    ) -> Sentence:
        """As `said` and `ours` make it."""
        made = super().__new__(cls, text)
        made.template = template if values is not None else text
        made.values = values
        return made

    def __str__(self) -> str:
        """Itself: an error's `str` is then the Sentence that it was raised with."""
        return self

    def strip(self, chars: str | None = None, /) -> str:
        """Itself where nothing is to be stripped."""
        bare = super().strip(chars)
        return self if len(bare) == len(self) else bare


def said(template: str, /, **values: object) -> Sentence:
    """The template, which is a literal, with its holes filled: `{bytes:,}` as in str.format.

    A value that is a Sentence, or an error with one, is translated; any other stays as it is.
    """
    return Sentence(template.format(**values), template, values)


def noted(template: str) -> str:
    """A template that stands elsewhere than the values it is `filled` with."""
    return template


def filled(template: str, values: Mapping[str, object]) -> Sentence:
    """As `said`, for a template that was `noted`."""
    return said(template, **values)


def ours(text: str) -> Sentence:
    """A text that is known to be words of Pitcher's, not a file's nor a user's."""
    return text if isinstance(text, Sentence) else Sentence(str(text))


def system_words(error: OSError) -> Sentence:
    """Why the system refused, in its own words; those that are met most are translated."""
    return ours(error.strerror or str(error))


def joined(separator: str, parts: Iterable[str]) -> Sentence:
    """Texts one after another; the separator has no words."""
    values = {f"part_{number}": part for number, part in enumerate(parts, 1)}
    return said(separator.join(f"{{{name}}}" for name in values), **values)


def sentence_of(error: BaseException) -> Sentence:
    """What an error says; of the system's own, the reason is a sentence in it."""
    text = str(error)
    if isinstance(text, Sentence) or not isinstance(error, OSError) or error.strerror is None:
        return ours(text)
    values = {"code": f"[Errno {error.errno}]", "why": system_words(error)}
    if error.filename is None:
        made = said("{code} {why}", **values)
    else:
        made = said("{code} {why}: {file}", **values, file=repr(error.filename))
    return made if made == text else ours(text)


def changed_values(sentence: Sentence, text: str, change: Callable[[str], str]) -> Sentence:
    """The same sentence with another text, and each value that is a plain text changed."""
    if sentence.values is None:
        return Sentence(text)
    values = {name: _changed(value, change) for name, value in sentence.values.items()}
    return Sentence(text, sentence.template, values)


def _changed(value: object, change: Callable[[str], str]) -> object:
    inner = sentence_of(value) if isinstance(value, BaseException) else value
    if isinstance(inner, Sentence):
        return changed_values(inner, change(inner), change)
    return value if isinstance(value, int | float) else change(str(inner))


def in_language(
    sentence: Sentence, translated: Callable[[str], str], number: Callable[[str], str]
) -> str:
    """A sentence as `translated` has its template; `number` rewrites an English number."""
    template = sentence.template
    words = translated(template) if has_words(template) else template
    if sentence.values is None:
        return words
    return _Filling(translated, number).vformat(words, (), sentence.values)


def has_words(template: str) -> bool:
    """Whether there is anything to translate beside holes and signs; quotes differ by language."""
    candidates = _CANDIDATE.finditer(_HOLE.sub("", template[:_MOST_TEMPLATE_CHARACTERS]))
    return any(found.group().isalpha() or found.group() in "“”" for found in candidates)


class _Filling(Formatter):
    """Fills holes: sentences in the language, numbers in its way, all else as it is."""

    def __init__(self, translated: Callable[[str], str], number: Callable[[str], str]) -> None:
        self._translated = translated
        self._number = number

    def get_field(
        self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> tuple[Any, str]:
        """By its whole name: a template never reaches into a value."""
        return kwargs[field_name], field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        """One value, as its hole asks for it."""
        inner = sentence_of(value) if isinstance(value, BaseException) else value
        if isinstance(inner, Sentence):
            return format(in_language(inner, self._translated, self._number), format_spec)
        text = format(value, format_spec)
        is_number = isinstance(value, int | float) and any(sign in format_spec for sign in ",.")
        return self._number(text) if is_number else text


# What systems say most often when they refuse; in English wherever the system speaks English.
SYSTEM_WORDS = (
    said("Operation not permitted"),
    said("No such file or directory"),
    said("Input/output error"),
    said("Permission denied"),
    said("Device or resource busy"),
    said("File exists"),
    said("Invalid cross-device link"),
    said("No such device"),
    said("Not a directory"),
    said("Is a directory"),
    said("Invalid argument"),
    said("Too many open files in system"),
    said("Too many open files"),
    said("Text file busy"),
    said("File too large"),
    said("No space left on device"),
    said("Read-only file system"),
    said("Too many links"),
    said("Broken pipe"),
    said("Cannot allocate memory"),
    said("Resource temporarily unavailable"),
    said("Resource deadlock avoided"),
    said("File name too long"),
    said("No locks available"),
    said("Directory not empty"),
    said("Too many levels of symbolic links"),
    said("Connection refused"),
    said("Connection timed out"),
    said("Host is down"),
    said("Stale file handle"),
    said("Disk quota exceeded"),
    said("Transport endpoint is not connected"),
)
