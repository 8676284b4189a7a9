"""How days are written in the language of the window: November 29, 2026, and 29. November 2026.

For: every day that a text of the window holds. Qt's long form has the weekday too, which nobody
asks for, and its short one is digits alone.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QDate, QLocale

_WEEKDAY = re.compile(r"^dddd,?\s*|,?\s*dddd$")
_YEAR = re.compile(r"[,\s]*yyyy$")


def day_words(day: QDate, *, is_short: bool = False, has_year: bool = True) -> str:
    """A day without its weekday; a short one has a short month."""
    locale = QLocale()
    form = _WEEKDAY.sub("", locale.dateFormat(QLocale.FormatType.LongFormat))
    if is_short:
        form = form.replace("MMMM", "MMM")
    if not has_year:
        form = _YEAR.sub("", form)
    return locale.toString(day, form)
