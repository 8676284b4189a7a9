"""A decode step as a list of launches: recorded once, and launched again in the same order.

For: whoever decodes a row on a card. On a GPU the list is a CUDA graph (`graphs`); elsewhere, as
in tests over the shim, it is the launches themselves. Either way a step that is recorded may do
nothing but launch: what torch would compute, copy or wait for is refused, because a replay would
leave it out, or make the host wait. Not here: the step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from kernels.gpu.graphs import Recorded, Step, record
from kernels.gpu.launching import Launch, Launcher
from kernels.sentence import said

_ATEN = torch.ops.aten
# Memory that nobody has written yet: of what a step takes, addresses alone are recorded.
_EMPTY = frozenset(
    {
        *(_ATEN.empty.memory_format, _ATEN.empty_strided.default, _ATEN.empty_like.default),
        *(_ATEN.new_empty.default, _ATEN.new_empty_strided.default),
    }
)


class NotRecordedError(Exception):
    """A step does what a list of launches can't; the message names torch's op."""


class _LaunchesAlone(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Inside, torch gives memory and views, and computes nothing."""

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Nothing here is compiled: saying so would import torch's whole compiler."""
        return False

    def __torch_dispatch__(
        self,
        func: Any,
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        if not func.is_view and func not in _EMPTY:
            raise NotRecordedError(
                said("a step asks torch for {operation}, which is no launch", operation=str(func))
            )
        return func(*args, **(kwargs or {}))


class Recording:
    """Launches in their order. Keeps what they were given alive."""

    def __init__(self, launcher: Launcher, launches: Sequence[Launch]) -> None:
        self._launcher = launcher
        self.launches = tuple(launches)

    def replay(self) -> None:
        """All of them, and nothing else."""
        for launch in self.launches:
            self._launcher.launch(launch)


class RecordingLauncher:
    """A launcher over another one, which can keep what a step launches."""

    def __init__(self, inner: Launcher, capture: Callable[[Step], Recorded] | None = None) -> None:
        """`capture`: records on a GPU, in the place of torch."""
        self.name, self.device, self.target = inner.name, inner.device, inner.target
        self._inner = inner
        self._capture = capture or partial(record, device=inner.device)
        self._kept: list[Launch] | None = None

    def launch(self, launch: Launch) -> None:
        """As the other does."""
        self._inner.launch(launch)
        if self._kept is not None:
            self._kept.append(launch)

    def record(self, step: Step) -> Recorded:
        """A `graphs.Record`. Raises NotRecordedError, and whatever the step raises."""

        def alone() -> None:
            with _LaunchesAlone():  # type: ignore[no-untyped-call]
                step()

        if self.device.type == "cuda":
            return self._capture(alone)
        kept: list[Launch] = []
        self._kept = kept
        try:
            alone()
        finally:
            self._kept = None
        return Recording(self._inner, kept)
