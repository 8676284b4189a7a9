"""Every architecture against transformers on the same random weights: `--compute reference`
within 1e-4 of the largest logit, 64 greedy tokens identical; from safetensors, FP8, GGUF."""

import random

import pytest
import torch

from inference.compute import compute_path
from inference.loading import open_model
from inference.measure.logits import logits_of
from inference.request import Compute
from inference.session import Session
from tests.inference.gguf_oracle import save_gguf
from tests.inference.oracles import (
    CLASSES,
    LLAMA3,
    YARN,
    Case,
    make_oracle,
    oracle_greedy,
    oracle_logits,
    save_fp8,
    save_safetensors,
    some_tokens,
)
from tests.inference.random_configs import draw

pytestmark = pytest.mark.timeout(300)

V3_GROUPS = {"n_group": 4, "topk_group": 2}
CASES = [
    Case("deepseek_v3", {**V3_GROUPS, "rope_scaling": {**YARN, "mscale": 1, "mscale_all_dim": 1}}),
    Case(
        "deepseek_v3",
        {
            "q_lora_rank": None,
            "n_shared_experts": 0,
            "rope_interleave": False,
            "attention_bias": True,
            "norm_topk_prob": False,
            "tie_word_embeddings": True,
        },
    ),
    Case(
        "deepseek_v3",
        {
            "n_shared_experts": 2,
            "first_k_dense_replace": 0,
            "hidden_size": 35,
            "moe_intermediate_size": 13,
            "v_head_dim": 7,
            "qk_nope_head_dim": 5,
            "kv_lora_rank": 19,
            "q_lora_rank": 11,
            "rope_scaling": {**YARN, "mscale": 1.0, "mscale_all_dim": 0.5, "truncate": False},
        },
    ),
    Case("deepseek_v2", {"q_lora_rank": None, "n_shared_experts": 2}),
    # Shared experts of no width still have a last bias.
    Case("deepseek_v2", {"mlp_bias": True, "n_shared_experts": 0}),
    Case(
        "deepseek_v2",
        {
            "topk_method": "group_limited_greedy",
            "n_group": 4,
            "topk_group": 2,
            "routed_scaling_factor": 16.0,
            "attention_bias": True,
            "mlp_bias": True,
            "rope_scaling": {**YARN, "mscale": 0.707, "mscale_all_dim": 0.707},
        },
    ),
    Case("glm4_moe_lite", {"rms_norm_eps": 0.01}),
    Case("glm4_moe_lite", {"mlp_layer_types": ["sparse", "dense", "sparse"], "q_lora_rank": None}),
    Case("llama", {"num_key_value_heads": 2, "rope_scaling": LLAMA3}),
    Case("llama", {"num_key_value_heads": 1, "attention_bias": True, "mlp_bias": True}),
    Case("llama", {"head_dim": 6, "rope_scaling": {"rope_type": "linear", "factor": 3.0}}),
    Case("qwen2", {"num_key_value_heads": 2, "tie_word_embeddings": True}),
    Case("qwen2", {"rope_scaling": YARN}),
    Case("qwen3", {"num_key_value_heads": 2, "head_dim": 10}),
    Case("qwen3", {"attention_bias": True, "rope_scaling": {**YARN, "attention_factor": 1.25}}),
    Case("qwen3_moe", {"norm_topk_prob": True, "head_dim": 6, "num_key_value_heads": 2}),
    Case("qwen3_moe", {"decoder_sparse_step": 2, "mlp_only_layers": [1]}),
]
# What GGUF can say of these models.
GGUF_CASES = [
    (Case("deepseek_v3", CASES[0].fields), "F32", True),
    (Case("deepseek_v3", CASES[0].fields), "Q8_0", False),
    (Case("deepseek_v3", {"q_lora_rank": None, "n_shared_experts": 2}), "Q8_0", True),
    (Case("deepseek_v2", {"q_lora_rank": None, "n_shared_experts": 2}), "Q4_0", False),
    (Case("deepseek_v2", {**CASES[5].fields, "attention_bias": False, "mlp_bias": False}), "F32",
     True),
    (Case("glm4_moe_lite"), "F32", True),
    (Case("llama", {"num_key_value_heads": 2, "rope_scaling": LLAMA3}), "Q8_0", True),
    (Case("llama", {"tie_word_embeddings": True, "attention_bias": True, "mlp_bias": True}), "F32",
     True),
    (Case("qwen2", {"num_key_value_heads": 2, "rope_scaling": YARN}), "Q8_0", True),
    (Case("qwen3", {"num_key_value_heads": 2, "head_dim": 10}), "F32", True),
    (Case("qwen3_moe", {"norm_topk_prob": True, "head_dim": 8}), "Q8_0", True),
]  # fmt: skip


