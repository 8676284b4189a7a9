"""How the diagnostics are laid out as JSON: in one way alone, made to be read by people.

For: whoever writes them, and the reader, which accepts no other spacing.
"""

from __future__ import annotations

import json

_MOST_COLUMNS = 96
_INDENT = "  "


def laid_out(value: object) -> str:
    """The whole text, with a line for each field but where a part is short or a plain list."""
    return _lines(value, "") + "\n"


def _lines(value: object, margin: str) -> str:
    flat = json.dumps(value, ensure_ascii=True, allow_nan=False)
    if not isinstance(value, dict | list) or _is_one_line(value, flat):
        return flat
    inner = margin + _INDENT
    if isinstance(value, dict):
        parts = [f"{json.dumps(name)}: {_lines(inside, inner)}" for name, inside in value.items()]
        begin, end = "{}"
    else:
        parts = [_lines(inside, inner) for inside in value]
        begin, end = "[]"
    body = ",\n".join(inner + part for part in parts)
    return f"{begin}\n{body}\n{margin}{end}"


def _is_one_line(value: dict[object, object] | list[object], flat: str) -> bool:
    inside = value.values() if isinstance(value, dict) else value
    if any(isinstance(one, dict | list) and one for one in inside):
        return False
    return isinstance(value, list) or len(flat) <= _MOST_COLUMNS
