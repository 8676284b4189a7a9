"""Writing an oracle's weights as a GGUF file, as llama.cpp's converter does.

A second author's view: names come from the `gguf` package's own table.
"""

import gguf
import numpy as np
import torch

from tests.inference.oracles import GGUF_ARCHITECTURES, checkpoint_values, take_values

QUANTIZED = {"Q8_0": gguf.GGMLQuantizationType.Q8_0, "Q4_0": gguf.GGMLQuantizationType.Q4_0}


def save_gguf(model, path, work, scheme="F32", split_kv_b=True, extra=None, split_tensors=0):
    """Write `model`; with a quantized scheme the oracle takes the dequantized values."""
    config = model.config
    values = checkpoint_values(model, work / f"{path.stem}-hf")
    if scheme != "F32":
        values = {name: _rounded(name, v, scheme) for name, v in values.items()}
        take_values(model, values, work / f"{path.stem}-values")
    arch = GGUF_ARCHITECTURES[config.model_type]
    writer = gguf.GGUFWriter(
        str(path), gguf.MODEL_ARCH_NAMES[arch], split_max_tensors=split_tensors
    )
    _fields(writer, config, split_kv_b)
    if extra:
        extra(writer)
    names = gguf.get_tensor_name_map(arch, config.num_hidden_layers + 4)
    for name, tensor in _converted(values, config, split_kv_b, model).items():
        _add(writer, names, name, tensor, scheme)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _is_quantized(name, tensor):
    kept = name.endswith(("norm.weight", "bias", "mlp.gate.weight")) or "rope_freqs" in name
    return tensor.ndim >= 2 and not kept and tensor.shape[-1] % 32 == 0


def _rounded(name, tensor, scheme):
    if not _is_quantized(name, tensor) or not tensor.numel():
        return tensor
    kind = QUANTIZED[scheme]
    packed = gguf.quants.quantize(tensor.numpy(), kind)
    return torch.from_numpy(gguf.quants.dequantize(packed, kind).reshape(tensor.shape).copy())


def _add(writer, names, name, tensor, scheme):
    if name == "rope_freqs.weight":
        theirs = name
    else:
        theirs = names.get_name(name, try_suffixes=(".weight", ".bias"))
    assert theirs, name
    array = np.ascontiguousarray(tensor.numpy().astype(np.float32))
    # A transposed matrix can't be quantized again to the same values: it stays as it is.
    if scheme == "F32" or not _is_quantized(name, tensor) or "k_b_proj" in name:
        writer.add_tensor(theirs, array)
        return
    kind = QUANTIZED[scheme]
    writer.add_tensor(theirs, gguf.quants.quantize(array, kind), raw_dtype=kind)


def _converted(values, config, split_kv_b, model):
    """The tensors as the converter hands them on: stacked, split, permuted."""
    found, stacks = {}, {}
    for name, tensor in values.items():
        if not tensor.numel():
            continue
        parts = name.split(".")
        if "experts" in parts:
            key = ".".join([*parts[: parts.index("experts") + 1], *parts[-2:]])
            stacks.setdefault(key, {})[int(parts[parts.index("experts") + 1])] = tensor
        elif name.endswith("e_score_correction_bias"):
            found[name.replace("e_score_correction_bias", "e_score_correction.bias")] = tensor
        elif name.endswith("kv_b_proj.weight") and split_kv_b:
            found |= _split_kv_b(name, tensor, config)
        elif config.model_type == "llama" and ("q_proj" in name or "k_proj" in name):
            heads = config.num_attention_heads if "q_proj" in name else config.num_key_value_heads
            found[name] = _permuted(tensor, heads)
        else:
            found[name] = tensor
    for key, experts in stacks.items():
        found[key] = torch.stack([experts[i] for i in range(len(experts))])
    if (config.rope_parameters or {}).get("rope_type") == "llama3":
        head_dim = config.head_dim
        plain = config.rope_parameters["rope_theta"] ** -(torch.arange(0, head_dim, 2) / head_dim)
        found["rope_freqs.weight"] = plain / model.model.rotary_emb.inv_freq
    return found


