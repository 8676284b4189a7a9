"""A planned decoder gives the reference's logits, of every architecture and in every order of
reading; what is asked of it wrongly is refused.

The kernels keep keys and values in BF16 and round activations to 14 bits (or 8), so logits
differ by a few thousandths of the largest. Where a router leaves experts out, two of nearly
one score may change places, and that row's logits with them: such models are held by most of
their rows.
"""

from dataclasses import replace

import pytest
import torch

from inference.compute import compute_path
from inference.errors import ContextOverflowError
from inference.layers.decoder import Decoder, ForwardCancelledError
from inference.loading import open_model
from inference.measure.logits import logits_of
from inference.planned.decoder import PlannedDecoder
from inference.planned.weights import refusal_by_shape
from inference.prepared.preparing import prepare
from inference.request import Compute
from inference.session import Session
from tests.inference.oracles import Case, make_oracle, save_safetensors, some_tokens
from tests.inference.planned.models import (
    CASES,
    DENSE,
    MLA,
    MOE,
    NOT_WHOLE,
    chooses,
    is_latent,
    name_of,
    planned,
    prepared,
    prompt,
    read,
    reference,
)
from tests.kernels.cpu.native import LEVELS

pytestmark = pytest.mark.timeout(300)
BEST = LEVELS[0]
EVERY_CASE = pytest.mark.parametrize("index", range(len(CASES)), ids=name_of)
SOME_CASES = pytest.mark.parametrize("index", [MLA, MOE, DENSE], ids=name_of)


