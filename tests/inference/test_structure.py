"""Equalities that hold whatever the weights are, in float64 to 1e-9."""

import functools

import pytest
import torch

from inference.compute import compute_path
from inference.layers.decoder import ForwardCancelledError, Step
from inference.loading import open_model
from inference.request import Compute
from inference.session import Session
from tests.inference.gguf_oracle import save_gguf
from tests.inference.oracles import YARN, Case, make_oracle

TOKENS = [3, 17, 39, 0, 5, 5, 21, 8, 30, 11, 2, 19, 7, 33, 14, 26, 1, 9, 12, 38]
EXACT = {"rtol": 0, "atol": 1e-9}


# Latent attention with routed experts, each branch of it, and Qwen3's mixture.
ORACLES = {
    "mla-groups-yarn": Case(
        "deepseek_v3",
        {"n_group": 4, "topk_group": 2, "rope_scaling": {**YARN, "mscale_all_dim": 0.7}},
    ),
    "mla-plain-q": Case("deepseek_v2", {"q_lora_rank": None, "n_shared_experts": 2}),
    "mla-kv-b": Case("glm4_moe_lite"),
    "qwen3-moe": Case("qwen3_moe", {"norm_topk_prob": True, "num_key_value_heads": 2}),
    "qwen2": Case("qwen2", {"rope_scaling": YARN}),
}
LLAMAS = {
    "plain": {},
    "tied-mha": {"tied": True, "kv_heads": 4},
    "partial-rope": {"kv_heads": 1, "rope_dim": 4},
    "rope-factors": {"rope_factors": True, "layers": 1},
}


@pytest.fixture(scope="module")
def model_files(tiny_llama, tmp_path_factory):
    """A name → its file, made once."""

    @functools.cache
    def file(name):
        if name in LLAMAS:
            return tiny_llama(**LLAMAS[name])
        folder = tmp_path_factory.mktemp(name)
        oracle = make_oracle(ORACLES[name])
        return save_gguf(oracle, folder / "m.gguf", folder, split_kv_b=name != "mla-kv-b")

    return file


@pytest.fixture(params=[*LLAMAS, *ORACLES])
def decoder(model_files, request):
    path = compute_path(Compute.REFERENCE, dtype=torch.float64)
    opened = open_model(model_files(request.param))
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


def test_absorbed_and_expanded_attention_are_one_function(model_files):
    """The same queries against the same cache, in the latent space and head by head."""
    for name in ("mla-groups-yarn", "mla-kv-b"):
        path = compute_path(Compute.REFERENCE, dtype=torch.float64)
        with open_model(model_files(name)) as opened:
            attention = opened.decoder(path)._layers[1]._attention
            spec = opened.spec.layers[1].attention
        random = torch.Generator().manual_seed(5)

        def values(*shape, random=random):
            return torch.randn(*shape, generator=random, dtype=torch.float64)

        q = values(6, spec.num_heads, spec.qk_dim)
        latents, k_ropes = values(30, spec.kv_lora_rank), values(30, spec.rope_dim)
        absorbed = attention._absorbed(q, latents, k_ropes)
        torch.testing.assert_close(attention._expanded(q, latents, k_ropes), absorbed, **EXACT)


def test_expanding_a_few_heads_at_a_time_changes_nothing(model_files, monkeypatch):
    path = compute_path(Compute.REFERENCE, dtype=torch.float64)
    with open_model(model_files("mla-groups-yarn")) as opened:
        decoder = opened.decoder(path)
        whole = full_forward(decoder, TOKENS)
        monkeypatch.setattr("inference.layers.mla.EXPANDED_VALUES", 1)
        torch.testing.assert_close(full_forward(decoder, TOKENS), whole, **EXACT)


def test_rows_that_are_not_wanted_cost_no_head(decoder):
    cache = decoder.new_cache(8)
    logits = decoder.forward(Step(torch.tensor(TOKENS[:5])), cache, slice(0, 0))
    assert logits.shape == (0, decoder.spec.vocab_size)
    assert cache.length == 5
