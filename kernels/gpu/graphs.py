"""A decode step as a CUDA graph: recorded once, and launched again as one thing.

For: whoever decodes on a card, where a token is hundreds of launches. Not here: the step.

What may be recorded: launches on the current stream whose grids, arguments and addresses are the
same at every replay. So a step reads its token, its position and all else that changes from
buffers that stay where they are; it copies nothing to the host, waits for nothing, allocates
nothing (`Workspace.fixed`), and chooses no kernel or split by how long the context is, but for a
span of contexts that is the graph's key. A layer of whose experts some are computed by the
processor can't be recorded: its activations cross the bus in the middle.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Protocol

import torch

from kernels.workspace import Workspace

Step = Callable[[], None]


class Recorded(Protocol):
    """What was recorded."""

    def replay(self) -> None:
        """All of its launches, on the current stream."""


Record = Callable[[Step], Recorded]


def record(step: Step, device: torch.device | None = None) -> Recorded:
    """By torch, in memory of the graph's own. On its current card, which `device` becomes here:
    what is launched on another one goes past the graph, and replays would do nothing."""
    with torch.cuda.device(device):
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            step()
    return graph


class StepGraphs:
    """Graphs of one step by what is the same in each: the rows, and the span of contexts.

    The first run of a key is a plain one, which loads kernels and takes scratch memory; the second
    records; all later ones replay. Raises AssertionError where a step takes more while it
    is recorded, and whatever the step raises; then nothing is kept of it.
    """

    def __init__(self, work: Workspace, record: Record = record, most: int = 16) -> None:
        self._work = work
        self._record = record
        self._most = most
        self._warm: set[Hashable] = set()
        self._graphs: dict[Hashable, Recorded] = {}

    def run(self, key: Hashable, step: Step) -> None:
        """`step`, whichever way."""
        graph = self._graphs.get(key)
        if graph is None and key in self._warm and len(self._graphs) < self._most:
            with self._work.fixed():
                graph = self._graphs[key] = self._record(step)
        if graph is not None:
            graph.replay()
            return
        step()
        self._warm.add(key)

    def forget(self) -> None:
        """Give back what was recorded: before any of its addresses changes."""
        self._graphs.clear()
        self._warm.clear()