def _split_kv_b(name, tensor, config):
    nope, value = config.qk_nope_head_dim, config.v_head_dim
    heads = tensor.view(config.num_attention_heads, nope + value, -1)
    return {
        name.replace("kv_b_proj", "k_b_proj"): heads[:, :nope].transpose(1, 2).contiguous(),
        name.replace("kv_b_proj", "v_b_proj"): heads[:, nope:].contiguous(),
    }


def _permuted(tensor, heads):
    """From halves to adjacent pairs."""
    rows = tensor.shape[0] // heads
    return tensor.reshape(heads, 2, rows // 2, *tensor.shape[1:]).transpose(1, 2).reshape_as(tensor)


def _fields(writer, config, split_kv_b):
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_vocab_size(config.vocab_size)
    rope = config.rope_parameters
    writer.add_rope_freq_base(rope["rope_theta"])
    if rope["rope_type"] == "linear":
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(rope["factor"])
    if rope["rope_type"] == "yarn":
        writer.add_rope_scaling_type(gguf.RopeScalingType.YARN)
        writer.add_rope_scaling_factor(rope["factor"])
        writer.add_rope_scaling_orig_ctx_len(rope["original_max_position_embeddings"])
    if hasattr(config, "kv_lora_rank"):
        _latent_fields(writer, config, split_kv_b)
        _expert_fields(writer, config)
        if rope.get("mscale_all_dim"):
            writer.add_rope_scaling_yarn_log_mul(0.1 * rope["mscale_all_dim"])
        return
    writer.add_head_count_kv(config.num_key_value_heads)
    head_dim = getattr(config, "head_dim", None)
    head_dim = head_dim or config.hidden_size // config.num_attention_heads
    writer.add_key_length(head_dim)
    writer.add_value_length(head_dim)
    if config.model_type == "llama":
        writer.add_rope_dimension_count(head_dim)
    if config.model_type == "qwen3_moe":
        writer.add_expert_count(config.num_experts)
        writer.add_expert_used_count(config.num_experts_per_tok)
        writer.add_expert_feed_forward_length(config.moe_intermediate_size)


def _latent_fields(writer, config, split_kv_b):
    rank, rope_dim = config.kv_lora_rank, config.qk_rope_head_dim
    qk_dim = config.qk_nope_head_dim + rope_dim
    writer.add_kv_lora_rank(rank)
    if config.q_lora_rank is not None:
        writer.add_q_lora_rank(config.q_lora_rank)
    writer.add_rope_dimension_count(rope_dim)
    if split_kv_b:
        writer.add_head_count_kv(1)
        writer.add_key_length(rank + rope_dim)
        writer.add_value_length(rank)
        writer.add_key_length_mla(qk_dim)
        writer.add_value_length_mla(config.v_head_dim)
    else:
        writer.add_head_count_kv(config.num_attention_heads)
        writer.add_key_length(qk_dim)
        writer.add_value_length(config.v_head_dim)


def _expert_fields(writer, config):
    writer.add_expert_count(config.n_routed_experts)
    writer.add_expert_used_count(config.num_experts_per_tok)
    writer.add_expert_shared_count(config.n_shared_experts)
    writer.add_expert_feed_forward_length(config.moe_intermediate_size)
    writer.add_expert_weights_scale(config.routed_scaling_factor)
    writer.add_expert_weights_norm(bool(config.norm_topk_prob))
    kinds = getattr(config, "mlp_layer_types", None)
    dense = kinds.count("dense") if kinds else config.first_k_dense_replace
    writer.add_leading_dense_block_count(dense)
    sigmoid = config.model_type != "deepseek_v2"
    gating = gguf.ExpertGatingFuncType
    writer.add_expert_gating_func(gating.SIGMOID if sigmoid else gating.SOFTMAX)
    grouped = sigmoid or config.topk_method == "group_limited_greedy"
    if grouped:
        writer.add_expert_group_count(config.n_group)
        writer.add_expert_group_used_count(config.topk_group)
