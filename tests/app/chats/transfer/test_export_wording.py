"""Times in exports, whatever their zone, and those that no calendar has."""

from __future__ import annotations

import time
from datetime import UTC, timedelta, timezone

import pytest

from app.chats.transfer.wording import Occasion, one_line


def test_a_time_says_how_far_it_is_from_utc():
    at_ms = 1_741_097_100_000
    assert Occasion(0, UTC).shown(at_ms) == "2025-03-04 14:05 UTC"
    east = timezone(timedelta(hours=5, minutes=30))
    assert Occasion(0, east).shown(at_ms) == "2025-03-04 19:35 UTC+05:30"


def test_without_a_zone_it_is_this_computers(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TZ", "XYZ-3")
    time.tzset()
    try:
        assert Occasion(0).shown(1_741_097_100_000) == "2025-03-04 17:05 UTC+03:00"
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("at_ms", [1 << 62, -(1 << 62), 253_402_300_799_000])
def test_a_time_beyond_calendars_is_a_number(at_ms: int):
    zone = timezone(timedelta(hours=14))
    assert Occasion(0, zone).shown(at_ms) == f"{at_ms} ms after 1970"


def test_of_an_endless_name_the_beginning_stands_there_and_how_much_more_there_is():
    assert one_line("a\n b\x00") == "a b‹U+0000›"
    assert one_line("a" * 10_000) == "a" * 10_000
    assert one_line("a" * 1_010_000) == "a" * 10_000 + "… (1,000,000 more characters)"
