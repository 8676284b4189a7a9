"""Configurations that lie: each field is honoured or refused by name, in bounded time."""

import json
import random

import pytest
import torch
from safetensors.torch import load_file, save_file

from inference.checkpoint.config_json import JsonConfig
from inference.compute import compute_path
from inference.described import describe
from inference.errors import CheckpointError, RequestError, UnsupportedModelError
from inference.layers.decoder import Step
from inference.loading import open_model
from inference.models import ARCHITECTURES, architecture_of
from inference.models.base import Source
from inference.request import Compute
from tests.computed import for_less_than
from tests.inference.gguf_oracle import save_gguf
from tests.inference.oracles import Case, make_oracle, save_safetensors
from tests.inference.published import (
    GLM_4_7_FLASH,
    MOONLIGHT,
    QWEN3_8B,
    R1,
    R1_DISTILL_QWEN_7B,
    V2_LITE,
)

REFUSALS = (CheckpointError, UnsupportedModelError)


def spec_of(values):
    config = JsonConfig("config.json", values)
    return architecture_of(config).spec(config, Source({}, is_gguf=False))


def without(key):
    return {k: v for k, v in R1.items() if k != key}


def test_published_configurations_are_read_whole():
    r1 = spec_of(R1)
    assert len(r1.layers) == 61
    assert r1.mtp_layers == 1
    assert r1.layers[60].feed_forward.rule.num_groups == 8
    # YaRN's mscale is 1 for all dimensions: 0.1 ln 40 + 1, squared, on the scores.
    assert r1.layers[0].attention.softmax_scale == pytest.approx(192**-0.5 * 1.3688879**2)
    assert spec_of(QWEN3_8B).layers[0].attention.qk_norm_eps == 1e-6
    assert spec_of({**R1, "model_type": "kimi_k2"}).architecture == "deepseek_v3"


@pytest.mark.parametrize(
    ("values", "billions"),
    [(R1_DISTILL_QWEN_7B, 7.6), (V2_LITE, 15.7), (MOONLIGHT, 16.0), (GLM_4_7_FLASH, 29.9),
     (QWEN3_8B, 8.2)],
    ids=["distill", "v2-lite", "moonlight", "glm", "qwen3"],
)  # fmt: skip
def test_published_sizes_follow_from_published_configurations(values, billions):
    described = describe(JsonConfig("config.json", values))
    assert described.parameters == pytest.approx(billions * 1e9, rel=0.01)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("hidden_size", -1),
        ("hidden_size", 0),
        ("hidden_size", 10**15),
        ("hidden_size", "7168"),
        ("hidden_size", 7168.0),
        ("hidden_size", True),
        ("hidden_size", [7168]),
        ("vocab_size", 10**12),
        ("num_hidden_layers", 10**9),
        ("num_attention_heads", 0),
        ("num_key_value_heads", 64),
        ("qk_rope_head_dim", 63),
        ("kv_lora_rank", -512),
        ("n_routed_experts", 10**7),
        ("n_routed_experts", 255),
        ("num_experts_per_tok", 257),
        ("num_experts_per_tok", 200),
        ("topk_group", 9),
        ("n_group", 256),
        ("n_shared_experts", -1),
        ("moe_layer_freq", 2),
        ("scoring_func", "softmax"),
        ("topk_method", "greedy"),
        ("hidden_act", "gelu"),
        ("rms_norm_eps", -1.0),
        ("rope_theta", 0),
        ("routed_scaling_factor", -1),
        ("num_nextn_predict_layers", 10**6),
        ("attention_bias", "no"),
        ("max_position_embeddings", 0),
        ("rope_scaling", {**R1["rope_scaling"], "type": "dynamic"}),
        ("rope_scaling", {**R1["rope_scaling"], "factor": 0}),
        ("rope_scaling", {**R1["rope_scaling"], "factor": "40"}),
        ("rope_scaling", {**R1["rope_scaling"], "surprise": 1}),
        ("rope_scaling", 7),
        ("partial_rotary_factor", 0.5),
        ("model_type", "mamba"),
        ("sliding_window_of_mine", 4096),
    ],
    ids=str,
)
def test_a_field_that_lies_is_refused_by_name(field, value):
    with pytest.raises(REFUSALS) as caught:
        spec_of({**R1, field: value})
    words = str(caught.value)
    # Some are found by what they do not go with.
    named = (field, "n_group", "topk_group", "mamba", "num_hidden_layers", "rope_scaling")
    assert any(name in words for name in named)


