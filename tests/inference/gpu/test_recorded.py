"""Decoding by a recorded step on the shim: the bits of an op at a time, from launches alone."""

from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from inference.cache import growing
from inference.compute import compute_path
from inference.errors import ContextOverflowError
from inference.gpu.decoder import card_path, decoder_over, place_weights
from inference.gpu.placement import CardPlan, Home, LayerHome
from inference.gpu.recorded import RecordedDecoder, is_whole
from inference.layers.decoder import ForwardCancelledError, Step
from inference.loading import open_model
from inference.models.base import MoeSpec
from inference.prepared.preparing import prepare, quantizing_by
from inference.request import Compute
from kernels.cuda.backend import CudaBackend
from kernels.cuda.shim.orders import chosen_launcher
from kernels.gpu.cards import CARDS
from kernels.gpu.replay import Recording
from tests.inference.gguf_oracle import save_gguf
from tests.inference.oracles import Case, make_oracle

CPU = torch.device("cpu")
# Queries in two steps, groups of experts, a bias on their scores, a shared expert; and queries and
# keys that are normalised.
CASES = {
    "mixture": Case(
        "deepseek_v3",
        {
            **{"num_hidden_layers": 2, "first_k_dense_replace": 1, "hidden_size": 64},
            **{"intermediate_size": 96, "moe_intermediate_size": 64},
            **{"q_lora_rank": 32, "n_group": 4, "topk_group": 2},
        },
    ),
    "dense": Case("qwen3"),
}
TRAINED = Path(__file__).parents[2] / "data" / "tiny-r1"
PROMPT, WRITTEN, ROOM = 5, 20, 32


def whole_plan(spec):
    forwards = (layer.feed_forward for layer in spec.layers)
    counts = [one.num_experts if isinstance(one, MoeSpec) else 0 for one in forwards]
    layers = tuple(LayerHome(Home.CARD, (Home.CARD,) * n, ()) for n in counts)
    return CardPlan(CARDS["RTX 3060"], 64, 1, 1, layers, Home.CARD, (), True, "")


class Model:
    """One model over the same weights and kernels: an op at a time, and by recorded steps."""

    def __init__(self, opened):
        self.launcher = chosen_launcher()
        host = compute_path(Compute.FAST, 1)
        backend = CudaBackend(self.launcher)
        self.card = card_path(host, [backend], CPU, host.registry.hardware)
        plan = whole_plan(opened.spec)
        weights = place_weights(opened.tensors(), plan, CPU)
        self.plain = decoder_over(opened.spec, weights, host, self.card, plan)
        self.recorded = RecordedDecoder(self.plain, weights, self.card, self.launcher)
        generator = torch.Generator().manual_seed(5)
        self.ids = torch.randint(
            0, opened.spec.vocab_size, (PROMPT + WRITTEN,), generator=generator
        )


