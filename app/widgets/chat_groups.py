"""Chats by time, as the sidebar lists them: pinned, today, yesterday, and so on back to months.

For: the list's model. Free of Qt's widgets; the words are the caller's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.chats.model import Conversation

_MS_PER_S = 1000
_WEEK_DAYS = 7
_MONTH_DAYS = 30


class Span(StrEnum):
    """The groups that have a name of their own."""

    PINNED = "pinned"
    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Month:
    """A group of chats that are older than that."""

    year: int
    month: int


Group = Span | Month


def in_order(chats: Iterable[Conversation]) -> list[Conversation]:
    """Pinned ones first, then by their last message, as the store lists them."""
    return sorted(chats, key=lambda c: (c.is_pinned, c.updated_at_ms, c.id), reverse=True)


def grouper(now: datetime) -> Callable[[Conversation], Group]:
    """Says which group a chat belongs to, by the calendar of `now`, which has a zone or is local.

    A time to come, from a clock that was wrong, counts as today.
    """
    today = now.date()
    midnights = [_midnight_ms(today - timedelta(days=back), now) for back in _limits()]
    spans = (Span.TODAY, Span.YESTERDAY, Span.WEEK, Span.MONTH)

    def group_of(chat: Conversation) -> Group:
        if chat.is_pinned:
            return Span.PINNED
        for span, midnight_ms in zip(spans, midnights, strict=True):
            if chat.updated_at_ms >= midnight_ms:
                return span
        return _month_of(chat.updated_at_ms, now)

    return group_of


def next_midnight_s(now: datetime) -> float:
    """How long until the groups are other ones."""
    tomorrow = _midnight_ms(now.date() + timedelta(days=1), now)
    return tomorrow / _MS_PER_S - now.timestamp()


def _limits() -> tuple[int, ...]:
    return 0, 1, _WEEK_DAYS, _MONTH_DAYS


def _midnight_ms(day: date, now: datetime) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=now.tzinfo).timestamp() * _MS_PER_S


def _month_of(at_ms: int, now: datetime) -> Month:
    try:
        when = datetime.fromtimestamp(at_ms / _MS_PER_S, now.tzinfo)
    except (OverflowError, ValueError, OSError):  # no calendar has it
        return Month(1970, 1)
    return Month(when.year, when.month)