@pytest.fixture(autouse=True)
def one_thread():
    """Matrices this small are fifteen times slower on two."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def relative_error(got, want):
    return float((got - want).abs().max() / want.abs().max())


def assert_equal_to(oracle, path, case):
    """Logits of a prompt, step by step as in decode, and 64 greedy tokens."""
    ids = some_tokens(case)
    want = oracle_logits(oracle, ids)
    with open_model(path) as opened:
        decoder = opened.decoder(compute_path(Compute.REFERENCE))
        assert relative_error(logits_of(decoder, ids), want) < 1e-4
        session = Session(decoder, 128)
        steps = torch.stack([session.step(token_id) for token_id in ids])
        assert relative_error(steps, want) < 1e-4
        assert greedy(decoder, ids[:16], 64) == oracle_greedy(oracle, ids[:16], 64)


def greedy(decoder, prompt, count):
    session = Session(decoder, len(prompt) + count)
    *_, (_, logits) = session.read(prompt)
    found = [int(logits[-1].argmax())]
    while len(found) < count:
        found.append(int(session.step(found[-1]).argmax()))
    return found


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_safetensors_model_equals_transformers(case, tmp_path):
    oracle = make_oracle(case)
    assert_equal_to(oracle, save_safetensors(oracle, tmp_path / "model"), case)


@pytest.mark.parametrize(
    ("case", "scheme", "split_kv_b"), GGUF_CASES, ids=lambda value: str(value)[:60]
)
def test_the_same_weights_in_gguf_equal_the_dequantized_oracle(case, scheme, split_kv_b, tmp_path):
    oracle = make_oracle(case)
    path = save_gguf(oracle, tmp_path / "m.gguf", tmp_path, scheme, split_kv_b)
    assert_equal_to(oracle, path, case)


def test_files_in_parts_are_one_model(tmp_path):
    case = CASES[0]
    oracle = make_oracle(case)
    shards = save_safetensors(oracle, tmp_path / "model", shard_size="60KB")
    assert len(list(shards.glob("*.safetensors"))) > 2
    assert_equal_to(oracle, shards, case)
    save_gguf(oracle, tmp_path / "m.gguf", tmp_path, split_tensors=20)
    parts = sorted(tmp_path.glob("m-*-of-*.gguf"))
    assert len(parts) > 2
    assert_equal_to(oracle, parts[-1], case)


FP8_CASES = [
    Case("deepseek_v3", {"hidden_size": 160, "intermediate_size": 200, **V3_GROUPS}),
    Case("deepseek_v3", {"q_lora_rank": None, "kv_lora_rank": 130, "moe_intermediate_size": 150}),
]


@pytest.mark.parametrize("case", FP8_CASES, ids=str)
def test_the_same_weights_in_fp8_equal_the_dequantized_oracle(case, tmp_path):
    oracle = make_oracle(case)
    assert_equal_to(oracle, save_fp8(oracle, tmp_path / "model"), case)


def check_a_random_configuration(model_type, seed, folder):
    case = draw(random.Random(seed), model_type)
    oracle = make_oracle(case)
    ids = some_tokens(case, 50)
    want = oracle_logits(oracle, ids)
    with open_model(save_safetensors(oracle, folder / "model")) as opened:
        decoder = opened.decoder(compute_path(Compute.REFERENCE))
        session = Session(decoder, len(ids))
        steps = torch.stack([session.step(token_id) for token_id in ids])
        assert relative_error(logits_of(decoder, ids), want) < 1e-4, case
        assert relative_error(steps, want) < 1e-4, case


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("model_type", list(CLASSES))
def test_random_configurations_equal_transformers(model_type, seed, tmp_path):
    check_a_random_configuration(model_type, seed, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3, 60))
@pytest.mark.parametrize("model_type", list(CLASSES))
def test_many_random_configurations_equal_transformers(model_type, seed, tmp_path):
    check_a_random_configuration(model_type, seed, tmp_path)