@pytest.fixture(scope="module", params=[*CASES, pytest.param("trained", marks=pytest.mark.slow)])
def model(request, tmp_path_factory):
    """Latent attention with routed experts, made up and trained; and grouped queries."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "trained":
        prepared = prepare(TRAINED, folder / "p", quantizing_by("q4"))
    else:
        oracle = make_oracle(CASES[request.param])
        prepared = prepare(save_gguf(oracle, folder / "m.gguf", folder, "Q8_0"), folder / "p")
    with open_model(prepared) as opened:
        yield Model(opened)


@pytest.fixture(autouse=True)
def soon_full(monkeypatch):
    """Caches that grow at 8, 16 and 32 positions."""
    monkeypatch.setattr(growing, "_FIRST_POSITIONS", 8)


def run(decoder, ids, cache, first=0):
    """A prompt, then tokens one by one; logits of all rows from `first` on."""
    found = [decoder.forward(Step(ids[:PROMPT]), cache, slice(None))] if not first else []
    for at in range(first or PROMPT, len(ids)):
        found.append(decoder.forward(Step(ids[at : at + 1]), cache, slice(None)))
    return torch.cat(found)


class Nothing(TorchDispatchMode):
    """Torch is asked for nothing at all, memory included."""

    @classmethod
    def _should_skip_dynamo(cls):
        return False

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        raise AssertionError(str(func))


@pytest.fixture
def told(monkeypatch, model):
    """What the recorded decoder does: passes through the layers, and replays, which are checked
    to be launches and nothing else."""
    told, through, replay = [], model.recorded._steps.through, Recording.replay

    def passed(*given):
        told.append("pass")
        return through(*given)

    def replayed(recording):
        told.append("replay")
        with Nothing():
            replay(recording)

    monkeypatch.setattr(model.recorded._steps, "through", passed)
    monkeypatch.setattr(Recording, "replay", replayed)
    return told


def test_tokens_are_replays_with_the_bits_of_an_op_at_a_time(model, told):
    want = run(model.plain, model.ids, model.plain.new_cache(ROOM))
    held = model.recorded._work.held_bytes
    got = run(model.recorded, model.ids, model.recorded.new_cache(ROOM))
    assert torch.equal(got, want)
    assert held == model.recorded._work.held_bytes > 0
    # Of each span between two borders the first token is run, the second one recorded.
    spans = [8 - PROMPT, 8, WRITTEN - 16 + PROMPT]
    assert told == [word for n in spans for word in ("pass", "pass", *["replay"] * (n - 1))]


def test_what_is_cut_off_is_written_anew_and_conversations_keep_apart(model, told):
    other = model.ids.flip(0)
    first, second = model.recorded.new_cache(ROOM), model.recorded.new_cache(ROOM)
    run(model.recorded, model.ids[: PROMPT + 3], first)
    run(model.recorded, other[: PROMPT + 3], second)
    first.truncate(PROMPT + 1)
    changed = torch.cat([model.ids[: PROMPT + 1], other[PROMPT + 1 : PROMPT + 4]])
    turns = []
    for at in range(PROMPT + 1, PROMPT + 4):
        turns.append(run(model.recorded, changed[: at + 1], first, at))
        if at == PROMPT + 3:
            turns.append(run(model.recorded, other[: at + 1], second, at))
    want = run(model.plain, changed, model.plain.new_cache(ROOM))
    apart = run(model.plain, other[: PROMPT + 4], model.plain.new_cache(ROOM))
    assert torch.equal(torch.cat(turns[:3]), want[PROMPT + 1 :])
    assert torch.equal(turns[3], apart[-1:])
    assert told.count("replay") >= 4


def test_a_full_cache_and_a_cancelled_pass_leave_it_as_it_was(model):
    cache = model.recorded.new_cache(PROMPT + 1)
    run(model.recorded, model.ids[: PROMPT + 1], cache)
    one = Step(model.ids[:1])
    with pytest.raises(ContextOverflowError):
        model.recorded.forward(one, cache, slice(None))
    with pytest.raises(ForwardCancelledError):
        model.recorded.forward(one, cache, slice(None), lambda: True)
    assert cache.length == PROMPT + 1
    assert model.recorded.forward(Step(model.ids[:0]), cache, slice(None)).shape[0] == 0


def test_it_is_the_decoder_below_in_all_else(model):
    recorded, plain = model.recorded, model.plain
    assert (recorded.spec, recorded.path, recorded.kernels) == (
        plain.spec,
        plain.path,
        plain.kernels,
    )
    recorded.use_threads(1)
    assert recorded.threads == recorded.torch_threads == plain.threads == 1


@pytest.mark.parametrize("missing", ["head", "layer", "expert"])
def test_a_plan_is_whole_or_not(model, missing):
    plan = whole_plan(SimpleNamespace(layers=model.plain.spec.layers))
    assert is_whole(plan)
    layer = LayerHome(Home.CARD, (Home.CARD, Home.DISK), ())
    if missing == "layer":
        layer = LayerHome(Home.MEMORY, (), ())
    head = Home.MEMORY if missing == "head" else Home.CARD
    layers = plan.layers if missing == "head" else (*plan.layers, layer)
    assert not is_whole(CardPlan(plan.card, 64, 1, 1, layers, head, (), True, ""))
