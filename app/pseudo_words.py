"""Words as another language may have them: longer, accented, between brackets.

For: developers, with PITCHER_LANGUAGE=pseudo. What is cut, what stands outside of the catalogue
and what a font lacks is seen at a glance. It changes Pitcher's own words, never Qt's.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QTranslator

_ACCENTS = str.maketrans("aeiouyAEIOUYcnsCNS", "àéîöûýÀÉÎÖÛÝçñšÇÑŠ")
_MORE = "~"
_GROWTH = 0.4
# Holes are no words; nor are shortcuts after a tab and the patterns of file dialogs, which Qt
# takes for such at the very end alone.
_KEPT = re.compile(r"(\{[^{}]*\})")
_END = re.compile(r"(?:\t.*| \(\*[^()]*\))?$", re.DOTALL)


def pseudo(text: str) -> str:
    """The text with accents, in brackets, about 40 % longer."""
    end = _END.search(text)
    assert end is not None  # an empty one is always found
    words = text[: end.start()]
    parts = _KEPT.split(words)
    accented = "".join(
        part if _KEPT.fullmatch(part) else part.translate(_ACCENTS) for part in parts
    )
    return f"[{accented}{_MORE * round(len(words) * _GROWTH)}]{end[0]}"


class PseudoWords(QTranslator):
    """Answers for every text of ours."""

    def translate(
        self,
        context: bytes | str,
        sourceText: bytes | str,  # noqa: N803 - Qt's name of it
        disambiguation: bytes | str | None = None,
        n: int = -1,
    ) -> str:
        """The text itself, made longer; Qt's own stay as they are."""
        text = _text(sourceText)
        return text if _text(context).startswith("Q") or not text else pseudo(text)

    def isEmpty(self) -> bool:  # noqa: N802
        """Never: Qt asks no translator that says so."""
        return False


def _text(given: bytes | str) -> str:
    return given.decode() if isinstance(given, bytes) else given
