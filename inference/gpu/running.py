"""A model on this machine's NVIDIA card: found, planned, copied, and what is told of it.

For: the engine, where a card was asked for. Everything of a card is imported when it is asked
for and not before. What stands in the way is told, and the processor computes instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import torch

from inference.card_use import CardUse
from inference.compute import ComputePath
from inference.events import LoadProgress
from inference.generation.sampler import Best, best_here
from inference.gpu.decoder import PlacedWeights, card_path, decoder_over, place_weights
from inference.gpu.placement import CardPlan, Home, place
from inference.gpu.popularity import kept
from inference.gpu.recorded import RecordedDecoder, is_whole
from inference.gpu.sampling import best_of
from inference.gpu.sizes import sizes_of
from inference.placement import Machine, work_bytes
from inference.sentence import said, sentence_of
from kernels.contracts import Backend, Op
from kernels.cuda.backend import CudaBackend
from kernels.gpu.artefacts import read_manifest
from kernels.gpu.cards import CARDS, Card
from kernels.gpu.devices import GpuDevice, find_gpus
from kernels.gpu.driver import DriverLauncher
from kernels.gpu.driver_api import DriverApi
from kernels.gpu.faults import gpu_fault, start_torch
from kernels.gpu.launching import Launcher
from kernels.gpu.replay import NotRecordedError
from kernels.registry import NoBackendError
from kernels.triton.attention_tiles import MODEL_SHAPES
from kernels.triton.backend import TritonBackend

if TYPE_CHECKING:
    from inference.decoders import AnyDecoder
    from inference.layers.decoder import Decoder
    from inference.loading import OpenedModel

# Of many rows at once: Triton's products use tensor cores of every target that it compiles for.
_TRITONS = (Op.LINEAR_MANY, Op.GQA_PREFILL, Op.MLA_PREFILL)


@dataclass(frozen=True)
class OnCard:
    """A decoder over a card, and what finds the likeliest of its logits; None where `use` says
    why not."""

    decoder: AnyDecoder | None
    use: CardUse
    best: Best = best_here


def run_on_card(
    opened: OpenedModel,
    host: ComputePath,
    context_tokens: int,
    on_progress: Callable[[LoadProgress], None] = lambda progress: None,
) -> OnCard:
    """Find a card, plan, copy. Raises nothing of a card: every obstacle is a reason. What
    `on_progress` raises ends it."""
    from inference.loading import PREPARED
    from inference.prepared.opening import prepared_checkpoint

    if opened.checkpoint.format != PREPARED:
        return _without(said("The model is not prepared."))
    found = find_gpus()
    device = found.chosen
    if device is None or found.api is None:
        return _without(found.reason)
    checkpoint = prepared_checkpoint(opened)
    sizes = sizes_of(opened.spec, checkpoint.recipe)
    memory = Machine(host.registry.hardware.memory_bytes)
    work = work_bytes(opened.spec, context_tokens)
    wanted = kept(checkpoint.path, sizes.routing)
    try:
        start_torch()
        card = replace(described(device), held_bytes=held_bytes(device))
        plan = place(sizes, card, memory, context_tokens, work, wanted)
        if not plan.runs or not plan.uses_card:
            give_back()
            return _without(plan.sentence)
        return _placed(opened, host, plan, device, found.api, on_progress)
    except NoBackendError as error:
        return _without(sentence_of(error))
    except Exception as error:
        fault = gpu_fault(error)
        if fault is None:
            raise
        return _without(sentence_of(fault))


def _without(reason: str) -> OnCard:
    return OnCard(None, CardUse(reason=reason))


def _placed(
    opened: OpenedModel,
    host: ComputePath,
    plan: CardPlan,
    device: GpuDevice,
    api: DriverApi,
    on_progress: Callable[[LoadProgress], None],
) -> OnCard:
    def tell(done: int, total: int) -> None:
        on_progress(LoadProgress(said("Copying experts to the graphics card"), done, total))

    launcher = DriverLauncher(api, device, read_manifest())
    backends, first_for = card_backends(launcher)
    hardware = host.registry.hardware
    card = card_path(host, backends, launcher.device, hardware, first_for)
    weights = place_weights(opened.tensors(), plan, card.device, tell)
    plain = decoder_over(opened.spec, weights, host, card, plan)
    decoder, steps = _recorded(plain, weights, card, plan, launcher)
    names = tuple(backend.name for backend in backends)
    best = best_of(launcher) if plan.head is Home.CARD else best_here
    return OnCard(decoder, CardUse(device.name, names, plan.sentence, steps=steps), best)


def _recorded(
    plain: Decoder, weights: PlacedWeights, card: ComputePath, plan: CardPlan, launcher: Launcher
) -> tuple[AnyDecoder, str]:
    """The decoder that replays steps, or the plain one; and a sentence that says which."""
    if not is_whole(plan):
        return plain, said("A token is computed an op at a time: not all of it is on the card.")
    try:
        decoder = RecordedDecoder(plain, weights, card, launcher)
    except (NoBackendError, NotRecordedError) as error:
        reason = sentence_of(error)
        return plain, said("A token is computed an op at a time: {reason}", reason=reason)
    return decoder, said("A token is one recorded step.")


def give_back() -> None:
    """Hand the card's memory that nothing uses any more to other programs: torch keeps it else.
    Of a card that was lost nothing can be had back."""
    if not torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        return
    try:
        torch.cuda.empty_cache()
    except RuntimeError as error:
        if gpu_fault(error) is None:
            raise


def card_backends(launcher: DriverLauncher) -> tuple[Sequence[Backend], Mapping[Op, str]]:
    """Those that have kernels for the card, in order, and who comes first for which op."""
    cuda = CudaBackend(launcher)
    if not launcher.has("triton"):
        return (cuda,), {}
    triton = TritonBackend(launcher, MODEL_SHAPES)
    return (cuda, triton), dict.fromkeys(_TRITONS, triton.name)


def held_bytes(device: GpuDevice) -> int:
    """Of a card's memory, by all programs, this one's context included, which begins here."""
    free, total = torch.cuda.mem_get_info(device.index)
    return int(total) - int(free)


def described(device: GpuDevice) -> Card:
    """A card as plans take it: a known one of that name with the memory that it has, or one of
    which the memory alone is known."""
    known = [card for name, card in CARDS.items() if device.name.endswith(name)]
    if known:
        return replace(known[0], memory_bytes=device.memory_bytes)
    return Card(device.name, device.capability, device.memory_bytes, 0.0, 0.0, 0.0, 0, 0.0)