@pytest.mark.parametrize(
    "field",
    ["hidden_size", "vocab_size", "num_hidden_layers", "q_lora_rank", "kv_lora_rank", "n_group",
     "first_k_dense_replace", "moe_intermediate_size", "model_type", "routed_scaling_factor"],
)  # fmt: skip
def test_what_is_missing_is_named(field):
    with pytest.raises(CheckpointError, match=field):
        spec_of(without(field))


def test_together_too_many_experts_are_refused_before_they_are_listed():
    with for_less_than(5), pytest.raises(UnsupportedModelError, match="experts together"):
        spec_of({**R1, "num_hidden_layers": 1000, "n_routed_experts": 4096, "n_group": 1,
                 "topk_group": 1})  # fmt: skip


@pytest.mark.parametrize(
    ("model_type", "fields"),
    [
        ("deepseek_v2", {"norm_topk_prob": True}),
        ("deepseek_v2", {"topk_method": "noaux_tc"}),
        ("deepseek_v2", {"topk_method": "group_limited_greedy", "n_group": None}),
        ("glm4_moe_lite", {"mlp_layer_types": ["dense", "sparse"]}),
        ("glm4_moe_lite", {"head_dim": 128}),
        ("llama", {"num_key_value_heads": 3}),
        ("qwen2", {"use_sliding_window": True}),
        ("qwen2", {"layer_types": ["full_attention", "sliding_attention", "full_attention"]}),
        ("qwen3", {"rope_scaling": {"rope_type": "llama3", "factor": 8.0}}),
        ("qwen3_moe", {"mlp_only_layers": [9]}),
        ("qwen3_moe", {"num_experts": 0}),
    ],
    ids=str,
)
def test_what_an_architecture_does_not_run_is_refused(model_type, fields):
    values = json.loads(Case(model_type).config().to_json_string())
    spec_of(values)
    with pytest.raises(REFUSALS):
        spec_of({**values, **fields})


def test_mutated_configurations_raise_typed_errors_quickly():
    """Seeded: any value of any field becomes anything; opening is never a crash or a wait."""
    rng = random.Random(7)
    strange = [None, -1, 0, 1, 2**31, 2**62, 1e300, -0.5, "", "x" * 1000, [], {}, [1], True]
    refused = 0
    with for_less_than(60):
        for _ in range(400):
            model_type = rng.choice([n for n in ARCHITECTURES if n != "kimi_k2"])
            values = json.loads(Case(model_type).config().to_json_string())
            for key in rng.sample(sorted(values), rng.randint(1, 3)):
                if key != "model_type":
                    values[key] = rng.choice(strange)
            try:
                describe(JsonConfig("config.json", values))
            except (*REFUSALS, RequestError):
                refused += 1
    assert 100 < refused < 400


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("config") / "model"
    return save_safetensors(make_oracle(Case("deepseek_v3")), folder)


def changed(folder, tmp_path, change=None, tensors=None):
    """A copy whose configuration or tensors were changed."""
    config = json.loads((folder / "config.json").read_text())
    values = load_file(folder / "model.safetensors")
    (change or (lambda c: None))(config)
    (tensors or (lambda t: None))(values)
    (tmp_path / "config.json").write_text(json.dumps(config))
    save_file(values, tmp_path / "model.safetensors")
    return tmp_path


@pytest.mark.parametrize(
    ("change", "tensors", "sentence"),
    [
        (lambda c: c.update(hidden_size=64), None, "the configuration asks for"),
        (lambda c: c.update(num_hidden_layers=4), None, "model.layers.3.* is missing"),
        (lambda c: c.update(num_hidden_layers=2, num_nextn_predict_layers=0), None, "no place for"),
        (None, lambda t: t.pop("lm_head.weight"), "lm_head.weight: this tensor is missing"),
        (None, lambda t: t.update(extra=torch.zeros(3)), "extra: the architecture has no place"),
        (
            None,
            lambda t: t.update({"model.norm.weight": torch.zeros(32, dtype=torch.int64)}),
            "model.norm.weight: its values are of type I64; expected one of",
        ),
        (
            lambda c: c.update(quantization_config={"quant_method": "gptq", "bits": 4}),
            None,
            "gptq",
        ),
    ],
)  # fmt: skip
def test_a_folder_that_does_not_hold_what_it_says_is_refused(
    folder, tmp_path, change, tensors, sentence
):
    with pytest.raises(REFUSALS, match=sentence):
        open_model(changed(folder, tmp_path, change, tensors))


