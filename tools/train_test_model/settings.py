"""What the trained test model is: its sizes, its control tokens and where its parts lie.

For every step of `python -m tools.train_test_model`. It trains and reads nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / ".cache" / "tiny-r1"
MODEL = ROOT / "tests" / "data" / "tiny-r1"
TEMPLATE = ROOT / "tests" / "data" / "templates" / "deepseek-r1-671b.jinja"
HELD_OUT_TEXT = ROOT / "tests" / "data" / "perplexity" / "english.txt"
# Its structure of pre-tokenizer and decoder is taken over; its vocabulary is not.
ORIGINAL_TOKENIZER = ROOT / ".cache" / "test-data" / "deepseek_v3" / "tokenizer.json"

BOS, EOS, PAD = "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜▁pad▁｜>"
USER, ASSISTANT = "<｜User｜>", "<｜Assistant｜>"
THINK, END_THINK = "<think>", "</think>"
# Where DeepSeek-V3 has them: three at the front, the others behind the byte pairs.
FRONT_TOKENS = (BOS, EOS, PAD)
BACK_TOKENS = (USER, ASSISTANT, THINK, END_THINK)

SEED = 20250120


@dataclass(frozen=True)
class Sizes:
    """The numbers of `config.json`, by its names."""

    vocab_size: int = 8192
    hidden_size: int = 256
    intermediate_size: int = 640
    moe_intermediate_size: int = 256
    num_hidden_layers: int = 4
    first_k_dense_replace: int = 1
    num_attention_heads: int = 8
    q_lora_rank: int = 128
    kv_lora_rank: int = 128
    qk_nope_head_dim: int = 32
    qk_rope_head_dim: int = 16
    v_head_dim: int = 32
    n_routed_experts: int = 16
    n_shared_experts: int = 1
    num_experts_per_tok: int = 4
    n_group: int = 4
    topk_group: int = 2
    routed_scaling_factor: float = 2.5
    rope_theta: float = 10000.0
    rms_norm_eps: float = 1e-6
    max_position_embeddings: int = 4096

    @property
    def qk_head_dim(self) -> int:
        """A query's or key's width: what rope leaves alone, and what it turns."""
        return self.qk_nope_head_dim + self.qk_rope_head_dim
