"""Writes a trained network as a DeepSeek-V3 checkpoint: the hub's names, weights in 8 bits.

For the `export` step and for `figures`. The file's values, dequantized, are the model from
then on. The embedding and head that the hub's checkpoint repeats in its layer for the token
after the next are left out: there they are copies, here they would be a third of the file.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn

from tools.train_test_model.experts import Experts
from tools.train_test_model.network import Layer, Mixture, Network
from tools.train_test_model.settings import Sizes
from tools.train_test_model.training import trained_network
from tools.train_test_model.vocabulary import configuration

BLOCK = 128
FP8_LARGEST = 448.0
SCALE_SUFFIX = "_scale_inv"
BIAS_NAME = "e_score_correction_bias"


def layer_views(prefix: str, layer: Layer) -> dict[str, torch.Tensor]:
    """A decoder layer's tensors by the hub's names; experts one by one."""
    views = {}
    for name, tensor in [*layer.named_parameters(), *layer.named_buffers()]:
        if "mlp.experts" in name or name.endswith("router.load"):
            continue
        known = name.replace("router.weight", "gate.weight").replace(
            "router.bias", f"gate.{BIAS_NAME}"
        )
        views[f"{prefix}.{known}"] = tensor.detach()
    if isinstance(layer.mlp, Mixture):
        views |= expert_views(f"{prefix}.mlp.experts", layer.mlp.experts)
    return views


def expert_views(prefix: str, experts: Experts) -> dict[str, torch.Tensor]:
    """Each expert's three matrices."""
    stacks = {"gate": experts.gate, "up": experts.up, "down": experts.down}
    return {
        f"{prefix}.{number}.{kind}_proj.weight": matrix
        for kind, stack in stacks.items()
        for number, matrix in enumerate(stack.detach().unbind())
    }


def named_views(network: Network) -> dict[str, torch.Tensor]:
    """Every tensor by its name in the hub's checkpoint; writing into one changes the network."""
    views = {
        "model.embed_tokens.weight": network.embed_tokens.weight.detach(),
        "model.norm.weight": network.norm.weight.detach(),
        "lm_head.weight": network.lm_head.weight.detach(),
    }
    layers = [layer for layer in network.layers if isinstance(layer, Layer)]
    for number, layer in enumerate([*layers, network.next_next.layer]):
        views |= layer_views(f"model.layers.{number}", layer)
    last, further = f"model.layers.{len(layers)}", network.next_next
    pieces: dict[str, nn.Module] = {
        "enorm": further.enorm, "hnorm": further.hnorm, "eh_proj": further.eh_proj,
        "shared_head.norm": further.norm,
    }  # fmt: skip
    for name, module in pieces.items():
        views[f"{last}.{name}.weight"] = module.get_parameter("weight").detach()
    return views


def is_packed(name: str, tensor: torch.Tensor) -> bool:
    """Whether DeepSeek-V3 keeps this tensor in 8 bits."""
    wide = ("embed_tokens", "lm_head", "mlp.gate.", "eh_proj")
    return tensor.dim() == 2 and not any(part in name for part in wide)


