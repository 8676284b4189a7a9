"""Experts in two places at once: those on a card there, the others on the processor.

For: layers whose routed experts do not all fit on a card. Activations cross the bus, weights
never do: the card's part is launched, the processor computes its own meanwhile, and the sum is
the card's part plus the processor's, in this order. Not here: who lies where (the placement's),
or any arithmetic of an expert (both backends').
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor

from kernels.contracts import Accepted, Answer, Backend, Expert, Op, Rejected, Threaded
from kernels.hardware import Hardware
from kernels.partial import PartialBackend
from kernels.schemes.base import Scheme
from kernels.sentence import said
from kernels.workspace import Workspace


def lies_in_memory(expert: Expert) -> bool:
    """Whether the processor computes it."""
    return all(buffer.device.type == "cpu" for buffer in expert.gate.buffers.values())


class HybridBackend(PartialBackend):
    """The op of experts over two backends; `host` computes those that `is_host` says."""

    def __init__(
        self, card: Backend, host: Backend, is_host: Callable[[Expert], bool] = lies_in_memory
    ) -> None:
        self.name = f"{card.name} with {host.name}"
        self._card = card
        self._host = host
        self._is_host = is_host
        # Of the processor's part: its scratch lies in memory whatever the caller's does.
        self._host_work = Workspace()

    def accepts(
        self, op: Op, scheme: Scheme | None, shape: Sequence[int], hardware: Hardware
    ) -> Answer:
        """Experts that both accept."""
        if op is not Op.EXPERTS:
            return Rejected(said("it only divides experts between a card and the processor"))
        for part in (self._card, self._host):
            answer = part.accepts(op, scheme, shape, hardware)
            if isinstance(answer, Rejected):
                return answer
        return Accepted()

    def use_threads(self, threads: int) -> None:
        """Of the processor's part."""
        if isinstance(self._host, Threaded):
            self._host.use_threads(threads)

    def experts(
        self,
        x: Tensor,
        experts: Mapping[int, Expert],
        chosen: Tensor,
        weights: Tensor,
        out: Tensor,
        work: Workspace,
    ) -> None:
        """Both parts; where one has no work it is not asked."""
        host = {index: expert for index, expert in experts.items() if self._is_host(expert)}
        card = {index: expert for index, expert in experts.items() if index not in host}
        if not host:
            self._card.experts(x, card, chosen, weights, out, work)
            return
        in_memory = torch.device("cpu")
        # What the processor waits for comes first; the card goes on with its own meanwhile.
        x_host, chosen_host, weights_host = (t.to(in_memory) for t in (x, chosen, weights))
        if card:
            its, by = _part_of(chosen_host, weights_host, card)
            self._card.experts(x, card, its.to(x.device), by.to(x.device), out, work)
        its, by = _part_of(chosen_host, weights_host, host)
        out_host = torch.empty(out.shape, dtype=out.dtype)
        self._host.experts(x_host, host, its, by, out_host, self._host_work)
        if card:
            out += out_host.to(out.device)
        else:
            out.copy_(out_host)


def _part_of(
    chosen: Tensor, weights: Tensor, experts: Mapping[int, Expert]
) -> tuple[Tensor, Tensor]:
    """The choices [rows, top_k] of `experts` alone, in order, in as few columns as they take.

    A row with fewer of them than others is filled up with further ones, which other rows have
    chosen, at weight 0: they are read anyway, and none gets a row twice (the few-row forms of
    ops count on it).
    """
    rows, top_k = chosen.shape
    ids = torch.tensor(sorted(experts), dtype=chosen.dtype)
    here = torch.isin(chosen, ids)
    columns = int(here.sum(-1).max())
    at_row, at_slot = here.nonzero(as_tuple=True)
    place = torch.searchsorted(ids, chosen[here])
    # Own choices come first, by their slots, then the others by their numbers.
    rank = torch.arange(top_k, top_k + len(ids)).repeat(rows, 1)
    rank[at_row, place] = at_slot
    by_id = weights.new_zeros(rows, len(ids))
    by_id[at_row, place] = weights[here]
    order = rank.argsort(dim=-1)[:, :columns]
    return ids[order], by_id.gather(-1, order)