@pytest.fixture(autouse=True)
def one_thread():
    """Matrices this small are slower on two."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def errors(parts, want):
    """Of each row read, relative to its largest logit; `parts`: (first position, logits)."""
    found = []
    for start, logits in parts:
        rows = want[start : start + logits.shape[0]]
        assert logits.shape == rows.shape
        found.append((logits - rows).abs().amax(-1) / rows.abs().amax(-1))
    return torch.cat(found)


def assert_close(parts, index, coarse=1.0):
    found = errors(parts, reference(index))
    if chooses(index):
        assert float(found.median()) < 2e-2 * coarse
        assert float((found < 5e-2 * coarse).float().mean()) > 0.85
    else:
        assert float(found.median()) < 8e-3 * coarse
        # Absorbed queries are rounded to BF16 once more.
        assert float(found.max()) < (6e-2 if is_latent(index) else 3e-2) * coarse


def walk(decoder, ids):
    """Reading in every way: prompts of several lengths, token by token, eight at once, and
    again behind a cut; (first position, logits [rows, vocab]) of each."""
    cache = decoder.new_cache(240)
    yield 0, read(decoder, cache, ids[:9])
    yield 9, read(decoder, cache, ids[9:49])
    for at in range(49, 53):
        yield at, read(decoder, cache, ids[at : at + 1])
    yield 53, read(decoder, cache, ids[53:61])
    cache.truncate(30)
    read(decoder, cache, ids[100:120])  # another text, which is forgotten again
    cache.truncate(30)
    yield 30, read(decoder, cache, ids[30:33])
    yield 33, read(decoder, cache, ids[33:93])
    cache.truncate(0)
    yield 0, read(decoder, cache, ids[:200])
    for at in range(200, 208):
        yield at, read(decoder, cache, ids[at : at + 1])
    yield 208, read(decoder, cache, ids[208:])
    assert cache.length == len(ids)


@EVERY_CASE
def test_every_architecture_is_the_references(index):
    with open_model(prepared(index)) as opened:
        assert_close(list(walk(planned(opened, BEST), prompt(index))), index)


@pytest.mark.parametrize("level", LEVELS[1:])
@SOME_CASES
def test_on_every_instruction_set(index, level):
    with open_model(prepared(index)) as opened:
        decoder = planned(opened, level)
        assert decoder.kernels == f"native-{level}"
        assert_close(list(walk(decoder, prompt(index))), index)


@SOME_CASES
def test_with_8_bits_of_activations(index, monkeypatch):
    """What wide models get; here every block is short, and rounding shows six times as much."""
    monkeypatch.setattr("inference.planned.decoder.PRECISE_BELOW", 0)
    with open_model(prepared(index)) as opened:
        coarse = list(walk(planned(opened, BEST), prompt(index)))
    assert_close(coarse, index, coarse=6.0)
    monkeypatch.undo()
    with open_model(prepared(index)) as opened:
        precise = list(walk(planned(opened, BEST), prompt(index)))
    want = reference(index)
    assert errors(coarse, want).median() > 2 * errors(precise, want).median()


@SOME_CASES
def test_only_the_rows_that_are_wanted(index):
    with open_model(prepared(index)) as opened:
        decoder = planned(opened, BEST)
        for rows in (3, 150):  # more than exist at once in a plan
            ids = prompt(index)[:rows]
            whole = read(decoder, decoder.new_cache(rows), ids)
            for wanted in (slice(-1, None), slice(0, 0), slice(1, 3), slice(0, -1)):
                got = read(decoder, decoder.new_cache(rows), ids, wanted)
                assert got.shape == whole[wanted].shape
                # Few wanted rows of a long prompt take the path of few.
                torch.testing.assert_close(got, whole[wanted], rtol=1e-4, atol=1e-4)


@SOME_CASES
def test_a_pass_longer_than_a_plan_is_cut(index, monkeypatch):
    monkeypatch.setattr("inference.planned.decoder.MAX_ROWS", 64)
    with open_model(prepared(index)) as opened:
        decoder = planned(opened, BEST)
        cache = decoder.new_cache(232)
        parts = [(0, read(decoder, cache, prompt(index)[:200]))]
        got = read(decoder, cache, prompt(index)[200:], slice(-3, None))
        assert_close([*parts, (229, got)], index)


def stop_at(calls):
    """A `stop_now` that says yes when it is asked for the `calls`th time."""
    asked = 0

    def ask():
        nonlocal asked
        asked += 1
        return asked == calls

    return ask


@SOME_CASES
def test_cancelled_between_layers_it_goes_on_as_if_nothing_had_been(index):
    ids = prompt(index)
    with open_model(prepared(index)) as opened:
        decoder = planned(opened, BEST)
        plain = Session(decoder, 64)
        list(plain.read(ids[:9]))
        list(plain.read(ids[9:30]))
        want = plain.step(ids[30])
        session = Session(decoder, 64)
        list(session.read(ids[:9]))
        for calls in range(1, len(decoder.spec.layers) + 2):
            with pytest.raises(ForwardCancelledError):
                list(session.read(ids[9:30], stop_at(calls)))
            assert session.tokens == tuple(ids[:9])
        list(session.read(ids[9:30]))
        with pytest.raises(ForwardCancelledError):
            session.step(ids[30], stop_at(1))
        assert torch.equal(session.step(ids[30]), want)


@SOME_CASES
def test_what_does_not_fit_is_refused_and_nothing_is_written(index):
    ids = prompt(index)
    with open_model(prepared(index)) as opened:
        decoder = planned(opened, BEST)
        cache = decoder.new_cache(20)
        read(decoder, cache, ids[:12])
        for rows in (9, 30):
            with pytest.raises(ContextOverflowError):
                read(decoder, cache, ids[12 : 12 + rows])
        assert cache.length == 12
        got = read(decoder, cache, ids[12:20])
        assert cache.length == cache.capacity_tokens == 20
        assert_close([(12, got)], index, coarse=3)
        with pytest.raises(ContextOverflowError):
            read(decoder, cache, ids[:1])
        with pytest.raises(ValueError, match="-1"):
            cache.truncate(-1)


@SOME_CASES
def test_token_ids_outside_the_vocabulary_are_refused(index):
    with open_model(prepared(index)) as opened:
        decoder = planned(opened, BEST)
        cache = decoder.new_cache(20)
        for ids in ([decoder.spec.vocab_size], [-1], [3, 2**40, 5], [0] * 9 + [2**31]):
            with pytest.raises(IndexError, match="outside the vocabulary"):
                read(decoder, cache, ids)
        assert cache.length == 0


@SOME_CASES
def test_conversations_have_caches_of_their_own(index):
    ids = prompt(index)
    with open_model(prepared(index)) as opened:
        decoder = planned(opened, BEST)
        one, other = Session(decoder, 64), Session(decoder, 32)
        list(one.read(ids[:12]))
        list(other.read(ids[100:120]))
        want_one, want_other = one.step(ids[12]), other.step(ids[120])
        one.truncate(12)
        other.truncate(20)
        assert torch.equal(one.step(ids[12]), want_one)
        assert torch.equal(other.step(ids[120]), want_other)
        assert one.held_bytes == 13 * decoder.new_cache(8).bytes_per_token


def test_the_model_says_whether_it_can_be_planned():
    fast, plain = compute_path(Compute.FAST, 1), compute_path(Compute.REFERENCE, 1)
    with open_model(prepared(DENSE)) as opened:
        assert isinstance(opened.decoder(fast), PlannedDecoder)
        assert isinstance(opened.decoder(plain), Decoder)
        assert opened.native_refusal(plain) == "The reference was asked for."


def test_a_model_that_cannot_be_planned_multiplies_natively_all_the_same():
    index = NOT_WHOLE
    fast = compute_path(Compute.FAST, 2)
    with open_model(prepared(index)) as opened:
        assert "feed-forward with biases" in opened.native_refusal(fast)
        decoder = opened.decoder(fast)
        assert isinstance(decoder, Decoder)
        chosen = {(c.op.value, c.scheme): c.backend.name for c in fast.registry.choices()}
        assert chosen["linear_few", "Q8_0_P16"] == f"native-{fast.native.chosen}"
        assert chosen["embedding", "Q8_0_P16"] == f"native-{fast.native.chosen}"
        got, want = logits_of(decoder, prompt(index)), reference(index)
        assert float(errors([(0, got)], want).max()) < 2e-3
        steps = Session(decoder, 16)
        logits = torch.stack([steps.step(token_id) for token_id in prompt(index)[:12]])
        assert float(errors([(0, logits)], want).max()) < 2e-3


def test_shared_experts_that_are_none_but_biases_run_all_the_same(tmp_path):
    """They can't be planned, and their matrices have no rows."""
    case = Case("deepseek_v2", {"n_shared_experts": 0, "mlp_bias": True, "q_lora_rank": None})
    fast = compute_path(Compute.FAST, 1)
    folder = prepare(save_safetensors(make_oracle(case), tmp_path / "model"), tmp_path / "prepared")
    with open_model(folder) as opened:
        assert opened.native_refusal(fast)
        ids = some_tokens(case)
        want = logits_of(opened.decoder(compute_path(Compute.REFERENCE, 1)), ids)
        assert float(errors([(0, logits_of(opened.decoder(fast), ids))], want).max()) < 2e-3


