"""How numbers are written in the language of the window: 1,234.5 in English, 1.234,5 in German.

For: every number that a text of the window holds. Not for files, exports and the terminal.
"""

from __future__ import annotations

from PySide6.QtCore import QLocale

_MOST = 2**63 - 1  # what Qt counts with


def whole(number: int) -> str:
    """With what groups its digits; one too large for Qt, as an import may hold, as in English."""
    if abs(number) > _MOST:
        return f"{number:,}"
    return _locale().toString(number)


def decimal(number: float, places: int) -> str:
    """Rounded to so many places, all of them shown."""
    return _locale().toString(float(number), "f", places)


def general(number: float) -> str:
    """As short as six digits allow: 0.7 in English."""
    return f"{number:g}".translate({ord("."): separators()[1]})


def separators() -> tuple[str, str]:
    """What stands between groups of digits, and before decimals."""
    locale = _locale()
    return locale.groupSeparator(), locale.decimalPoint()


def _locale() -> QLocale:
    """A system without a language groups nothing; it is read as English there."""
    locale = QLocale()
    return QLocale(QLocale.Language.English) if locale.language() is QLocale.Language.C else locale
