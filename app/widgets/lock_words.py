"""The lock's state in an icon, an ink and words, the same wherever it is shown.

Green is for one case alone: the system enforced it and every attempt that was made was refused.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from app.airlock.report import LockReport, LockState
from app.error_words import words_of
from app.theme.icons import Icon
from app.theme.tokens import Ink
from app.widgets.one_line import in_short
from app.widgets.panel import Ground

_MOST_CHARS = 1_000  # a reason may quote what the system said
_SYSTEMS = {"linux": "Linux", "darwin": "macOS", "win32": "Windows"}


@dataclass(frozen=True)
class LockWords:
    """How one state of the lock is shown."""

    icon: Icon
    ink: Ink
    ground: Ground
    title: str
    detail: str
    headline: str
    sentence: str


def lock_words(report: LockReport) -> LockWords:
    """What to show for a report; a state without its proof is never shown as enforced."""
    if any(not attempt.refused for attempt in report.attempts):
        return _bad(report)
    if report.state is LockState.ENFORCED:
        return _ok(report)
    if report.state is LockState.NOT_TESTED:
        return _untested(report)
    return _bad(report)


def refused_count(report: LockReport) -> str:
    """How many attempts were refused, as "17 of 17"."""
    refused = sum(attempt.refused for attempt in report.attempts)
    form = QCoreApplication.translate("Lock", "{refused} of {total}")
    return form.format(refused=refused, total=len(report.attempts))


def _system() -> str:
    named = _SYSTEMS.get(sys.platform)
    return named or QCoreApplication.translate("Lock", "the system")


def _tested(report: LockReport) -> str:
    """When, and how many attempts were made."""
    if report.tested_at_s is None:
        return QCoreApplication.translate(
            "Lock", "{system} refuses every attempt from this window. Tested at start, {count}."
        )
    at = QDateTime.fromMSecsSinceEpoch(int(report.tested_at_s * 1000)).time()
    form = QCoreApplication.translate(
        "Lock",
        "{system} refuses every attempt from this window, its threads and its children. Tested at "
        "{time}, {count}.",
    )
    return form.replace("{time}", QLocale().toString(at, QLocale.FormatType.ShortFormat))


def _ok(report: LockReport) -> LockWords:
    return LockWords(
        icon=Icon.LOCK_OK,
        ink=Ink.OK,
        ground=Ground.OK_SOFT,
        title=QCoreApplication.translate("Lock", "Network blocked"),
        detail=QCoreApplication.translate("Lock", "Enforced by {system}").format(system=_system()),
        headline=QCoreApplication.translate("Lock", "Pitcher cannot reach any network"),
        sentence=_tested(report).format(system=_system(), count=refused_count(report)),
    )


def _untested(report: LockReport) -> LockWords:
    return LockWords(
        icon=Icon.LOCK_UNTESTED,
        ink=Ink.TEXT2,
        ground=Ground.SUNKEN,
        title=QCoreApplication.translate("Lock", "Network"),
        detail=QCoreApplication.translate("Lock", "Not tested yet"),
        headline=QCoreApplication.translate("Lock", "Not tested yet"),
        sentence=in_short(words_of(report.reason), _MOST_CHARS),
    )


def _bad(report: LockReport) -> LockWords:
    return LockWords(
        icon=Icon.LOCK_BAD,
        ink=Ink.BAD,
        ground=Ground.BAD_SOFT,
        title=QCoreApplication.translate("Lock", "Network not blocked"),
        detail=QCoreApplication.translate("Lock", "Not enforced"),
        headline=QCoreApplication.translate("Lock", "Not enforced on this computer"),
        sentence=in_short(words_of(report.reason), _MOST_CHARS),
    )