def blocks(matrix: torch.Tensor) -> torch.Tensor:
    """The matrix with zeros around, as [row blocks, BLOCK, column blocks, BLOCK]."""
    rows, columns = matrix.shape
    whole = nn.functional.pad(matrix, (0, -columns % BLOCK, 0, -rows % BLOCK))
    return whole.view(whole.shape[0] // BLOCK, BLOCK, -1, BLOCK)


def pack(matrix: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """A matrix as e4m3 codes of its shape, and float32 scales [row blocks, column blocks].

    DeepSeek-V3's report, section 3.3.2: a block's largest magnitude becomes e4m3's largest;
    value = code × scale.
    """
    parts = blocks(matrix.float())
    scales = parts.abs().amax(dim=(1, 3)).clamp(min=1e-12) / FP8_LARGEST
    codes = (parts / scales[:, None, :, None]).flatten(2).flatten(0, 1)
    codes = codes[: matrix.shape[0], : matrix.shape[1]]
    return codes.to(torch.float8_e4m3fn).contiguous(), scales.contiguous()


def unpack(codes: torch.Tensor, scales: torch.Tensor) -> torch.Tensor:
    """The float32 values of `pack`'s result."""
    rows, columns = codes.shape
    spread = scales.repeat_interleave(BLOCK, 0).repeat_interleave(BLOCK, 1)
    return codes.float() * spread[:rows, :columns]


def packed_tensors(network: Network) -> dict[str, torch.Tensor]:
    """The checkpoint's tensors in V3's types."""
    tensors = {}
    for name, tensor in named_views(network).items():
        if is_packed(name, tensor):
            tensors[name], tensors[name + SCALE_SUFFIX] = pack(tensor)
        elif name.endswith(BIAS_NAME):
            # Only differences matter; above zero, masking a closed group by 0 or by -inf agree.
            tensors[name] = (tensor - tensor.min()).float()
        else:
            tensors[name] = tensor.to(torch.bfloat16).contiguous()
    return tensors


def unpacked_tensors(path: Path) -> dict[str, torch.Tensor]:
    """A checkpoint's values in float32, by name."""
    tensors = load_file(path)
    return {
        name: unpack(tensor, tensors[name + SCALE_SUFFIX])
        if name + SCALE_SUFFIX in tensors
        else tensor.float()
        for name, tensor in tensors.items()
        if not name.endswith(SCALE_SUFFIX)
    }


def config(sizes: Sizes) -> dict[str, object]:
    """`config.json`, with the names and the order of DeepSeek-V3's."""
    return {
        "architectures": ["DeepseekV3ForCausalLM"],
        "attention_bias": False,
        "attention_dropout": 0.0,
        "bos_token_id": 0,
        "eos_token_id": 1,
        "ep_size": 1,
        "first_k_dense_replace": sizes.first_k_dense_replace,
        "hidden_act": "silu",
        "hidden_size": sizes.hidden_size,
        "initializer_range": 0.02,
        "intermediate_size": sizes.intermediate_size,
        "kv_lora_rank": sizes.kv_lora_rank,
        "max_position_embeddings": sizes.max_position_embeddings,
        "model_type": "deepseek_v3",
        "moe_intermediate_size": sizes.moe_intermediate_size,
        "moe_layer_freq": 1,
        "n_group": sizes.n_group,
        "n_routed_experts": sizes.n_routed_experts,
        "n_shared_experts": sizes.n_shared_experts,
        "norm_topk_prob": True,
        "num_attention_heads": sizes.num_attention_heads,
        "num_experts_per_tok": sizes.num_experts_per_tok,
        "num_hidden_layers": sizes.num_hidden_layers,
        "num_key_value_heads": sizes.num_attention_heads,
        "num_nextn_predict_layers": 1,
        "q_lora_rank": sizes.q_lora_rank,
        "qk_nope_head_dim": sizes.qk_nope_head_dim,
        "qk_rope_head_dim": sizes.qk_rope_head_dim,
        "quantization_config": {
            "activation_scheme": "dynamic",
            "fmt": "e4m3",
            "quant_method": "fp8",
            "weight_block_size": [BLOCK, BLOCK],
        },
        "rms_norm_eps": sizes.rms_norm_eps,
        "rope_scaling": None,
        "rope_theta": sizes.rope_theta,
        "routed_scaling_factor": sizes.routed_scaling_factor,
        "scoring_func": "sigmoid",
        "tie_word_embeddings": False,
        "topk_group": sizes.topk_group,
        "topk_method": "noaux_tc",
        "torch_dtype": "bfloat16",
        "use_cache": True,
        "v_head_dim": sizes.v_head_dim,
        "vocab_size": sizes.vocab_size,
    }


def generation_config() -> dict[str, object]:
    """`generation_config.json`, with R1's sampling."""
    return {
        "_from_model_config": True,
        "bos_token_id": 0,
        "eos_token_id": 1,
        "do_sample": True,
        "temperature": 0.6,
        "top_p": 0.95,
    }


def write_json(path: Path, content: object) -> None:
    """As the hub's files are: two spaces, UTF-8, a newline at the end."""
    text = json.dumps(content, indent=2, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def write_model(work: Path, model: Path) -> None:
    """The model folder, but for its card and figures."""
    sizes = Sizes()
    model.mkdir(parents=True, exist_ok=True)
    tensors = packed_tensors(trained_network(work, sizes))
    weights = model / "model.safetensors"
    save_file(tensors, weights, metadata={"format": "pt"})
    weights.chmod(0o644)
    write_json(model / "config.json", config(sizes))
    write_json(model / "generation_config.json", generation_config())
    write_json(model / "tokenizer_config.json", configuration())
    shutil.copyfile(work / "tokenizer.json", model / "tokenizer.json")
