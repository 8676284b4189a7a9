"""What a chat sets of its answers, and how it is kept."""

from __future__ import annotations

import math

import pytest

from app.chats.chat_settings import ChatSettings, settings_from
from inference.errors import RequestError
from inference.request import SamplerSettings

ALL = ChatSettings(
    "Be brief.", 0.2, 7, 0.5, 0.1, 1.1, 0.5, -0.5, 64, 2**63 - 1, 100, False, 0, True, True
)


def test_what_is_set_wins_over_what_is_recommended() -> None:
    recommended = SamplerSettings(temperature=0.6, top_k=20, seed=3)
    assert ChatSettings().sampler(recommended) == recommended
    chosen = ChatSettings(temperature=0.0).sampler(recommended)
    assert chosen == SamplerSettings(temperature=0.0, top_k=20, seed=3)


def test_settings_come_back_as_they_were_kept() -> None:
    assert settings_from(ALL.pairs()) == ALL
    assert ChatSettings().pairs() == ()
    assert settings_from(()) == ChatSettings()
    kept = ChatSettings(thinking=False, thinking_budget_tokens=0).pairs()
    assert kept == (("thinking", False), ("thinking_budget_tokens", 0))


@pytest.mark.parametrize(
    "bad",
    [{"temperature": -1.0}, {"top_p": math.nan}, {"max_tokens": 0}, {"thinking_budget_tokens": -1}],
)
def test_values_out_of_bounds_are_refused(bad: dict[str, float]) -> None:
    with pytest.raises(RequestError):
        ChatSettings(**bad)  # type: ignore[arg-type]


def test_values_that_can_not_be_are_passed_over_one_by_one() -> None:
    pairs = (
        ("colour", "red"),
        ("temperature", "hot"),
        ("top_k", True),
        ("top_p", 5.0),
        ("min_p", math.inf),
        ("seed", 1.5),
        ("thinking", 1),
        ("system_prompt", 3),
        ("repeat_penalty", 1),
    )
    assert settings_from(pairs) == ChatSettings(repeat_penalty=1)
