"""Which terms the program may carry: SPDX expressions, and what of them bind all of a program.

For: `inventory`. A work under the GPL alone would put the whole program under it; one with an
exception for what is linked with it, or with other terms to choose, does not.
"""

from __future__ import annotations

import re

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

_TOKEN = re.compile(r"\(|\)|[^\s()]+")
_BINDING = re.compile(r"(A?GPL|SSPL|OSL|EUPL|CC-BY-(NC|SA|ND))", re.IGNORECASE)


def is_expression(licence: str) -> bool:
    """Whether it is one of SPDX's: known names alone, or LicenseRef-."""
    try:
        canonicalize_license_expression(licence)
    except InvalidLicenseExpression:
        return False
    return True


def may_be_carried(licence: str) -> bool:
    """Whether some choice of its alternatives leaves the rest of the program its own terms."""
    tokens = _TOKEN.findall(licence)
    is_free = _alternatives(tokens)
    if tokens:
        raise ValueError(licence)
    return is_free


def _alternatives(tokens: list[str]) -> bool:
    is_free = _joined(tokens)
    while tokens and tokens[0].upper() == "OR":
        tokens.pop(0)
        is_free = _joined(tokens) or is_free
    return is_free


def _joined(tokens: list[str]) -> bool:
    is_free = _one(tokens)
    while tokens and tokens[0].upper() == "AND":
        tokens.pop(0)
        is_free = _one(tokens) and is_free
    return is_free


def _one(tokens: list[str]) -> bool:
    if not tokens:
        raise ValueError("an expression ends early")
    token = tokens.pop(0)
    if token == "(":
        is_free = _alternatives(tokens)
        if not tokens or tokens.pop(0) != ")":
            raise ValueError("a parenthesis is not closed")
        return is_free
    if tokens and tokens[0].upper() == "WITH":
        del tokens[:2]
        return True
    return _BINDING.match(token) is None
