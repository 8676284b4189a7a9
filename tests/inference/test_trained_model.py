"""The trained test model's own FP8 file: our engine beside transformers on its values."""

from pathlib import Path

import pytest
import torch
import transformers as hf
from safetensors.torch import load_file

from inference.compute import compute_path
from inference.loading import open_model
from inference.measure.logits import logits_of
from inference.request import Compute
from tests.inference.oracles import oracle_greedy, oracle_logits, take_values
from tests.inference.test_architectures import greedy, relative_error

FOLDER = Path(__file__).parents[1] / "data" / "tiny-r1"
TEXT = "<think>\nThe capital of France is Paris. The list type has a method sort().\n"

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def oracle(tmp_path_factory):
    """transformers' model; each FP8 value is code times its block's scale, nothing else."""
    tensors = load_file(FOLDER / "model.safetensors")
    values = {}
    for name, tensor in tensors.items():
        if name.endswith("_scale_inv"):
            continue
        value = tensor.float()
        if tensor.dtype == torch.float8_e4m3fn:
            scales = tensors[f"{name}_scale_inv"].repeat_interleave(128, 0)
            scales = scales.repeat_interleave(128, 1)
            value = value * scales[: value.shape[0], : value.shape[1]]
        if not name.startswith("model.layers.4."):
            values[name] = value
    config = hf.AutoConfig.from_pretrained(FOLDER)
    del config.quantization_config
    config._attn_implementation = config._experts_implementation = "eager"
    model = hf.DeepseekV3ForCausalLM(config).eval()
    take_values(model, values, tmp_path_factory.mktemp("oracle") / "values")
    return model


@pytest.fixture(scope="module")
def opened():
    with open_model(FOLDER) as model:
        yield model


def test_logits_and_greedy_tokens_are_transformers_own(oracle, opened):
    token_ids = opened.tokenizer().encode_raw(TEXT * 3)[:64]
    decoder = opened.decoder(compute_path(Compute.REFERENCE))
    want = oracle_logits(oracle, token_ids)
    assert relative_error(logits_of(decoder, token_ids), want) < 1e-4
    assert greedy(decoder, token_ids[:20], 64) == oracle_greedy(oracle, token_ids[:20], 64)


def test_fast_stays_close(opened):
    token_ids = opened.tokenizer().encode_raw(TEXT * 3)[:64]
    reference, fast = (
        logits_of(opened.decoder(compute_path(compute)), token_ids)
        for compute in (Compute.REFERENCE, Compute.FAST)
    )
    assert (reference.argmax(-1) == fast.argmax(-1)).float().mean() > 0.95


def test_its_layer_of_multi_token_prediction_is_kept_aside(opened):
    assert opened.spec.mtp_layers == 1
    aside = {name for name in opened.checkpoint.tensors if name.startswith("model.layers.4.")}
    assert aside
    assert not aside.intersection(slot.file_name for slot in opened.slots.values())