SIZES = [
    (MLA, "attention", {"num_heads": 513}, "513 heads"),
    (MLA, "attention", {"kv_lora_rank": 2064}, "latents of 2064 values"),
    (MLA, "attention", {"value_dim": 513}, "heads of 513 values"),
    (MLA, "feed_forward", {"width": 200_000}, "a feed-forward of 200,000 values"),
    (DENSE, "attention", {"num_heads": 1025}, "1025 heads"),
    (DENSE, "attention", {"head_dim": 258}, "heads of 258 values"),
    (DENSE, "attention", {"head_dim": 7}, "heads of 7 values"),
]


@pytest.mark.parametrize(("index", "part", "changes", "sentence"), SIZES, ids=str)
def test_sizes_that_no_plan_holds_are_refused_before_it_is_prepared(index, part, changes, sentence):
    with open_model(prepared(index)) as opened:
        spec = opened.spec
    assert refusal_by_shape(spec) == ""
    last = spec.layers[-1]
    layer = replace(last, **{part: replace(getattr(last, part), **changes)})
    refused = refusal_by_shape(replace(spec, layers=(*spec.layers[:-1], layer)))
    assert refused == f"layer {len(spec.layers) - 1} has {sentence}"


def test_shared_experts_that_no_plan_holds_are_refused_too():
    with open_model(prepared(MLA)) as opened:
        spec = opened.spec
    last = spec.layers[-1]
    shared = replace(last.feed_forward, shared=replace(last.feed_forward.shared, width=200_000))
    layers = (*spec.layers[:-1], replace(last, feed_forward=shared))
    assert "shared experts of 200,000 values" in refusal_by_shape(replace(spec, layers=layers))
