"""Small models made here, and the real starter model."""

from dataclasses import dataclass, replace
from pathlib import Path

import gguf
import numpy as np
import pytest

DATA = Path(__file__).parents[1] / "data"


@dataclass(frozen=True)
class TinyLlama:
    """A random llama in GGUF: shapes, and what the header says."""

    vocab: int = 40
    hidden: int = 24
    layers: int = 3
    heads: int = 4
    kv_heads: int = 2
    head_dim: int = 6
    value_dim: int | None = None
    rope_dim: int = 6
    width: int = 32
    context: int = 128
    tied: bool = False
    rope_factors: bool = False
    seed: int = 0

    def with_(self, **changes):
        return replace(self, **changes)

    def tensors(self):
        """Name → float32 numpy array, as they go into the file."""
        random = np.random.default_rng(self.seed)

        def normal(*shape):
            return (random.standard_normal(shape) / np.sqrt(shape[-1])).astype(np.float32)

        def near_one(*shape):
            return (1 + 0.1 * random.standard_normal(shape)).astype(np.float32)

        q, kv = self.heads * self.head_dim, self.kv_heads * self.head_dim
        found = {
            "token_embd.weight": normal(self.vocab, self.hidden) * 4,
            "output_norm.weight": near_one(self.hidden),
        }
        if not self.tied:
            found["output.weight"] = normal(self.vocab, self.hidden)
        if self.rope_factors:
            found["rope_freqs.weight"] = 1 + random.random(self.rope_dim // 2).astype(np.float32)
        for i in range(self.layers):
            found |= {
                f"blk.{i}.attn_norm.weight": near_one(self.hidden),
                f"blk.{i}.attn_q.weight": normal(q, self.hidden),
                f"blk.{i}.attn_k.weight": normal(kv, self.hidden),
                f"blk.{i}.attn_v.weight": normal(kv, self.hidden),
                f"blk.{i}.attn_output.weight": normal(self.hidden, q),
                f"blk.{i}.ffn_norm.weight": near_one(self.hidden),
                f"blk.{i}.ffn_gate.weight": normal(self.width, self.hidden),
                f"blk.{i}.ffn_up.weight": normal(self.width, self.hidden),
                f"blk.{i}.ffn_down.weight": normal(self.hidden, self.width),
            }
        return found

    def write(self, path: Path, change=None, extra=None):
        """Write it; `change(tensors)` may damage it first, `extra(writer)` add fields."""
        writer = gguf.GGUFWriter(str(path), "llama")
        writer.add_block_count(self.layers)
        writer.add_context_length(self.context)
        writer.add_embedding_length(self.hidden)
        writer.add_feed_forward_length(self.width)
        writer.add_head_count(self.heads)
        writer.add_head_count_kv(self.kv_heads)
        writer.add_key_length(self.head_dim)
        writer.add_value_length(self.value_dim or self.head_dim)
        writer.add_rope_dimension_count(self.rope_dim)
        writer.add_rope_freq_base(10000.0)
        writer.add_layer_norm_rms_eps(1e-5)
        if extra:
            extra(writer)
        tensors = self.tensors()
        if change:
            change(tensors)
        for name, values in tensors.items():
            writer.add_tensor(name, values)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        return path


@pytest.fixture(scope="session")
def tiny_llama(tmp_path_factory):
    """A maker: tiny_llama(**changes, change=…, extra=…) → path."""
    folder = tmp_path_factory.mktemp("models")
    count = 0

    def make(change=None, extra=None, **changes):
        nonlocal count
        count += 1
        return TinyLlama(**changes).write(folder / f"tiny-{count}.gguf", change, extra)

    return make


@pytest.fixture(scope="session")
def english_text():
    """The fixed English text of the perplexity record."""
    return (DATA / "perplexity" / "english.txt").read_text(encoding="utf-8")
