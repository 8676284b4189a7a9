"""Latent attention's two forms of prefill: the one with fewer operations, and both the same."""

from dataclasses import replace

import pytest
import torch

from inference.compute import compute_path
from inference.layers import mla
from inference.layers.decoder import Decoder, Step
from inference.loading import open_model
from inference.models.base import MlaSpec
from inference.request import Compute
from tests.inference.oracles import Case, make_oracle, save_safetensors, some_tokens

CASE = Case("deepseek_v3")
ROWS, BEFORE = 9, 20


@pytest.fixture(scope="module")
def decoder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("latent-forms")
    save_safetensors(make_oracle(CASE), folder)
    with open_model(folder) as opened:
        yield Decoder(opened.spec, opened.tensors(), compute_path(Compute.REFERENCE, 1))


def test_both_forms_are_one_function(decoder, monkeypatch):
    ids = torch.tensor(some_tokens(CASE, BEFORE + ROWS))
    found = []
    for is_absorbed in (True, False):
        asked = []
        monkeypatch.setattr(
            mla, "absorbs", lambda *of, yes=is_absorbed, to=asked: to.append(of) or yes
        )
        cache = decoder.new_cache(BEFORE + ROWS)
        decoder.forward(Step(ids[:BEFORE]), cache, slice(0))
        found.append(decoder.forward(Step(ids[BEFORE:]), cache, slice(None)))
        assert {of[1:] for of in asked} == {(BEFORE, BEFORE), (ROWS, BEFORE + ROWS)}
    absorbed, expanded = found
    assert not torch.equal(absorbed, expanded), "one of them was not used"
    torch.testing.assert_close(absorbed, expanded, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("rows", "positions", "is_absorbed"),
    [
        (20, 4000, True),
        (160, 8192, True),
        (180, 8192, False),
        (512, 8192, False),
        (300, 300, False),
    ],
)
def test_a_short_question_late_in_a_chat_is_absorbed(decoder, rows, positions, is_absorbed):
    """With the heads of DeepSeek-V3: up to 170 rows behind much, and never a chat's beginning."""
    spec = decoder.spec.layers[0].attention
    assert isinstance(spec, MlaSpec)
    of_v3 = {"kv_lora_rank": 512, "nope_dim": 128, "rope_dim": 64, "value_dim": 128}
    assert mla.absorbs(replace(spec, **of_v3), rows, positions) is is_absorbed
