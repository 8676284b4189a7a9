"""Random configurations of every architecture, odd widths and all branches, planned: the
reference's logits again. Each token uses every expert, so that no rounding changes which."""

import random

import pytest
import torch

from inference.cache.gqa import GqaCache
from inference.cache.latent import LatentCache
from inference.compute import compute_path
from inference.layers.decoder import Decoder
from inference.loading import open_model
from inference.measure.logits import logits_of
from inference.prepared.preparing import prepare
from inference.request import Compute
from tests.inference.oracles import CLASSES, Case, make_oracle, save_safetensors, some_tokens
from tests.inference.planned.models import planned, read
from tests.inference.random_configs import draw
from tests.kernels.cpu.native import LEVELS

pytestmark = pytest.mark.timeout(300)
TOKENS = 60


def fitted(seed, model_type):
    """A drawn configuration with what the kernels do not take replaced by what they do."""
    dice = random.Random(seed)
    case = draw(dice, model_type)
    fields = {name: value for name, value in case.fields.items() if name != "mlp_bias"}
    if "kv_lora_rank" in fields:
        fields["kv_lora_rank"] = dice.choice([16, 32, 144])
        fields["qk_nope_head_dim"] = dice.choice([16, 32])
    for experts in ("n_routed_experts", "num_experts"):
        if experts in fields:
            fields["num_experts_per_tok"] = fields[experts]
    if "topk_group" in fields:
        fields["topk_group"] = fields["n_group"]
    return Case(model_type, fields, case.seed)


def relative(got, want):
    return (got - want).abs().amax(-1) / want.abs().amax(-1)


def delicacy(opened, ids, want, monkeypatch):
    """How far each row of the reference moves where its cache alone is kept in BF16: with heads
    of one value, or scores that decide between two positions, by up to a quarter."""

    def rounding(append):
        return lambda cache, layer, first, second: append(
            cache, layer, first.bfloat16().float(), second.bfloat16().float()
        )

    with monkeypatch.context() as patched:
        for kind in (GqaCache, LatentCache):
            patched.setattr(kind, "append", rounding(kind.append))
        path = compute_path(Compute.REFERENCE, 1)
        return relative(logits_of(Decoder(opened.spec, opened.tensors(), path), ids), want)


def check(case, level, folder, monkeypatch):
    source = save_safetensors(make_oracle(case), folder / "model")
    ids = some_tokens(case, TOKENS)
    with open_model(prepare(source, folder / "prepared")) as opened:
        assert not opened.native_refusal(compute_path(Compute.FAST, 1))
        path = compute_path(Compute.REFERENCE, 1)
        want = logits_of(Decoder(opened.spec, opened.tensors(), path), ids)
        allowed = 6e-2 + 5 * delicacy(opened, ids, want, monkeypatch)
        decoder = planned(opened, level)
        cache = decoder.new_cache(TOKENS)
        steps = [read(decoder, cache, ids[at : at + 7]) for at in range(0, TOKENS, 7)]
        for got in (logits_of(decoder, ids), torch.cat(steps)):
            error = relative(got, want)
            assert float(error.median()) < 2e-2
            assert (error < allowed).all(), (error / allowed).max()


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("model_type", list(CLASSES))
def test_random_configurations_are_the_references(model_type, seed, tmp_path, monkeypatch):
    level = LEVELS[(seed + list(CLASSES).index(model_type)) % len(LEVELS)]
    check(fitted(seed, model_type), level, tmp_path, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 60))
@pytest.mark.parametrize("model_type", list(CLASSES))
def test_many_random_configurations_are_the_references(model_type, seed, tmp_path, monkeypatch):
    check(fitted(seed, model_type), LEVELS[seed % len(LEVELS)], tmp_path, monkeypatch)
