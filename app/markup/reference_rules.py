"""What is named in one place of Markdown and used in another: link definitions and footnotes.

For: `grammar`. A definition is a line of its own, and gives a token, so that it can be shown:
CommonMark's definitions over several lines stay text.
"""

from __future__ import annotations

import re
from typing import Protocol

from markdown_it.common.utils import normalizeReference, unescapeAll
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

# The key in `env` of the notes that are known.
NOTES = "notes"
_DEFINITION = re.compile(
    r"\[(?!\^)((?:[^\[\]\\\n]|\\.){1,999})\]:[ \t]*(?:<([^<>\n]*)>|(\S+))"
    r"(?:[ \t]+(\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\)))?[ \t]*"
)
_NOTE = re.compile(r"\[\^([^\s\[\]]{1,100})\]")


class KnownNotes(Protocol):
    """Which labels name a footnote."""

    def has(self, label: str) -> bool:
        """Whether a mark of this label is a footnote's, and no text."""
        ...


def definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`[label]: target "title"`, which a paragraph above would take as its own text."""
    if silent or state.is_code_block(start):
        return False
    position = state.bMarks[start] + state.tShift[start]
    match = _DEFINITION.fullmatch(state.src, position, state.eMarks[start])
    if match is None or not match.group(1).strip():
        return False
    target = unescapeAll(match.group(2) if match.group(3) is None else match.group(3))
    title = unescapeAll((match.group(4) or "")[1:-1])
    label = normalizeReference(match.group(1))
    state.env.setdefault("references", {}).setdefault(label, {"href": target, "title": title})
    token = state.push("definition", "", 0)
    token.map = [start, start + 1]
    token.content = match.group(1)
    token.meta = {"target": target, "title": match.group(4) or "", "label": label}
    state.line = start + 1
    return True


def footnote_mark(state: StateInline, silent: bool) -> bool:
    """`[^label]`, where there is such a note."""
    notes: KnownNotes | None = state.env.get(NOTES)
    match = _NOTE.match(state.src, state.pos, state.posMax) if notes is not None else None
    if notes is None or match is None or not notes.has(match.group(1)):
        return False
    if not silent:
        state.push("footnote_mark", "", 0).content = match.group(1)
    state.pos = match.end()
    return True
