"""The grouped-query cache: append, truncate, bytes."""

import pytest
import torch

from inference.cache.gqa import GqaCache
from inference.errors import ContextOverflowError


def rows(start, count):
    """keys [count, 2, 3] whose values name their position."""
    return torch.arange(start, start + count, dtype=torch.float32).view(-1, 1, 1).expand(-1, 2, 3)


def test_what_was_appended_comes_back_in_order_over_growth():
    cache = GqaCache(1, 2, 3, capacity_tokens=1000, dtype=torch.float32)
    for start in range(0, 900, 90):
        keys, values = cache.append(0, rows(start, 90), -rows(start, 90))
    assert keys.shape == (2, 900, 3)
    assert torch.equal(keys[0, :, 0], torch.arange(900.0))
    assert torch.equal(values, -keys)


def test_truncating_forgets_the_end_and_keeps_the_rest():
    cache = GqaCache(2, 2, 3, capacity_tokens=10, dtype=torch.float32)
    for layer in (0, 1):
        cache.append(layer, rows(0, 6), rows(0, 6))
    cache.truncate(4)
    assert cache.length == 4
    keys, _ = cache.append(0, rows(50, 1), rows(50, 1))
    assert keys[0, :, 0].tolist() == [0, 1, 2, 3, 50]


def test_a_half_done_pass_counts_as_not_done():
    cache = GqaCache(2, 2, 3, capacity_tokens=10, dtype=torch.float32)
    cache.append(0, rows(0, 3), rows(0, 3))
    assert cache.length == 0
    cache.truncate(0)
    keys, _ = cache.append(0, rows(7, 1), rows(7, 1))
    assert keys.shape[1] == 1


def test_a_short_chat_costs_what_it_uses():
    cache = GqaCache(4, 2, 3, capacity_tokens=100_000, dtype=torch.float32)
    assert cache.held_bytes == 0
    assert cache.bytes_per_token == 2 * 4 * 2 * 3 * 4
    cache.append(0, rows(0, 1), rows(0, 1))
    assert 0 < cache.held_bytes <= 2 * 256 * 2 * 3 * 4


def test_more_than_its_capacity_is_refused():
    cache = GqaCache(1, 2, 3, capacity_tokens=4, dtype=torch.float32)
    cache.append(0, rows(0, 4), rows(0, 4))
    with pytest.raises(ContextOverflowError, match="context holds 4"):
        cache.append(0, rows(4, 1), rows(4, 1))


def test_a_negative_length_is_a_mistake():
    with pytest.raises(ValueError, match="-1"):
        GqaCache(1, 2, 3, 4, torch.float32).truncate(-1)
