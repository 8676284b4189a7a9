"""Errors and other sentences of Qt-free code, in the language of the window.

For: `notices.py`, and every widget that shows what Qt-free code said. Such code speaks English
and remembers of what each sentence was made (`kernels/sentence.py`); here it is looked up among
the window's translations. What has none is shown as it is, and counted in the log by its kind.
"""

from __future__ import annotations

import logging
from collections import Counter

from PySide6.QtCore import QCoreApplication

from app.numbers import separators
from inference.sentence import has_words, in_language, ours, sentence_of

_CONTEXT = "Errors"
# Translated wherever anything is: it tells whether the window speaks another language.
_KNOWN = "Permission denied"
# Not called `translate`: lupdate would look for literals; tools/error_sentences.py collects them.
_look_up = QCoreApplication.translate
_log = logging.getLogger(__name__)
_untranslated: Counter[str] = Counter()


def words_of(said: object) -> str:
    """An error, or a sentence of Qt-free code, as the window shows it. From any thread."""
    sentence = sentence_of(said) if isinstance(said, Exception) else ours(str(said))
    is_missed = False

    def translated(template: str) -> str:
        nonlocal is_missed
        try:  # no words of ours have a NUL, at which Qt ends, or half a character
            words = template if "\0" in template else _look_up(_CONTEXT, template)
        except UnicodeEncodeError:
            words = template
        is_missed = is_missed or words == template
        return words

    words = in_language(sentence, translated, _number)
    if is_missed and has_words(sentence) and is_translated():
        _count(type(said).__name__)
    return words


def is_translated() -> bool:
    """Whether the window speaks another language than English."""
    return _look_up(_CONTEXT, _KNOWN) != _KNOWN


def _number(english: str) -> str:
    group, point = separators()
    return english.translate({ord(","): group, ord("."): point})


def _count(kind: str) -> None:
    """By kind alone: what was said may quote a file or a user."""
    _untranslated[kind] += 1
    _log.info("%d times without a translation: %s", _untranslated[kind], kind)
