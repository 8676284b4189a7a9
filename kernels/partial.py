"""For backends that offer some ops: the others say so, should anyone call them unasked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torch import Tensor

from kernels.contracts import Expert, RouterRule
from kernels.schemes.base import PackedTensor
from kernels.workspace import Workspace


class PartialBackend:
    """Every op of `contracts.Backend` as a refusal; a backend overrides what it accepts."""

    name: str

    def _refuse(self, op: str) -> AssertionError:
        return AssertionError(f"{self.name} was given {op} without accepting it")

    def linear(
        self, x: Tensor, weight: PackedTensor, bias: Tensor | None, out: Tensor, work: Workspace
    ) -> None:
        """Not offered."""
        raise self._refuse("linear")

    def head_linear(
        self,
        x: Tensor,
        weights: Sequence[PackedTensor],
        transposed: bool,
        out: Tensor,
        work: Workspace,
    ) -> None:
        """Not offered."""
        raise self._refuse("head_linear")

    def embedding(self, token_ids: Tensor, table: PackedTensor, out: Tensor) -> None:
        """Not offered."""
        raise self._refuse("embedding")

    def rms_norm(self, x: Tensor, weight: Tensor, eps: float, out: Tensor) -> None:
        """Not offered."""
        raise self._refuse("rms_norm")

    def rope(self, x: Tensor, cos: Tensor, sin: Tensor, interleaved: bool) -> None:
        """Not offered."""
        raise self._refuse("rope")

    def silu_mul(self, gate: Tensor, up: Tensor, out: Tensor) -> None:
        """Not offered."""
        raise self._refuse("silu_mul")

    def gqa(
        self, q: Tensor, keys: Tensor, values: Tensor, scale: float, out: Tensor, work: Workspace
    ) -> None:
        """Not offered."""
        raise self._refuse("gqa")

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
        """Not offered."""
        raise self._refuse("mla")

    def router(
        self, logits: Tensor, bias: Tensor | None, rule: RouterRule
    ) -> tuple[Tensor, Tensor]:
        """Not offered."""
        raise self._refuse("router")

    def experts(
        self,
        x: Tensor,
        experts: Mapping[int, Expert],
        chosen: Tensor,
        weights: Tensor,
        out: Tensor,
        work: Workspace,
    ) -> None:
        """Not offered."""
        raise self._refuse("experts")
