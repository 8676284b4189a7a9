"""Text on a terminal: model output and file contents must not steer it."""

from __future__ import annotations

import json
import sys
import unicodedata

# Bidirectional controls can make a line read as something else; the rest of category Cc
# (escape sequences above all) can move the cursor, retitle the window or paste.
_KEPT = frozenset("\n\t")
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cs"})
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def plain(text: str, keep_lines: bool = True) -> str:
    """`text` with control characters shown as U+FFFD; without `keep_lines`, on one line."""
    shown = "".join("\ufffd" if _steers(c) else c for c in text)
    return shown if keep_lines else " ".join(shown.split())


def _steers(character: str) -> bool:
    if character in _KEPT:
        return False
    if character in _BIDI_CONTROLS:
        return True
    return unicodedata.category(character) in _HIDDEN_CATEGORIES


def typed(text: str) -> str:
    """An argument as text: bytes that are not UTF-8 become U+FFFD."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def show(text: str, end: str = "\n") -> None:
    """Print at once, harmlessly."""
    print(plain(text), end=end, flush=True)


def size_words(count: int) -> str:
    """Bytes as a list has them: MB without decimals, GB with one; decimal units."""
    return f"{count / 1e6:,.0f} MB" if count < 1e9 else f"{count / 1e9:,.1f} GB"


def show_json(value: object) -> None:
    """One object, one line; JSON escapes what a terminal would obey."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    sys.stdout.write("".join(_escaped(c) if _steers(c) else c for c in text) + "\n")
    sys.stdout.flush()


def _escaped(character: str) -> str:
    return f"\\u{ord(character):04x}"


def clear_screen() -> None:
    """Leave nothing to read for whoever comes by; what a terminal keeps above is its own."""
    if sys.stdout.isatty():
        sys.stdout.write("\x1b[H\x1b[2J")
        sys.stdout.flush()


def note(text: str) -> None:
    """A remark beside the output, on stderr."""
    print(plain(text), file=sys.stderr, flush=True)
