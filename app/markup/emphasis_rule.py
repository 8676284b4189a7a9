"""Emphasis in Chinese, Japanese and Korean, which have no spaces for CommonMark to go by.

For: `grammar`. By CommonMark the second "**" of "**注意：**然后" closes nothing, as it stands
between a punctuation mark and a letter. Beside such a script's characters a delimiter opens and
closes as it does beside a space.
"""

from __future__ import annotations

from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.emphasis import tokenize


def emphasis(state: StateInline, silent: bool) -> bool:
    """markdown-it-py's own rule, and beside such scripts its delimiters' neighbours."""
    start, known = state.pos, len(state.delimiters)
    if not tokenize(state, silent):
        return False
    before = state.src[start - 1] if start else " "
    after = state.src[state.pos] if state.pos < state.posMax else " "
    if state.src[start] == "*":
        for delimiter in state.delimiters[known:]:
            delimiter.open |= _is_unspaced(before) and not after.isspace()
            delimiter.close |= _is_unspaced(after) and not before.isspace()
    return True


def _is_unspaced(char: str) -> bool:
    return "\u2e80" <= char <= "\uffef" or "\U00020000" <= char <= "\U0003ffff"
