"""A card in whose place this machine computes: its memory is ours, its kernels are the reference.

For: the tests of models that were asked onto a card.
"""

from pathlib import Path

import torch

from inference import Engine, EngineOptions
from inference.events import Finished, Token
from inference.prompt.sandbox import SandboxRenderer
from inference.request import GenerateRequest, Message, SamplerSettings
from kernels.reference import ReferenceBackend
from kernels.registry import NoBackendError

TRAINED = Path(__file__).parents[2] / "data" / "tiny-r1"
REQUEST = GenerateRequest(
    (Message("user", "What is the capital of France?"),),
    SamplerSettings(temperature=0.0),
    max_tokens=6,
)


class CardBackend(ReferenceBackend):
    """The reference under a card's name; from the `fails_at`-th norm on, `error` is raised."""

    name = "cuda-card"
    fails_at: int | None = None
    error: BaseException = RuntimeError()
    calls = 0

    def rms_norm(self, x, weight, eps, out):
        type(self).calls += 1
        if self.fails_at is not None and self.calls >= self.fails_at:
            raise self.error
        super().rms_norm(x, weight, eps, out)


class HostLauncher:
    """In the place of the driver's: the card's memory is this machine's."""

    device = torch.device("cpu")
    name, target = "host", 86

    def __init__(self, api, gpu, made):
        pass


def unrecorded(plain, weights, card, launcher):
    raise NoBackendError("no kernel of CUDA reads this")


def loaded(path, on_progress=None):
    options = EngineOptions(context_tokens=256, card=True)
    return Engine.load(path, options, SandboxRenderer(), on_progress)


def answer(engine):
    events = list(engine.generate(REQUEST))
    assert isinstance(events[-1], Finished)
    return "".join(e.text for e in events if isinstance(e, Token)), events[-1].provenance
