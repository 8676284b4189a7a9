"""Writes the two mixtures that speed is measured on: real shapes, random weights, GGUF.

For: `make bench`, which makes what is missing. `v2lite` has the sizes of DeepSeek-V2-Lite,
`v2lite12` is twelve layers of it (what several engines can hold at once), `v3mini` has
the structure of DeepSeek-V3 made small. Weights lie in the mix that llama.cpp's Q4_K_M
gives: six bits for every third down projection, and where rows are no multiple of 256 the
32-wide schemes. They are random and say nothing; speed does not depend on what is said,
except that routing is even.

    python -m benchmarks.shapes v2lite|v2lite12|v3mini OUT.gguf
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from gguf import ExpertGatingFuncType, GGUFWriter, RopeScalingType
from gguf import GGMLQuantizationType as Scheme

from benchmarks.random_blocks import BLOCKS, RandomWeights

FILE_TYPE_Q4_K_M = 15
CONTEXT_TOKENS = 163_840
ROPE_BASE, YARN_FACTOR, YARN_FROM_TOKENS = 10_000.0, 40.0, 4096


@dataclass(frozen=True)
class Shape:
    """Sizes of a deepseek2 model; 0 for `query_latent` means one query projection."""

    name: str
    layers: int
    dense_layers: int
    hidden: int
    dense_width: int
    vocab: int
    heads: int
    query_latent: int
    experts: int
    experts_used: int
    shared_experts: int
    expert_width: int
    groups: int
    groups_used: int
    gate: ExpertGatingFuncType
    weights_normed: bool
    weights_scale: float
    yarn_log: float
    pre_tokenizer: str
    latent: int = 512
    head: int = 128
    rope: int = 64

    @property
    def query(self) -> int:
        """Width of a query or key head: the plain and the rotated part."""
        return self.head + self.rope


V2_LITE = Shape(
    name="rand-DeepSeek-V2-Lite",
    layers=27,
    dense_layers=1,
    hidden=2048,
    dense_width=10_944,
    vocab=102_400,
    heads=16,
    query_latent=0,
    experts=64,
    experts_used=6,
    shared_experts=2,
    expert_width=1408,
    groups=1,
    groups_used=1,
    gate=ExpertGatingFuncType.SOFTMAX,
    weights_normed=False,
    weights_scale=1.0,
    yarn_log=0.0707,
    pre_tokenizer="deepseek-llm",
)
V3_MINI = Shape(
    name="rand-DeepSeek-V3-mini",
    layers=19,
    dense_layers=3,
    hidden=1024,
    dense_width=3072,
    vocab=32_768,
    heads=8,
    query_latent=512,
    experts=256,
    experts_used=8,
    shared_experts=1,
    expert_width=256,
    groups=8,
    groups_used=4,
    gate=ExpertGatingFuncType.SIGMOID,
    weights_normed=True,
    weights_scale=2.5,
    yarn_log=0.1,
    pre_tokenizer="deepseek-v3",
)
# Peers take a model of this kind for one with a single query projection by its 26 or 27 layers
# alone, so the cut has two, which together are 4 % larger than the one.
V2_LITE_12 = replace(V2_LITE, layers=12, query_latent=1280)
SHAPES = {"v2lite": V2_LITE, "v2lite12": V2_LITE_12, "v3mini": V3_MINI}


@dataclass(frozen=True)
class TensorPlan:
    """One tensor to write; `dims` in GGUF's order, the row first."""

    name: str
    dims: tuple[int, ...]
    scheme: Scheme

    @property
    def size_bytes(self) -> int:
        """What its data takes, without padding."""
        values = int(np.prod(self.dims))
        if self.scheme == Scheme.F32:
            return 4 * values
        width, size = BLOCKS[self.scheme]
        return values // width * size


def six_bit_layer(layer: int, layers: int) -> bool:
    """Whether Q4_K_M spends six bits on a layer's down projection."""
    eighth = layers // 8
    return layer < eighth or layer >= 7 * layers // 8 or (layer - eighth) % 3 == 2


