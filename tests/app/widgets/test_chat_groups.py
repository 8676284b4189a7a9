"""Chats by time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import groupby

from app.chats.model import Conversation
from app.widgets.chat_groups import Month, Span, grouper, in_order, next_midnight_s

NOW = datetime(2025, 3, 4, 14, 5, tzinfo=UTC)


def chat(number: int, when: datetime, *, is_pinned: bool = False) -> Conversation:
    at_ms = round(when.timestamp() * 1000)
    return Conversation(number, f"chat {number}", at_ms, at_ms, is_pinned)


def test_each_chat_stands_in_the_group_of_its_last_message():
    group_of = grouper(NOW)
    midnight = datetime(2025, 3, 4, tzinfo=UTC)
    second = timedelta(seconds=1)
    for when, group in (
        (NOW + timedelta(days=3), Span.TODAY),
        (midnight, Span.TODAY),
        (midnight - second, Span.YESTERDAY),
        (midnight - timedelta(days=1), Span.YESTERDAY),
        (midnight - timedelta(days=1) - second, Span.WEEK),
        (midnight - timedelta(days=7), Span.WEEK),
        (midnight - timedelta(days=7) - second, Span.MONTH),
        (midnight - timedelta(days=30), Span.MONTH),
        (midnight - timedelta(days=30) - second, Month(2025, 2)),
        (datetime(2024, 12, 31, tzinfo=UTC), Month(2024, 12)),
    ):
        assert group_of(chat(1, when)) == group, when


def test_pinned_chats_come_first_whatever_their_age():
    chats = [chat(1, NOW), chat(2, NOW - timedelta(days=400), is_pinned=True)]
    groups = [group for group, _ in groupby(in_order(chats), grouper(NOW))]
    assert groups == [Span.PINNED, Span.TODAY]


def test_chats_of_the_same_moment_are_listed_the_newest_first():
    assert [c.id for c in in_order([chat(1, NOW), chat(3, NOW), chat(2, NOW)])] == [3, 2, 1]


def test_a_time_that_no_calendar_has_is_no_failure():
    assert grouper(NOW)(Conversation(1, "", 0, -(10**17))) == Month(1970, 1)


def test_the_groups_change_at_midnight():
    assert next_midnight_s(NOW) == 9 * 3600 + 55 * 60
