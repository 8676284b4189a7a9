"""A decoder over a plan: what a card would hold is copied, and nothing changes in the logits.

There is no card here: both devices are this machine's memory, or torch's meta device, on which
nothing can be computed and where nothing may be taken for something that lies in memory.
"""

import pytest
import torch

from inference.compute import compute_path
from inference.experts.store import MappedExperts
from inference.gpu.decoder import card_path, decoder_over, place_weights
from inference.gpu.placement import CardPlan, Home, LayerHome
from inference.gpu.weights import CopyCancelledError, PlacedExperts, PlacedTensors
from inference.layers.decoder import Decoder, ForwardCancelledError, Step
from inference.loading import open_model
from inference.models.base import MoeSpec
from inference.request import Compute
from kernels.gpu.cards import CARDS
from kernels.hardware import probe
from kernels.reference import ReferenceBackend
from kernels.schemes.base import PackedTensor
from tests.inference.gguf_oracle import save_gguf
from tests.inference.oracles import Case, make_oracle, some_tokens

CPU = torch.device("cpu")
CASES = {"mixture": Case("deepseek_v3"), "dense": Case("llama")}


@pytest.fixture(scope="module", params=CASES)
def model(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    case = CASES[request.param]
    with open_model(save_gguf(make_oracle(case), folder / "m.gguf", folder)) as opened:
        yield opened, torch.tensor(some_tokens(case, 11))


@pytest.fixture(scope="module")
def mixture(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mixture")
    with open_model(save_gguf(make_oracle(CASES["mixture"]), folder / "m.gguf", folder)) as opened:
        yield opened


def plan_of(spec, always, experts, head):
    """`always`: of each layer; `experts(index)`: where an expert of any layer lies."""
    layers = []
    for layer, home in zip(spec.layers, always, strict=True):
        moe = layer.feed_forward
        count = moe.num_experts if isinstance(moe, MoeSpec) else 0
        at = tuple(experts(i) if home is Home.CARD else Home.MEMORY for i in range(count))
        layers.append(LayerHome(home, at, ()))
    return CardPlan(CARDS["RTX 3060"], 64, 1, 1, tuple(layers), head, (), True, "")


def placed_decoder(spec, tensors, host, card, plan):
    return decoder_over(spec, place_weights(tensors, plan, card.device), host, card, plan)


def logits(decoder, ids):
    """A prompt of nine or more rows, then the last two tokens one by one."""
    cache = decoder.new_cache(32)
    found = [decoder.forward(Step(ids[:-2]), cache, slice(None))]
    found += [decoder.forward(Step(ids[i : i + 1]), cache, slice(None)) for i in (-2, -1)]
    return torch.cat(found) if ids.shape[0] > 1 else found[0]


PLANS = {
    "all": (lambda n: [Home.CARD] * n, lambda i: Home.CARD, Home.CARD),
    "half of the experts": (
        lambda n: [Home.CARD] * n, lambda i: Home.CARD if i % 2 else Home.MEMORY, Home.CARD
    ),
    "no expert": (lambda n: [Home.CARD] * n, lambda i: Home.DISK, Home.CARD),
    "some layers": (
        lambda n: [Home.CARD] + [Home.MEMORY] * (n - 1), lambda i: Home.CARD, Home.MEMORY
    ),
    "nothing": (lambda n: [Home.MEMORY] * n, lambda i: Home.MEMORY, Home.MEMORY),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANS)
def test_the_logits_are_those_of_one_device(model, name):
    opened, ids = model
    always, experts, head = PLANS[name]
    plan = plan_of(opened.spec, always(len(opened.spec.layers)), experts, head)
    host = compute_path(Compute.REFERENCE, 1)
    card = card_path(host, [ReferenceBackend()], CPU, probe())
    decoder = placed_decoder(opened.spec, opened.tensors(), host, card, plan)
    got = logits(decoder, ids[:9] if ids.shape[0] < 11 else ids)
    plain = Decoder(opened.spec, opened.tensors(), host)
    want = logits(plain, ids[:9] if ids.shape[0] < 11 else ids)
    assert (got - want).abs().max() <= 1e-4 * want.abs().max()


def test_only_what_the_plan_has_there_is_copied(mixture):
    spec, tensors = mixture.spec, mixture.tensors()
    always = [Home.CARD] * (len(spec.layers) - 1) + [Home.MEMORY]
    plan = plan_of(spec, always, lambda i: Home.CARD if i == 0 else Home.MEMORY, Home.MEMORY)
    placed = PlacedTensors(tensors, plan, torch.device("meta"))
    last = f"layers.{len(spec.layers) - 1}."
    for name in placed:
        at = {buffer.device.type for buffer in placed[name].buffers.values()}
        on_card = name.startswith("layers.") and not name.startswith(last)
        assert at == {"meta" if on_card and ".experts." not in name else "cpu"}, name
    assert len(placed) == len(tensors)
    assert placed.card_bytes == sum(
        tensors[name].stored_bytes
        for name in tensors
        if name.startswith("layers.") and not name.startswith(last) and ".experts." not in name
    )
    heard = []
    store = PlacedExperts(
        MappedExperts(tensors), plan, torch.device("meta"), lambda *at: heard.append(at)
    )
    experts = store.acquire(1, [0, 2])
    assert store.is_copy(experts[0])
    assert not store.is_copy(experts[2])
    assert experts[0].gate.buffers["blocks"].device.type == "meta"
    sparse = sum(isinstance(layer.feed_forward, MoeSpec) for layer in spec.layers[:-1])
    assert heard == [(n + 1, sparse) for n in range(sparse)]
    assert store.card_bytes == sparse * sum(
        part.stored_bytes for part in (experts[0].gate, experts[0].up, experts[0].down)
    )


def test_a_tied_head_that_goes_to_the_card_is_a_copy(tmp_path):
    case = Case("llama", {"tie_word_embeddings": True})
    with open_model(save_gguf(make_oracle(case), tmp_path / "m.gguf", tmp_path)) as opened:
        plan = plan_of(opened.spec, [Home.CARD] * len(opened.spec.layers), None, Home.CARD)
        placed = PlacedTensors(opened.tensors(), plan, torch.device("meta"))
        assert "head" in placed
        assert placed["head"].shape == placed["embedding"].shape
        assert {b.device.type for b in placed["head"].buffers.values()} == {"meta"}
        assert {b.device.type for b in placed["embedding"].buffers.values()} == {"cpu"}
        with pytest.raises(KeyError):
            placed["nothing"]


def test_copying_can_be_cancelled(mixture):
    plan = plan_of(
        mixture.spec, [Home.CARD] * len(mixture.spec.layers), lambda i: Home.CARD, Home.CARD
    )
    answers = iter([False, True])
    with pytest.raises(CopyCancelledError):
        PlacedExperts(MappedExperts(mixture.tensors()), plan, CPU, stop_now=lambda: next(answers))


class MetaBackend(ReferenceBackend):
    """Computes nothing, and holds every tensor that it is given to the meta device."""

    name = "meta"

    def _checked(self, *given):
        for one in given:
            tensors = one.buffers.values() if isinstance(one, PackedTensor) else [one]
            for tensor in tensors:
                assert tensor is None or tensor.device.type == "meta"
        self.calls = getattr(self, "calls", 0) + 1

    def linear(self, x, weight, bias, out, work):
        self._checked(x, weight, bias, out)
        assert work.device.type == "meta"

    def head_linear(self, x, weights, transposed, out, work):
        self._checked(x, *weights, out)

    def rms_norm(self, x, weight, eps, out):
        self._checked(x, weight, out)

    def rope(self, x, cos, sin, interleaved):
        self._checked(x, cos, sin)

    def silu_mul(self, gate, up, out):
        self._checked(gate, up, out)

    def gqa(self, q, keys, values, scale, out, work):
        self._checked(q, keys, values, out)

    def mla(self, q_latent, q_rope, latent, k_rope, scale, out, work):
        self._checked(q_latent, q_rope, latent, k_rope, out)

    def router(self, logits, bias, rule):
        self._checked(logits, bias)
        rows = logits.shape[0]
        return torch.arange(rule.top_k).repeat(rows, 1), torch.ones(rows, rule.top_k)

    def experts(self, x, experts, chosen, weights, out, work):
        self._checked(x, out, *(p for e in experts.values() for p in (e.gate, e.up, e.down)))


def test_a_layer_of_the_card_is_given_nothing_that_lies_in_memory(model):
    opened, ids = model
    spec = opened.spec
    plan = plan_of(spec, [Home.CARD] * len(spec.layers), lambda i: Home.CARD, Home.CARD)
    host, meta = compute_path(Compute.REFERENCE, 1), MetaBackend()
    card = card_path(host, [meta], torch.device("meta"), probe())
    decoder = placed_decoder(spec, opened.tensors(), host, card, plan)
    cache = decoder.new_cache(32)
    for rows in (9, 1):
        found = decoder.forward(Step(ids[:rows]), cache, slice(None))
        assert found.device.type == "meta"
        assert found.shape == (rows, spec.vocab_size)
    assert meta.calls > 8 * len(spec.layers)
    assert decoder.kernels == "meta, reference"


def test_a_pass_over_two_devices_can_be_cancelled(mixture):
    spec = mixture.spec
    always = [Home.CARD] + [Home.MEMORY] * (len(spec.layers) - 1)
    plan = plan_of(spec, always, lambda i: Home.CARD, Home.MEMORY)
    host = compute_path(Compute.REFERENCE, 1)
    card = card_path(host, [ReferenceBackend()], CPU, probe())
    decoder = placed_decoder(spec, mixture.tensors(), host, card, plan)
    answers = iter([False, True])
    with pytest.raises(ForwardCancelledError):
        decoder.forward(
            Step(torch.tensor([1])), decoder.new_cache(4), slice(None), lambda: next(answers)
        )
    decoder.use_threads(2)
    assert decoder.threads == 2
