"""Characters that can't be seen, made visible, so that nothing in a text is hidden.

For: the reading of messages, before and after their Markdown. Bidi overrides and isolates, zero
widths, controls, tags, fillers, lone surrogates and stacks of combining marks are spelled as
"‹U+202E›", a run of one as "‹U+200B ×40›"; they can neither hide text nor turn its order round.
What scripts need stays: joiners between letters or emoji, their variation selectors, the marks
of direction beside right-to-left letters, England's flag. Line ends and tabs are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

# Default_Ignorable_Code_Point and the categories Cc, Cf, Cs and Zl, Zp; U+FFFC is Qt's own mark
# of an inline object.
_UNSEEN = (
    "\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\xad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f"
    "\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ud800-\\udfff\\ufdd0-\\ufdef"
    "\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffc\\ufffe\\uffff\\U0001bca0-\\U0001bca3"
    "\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff"
)
_RUN = re.compile(f"([{_UNSEEN}]+)")
# More marks than any script puts on a letter: they would be drawn over the lines around.
_MARKS = (
    "\\u0300-\\u036f\\u0483-\\u0489\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u20d0-\\u20ff\\ufe20-\\ufe2f"
)
_STACK = re.compile(f"([{_MARKS}]{{8}})([{_MARKS}]+)")
_SEEN = re.compile(f"[^{_UNSEEN}{_MARKS}]")
# Between two of these nothing that comes before matters to what comes after, nor the reverse.
_SEAM = re.compile(f"[^{_UNSEEN}{_MARKS}]{{2}}")
_SEAM_CHARACTERS = 400
# An expression holds the interpreter until it is through, and the window waits: half a millisecond
# at most for such a piece, 8 for one of 65,536 emoji.
_PIECE_CHARACTERS = 1 << 12
_MOST_PIECES = 16  # as one, where they can't be parted
_LONGEST_RUN_CHARACTERS = 4_000
_SHORT_RUN_CHARACTERS = 8  # what longer ones become is not kept in mind
_SAME = re.compile("(.)\\1*", re.DOTALL)
_RIGHT_TO_LEFT = re.compile("[\\u0590-\\u08ff\\ufb1d-\\ufdcf\\ufdf0-\\ufdff\\ufe70-\\ufefc]")
_SELECTABLE = re.compile("[0-9#*\\xa9\\xae\\u2000-\\u200a\\u2010-\\U0003ffff]")
_WITHOUT_SPACES = re.compile("[\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff]")
_FLAGS = tuple(
    "".join(chr(0xE0000 + ord(letter)) for letter in name) + "\U000e007f"
    for name in ("gbeng", "gbsct", "gbwls")
)


def visible(text: str) -> str:
    """The text with all that can't be seen spelled out. Its lines stay as they are."""
    parts = _RUN.split(text)  # other text, a run, other text, a run, …
    if len(parts) > 1:
        around = zip(parts[1::2], parts[::2], parts[2::2], strict=False)
        parts[1::2] = [_shown(run, before[-1:], after[:1]) for run, before, after in around]
        text = "".join(parts)
    return _STACK.sub(_spelled_stack, text)


def visible_pieces(text: str, piece_characters: int = _PIECE_CHARACTERS) -> Iterator[str]:
    """`visible` of a long text, piece by piece, without a second copy of it. A piece ends where
    nothing depends on what follows, or, where that is nowhere near, within a run.
    """
    start = 0
    while start < len(text):
        end = start + _MOST_PIECES * piece_characters
        seam = _SEAM.search(text, start + piece_characters, end + _SEAM_CHARACTERS)
        end = seam.start() + 1 if seam else end
        yield visible(text[start:end])
        start = end


class GrowingVisible:
    """`visible` of a text that grows: only its end is spelled again."""

    def __init__(self) -> None:
        self._text = ""
        self._settled = 0  # so much of the text is spelled for good
        self._spelled = ""

    def show(self, text: str) -> str:
        """What `visible` says of a text, be it a continuation of the one before or not.

        Of thousands of unseen signs in a row pieces are counted, not all of them together.
        """
        if not text.startswith(self._text):
            self._settled, self._spelled = 0, ""
        self._text = text
        end = max(self._settled, self._last_seen(text))
        self._spelled += self._from_settled(text, end)
        self._settled = end
        return self._spelled + self._from_settled(text, len(text))

    def _last_seen(self, text: str) -> int:
        """Behind the last sign that stands by itself: what follows can't change what is before."""
        start = max(self._settled, len(text) - _SEAM_CHARACTERS)
        last = max((seen.end() for seen in _SEEN.finditer(text, start)), default=0)
        is_endless = not last and len(text) - self._settled > _LONGEST_RUN_CHARACTERS
        return start if is_endless else last

    def _from_settled(self, text: str, end: int) -> str:
        """What a piece is spelled like after what is settled, which ends in a sign by itself."""
        if end == self._settled:
            return ""
        before = text[self._settled - 1 : self._settled]
        if not _SEEN.match(before):
            return visible(text[self._settled : end])
        return visible(before + text[self._settled : end])[1:]


def normalised(text: str) -> str:
    """The text with "\\n" at the end of every line; a longer text begins with a shorter's."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _shown(run: str, before: str, after: str) -> str:
    if len(run) > _SHORT_RUN_CHARACTERS:
        return _shown_run.__wrapped__(run, before, after)
    return _shown_run(run, before, after)


@lru_cache(maxsize=4096)
def _shown_run(run: str, before: str, after: str) -> str:
    is_end = not after
    if _is_needed(run, before, after, is_end):
        return run
    if len(run) == 2 and run[0] == "\ufe0f" and run[1] == "\u200d":  # as in many emoji
        joined = _is_needed(run[1], before, after, is_end)
        if joined and _is_needed(run[0], before, after, False):
            return run
    return _SAME.sub(_spelled, run)


def _is_needed(run: str, before: str, after: str, is_end: bool) -> bool:
    """Whether the writing needs it here; at a text's end, which may grow, in favour of it."""
    if len(run) > 1:
        return run in _FLAGS and before == "\U0001f3f4"
    if run in "\u200c\u200d":
        return before > "\u02ff" and (after > "\u02ff" or is_end)
    if run in "\u200e\u200f\u061c":
        return any(_RIGHT_TO_LEFT.match(near) for near in (before, after))
    if run == "\u200b":
        return bool(_WITHOUT_SPACES.match(before) and (_WITHOUT_SPACES.match(after) or is_end))
    if "\ufe00" <= run <= "\ufe0f":
        return bool(_SELECTABLE.match(before))
    return "\U000e0100" <= run <= "\U000e01ef" and "\u2e80" <= before <= "\U0003ffff"


def _spelled(match: re.Match[str]) -> str:
    count = match.end() - match.start()
    times = f" ×{count:,}" if count > 1 else ""
    return f"‹U+{ord(match.group(1)):04X}{times}›"


def _spelled_stack(match: re.Match[str]) -> str:
    return match.group(1) + _SAME.sub(_spelled, match.group(2))
