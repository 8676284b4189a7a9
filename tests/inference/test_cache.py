"""The caches: append, truncate, bytes."""

import pytest
import torch

from inference.cache.gqa import GqaCache
from inference.cache.latent import LatentCache
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


def test_the_latent_cache_holds_one_latent_and_one_rotary_key_a_token():
    cache = LatentCache(3, 5, 2, capacity_tokens=1000, dtype=torch.float32)
    assert cache.bytes_per_token == 3 * (5 + 2) * 4
    for start in range(0, 600, 200):
        latent = torch.arange(start, start + 200.0).view(-1, 1).expand(-1, 5)
        for layer in range(3):
            latents, k_ropes = cache.append(layer, latent, -latent[:, :2])
    assert (latents.shape, k_ropes.shape) == ((600, 5), (600, 2))
    assert torch.equal(latents[:, 0], torch.arange(600.0))
    assert torch.equal(k_ropes, -latents[:, :2])
    assert cache.held_bytes <= 1000 * cache.bytes_per_token
    cache.truncate(3)
    latents, _ = cache.append(0, torch.full((1, 5), 50.0), torch.zeros(1, 2))
    assert latents[:, 4].tolist() == [0, 1, 2, 50]
