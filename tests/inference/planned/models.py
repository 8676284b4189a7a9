"""Small prepared models that the native kernels can run whole, of every architecture."""

import atexit
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import torch

from inference.compute import compute_path
from inference.experts.store import MappedExperts
from inference.layers.decoder import Decoder, Step
from inference.loading import open_model
from inference.measure.logits import logits_of
from inference.planned.decoder import PlannedDecoder
from inference.prepared.preparing import prepare
from inference.request import Compute
from tests.inference.gguf_oracle import save_gguf
from tests.inference.oracles import LLAMA3, YARN, Case, make_oracle, save_safetensors, some_tokens

TOKENS = 232
V3 = {"n_group": 4, "topk_group": 2, "rope_scaling": {**YARN, "mscale": 1, "mscale_all_dim": 1}}
V2 = {
    "topk_method": "group_limited_greedy", "n_group": 4, "topk_group": 2,
    "routed_scaling_factor": 2.0, "rope_scaling": {**YARN, "mscale": 0.7, "mscale_all_dim": 0.7},
}  # fmt: skip
WIDE = {"hidden_size": 64, "intermediate_size": 96, "moe_intermediate_size": 64}
# A case, the scheme of its file (None: safetensors in float32), and whether kv_b is split.
CASES = [
    (Case("deepseek_v3", {**V3, "q_lora_rank": 32}), None, True),
    (Case("deepseek_v3", {**V3, **WIDE, "q_lora_rank": 32}), "Q8_0", True),
    (Case("deepseek_v3", {**V3, **WIDE, "q_lora_rank": 32, "n_shared_experts": 2}), "Q8_0", False),
    (Case("deepseek_v3", {
        "q_lora_rank": None, "n_shared_experts": 0, "rope_interleave": False, "v_head_dim": 24,
        "attention_bias": True, "norm_topk_prob": False, "tie_word_embeddings": True,
    }), None, True),
    (Case("deepseek_v2", {**V2, **WIDE, "q_lora_rank": None}), "Q4_0", False),
    (Case("deepseek_v2", {**V2, "q_lora_rank": 24, "first_k_dense_replace": 0}), "F32", True),
    (Case("deepseek_v2", {"q_lora_rank": None, "n_shared_experts": 2, "attention_bias": True}),
     None, True),
    # Every expert is chosen: no rounding can change which.
    (Case("deepseek_v3", {"n_group": 4, "topk_group": 4, "num_experts_per_tok": 8,
                          "q_lora_rank": 32}), "Q8_0", True),
    (Case("deepseek_v2", {"num_experts_per_tok": 8, "q_lora_rank": None}), None, True),
    (Case("glm4_moe_lite", {"q_lora_rank": 32, "rms_norm_eps": 0.01}), "F32", True),
    (Case("glm4_moe_lite", {"mlp_layer_types": ["sparse", "dense", "sparse"],
                            "q_lora_rank": None}), None, True),
    (Case("llama", {"num_key_value_heads": 2, "rope_scaling": LLAMA3, **WIDE}), "Q8_0", True),
    (Case("llama", {"num_key_value_heads": 1, "attention_bias": True, "vocab_size": 97}),
     None, True),
    (Case("llama", {"tie_word_embeddings": True, **WIDE}), "Q4_0", True),
    (Case("qwen2", {"num_key_value_heads": 2, "rope_scaling": YARN, **WIDE}), "Q8_0", True),
    (Case("qwen3", {"num_key_value_heads": 2, "head_dim": 10,
                    "rope_scaling": {**YARN, "attention_factor": 1.25}}), None, True),
    (Case("qwen3", {"attention_bias": True, "head_dim": 16, "tie_word_embeddings": True}),
     None, True),
    (Case("qwen3_moe", {"norm_topk_prob": True, "head_dim": 16, "num_key_value_heads": 2, **WIDE}),
     "Q8_0", True),
    (Case("qwen3_moe", {"decoder_sparse_step": 2, "mlp_only_layers": [1], "head_dim": 6}),
     None, True),
    (Case("qwen3_moe", {"num_experts": 1, "num_experts_per_tok": 1}), None, True),
]  # fmt: skip
MLA, MOE, DENSE = 1, 17, 11  # of CASES, all in Q8_0
# Biases in its feed-forward can't be planned.
_ALL = (*CASES, (Case("llama", {"mlp_bias": True, "attention_bias": True, **WIDE}), "Q8_0", True))
NOT_WHOLE = len(CASES)


def name_of(index):
    """For test ids."""
    what, scheme, split = CASES[index]
    return f"{index}-{what.model_type}-{scheme or 'safetensors'}{'' if split else '-unsplit'}"


def chooses(index):
    """Whether a router leaves experts out, so that rounding may change which."""
    config = CASES[index][0].config()
    experts = getattr(config, "n_routed_experts", None) or getattr(config, "num_experts", 0)
    return bool(experts) and config.num_experts_per_tok < experts


def is_latent(index):
    """Whether its attention is."""
    return hasattr(CASES[index][0].config(), "kv_lora_rank")


@cache
def _folder():
    made = mkdtemp(prefix="planned-")
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return Path(made)


@cache
def prepared(index):
    """The folder of a case's prepared model; made once for all tests."""
    what, scheme, split = _ALL[index]
    folder = _folder() / str(index)
    folder.mkdir()
    oracle = make_oracle(what)
    if scheme is None:
        source = save_safetensors(oracle, folder / "model")
    else:
        source = save_gguf(oracle, folder / "m.gguf", folder, scheme, split)
    return prepare(source, folder / "prepared")


@cache
def prompt(index):
    """Token ids of a case."""
    return some_tokens(_ALL[index][0], TOKENS)


@cache
def reference(index):
    """The reference's logits [TOKENS, vocab] of the same prepared weights."""
    with open_model(prepared(index)) as opened:
        decoder = Decoder(opened.spec, opened.tensors(), compute_path(Compute.REFERENCE, 1))
        return logits_of(decoder, prompt(index))


def planned(opened, level, threads=2):
    """A planned decoder on this build."""
    path = compute_path(Compute.FAST, threads)
    tensors = opened.tensors()
    return PlannedDecoder(opened.spec, tensors, path, MappedExperts(tensors), level)


def read(decoder, cache, ids, wanted=slice(None), **more):
    """Logits of these tokens behind the cache."""
    return decoder.forward(Step(torch.tensor(ids)), cache, wanted, **more)
