"""Equalities that hold whatever the weights are, in float64 to 1e-9."""

import pytest
import torch

from inference.compute import compute_path
from inference.layers.decoder import ForwardCancelledError, Step
from inference.loading import open_model
from inference.request import Compute
from inference.session import Session

TOKENS = [3, 17, 39, 0, 5, 5, 21, 8, 30, 11, 2, 19, 7, 33, 14, 26, 1, 9, 12, 38]
EXACT = {"rtol": 0, "atol": 1e-9}


@pytest.fixture(
    params=[
        {},
        {"tied": True, "kv_heads": 4},
        {"kv_heads": 1, "rope_dim": 4},
        {"rope_factors": True, "layers": 1},
    ],
    ids=["plain", "tied-mha", "partial-rope", "rope-factors"],
)
def decoder(tiny_llama, request):
    path = compute_path(Compute.REFERENCE, dtype=torch.float64)
    opened = open_model(tiny_llama(**request.param))
    yield opened.decoder(path)
    opened.close()


def full_forward(decoder, tokens):
    cache = decoder.new_cache(len(tokens))
    return decoder.forward(Step(torch.tensor(tokens)), cache, slice(None))


def test_decoding_with_the_cache_equals_the_full_forward_for_every_prefix(decoder):
    full = full_forward(decoder, TOKENS)
    session = Session(decoder, len(TOKENS))
    for position, token_id in enumerate(TOKENS):
        torch.testing.assert_close(session.step(token_id), full[position], **EXACT)
        prefix = full_forward(decoder, TOKENS[: position + 1])
        torch.testing.assert_close(prefix[-1], full[position], **EXACT)


@pytest.mark.parametrize("chunk_tokens", [1, 3, 7, 9, 19])
def test_prefill_in_chunks_equals_the_whole(decoder, chunk_tokens):
    full = full_forward(decoder, TOKENS)
    session = Session(decoder, len(TOKENS))
    *_, (done, logits) = session.read(TOKENS, chunk_tokens=chunk_tokens)
    assert done == len(TOKENS)
    torch.testing.assert_close(logits[0], full[-1], **EXACT)


def test_what_follows_a_kept_prefix_equals_reading_all_anew(decoder):
    session = Session(decoder, 64)
    list(session.read(TOKENS))
    other = [*TOKENS[:11], 4, 4, 4, 15]
    kept = session.keep_common(other)
    assert kept == 11
    *_, (_, logits) = session.read(other[kept:])
    torch.testing.assert_close(logits[0], full_forward(decoder, other)[-1], **EXACT)
    assert session.tokens == tuple(other)


def test_a_cancelled_pass_leaves_the_session_as_it_was(decoder):
    session = Session(decoder, 64)
    list(session.read(TOKENS[:10]))
    asked = iter([False, True, True])
    if len(decoder.spec.layers) > 1:
        with pytest.raises(ForwardCancelledError):
            session.step(TOKENS[10], stop_now=lambda: next(asked))
    assert session.tokens == tuple(TOKENS[:10])
    logits = session.step(TOKENS[10])
    torch.testing.assert_close(logits, full_forward(decoder, TOKENS[:11])[-1], **EXACT)


def test_the_last_token_is_always_read_again(decoder):
    session = Session(decoder, 64)
    list(session.read(TOKENS))
    assert session.keep_common(TOKENS) == len(TOKENS) - 1


def test_rows_that_are_not_wanted_cost_no_head(decoder):
    cache = decoder.new_cache(8)
    logits = decoder.forward(Step(torch.tensor(TOKENS[:5])), cache, slice(0, 0))
    assert logits.shape == (0, decoder.spec.vocab_size)
    assert cache.length == 5