def matrix(name: str, dims: tuple[int, ...], wish: Scheme = Scheme.Q4_K) -> TensorPlan:
    """A weight in the wished scheme, or in the 32-wide one where rows do not fit it."""
    if dims[0] % BLOCKS[wish][0]:
        wish = {Scheme.Q4_K: Scheme.Q5_0, Scheme.Q6_K: Scheme.Q8_0}[wish]
    return TensorPlan(f"{name}.weight", dims, wish)


def vector(name: str, *dims: int) -> TensorPlan:
    """What stays in float32."""
    return TensorPlan(name, dims, Scheme.F32)


def attention(shape: Shape, at: str) -> Iterator[TensorPlan]:
    """Latent attention, with key and value projections split as llama.cpp's converter does."""
    queries = shape.heads * shape.query
    if shape.query_latent:
        yield vector(f"{at}.attn_q_a_norm.weight", shape.query_latent)
        yield matrix(f"{at}.attn_q_a", (shape.hidden, shape.query_latent))
        yield matrix(f"{at}.attn_q_b", (shape.query_latent, queries))
    else:
        yield matrix(f"{at}.attn_q", (shape.hidden, queries))
    yield matrix(f"{at}.attn_kv_a_mqa", (shape.hidden, shape.latent + shape.rope))
    yield matrix(f"{at}.attn_k_b", (shape.head, shape.latent, shape.heads))
    yield matrix(f"{at}.attn_v_b", (shape.latent, shape.head, shape.heads))
    yield matrix(f"{at}.attn_output", (shape.heads * shape.head, shape.hidden))


def feed_forward(
    at: str, kind: str, sizes: tuple[int, int], down: Scheme, *copies: int
) -> Iterator[TensorPlan]:
    """Gate, up and down of one kind (``, `_exps`, `_shexp`); sizes are (hidden, width)."""
    hidden, width = sizes
    yield matrix(f"{at}.ffn_gate{kind}", (hidden, width, *copies))
    yield matrix(f"{at}.ffn_up{kind}", (hidden, width, *copies))
    yield matrix(f"{at}.ffn_down{kind}", (width, hidden, *copies), down)


def layer_tensors(shape: Shape, layer: int) -> Iterator[TensorPlan]:
    """One layer, in file order."""
    at = f"blk.{layer}"
    down = Scheme.Q6_K if six_bit_layer(layer, shape.layers) else Scheme.Q4_K
    yield vector(f"{at}.attn_norm.weight", shape.hidden)
    yield vector(f"{at}.ffn_norm.weight", shape.hidden)
    yield vector(f"{at}.attn_kv_a_norm.weight", shape.latent)
    yield from attention(shape, at)
    if layer < shape.dense_layers:
        yield from feed_forward(at, "", (shape.hidden, shape.dense_width), down)
        return
    yield vector(f"{at}.ffn_gate_inp.weight", shape.hidden, shape.experts)
    if shape.gate == ExpertGatingFuncType.SIGMOID:
        yield vector(f"{at}.exp_probs_b.bias", shape.experts)
    sizes = (shape.hidden, shape.expert_width)
    yield from feed_forward(at, "_exps", sizes, down, shape.experts)
    shared = (shape.hidden, shape.expert_width * shape.shared_experts)
    yield from feed_forward(at, "_shexp", shared, down)


def tensors(shape: Shape) -> Iterator[TensorPlan]:
    """Every tensor, in file order."""
    yield matrix("token_embd", (shape.hidden, shape.vocab))
    yield vector("output_norm.weight", shape.hidden)
    yield matrix("output", (shape.hidden, shape.vocab), Scheme.Q6_K)
    for layer in range(shape.layers):
        yield from layer_tensors(shape, layer)