def test_without_a_configuration_weights_say_nothing(folder, tmp_path):
    path = changed(folder, tmp_path)
    (path / "config.json").unlink()
    with pytest.raises(CheckpointError, match=r"no config\.json beside it"):
        open_model(path)


def mtp_layer(values):
    """A layer behind the last: its own tensors, and an ordinary layer's."""
    ordinary = {
        n.replace("layers.2.", "layers.3."): v for n, v in values.items() if "layers.2." in n
    }
    own = ("enorm.weight", "hnorm.weight", "eh_proj.weight", "embed_tokens.weight",
           "shared_head.norm.weight", "shared_head.head.weight")  # fmt: skip
    values.update({n: v.clone() for n, v in ordinary.items()})
    values.update({f"model.layers.3.{name}": torch.zeros(2, 2) for name in own})


def test_the_layer_of_multi_token_prediction_is_kept_aside(folder, tmp_path):
    with (
        open_model(folder) as plain,
        open_model(changed(folder, tmp_path, tensors=mtp_layer)) as opened,
    ):
        assert len(opened.spec.layers) == 3
        assert opened.slots == plain.slots
        step = Step(torch.tensor([1, 2, 3]))
        decoders = [m.decoder(compute_path(Compute.REFERENCE)) for m in (plain, opened)]
        first, second = (d.forward(step, d.new_cache(3), slice(None)) for d in decoders)
    assert torch.equal(first, second)

    def unknown(values):
        mtp_layer(values)
        values["model.layers.3.surprise.weight"] = torch.zeros(1)

    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(CheckpointError, match="surprise"):
        open_model(changed(folder, other, tensors=unknown))


def test_ggufs_nextn_layer_is_kept_aside(tmp_path):
    oracle = make_oracle(Case("deepseek_v3"))

    def extra(writer):
        writer.add_uint32("deepseek2.nextn_predict_layers", 1)
        writer.add_uint32("deepseek2.block_count", 4)
        for name in ("nextn.eh_proj", "nextn.enorm", "nextn.hnorm", "attn_norm", "ffn_norm"):
            writer.add_tensor(f"blk.3.{name}.weight", torch.zeros(8).numpy())

    path = save_gguf(oracle, tmp_path / "m.gguf", tmp_path, extra=extra)
    with open_model(path) as opened:
        assert len(opened.spec.layers) == 3
        assert opened.spec.mtp_layers == 1


def test_a_tied_models_second_head_is_kept_aside(tmp_path):
    case = Case("qwen2", {"tie_word_embeddings": True})
    folder = save_safetensors(make_oracle(case), tmp_path / "model")
    other = tmp_path / "other"
    other.mkdir()
    path = changed(
        folder, other, tensors=lambda t: t.update({"lm_head.weight": torch.zeros(61, 32)})
    )
    with open_model(path) as opened:
        assert opened.spec.tied_head
        assert "head" not in opened.slots


def test_r1_lies_on_the_meta_device_whole():
    described = describe(JsonConfig("config.json", R1))
    decoder = described.decoder(compute_path(Compute.REFERENCE))
    assert len(decoder.spec.layers) == 61
    assert described.parameters == pytest.approx(671e9, rel=1e-3)
    assert all(
        buffer.is_meta
        for name in ("embedding", "layers.3.router.weight", "layers.60.experts.255.down")
        for key, buffer in described.tensors()[name].buffers.items()
        if key != "first_row"
    )
    with pytest.raises(RequestError, match="Q9"):
        describe(JsonConfig("config.json", R1), "Q9")
    with pytest.raises(CheckpointError, match="float8"):
        describe(JsonConfig("config.json", {**R1, "torch_dtype": "float8"}))
