"""A decoder on a card that decodes by a recorded step: a token is one copy to the card and one
replay, and the host looks at nothing on the way.

For: `running`, where a whole model lies on a card. Prompts, and more rows than one, go the way of
`layers.decoder.Decoder`, an op at a time; a recorded row has that decoder's bits. Not here:
recording (`kernels.gpu.replay`), and models of which something is computed by the processor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import torch
from torch import Tensor

from inference.cache.base import KVCache
from inference.cache.gqa import GqaCache
from inference.cache.latent import LatentCache
from inference.compute import ComputePath
from inference.gpu.decoder import PlacedWeights
from inference.gpu.placement import CardPlan, Home
from inference.gpu.steps import CardExperts, GrowingCache, StepCache, StepInputs
from inference.layers.decoder import Decoder, ForwardCancelledError, Paths, Step
from inference.models.base import ModelSpec, MoeSpec
from kernels.cuda.stepping import SteppingBackend
from kernels.gpu.graphs import StepGraphs
from kernels.gpu.launching import Launcher
from kernels.gpu.replay import RecordingLauncher
from kernels.registry import Registry
from kernels.workspace import Workspace

# Of the trial: a plain step, then one that is recorded.
_TRIAL_TOKENS = 2


def is_whole(plan: CardPlan) -> bool:
    """Whether all that a step computes behind the embedding is on the card."""
    homes = (plan.head, *(home.always for home in plan.layers))
    experts = (at for home in plan.layers for at in home.experts)
    return all(at is Home.CARD for at in (*homes, *experts))


@dataclass
class _Conversation:
    """Of one cache: where it lay when its step was recorded, the graph, and its logits."""

    graphs: StepGraphs
    places: tuple[tuple[int, int], ...] = ()
    logits: Tensor | None = None


class RecordedDecoder:
    """A model whose plan is whole on the card (`is_whole`)."""

    def __init__(
        self, decoder: Decoder, weights: PlacedWeights, card: ComputePath, launcher: Launcher
    ) -> None:
        """`decoder`: the same model an op at a time. Raises NoBackendError where CUDA's kernels
        do not serve an op, NotRecordedError where a step is more than launches, and GpuError."""
        self.spec = decoder.spec
        self._decoder = decoder
        self._launcher = RecordingLauncher(launcher)
        rope_dim = self.spec.layers[0].attention.rope.dim
        self._inputs = StepInputs(self.spec.hidden_size, rope_dim // 2, launcher.device)
        self._backend = SteppingBackend(self._launcher, self._inputs.seen)
        self._work = Workspace(launcher.device)
        path = replace(
            card,
            registry=Registry([self._backend], card.registry.hardware),
            work=self._work,
            add=self._backend.add,
        )
        store = CardExperts(weights.store, _experts_of(self.spec), launcher.device)
        paths = Paths((path,) * len(self.spec.layers), path)
        self._steps = Decoder(self.spec, weights.tensors, decoder.path, store, paths)
        self._conversations: WeakKeyDictionary[GrowingCache, _Conversation] = WeakKeyDictionary()
        self._is_warm = False
        self._try()

    def _try(self) -> None:
        """Find out now whether steps can be recorded; it loads the kernels, too."""
        cache = self.new_cache(_TRIAL_TOKENS)
        for _ in range(_TRIAL_TOKENS):
            self.forward(Step(torch.zeros(1, dtype=torch.int64)), cache, slice(0))

    @property
    def path(self) -> ComputePath:
        """The embedding's."""
        return self._decoder.path

    @property
    def kernels(self) -> str:
        """As the decoder below."""
        return self._decoder.kernels

    @property
    def torch_threads(self) -> int:
        """As the decoder below."""
        return self._decoder.torch_threads

    @property
    def threads(self) -> int:
        """As the decoder below."""
        return self._decoder.threads

    def use_threads(self, threads: int) -> None:
        """As the decoder below."""
        self._decoder.use_threads(threads)

    def new_cache(self, capacity_tokens: int) -> KVCache:
        """An empty cache for one conversation. Where it grows, its step is recorded anew."""
        return self._decoder.new_cache(capacity_tokens)

    @torch.inference_mode()
    def forward(
        self,
        step: Step,
        cache: KVCache,
        rows_wanted: slice,
        stop_now: Callable[[], bool] = lambda: False,
    ) -> Tensor:
        """As `Decoder.forward`; one row is not interrupted once it has begun."""
        if step.token_ids.shape[0] != 1:
            return self._decoder.forward(step, cache, rows_wanted, stop_now)
        if stop_now():
            raise ForwardCancelledError
        assert isinstance(cache, GqaCache | LatentCache)
        conversation = self._conversation(cache)
        hidden, angles = self._decoder.inputs(step, cache.length)
        self._inputs.write(hidden, angles, cache.length + 1)
        self._run(cache, conversation)
        cache.extend(1)
        assert conversation.logits is not None
        return conversation.logits[rows_wanted].clone()

    def _conversation(self, cache: GrowingCache) -> _Conversation:
        """With room for a row more; what was recorded over other memory is forgotten. Raises
        ContextOverflowError."""
        reserved = (cache.reserve(layer, 1) for layer in range(len(self.spec.layers)))
        places = tuple((part.data_ptr(), part.shape[-2]) for pair in reserved for part in pair)
        found = self._conversations.get(cache)
        if found is None:
            found = _Conversation(StepGraphs(self._work, self._launcher.record))
            self._conversations[cache] = found
        if found.places != places:
            found.graphs.forget()
            found.places = places
        return found

    def _run(self, cache: GrowingCache, conversation: _Conversation) -> None:
        into = StepCache(cache, self._backend)

        def step() -> None:
            inputs = self._inputs
            conversation.logits = self._steps.through(
                inputs.hidden, inputs.angles, into, slice(None)
            )

        if self._is_warm:  # every conversation's graphs share the scratch memory
            with self._work.fixed():
                conversation.graphs.run("step", step)
            return
        conversation.graphs.run("step", step)
        self._is_warm = True


def _experts_of(spec: ModelSpec) -> list[int]:
    forwards = (layer.feed_forward for layer in spec.layers)
    return [one.num_experts if isinstance(one, MoeSpec) else 0 for one in forwards]
