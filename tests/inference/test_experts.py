"""Experts are asked for by id, and nothing touches one that the router did not choose."""

import pytest
import torch

from inference.compute import compute_path
from inference.experts.store import MappedExperts
from inference.layers.decoder import Decoder, Step
from inference.loading import open_model
from inference.request import Compute
from kernels.schemes import SCHEMES
from tests.inference.gguf_oracle import save_gguf
from tests.inference.oracles import Case, make_oracle, some_tokens


class WatchedStore:
    """Notes what was asked for."""

    def __init__(self, store):
        self._store = store
        self.asked = []

    def acquire(self, layer, ids):
        self.asked.append((layer, tuple(ids)))
        return self._store.acquire(layer, ids)

    def kind(self, layer):
        return self._store.kind(layer)


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    folder = tmp_path_factory.mktemp("experts")
    oracle = make_oracle(Case("deepseek_v3"))
    with open_model(save_gguf(oracle, folder / "m.gguf", folder)) as model:
        yield model


def matrices(layer, count):
    return {
        f"layers.{layer}.experts.{i}.{part}": SCHEMES["F32"].pack(torch.full((2, 2), float(i)))
        for i in range(count)
        for part in ("gate", "up", "down")
    }


def test_a_token_asks_for_top_k_experts_of_each_sparse_layer(opened):
    store = WatchedStore(MappedExperts(opened.tensors()))
    decoder = Decoder(opened.spec, opened.tensors(), compute_path(Compute.REFERENCE), store)
    decoder.forward(Step(torch.tensor([7])), decoder.new_cache(4), slice(None))
    assert [layer for layer, _ in store.asked] == [1, 2]
    assert all(len(set(ids)) == len(ids) == 3 for _, ids in store.asked)


def test_what_was_not_chosen_may_hold_anything(opened):
    """The other experts' bytes are spoilt: nothing changes."""
    tokens = Step(torch.tensor(some_tokens(Case("deepseek_v3"), 2)))
    store = WatchedStore(MappedExperts(opened.tensors()))
    decoder = Decoder(opened.spec, opened.tensors(), compute_path(Compute.REFERENCE), store)
    want = decoder.forward(tokens, decoder.new_cache(4), slice(None))
    chosen = dict(store.asked)
    spoilt = dict(opened.tensors())
    for layer, ids in chosen.items():
        for part in ("gate", "up", "down"):
            name = f"layers.{layer}.experts.{part}"
            values = spoilt[name].dequantize()
            others = [i for i in range(values.shape[0]) if i not in ids]
            assert others
            values[others] = float("nan")
            spoilt[name] = SCHEMES["F32"].pack(values)
    decoder = Decoder(opened.spec, spoilt, compute_path(Compute.REFERENCE))
    got = decoder.forward(tokens, decoder.new_cache(4), slice(None))
    assert torch.equal(got, want)


def test_experts_come_from_a_stack_or_one_by_one():
    single = MappedExperts(matrices(0, 3))
    assert single.kind(0) == (SCHEMES["F32"], (2, 2))
    assert float(single.acquire(0, [2])[2].up.dequantize()[0, 0]) == 2.0
    stacked = MappedExperts(
        {
            f"layers.0.experts.{part}": SCHEMES["F32"].pack(torch.arange(12.0).view(3, 2, 2))
            for part in ("gate", "up", "down")
        }
    )
    held = stacked.acquire(0, [1])
    assert set(held) == {1}
    assert held[1].down.dequantize().tolist() == [[4.0, 5.0], [6.0, 7.0]]
    assert stacked.acquire(0, [1])[1] is held[1]
