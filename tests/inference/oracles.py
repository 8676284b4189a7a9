"""Random small models of every architecture, as transformers has them, and their files.

The oracle's own classes make and run them; `gguf`'s own table names tensors; what a
converter does to weights (permuting, splitting, stacking) is written here a second time.
"""

import json
import logging
import warnings
from dataclasses import dataclass, field

import gguf
import torch
import transformers as hf
from safetensors.torch import load_file, save_file

from kernels.schemes import SCHEMES

logging.getLogger("transformers").setLevel(logging.ERROR)
hf.utils.logging.disable_progress_bar()

CLASSES = {
    "deepseek_v2": (hf.DeepseekV2Config, hf.DeepseekV2ForCausalLM),
    "deepseek_v3": (hf.DeepseekV3Config, hf.DeepseekV3ForCausalLM),
    "glm4_moe_lite": (hf.Glm4MoeLiteConfig, hf.Glm4MoeLiteForCausalLM),
    "llama": (hf.LlamaConfig, hf.LlamaForCausalLM),
    "qwen2": (hf.Qwen2Config, hf.Qwen2ForCausalLM),
    "qwen3": (hf.Qwen3Config, hf.Qwen3ForCausalLM),
    "qwen3_moe": (hf.Qwen3MoeConfig, hf.Qwen3MoeForCausalLM),
}
GGUF_ARCHITECTURES = {
    "deepseek_v2": gguf.MODEL_ARCH.DEEPSEEK2,
    "deepseek_v3": gguf.MODEL_ARCH.DEEPSEEK2,
    "glm4_moe_lite": gguf.MODEL_ARCH.DEEPSEEK2,
    "llama": gguf.MODEL_ARCH.LLAMA,
    "qwen2": gguf.MODEL_ARCH.QWEN2,
    "qwen3": gguf.MODEL_ARCH.QWEN3,
    "qwen3_moe": gguf.MODEL_ARCH.QWEN3MOE,
}
YARN = {
    "rope_type": "yarn",
    "factor": 8.0,
    "original_max_position_embeddings": 32,
    "beta_fast": 32,
    "beta_slow": 1,
}
LLAMA3 = {
    "rope_type": "llama3",
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 32,
}


@dataclass(frozen=True)
class Case:
    """A configuration: the model type, and fields over the small defaults."""

    model_type: str
    fields: dict = field(default_factory=dict)
    seed: int = 0

    def __str__(self):
        parts = [self.model_type, *(f"{k}={_short(v)}" for k, v in self.fields.items())]
        return "-".join(parts)[:120]

    def config(self):
        kind, _ = CLASSES[self.model_type]
        config = kind(**(_defaults(self.model_type) | json.loads(json.dumps(self.fields))))
        config._attn_implementation = "eager"
        config._experts_implementation = "eager"
        return config


def _short(value):
    return value.get("rope_type") if isinstance(value, dict) else value


def _defaults(model_type):
    base = {
        "vocab_size": 61,
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 3,
        "num_attention_heads": 4,
        "num_key_value_heads": 4,
        "max_position_embeddings": 256,
    }
    if model_type in ("deepseek_v2", "deepseek_v3", "glm4_moe_lite"):
        base |= {
            "q_lora_rank": 24,
            "kv_lora_rank": 32,
            "qk_nope_head_dim": 16,
            "qk_rope_head_dim": 8,
            "v_head_dim": 16,
            "n_routed_experts": 8,
            "num_experts_per_tok": 3,
            "n_shared_experts": 1,
            "moe_intermediate_size": 32,
        }
    if model_type == "deepseek_v3":
        base |= {"n_group": 1, "topk_group": 1}
    if model_type != "glm4_moe_lite" and model_type.startswith("deepseek"):
        base |= {"first_k_dense_replace": 1}
    if model_type == "qwen3_moe":
        base |= {"num_experts": 8, "num_experts_per_tok": 3, "moe_intermediate_size": 32}
    if model_type == "qwen3":
        base |= {"head_dim": 8}
    return base


def make_oracle(case):
    """The model with random weights of a size that keeps logits lively."""
    torch.manual_seed(case.seed)
    _, kind = CLASSES[case.model_type]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Initializing zero-element tensors")
        model = kind(case.config()).eval()
    with torch.no_grad():
        for name, values in model.state_dict().items():
            if name.endswith("norm.weight"):
                values.normal_(1, 0.2)
            elif name.endswith("bias"):
                values.normal_(0, 0.1)
            elif values.numel():
                values.normal_(0, values.shape[-1] ** -0.5)
        if case.config().tie_word_embeddings:
            model.tie_weights()
    return model


def oracle_logits(model, token_ids):
    """[sequence, vocab]."""
    with torch.inference_mode():
        return model(torch.tensor([token_ids])).logits[0]


def oracle_greedy(model, prompt, count):
    """`count` greedy tokens behind `prompt`."""
    with torch.inference_mode():
        out = model.generate(
            torch.tensor([prompt]),
            attention_mask=torch.ones(1, len(prompt), dtype=torch.int64),
            max_new_tokens=count,
            min_new_tokens=count,
            do_sample=False,
            pad_token_id=0,
            eos_token_id=None,
        )
    return out[0, len(prompt) :].tolist()


def some_tokens(case, count=40):
    return torch.randint(
        case.config().vocab_size, (count,), generator=torch.Generator().manual_seed(case.seed + 1)
    ).tolist()


def save_safetensors(model, folder, shard_size="5GB"):
    """As transformers writes it."""
    model.save_pretrained(folder, max_shard_size=shard_size)
    return folder


def save_fp8(model, folder):
    """V3's FP8: linear weights of layers in blocks with scales; `model` takes their values."""
    model.save_pretrained(folder)
    file = folder / "model.safetensors"
    tensors, values = load_file(file), {}
    for name, tensor in load_file(file).items():
        is_linear = tensor.ndim == 2 and ".layers." in name and not name.endswith("gate.weight")
        if not is_linear or 0 in tensor.shape:
            values[name] = tensor
            continue
        packed = SCHEMES["FP8_E4M3_128"].pack(tensor)
        tensors[name] = packed.buffers["codes"].view(torch.float8_e4m3fn)
        tensors[f"{name}_scale_inv"] = packed.buffers["scales"]
        values[name] = packed.dequantize()
    save_file(tensors, file)
    config = json.loads((folder / "config.json").read_text())
    config["quantization_config"] = {
        "activation_scheme": "dynamic",
        "fmt": "e4m3",
        "quant_method": "fp8",
        "weight_block_size": [128, 128],
    }
    (folder / "config.json").write_text(json.dumps(config))
    take_values(model, values, folder.parent / f"{folder.name}-dequantized")
    return folder


def take_values(model, values, folder):
    """Load per-expert weights into the oracle the way it loads any checkpoint."""
    folder.mkdir()
    model.config.save_pretrained(folder)
    save_file({name: v.contiguous() for name, v in values.items()}, folder / "model.safetensors")
    loaded = type(model).from_pretrained(folder, dtype=torch.float32)
    model.load_state_dict(loaded.state_dict())


def checkpoint_values(model, folder):
    """The tensors as a checkpoint has them: per expert."""
    model.save_pretrained(folder)
    return load_file(folder / "model.safetensors")
