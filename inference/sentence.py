"""The door to `kernels.sentence` for whoever may not reach the kernels."""

from kernels.sentence import (
    Sentence,
    changed_values,
    filled,
    has_words,
    in_language,
    joined,
    noted,
    ours,
    said,
    sentence_of,
    system_words,
)

__all__ = [
    "Sentence",
    "changed_values",
    "filled",
    "has_words",
    "in_language",
    "joined",
    "noted",
    "ours",
    "said",
    "sentence_of",
    "system_words",
]
