"""A row of the ledger in words: when, what was asked of whom, why, under which confirmation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from app.airlock.ledger import LedgerRow, RowKind
from app.dates import day_words
from app.error_words import words_of
from app.numbers import decimal, whole
from app.theme.tokens import Ink

_UNITS = ("kB", "MB", "GB", "TB")
_STEP = 1000
_LIST, _YES = "list", "yes"
_FIRST_ERROR = 400

Confirmations = dict[tuple[str, str], datetime]


@dataclass(frozen=True)
class RowWords:
    """`result` is short: bytes both ways, or what went wrong."""

    when: str
    what: str
    path: str
    why: str
    result: str
    ink: Ink = Ink.TEXT2


def confirmations(rows: Iterable[LedgerRow]) -> Confirmations:
    """When each was given, by the courier's life and by what was asked."""
    return {
        (row.run, row.consent): row.at
        for row in rows
        if row.kind is RowKind.CONSENT and row.answer == _YES
    }


def row_words(row: LedgerRow, given: Confirmations) -> RowWords | None:
    """None for what is no connection and no question."""
    if row.kind is RowKind.EXCHANGE:
        return _exchange(row, given)
    return _consent(row) if row.kind is RowKind.CONSENT else None


def bytes_words(count: int) -> str:
    """A size as people say it: 18 kB, 5.1 GB."""
    if count < _STEP:
        return QCoreApplication.translate("Privacy", "{count} bytes").format(count=whole(count))
    size, unit = count / _STEP, 0
    while size >= _STEP and unit < len(_UNITS) - 1:
        size, unit = size / _STEP, unit + 1
    return f"{decimal(size, 0 if unit == 0 else 1)} {_UNITS[unit]}"


def moment_words(at: datetime) -> str:
    """In this computer's time."""
    moment = QDateTime.fromMSecsSinceEpoch(int(at.timestamp() * 1000))
    time = QLocale().toString(moment.time(), QLocale.FormatType.ShortFormat)
    return f"{day_words(moment.date(), is_short=True)}, {time}"


def _exchange(row: LedgerRow, given: Confirmations) -> RowWords:
    translate = QCoreApplication.translate
    traffic = translate("Privacy", "{received} in, {sent} out").format(
        received=bytes_words(row.received_bytes), sent=bytes_words(row.sent_bytes)
    )
    path = f"{row.method} {row.path}".strip()
    why = _why(row, given)
    if row.refusal:
        return RowWords(
            moment_words(row.at), row.host, path, f"{why} {words_of(row.refusal)}", traffic, Ink.BAD
        )
    ink = Ink.WARN if row.status >= _FIRST_ERROR else Ink.TEXT2
    if row.status >= _FIRST_ERROR:
        why += " " + translate("Privacy", "It answered {status}.").format(status=row.status)
    return RowWords(moment_words(row.at), row.host, path, why, traffic, ink)


def _why(row: LedgerRow, given: Confirmations) -> str:
    translate = QCoreApplication.translate
    form = (
        translate("Privacy", "The list of files of {model}.")
        if row.consent == _LIST
        else translate("Privacy", "Files of {model}.")
    )
    words = form.format(model=row.repository)
    at = given.get((row.run, row.consent))
    if at is not None:
        confirmed = translate("Privacy", "You confirmed it on {when}.")
        words += " " + confirmed.format(when=moment_words(at))
    else:
        words += " " + translate("Privacy", "No confirmation of it is recorded.")
    if row.had_token:
        words += " " + translate("Privacy", "With your access token.")
    return words


def _consent(row: LedgerRow) -> RowWords:
    translate = QCoreApplication.translate
    form = (
        translate("Privacy", "May the list of files of {model} be fetched?")
        if row.consent == _LIST
        else translate("Privacy", "May the files of {model} be fetched?")
    )
    answer = (
        translate("Privacy", "You said yes")
        if row.answer == _YES
        else translate("Privacy", "You said no")
    )
    return RowWords(
        moment_words(row.at),
        translate("Privacy", "You were asked"),
        "",
        form.format(model=row.repository),
        answer,
    )