def add_sizes(writer: GGUFWriter, shape: Shape) -> None:
    """The architecture's keys."""
    writer.add_name(shape.name)
    writer.add_file_type(FILE_TYPE_Q4_K_M)
    writer.add_quantization_version(2)
    writer.add_block_count(shape.layers)
    writer.add_context_length(CONTEXT_TOKENS)
    writer.add_embedding_length(shape.hidden)
    writer.add_feed_forward_length(shape.dense_width)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(1)
    writer.add_rope_freq_base(ROPE_BASE)
    writer.add_layer_norm_rms_eps(1e-6)
    add_experts(writer, shape)
    writer.add_leading_dense_block_count(shape.dense_layers)
    writer.add_vocab_size(shape.vocab)
    if shape.query_latent:
        writer.add_q_lora_rank(shape.query_latent)
    writer.add_kv_lora_rank(shape.latent)
    writer.add_key_length(shape.latent + shape.rope)
    writer.add_value_length(shape.latent)
    writer.add_key_length_mla(shape.query)
    writer.add_value_length_mla(shape.head)
    writer.add_expert_feed_forward_length(shape.expert_width)
    writer.add_expert_shared_count(shape.shared_experts)
    writer.add_expert_weights_scale(shape.weights_scale)
    writer.add_expert_weights_norm(shape.weights_normed)
    writer.add_rope_dimension_count(shape.rope)
    writer.add_rope_scaling_type(RopeScalingType.YARN)
    writer.add_rope_scaling_factor(YARN_FACTOR)
    writer.add_rope_scaling_orig_ctx_len(YARN_FROM_TOKENS)
    writer.add_rope_scaling_yarn_log_mul(shape.yarn_log)


def add_experts(writer: GGUFWriter, shape: Shape) -> None:
    """How experts are chosen."""
    writer.add_expert_used_count(shape.experts_used)
    writer.add_expert_count(shape.experts)
    writer.add_expert_group_count(shape.groups)
    writer.add_expert_group_used_count(shape.groups_used)
    writer.add_expert_gating_func(shape.gate)


def byte_letters() -> list[str]:
    """The letter that byte-level BPE writes for each byte (GPT-2's table).

    Printable Latin-1 stands for itself; the others take 256, 257, … in order.
    """
    printable = {*range(33, 127), *range(161, 173), *range(174, 256)}
    others = iter(range(256, 512))
    return [chr(byte if byte in printable else next(others)) for byte in range(256)]


def add_tokenizer(writer: GGUFWriter, shape: Shape) -> None:
    """Bytes, two merges and names to fill the vocabulary: enough to open the file with."""
    words = [*byte_letters(), "ab", "cd"]
    words += [f"tok{i}" for i in range(len(words), shape.vocab - 2)]
    normal, control = 1, 3
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(shape.pre_tokenizer)
    writer.add_token_list([*words, "<|bos|>", "<|eos|>"])
    writer.add_token_types([normal] * len(words) + [control, control])
    writer.add_token_merges(["a b", "c d"])
    writer.add_bos_token_id(shape.vocab - 2)
    writer.add_eos_token_id(shape.vocab - 1)


def declare(writer: GGUFWriter, tensor: TensorPlan) -> None:
    """One line of the tensor table; rows of packed tensors are counted in bytes there."""
    outer = tensor.dims[:0:-1]
    if tensor.scheme == Scheme.F32:
        shape = (*outer, tensor.dims[0])
        writer.add_tensor_info(tensor.name, shape, np.dtype(np.float32), tensor.size_bytes)
        return
    row_bytes = tensor.size_bytes // int(np.prod(outer))
    shape = (*outer, row_bytes)
    writer.add_tensor_info(
        tensor.name, shape, np.dtype(np.uint8), tensor.size_bytes, raw_dtype=tensor.scheme
    )


def write(shape: Shape, path: Path) -> None:
    """Writes the file, tensor by tensor; it appears under its name when it is whole."""
    partial = path.with_name(f"{path.name}.part")
    writer = GGUFWriter(partial, "deepseek2")
    add_sizes(writer, shape)
    add_tokenizer(writer, shape)
    plans = list(tensors(shape))
    for plan in plans:
        declare(writer, plan)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    assert writer.fout is not None, "the header has just been written"
    (file,) = writer.fout
    writer.write_padding(file, file.tell())
    weights = RandomWeights(seed=0)
    for plan in plans:
        for piece in weights.pieces(plan.name, plan.scheme, plan.size_bytes):
            file.write(piece)
        writer.write_padding(file, plan.size_bytes)
    writer.close()
    partial.replace(path)


def main() -> None:
    """Writes one shape."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("shape", choices=SHAPES)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    write(SHAPES[arguments.shape], arguments.out)


if __name__ == "__main__":
    main()
