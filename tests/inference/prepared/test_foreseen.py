"""What is foreseen from a configuration is what preparing then makes, to the byte."""

import json

import pytest

from inference.checkpoint.config_json import JsonConfig
from inference.described import describe
from inference.errors import CheckpointError, UnsupportedModelError
from inference.prepared.foreseen import (
    foreseen_download_bytes,
    foreseen_recipe,
    foreseen_spec,
)
from inference.prepared.opening import open_prepared, prepared_checkpoint
from inference.prepared.preparing import prepare, quantizing_by
from tests.inference.oracles import CLASSES, Case, make_oracle, save_safetensors
from tests.inference.published import GLM_4_7_FLASH, MOONLIGHT, QWEN3_8B, R1, V2_LITE


def config_of(values):
    return JsonConfig("config.json", values)


@pytest.mark.parametrize("mix", ["q4", "q8"])
@pytest.mark.parametrize("model_type", sorted(CLASSES))
def test_a_recipe_is_foreseen_as_it_is_made(tmp_path, model_type, mix):
    source = save_safetensors(make_oracle(Case(model_type)), tmp_path / "model")
    prepare(source, tmp_path / "prepared", quantizing_by(mix))
    values = {**json.loads((source / "config.json").read_text()), "torch_dtype": "bfloat16"}
    spec = foreseen_spec(config_of(values))
    foreseen = {
        part.name: (part.shape, count) for part, count in foreseen_recipe(spec, mix).parts()
    }
    with open_prepared(tmp_path / "prepared") as opened:
        made = prepared_checkpoint(opened).recipe
        assert foreseen == {part.name: (part.shape, count) for part, count in made.parts()}


def test_a_model_in_bf16_takes_as_many_bytes_as_foreseen(tmp_path):
    """Rows of whole blocks, as real models have them."""
    case = Case("qwen2", {"hidden_size": 256, "intermediate_size": 512, "vocab_size": 64})
    oracle = make_oracle(case)
    source = save_safetensors(oracle, tmp_path / "model")
    spec = foreseen_spec(JsonConfig.open(source / "config.json"))
    for mix in ("q4", "q6", "q8"):
        prepare(source, tmp_path / mix, quantizing_by(mix))
        with open_prepared(tmp_path / mix) as opened:
            made = prepared_checkpoint(opened).recipe
        assert foreseen_recipe(spec, mix).bytes_by_scheme() == made.bytes_by_scheme()
        assert foreseen_recipe(spec, mix).stored_bytes == made.stored_bytes


@pytest.mark.parametrize("values", [QWEN3_8B, V2_LITE, MOONLIGHT], ids=["qwen3", "v2-lite", "moon"])
def test_a_download_is_foreseen_tensor_by_tensor(values):
    config = config_of(values)
    spec = foreseen_spec(config)
    stored = describe(config).stored_bytes
    # Routers and vectors may be float32 in files; here all is BF16.
    assert foreseen_download_bytes(config, spec) == sum(stored.values())


def test_fp8_and_the_layer_of_multi_token_prediction_are_counted():
    config = config_of(R1)
    spec = foreseen_spec(config)
    # As the index of the makers' files has it in all.
    assert foreseen_download_bytes(config, spec) == pytest.approx(688_586_727_753, rel=1e-4)
    without = config_of({**R1, "num_nextn_predict_layers": 0})
    fewer = foreseen_download_bytes(without, foreseen_spec(without))
    assert fewer == pytest.approx(sum(describe(without).stored_bytes.values()), rel=1e-5)
    plain = config_of({k: v for k, v in R1.items() if k != "quantization_config"})
    assert foreseen_download_bytes(plain, spec) > 1.9 * foreseen_download_bytes(config, spec)
    flash = config_of(GLM_4_7_FLASH)
    assert foreseen_download_bytes(flash, foreseen_spec(flash)) == pytest.approx(62.4e9, rel=5e-3)


def test_a_configuration_that_lies_is_refused():
    with pytest.raises(CheckpointError, match="hidden_size"):
        foreseen_spec(config_of({k: v for k, v in R1.items() if k != "hidden_size"}))
    odd = config_of({**R1, "quantization_config": {"quant_method": "gptq"}})
    with pytest.raises(UnsupportedModelError, match="gptq"):
        foreseen_download_bytes(odd, foreseen_spec(odd))
