"""Fields of a signed manifest, each checked: for `manifest`, and for that of the program's updates.

All raise the configuration's own error, which names the field.
"""

from __future__ import annotations

import re

from inference.checkpoint.config_json import JsonConfig
from inference.sentence import said


def section(values: JsonConfig, key: str) -> JsonConfig:
    """An object that must be there."""
    found = values.section(key)
    if found is None:
        raise values.fail(key, "this field is missing")
    return found


def count(values: JsonConfig, key: str, most: int) -> int:
    """An integer from 0 to `most`."""
    found = values.integer(key)
    if not 0 <= found <= most:
        raise values.fail(key, said("it is not between 0 and {most:,}", most=most))
    return found


def hex_digits(values: JsonConfig, key: str, pattern: re.Pattern[str]) -> str:
    """Hexadecimal digits, all of them as `pattern` has it."""
    text = values.string(key)
    if not pattern.fullmatch(text):
        raise values.fail(key, "it is not as many hexadecimal digits as it must be")
    return text
