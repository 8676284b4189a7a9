"""Small models for tests of preparation, and what their prepared forms must hold."""

import gguf
import numpy as np
import torch

from inference.loading import open_model
from inference.measure.logits import logits_of
from inference.models.base import MlaSpec
from kernels.schemes import BLOCK_SCHEMES

HALVES = {
    "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208],
    "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "IQ4_XS": [0], "IQ4_NL": [0], "IQ2_XXS": [0],
    "IQ3_S": [0], "Q4_0": [0], "Q8_0": [0],
}  # fmt: skip


def random_blocks(name, rows, columns, random):
    """uint8 [rows, row bytes] of a scheme, with scales that keep values small."""
    scheme = BLOCK_SCHEMES[name]
    if scheme.block_elements == 1:
        values = torch.from_numpy(random.standard_normal((rows, columns)) / np.sqrt(columns))
        return scheme.pack(values).buffers["blocks"].numpy()
    raw = random.integers(0, 256, (rows, scheme.row_bytes(columns)), dtype=np.uint8)
    blocks = raw.reshape(-1, scheme.block_bytes)
    for at in HALVES.get(name, ()):
        scales = (random.random(len(blocks)) * 1e-3).astype(np.float16)
        blocks[:, at : at + 2] = scales.view(np.uint8).reshape(-1, 2)
    if name == "MXFP4":
        blocks[:, 0] = 120
    return raw


def quantized_llama(path, matrices, hidden=256, layers=2, vocab=70, width=512, seed=0, **extra):
    """A llama with random blocks: `matrices` maps a suffix of a name to its scheme; the first
    that fits counts, and what fits none is F32."""
    random = np.random.default_rng(seed)
    writer = gguf.GGUFWriter(str(path), "llama")
    heads, kv_heads, head_dim = 4, 2, hidden // 4
    writer.add_name(extra.get("name", "Tiny quantized"))
    writer.add_block_count(layers)
    writer.add_context_length(128)
    writer.add_embedding_length(hidden)
    writer.add_feed_forward_length(width)
    writer.add_head_count(heads)
    writer.add_head_count_kv(kv_heads)
    writer.add_key_length(head_dim)
    writer.add_value_length(head_dim)
    writer.add_rope_dimension_count(head_dim)
    writer.add_rope_freq_base(10000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    shapes = {"token_embd.weight": (vocab, hidden), "output_norm.weight": (hidden,)}
    if not extra.get("tied"):
        shapes["output.weight"] = (vocab, hidden)
    for i in range(layers):
        shapes |= {
            f"blk.{i}.attn_norm.weight": (hidden,),
            f"blk.{i}.attn_q.weight": (heads * head_dim, hidden),
            f"blk.{i}.attn_k.weight": (kv_heads * head_dim, hidden),
            f"blk.{i}.attn_v.weight": (kv_heads * head_dim, hidden),
            f"blk.{i}.attn_output.weight": (hidden, heads * head_dim),
            f"blk.{i}.ffn_norm.weight": (hidden,),
            f"blk.{i}.ffn_gate.weight": (width, hidden),
            f"blk.{i}.ffn_up.weight": (width, hidden),
            f"blk.{i}.ffn_down.weight": (hidden, width),
        }
    for name, shape in shapes.items():
        scheme = next((s for suffix, s in matrices.items() if name.endswith(suffix)), "F32")
        if extra.get("zeros") and len(shape) == 2:
            zeros = np.zeros((shape[0], BLOCK_SCHEMES[scheme].row_bytes(shape[1])), np.uint8)
            writer.add_tensor(name, zeros, raw_dtype=gguf.GGMLQuantizationType[scheme])
            continue
        if scheme == "F32" or len(shape) == 1:
            values = random.standard_normal(shape) / np.sqrt(shape[-1]) + (len(shape) == 1)
            writer.add_tensor(name, values.astype(np.float32))
            continue
        raw = random_blocks(scheme, *shape, random)
        writer.add_tensor(name, raw, raw_dtype=gguf.GGMLQuantizationType[scheme])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def same(got, want, name):
    assert got.shape == want.shape, name
    assert torch.equal(got.isnan(), want.isnan()), name
    assert torch.equal(got.nan_to_num() + 0.0, want.nan_to_num() + 0.0), name


def assert_lossless(source, folder):
    """Every value of every tensor that runs, float32, is the source's."""
    with open_model(source) as original, open_model(folder) as prepared:
        assert prepared.spec == original.spec
        theirs, ours = original.tensors(), prepared.tensors()
        unseen = set(ours)
        for name, packed in theirs.items():
            for ours_name, want in _expected(name, packed.dequantize(), original.spec):
                same(ours[ours_name].dequantize(), want, ours_name)
                unseen.discard(ours_name)
        assert not unseen


def _expected(name, values, spec):
    if ".experts." in name and values.dim() == 3:
        before, part = name.rsplit(".", 1)
        for index, one in enumerate(values):
            yield f"{before}.{index}.{part}", one
    elif name.endswith("kv_b.weight"):
        attention = spec.layers[0].attention
        assert isinstance(attention, MlaSpec)
        heads = values.view(attention.num_heads, -1, values.shape[-1])
        stem = name.removesuffix("weight")
        yield stem + "keys", heads[:, : attention.nope_dim]
        yield stem + "values", heads[:, attention.nope_dim :]
    else:
        yield name, values


def reference_logits(path, token_ids):
    from inference.compute import compute_path
    from inference.request import Compute

    with open_model(path) as opened:
        return logits_of(opened.decoder(compute_path(Compute.REFERENCE)), token_ids)


def folder_bytes(folder):
    """Name → bytes of every file."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
