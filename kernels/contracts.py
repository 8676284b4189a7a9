"""What each op computes, and what a backend is.

For: backends (they implement), layers (they call), tests (one case list holds every
backend to the reference). Not here: which backend runs (`registry`).

Axes: rows = tokens of this step; positions = tokens in the cache; heads, kv_heads;
head_dim; in/out = features. Activations are contiguous in the last axis and of one
floating dtype per call, which is also the output's. `out` is written whole and aliases
no input. Ops raise nothing for values; shapes are validated where layers are built.

Row invariance: for 1 to `MAX_INVARIANT_ROWS` rows, `linear_few`, `linear_exact`,
`head_linear`, `gqa_decode`, `mla_decode`, `experts` and the row-wise ops give each row the
same bits whatever its neighbours and the thread count: the order of every reduction is
fixed.

GPUs: tensors of a call live on one device, and the op runs on that device's current
stream; a backend synchronises nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

from torch import Tensor

from kernels.schemes.base import PackedTensor, Scheme
from kernels.workspace import Workspace

if TYPE_CHECKING:
    from kernels.hardware import Hardware

MAX_INVARIANT_ROWS = 8


class Op(StrEnum):
    """Every op that a backend may offer."""

    LINEAR_FEW = "linear_few"
    LINEAR_MANY = "linear_many"
    LINEAR_EXACT = "linear_exact"  # linear where rounding x would change a choice: the router's
    HEAD_LINEAR = "head_linear"
    EMBEDDING = "embedding"
    RMS_NORM = "rms_norm"
    ROPE = "rope"
    SILU_MUL = "silu_mul"
    GQA_DECODE = "gqa_decode"
    GQA_PREFILL = "gqa_prefill"
    MLA_DECODE = "mla_decode"
    MLA_PREFILL = "mla_prefill"
    ROUTER = "router"
    EXPERTS = "experts"


ATTENTION = (Op.GQA_DECODE, Op.GQA_PREFILL, Op.MLA_DECODE, Op.MLA_PREFILL)


@dataclass(frozen=True)
class Accepted:
    """The backend runs this."""


@dataclass(frozen=True)
class Rejected:
    """The backend does not run this, because `reason`."""

    reason: str


Answer = Accepted | Rejected


@dataclass(frozen=True)
class RouterRule:
    """How router logits become chosen experts (DeepSeek-V3 report, section 2.1.2).

    With `num_groups` > 1 only the `top_groups` best groups compete; a group's score is
    the sum of its two best (`sum_two`, V3) or its best (`best`, V2). A bias on the
    scores takes part in choosing and never in weighting.
    """

    top_k: int
    scoring: Literal["softmax", "sigmoid"]
    num_groups: int = 1
    top_groups: int = 1
    group_score: Literal["best", "sum_two"] = "best"
    normalise: bool = False
    scaling_factor: float = 1.0


@dataclass(frozen=True)
class Expert:
    """One routed expert: gate and up [width, hidden], down [hidden, width]."""

    gate: PackedTensor
    up: PackedTensor
    down: PackedTensor


class Backend(Protocol):
    """One implementation of some ops. `accepts` is asked before any is called."""

    @property
    def name(self) -> str:
        """Short name, as `doctor` prints it."""

    def accepts(
        self, op: Op, scheme: Scheme | None, shape: Sequence[int], hardware: Hardware
    ) -> Answer:
        """Whether this op runs here for weights of `scheme` and `shape`.

        `scheme` is None for ops without weights, and `shape` empty but for attention: the widths
        of a head's keys and values, or of the latents and the rotary keys.
        """

    def linear(
        self, x: Tensor, weight: PackedTensor, bias: Tensor | None, out: Tensor, work: Workspace
    ) -> None:
        """out [rows, out] = x [rows, in] · weight [out, in]ᵀ + bias [out]."""

    def head_linear(
        self,
        x: Tensor,
        weights: Sequence[PackedTensor],
        transposed: bool,
        out: Tensor,
        work: Workspace,
    ) -> None:
        """One matrix a head: out[:, h] = x[:, h] · weights[h]ᵀ, or · weights[h] if `transposed`.

        x [rows, heads, in], out [rows, heads, out]; weights[h] is [out, in], and [in, out]
        if `transposed`.
        """

    def embedding(self, token_ids: Tensor, table: PackedTensor, out: Tensor) -> None:
        """out [rows, hidden] = the rows `token_ids` (int64 [rows]) of table [vocab, hidden]."""

    def rms_norm(self, x: Tensor, weight: Tensor, eps: float, out: Tensor) -> None:
        """out = x / sqrt(mean(x²) + eps) · weight over the last axis (Zhang & Sennrich 2019).

        x [..., features], weight [features]; `out` may be `x`.
        """

    def rope(self, x: Tensor, cos: Tensor, sin: Tensor, interleaved: bool) -> None:
        """Rotate x [rows, heads, dim] in place by cos, sin [rows, dim/2] (Su et al. 2021).

        Pairs are (2i, 2i+1) if `interleaved`, else (i, i + dim/2).
        """

    def silu_mul(self, gate: Tensor, up: Tensor, out: Tensor) -> None:
        """out = silu(gate) · up, elementwise; `out` may be `gate`."""

    def gqa(
        self,
        q: Tensor,
        keys: Tensor,
        values: Tensor,
        scale: float,
        out: Tensor,
        work: Workspace,
    ) -> None:
        """Causal attention, several query heads to a kv head (Ainslie et al. 2023).

        q [rows, heads, head_dim], out [rows, heads, value_dim]; keys [kv_heads, positions,
        head_dim], values [kv_heads, positions, value_dim], the last `rows` positions being
        the rows themselves: row i sees positions up to positions - rows + i.
        """

    def mla(
        self,
        q_latent: Tensor,
        q_rope: Tensor,
        latent: Tensor,
        k_rope: Tensor,
        scale: float,
        out: Tensor,
        work: Workspace,
    ) -> None:
        """Causal attention in the latent space (DeepSeek-V2 report, section 2.1).

        q_latent, out [rows, heads, kv_lora_rank], q_rope [rows, heads, rope_dim],
        latent [positions, kv_lora_rank], k_rope [positions, rope_dim]; causal as `gqa`.
        """

    def router(
        self, logits: Tensor, bias: Tensor | None, rule: RouterRule
    ) -> tuple[Tensor, Tensor]:
        """Chosen experts int64 [rows, top_k] and their weights [rows, top_k].

        logits float32 [rows, experts], bias [experts]. Order within top_k is by score.
        """

    def experts(
        self,
        x: Tensor,
        experts: Mapping[int, Expert],
        chosen: Tensor,
        weights: Tensor,
        out: Tensor,
        work: Workspace,
    ) -> None:
        """out [rows, hidden] = Σ_k weights · down(silu(gate(x)) · up(x)) of the chosen experts.

        x [rows, hidden]; chosen int64 [rows, top_k]; weights [rows, top_k]. `experts` holds
        those that were chosen, by id.
        """


@runtime_checkable
class Threaded(Protocol):
    """A backend with threads of its own."""

    def use_threads(self, threads: int) -> None:
        """So many from now on; between two runs."""
