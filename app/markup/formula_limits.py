"""What LaTeX is drawn at all. The rest is shown as its source.

For: `formula_outline`. Refused is what could hide text or lay it over other text (phantoms,
colours, negative space), what could cost much (macros, deep nesting, length), and characters that
the mathematical font lacks. Free of Qt.
"""

from __future__ import annotations

import re
from collections.abc import Callable

MAX_SOURCE_CHARS = 2_000
MAX_DEPTH = 40
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_NEGATIVE = re.compile(r"\{?\s*-\s*[\d.]+\s*(?:em|ex|mu|pt|px|cm|mm|in)")
_STACKED = re.compile(r"(?:[_^]\s*){3,}|(?:'\s*){9,}")
_REFUSED = frozenset(
    (
        *("def", "edef", "gdef", "let", "newcommand", "renewcommand", "providecommand"),
        *("newenvironment", "DeclareMathOperator"),
        *("href", "url", "includegraphics", "input", "include", "class", "style", "unicode"),
        *("phantom", "hphantom", "vphantom", "color", "textcolor", "colorbox", "fcolorbox"),
        *("llap", "rlap", "clap", "mathllap", "mathrlap", "mathclap", "smash"),
        *("lower", "raise", "moveleft", "moveright", "negmedspace", "negthickspace"),
        *("rule", "genfrac", "above", "abovewithdelims"),
    )
)


class FormulaError(Exception):
    """A formula is not drawn, and why."""


def check_source(source: str, has_glyph: Callable[[str], bool]) -> None:
    """Raise FormulaError where a source is not to be drawn."""
    if not source.strip():
        raise FormulaError("The formula is empty.")
    if len(source) > MAX_SOURCE_CHARS:
        raise FormulaError(f"The formula is longer than {MAX_SOURCE_CHARS} characters.")
    _check_commands(source)
    if _depth(source) > MAX_DEPTH or _STACKED.search(source):
        raise FormulaError("The formula is nested too deeply.")
    for char in set(source):
        if char > "\x7f" and not has_glyph(char):
            raise FormulaError(f"The mathematical font has no U+{ord(char):04X}.")


def _check_commands(source: str) -> None:
    refused = _REFUSED.intersection(_COMMAND.findall(source))
    if refused:
        raise FormulaError(f"\\{min(refused)} is not drawn.")
    if _NEGATIVE.search(source):
        raise FormulaError("Negative distances are not drawn.")


def _depth(source: str) -> int:
    """How deep braces, environments and fences go, where nothing ever closes what they open."""
    deepest = depth = 0
    for token in re.finditer(r"\\(?:left|begin|right|end)\b|\\.|[{}^_]", source, re.DOTALL):
        word = token.group()
        if word in ("{", "\\left", "\\begin"):
            depth += 1
        elif word in ("}", "\\right", "\\end"):
            depth = max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest
