"""What whole layers take on this machine beyond what their parts were measured to take.

For: the machine's test, behind the kernels' own. Between the products of a layer threads wait for
one another, shares of work are uneven, pages and caches are missed: that is measured and not
guessed, on two small made-up models, one of each kind of attention, whose weights are larger than
caches. What is found is a share of what `prediction` foresees for the very same models.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import torch

from inference.checkpoint.config_json import JsonConfig
from inference.measure.made_up import made_up_decoder
from inference.measure.prediction import predict
from inference.models.base import ModelSpec
from inference.planned.decoder import PlannedDecoder
from inference.prepared.foreseen import foreseen_recipe, foreseen_spec
from inference.prepared.recipe import Recipe
from inference.session import Session
from kernels.cpu.speed import (
    KernelSpeed,
    LayerShare,
    SpeedTestCancelledError,
    measure_kernel_speed,
)

_MIX = "q4"
_PROMPT_TOKENS, _DECODE_TOKENS = 256, 12
_ROUNDS = 3
# A share that nothing explains comes from others' work beside the test.
_LEAST_SHARE, _MOST_SHARE = 0.7, 2.0
# Of the progress that is told, what the kernels' own test is.
_KERNELS = 0.6

_SIZES: dict[str, object] = {
    "hidden_size": 1024, "vocab_size": 1024, "max_position_embeddings": 4096,
    "rope_theta": 10000.0, "tie_word_embeddings": False, "torch_dtype": "bfloat16",
}  # fmt: skip
_GROUPED: dict[str, object] = {
    **_SIZES, "model_type": "llama", "num_hidden_layers": 8, "num_attention_heads": 8,
    "num_key_value_heads": 2, "intermediate_size": 3072,
}  # fmt: skip
_LATENT: dict[str, object] = {
    **_SIZES, "model_type": "deepseek_v3", "num_hidden_layers": 6, "num_attention_heads": 8,
    "num_key_value_heads": 8, "intermediate_size": 3072, "moe_intermediate_size": 512,
    "n_routed_experts": 32, "num_experts_per_tok": 4, "n_shared_experts": 1, "n_group": 1,
    "topk_group": 1, "first_k_dense_replace": 1, "q_lora_rank": 512, "kv_lora_rank": 512,
    "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128, "norm_topk_prob": True,
    "routed_scaling_factor": 2.5, "scoring_func": "sigmoid", "topk_method": "noaux_tc",
}  # fmt: skip


def measure_machine_speed(
    threads: int,
    stop_now: Callable[[], bool] = lambda: False,
    on_progress: Callable[[float], None] = lambda share: None,
) -> KernelSpeed:
    """The whole test: three to five seconds of all threads, and 0.3 GB of memory.

    Raises SpeedTestCancelledError, NativeLibraryError, MemoryError.
    """
    speed = measure_kernel_speed(threads, stop_now, lambda share: on_progress(share * _KERNELS))
    grouped = _share(_GROUPED, speed, stop_now)
    on_progress((1 + _KERNELS) / 2)
    latent = _share(_LATENT, speed, stop_now)
    on_progress(1.0)
    return replace(speed, grouped_layers=grouped, latent_layers=latent)


@dataclass(frozen=True)
class _Subject:
    """A small model, ready to be timed."""

    spec: ModelSpec
    recipe: Recipe
    decoder: PlannedDecoder


def _share(
    values: dict[str, object], speed: KernelSpeed, stop_now: Callable[[], bool]
) -> LayerShare:
    spec = foreseen_spec(JsonConfig("made up", values))
    recipe = foreseen_recipe(spec, _MIX)
    subject = _Subject(spec, recipe, made_up_decoder(spec, recipe, speed.threads))
    foreseen = predict(spec, recipe, speed, _PROMPT_TOKENS)
    prefill, decode = _timed(subject, stop_now)
    return LayerShare(
        decode=_likely(foreseen.decode_tokens_per_s / decode),
        prefill=_likely(foreseen.prefill_tokens_per_s / prefill),
    )


def _timed(subject: _Subject, stop_now: Callable[[], bool]) -> tuple[float, float]:
    """Tokens a second of both kinds, medians."""
    draw = torch.Generator().manual_seed(2)
    count = _PROMPT_TOKENS + _DECODE_TOKENS
    ids = torch.randint(subject.spec.vocab_size, (count,), generator=draw).tolist()
    session = Session(subject.decoder, count)
    prefill, decode = [], []
    for _ in range(_ROUNDS + 1):
        session.truncate(0)
        if stop_now():
            raise SpeedTestCancelledError
        started_s = time.perf_counter()
        for _read in session.read(ids[:_PROMPT_TOKENS]):
            pass
        read_s = time.perf_counter()
        session.truncate(0)
        for token_id in ids[_PROMPT_TOKENS:]:
            session.step(token_id)
        decode.append(_DECODE_TOKENS / (time.perf_counter() - read_s))
        prefill.append(_PROMPT_TOKENS / (read_s - started_s))
    return _median(prefill), _median(decode)


def _median(rates: Sequence[float]) -> float:
    """Without the first, which goes over memory that was never touched."""
    return statistics.median(rates[1:])


def _likely(share: float) -> float:
    return min(_MOST_SHARE, max(_LEAST_SHARE, share))
