"""A model that was asked onto a card: what is used and why not, and what a failing card ends in.

There is no card here. The driver is a stand-in, what would lie on the card lies in this machine's
memory and is computed by the reference, and faults are raised where torch would raise them.
"""

import weakref

import pytest
import torch

from inference import Engine, EngineOptions
from inference.errors import CardFailedError
from inference.gpu import running
from inference.gpu.running import card_backends
from inference.prompt.sandbox import SandboxRenderer
from kernels.contracts import ATTENTION, Accepted, Op, Rejected
from kernels.gpu import devices
from kernels.gpu.artefacts import Artefacts
from kernels.gpu.devices import list_devices
from kernels.gpu.driver import DriverLauncher
from kernels.gpu.driver_api import DriverApi
from kernels.gpu.errors import GpuLostError, GpuOutOfMemoryError
from kernels.gpu.faults import gpu_fault
from kernels.hardware import probe
from kernels.registry import NoBackendError, Registry
from tests.inference.gpu.host_card import TRAINED, answer, loaded
from tests.kernels.gpu.fake_driver import RTX_3060, artefacts, built, fake_driver, module


def test_what_is_used_is_told_and_recorded(prepared, card):
    engine = loaded(prepared)
    assert engine.card_use.card == "Card A"
    assert engine.card_use.backends == ("cuda-card",)
    assert engine.card_use.plan
    assert engine.card_use.reason == ""
    text, provenance = answer(engine)
    assert text
    assert "cuda-card" in provenance.kernels
    engine.unload()


def test_whether_tokens_are_recorded_steps_is_told(prepared, card, monkeypatch):
    def steps():
        engine = loaded(prepared)
        engine.unload()
        return engine.card_use.steps

    assert "an op at a time: no kernel of CUDA reads this" in steps()
    monkeypatch.setattr(running, "RecordedDecoder", lambda plain, *others: plain)
    assert "one recorded step" in steps()
    monkeypatch.setattr(running, "is_whole", lambda plan: False)
    assert "not all of it is on the card" in steps()


FAULTS = {
    "memory is full": torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"),
    "lost": torch.AcceleratorError("CUDA error: an illegal memory access was encountered"),
    "older torch": RuntimeError("CUDA error: unspecified launch failure"),
    "ours": GpuLostError("The graphics card stopped answering (CUDA_ERROR_LAUNCH_FAILED)."),
}


# The first norms are the prompt's; later ones of a token that is written.
@pytest.mark.parametrize(
    ("fault", "norm"), [("memory is full", 1), ("lost", 60), ("older torch", 60), ("ours", 1)]
)
def test_a_card_that_fails_ends_the_answer_and_the_processor_goes_on(prepared, card, fault, norm):
    engine = loaded(prepared)
    want, _ = answer(engine)
    card.fails_at, card.error = card.calls + norm, FAULTS[fault]
    with pytest.raises(CardFailedError, match="The chat is kept as it is") as raised:
        answer(engine)
    assert raised.value.__cause__ is FAULTS[fault]
    assert ("memory is full" in raised.value.reason) == (fault == "memory is full")
    with pytest.raises(CardFailedError):  # never silently on something else
        answer(engine)
    engine.continue_on_processor()
    assert engine.card_use.card == ""
    assert engine.card_use.reason == raised.value.reason
    assert engine.card_use.steps == ""
    calls = card.calls
    text, provenance = answer(engine)
    assert card.calls == calls
    assert "cuda" not in provenance.kernels
    assert text[:8] == want[:8]
    engine.unload()


def test_copying_is_told_and_can_be_ended(prepared, card, monkeypatch):
    told = []
    engine = loaded(prepared, told.append)
    of_card = [each for each in told if "graphics card" in each.step]
    assert [each.done for each in of_card] == list(range(1, of_card[0].total + 1))
    engine.unload()

    def leave(progress):
        if "graphics card" in progress.step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        loaded(prepared, leave)


def test_what_lies_on_a_card_is_given_back(prepared, card, monkeypatch):
    emptied = []
    monkeypatch.setattr(torch.cuda, "is_initialized", lambda: True)
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: emptied.append(there()))
    engine = loaded(prepared)
    there = weakref.ref(engine._decoder)
    engine.unload()
    assert emptied == [None], "the decoder goes first"


def test_a_lost_card_gives_nothing_back_and_mistakes_are_not_hidden(monkeypatch):
    faults = [FAULTS["lost"], FAULTS["older torch"], RuntimeError("a mistake of ours")]

    def fails():
        raise faults.pop(0)

    monkeypatch.setattr(torch.cuda, "is_initialized", lambda: True)
    monkeypatch.setattr(torch.cuda, "empty_cache", fails)
    running.give_back()
    running.give_back()
    with pytest.raises(RuntimeError, match="of ours"):
        running.give_back()


def test_other_errors_are_none_of_the_cards(prepared, card):
    engine = loaded(prepared)
    card.fails_at, card.error = card.calls + 1, ValueError("a mistake of ours")
    with pytest.raises(ValueError, match="of ours"):
        answer(engine)
    card.fails_at = None
    assert answer(engine)[0]
    engine.continue_on_processor()  # nothing failed: nothing changes
    assert engine.card_use.card == "Card A"
    engine.unload()


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (torch.OutOfMemoryError("CUDA out of memory"), "memory is full"),
        (GpuLostError("The graphics card stopped answering (X)."), "stopped answering"),
    ],
)
def test_a_card_that_fails_while_weights_are_copied_is_told(
    prepared, card, monkeypatch, error, reason
):
    def fails(*arguments):
        raise error

    monkeypatch.setattr(running, "place_weights", fails)
    engine = loaded(prepared)
    assert engine.card_use.card == ""
    assert reason in engine.card_use.reason
    assert "cuda" not in answer(engine)[1].kernels
    engine.unload()


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("No CUDA GPUs are available"),
        RuntimeError("CUDA driver initialization failed, you might not have a CUDA gpu.\nMore"),
        AssertionError("Torch not compiled with CUDA enabled"),
        torch.cuda.DeferredCudaCallError("CUDA call failed lazily at initialization"),
    ],
)
def test_a_torch_that_does_not_find_the_drivers_card_is_told(prepared, card, monkeypatch, error):
    def fails():
        raise error

    monkeypatch.setattr(torch.cuda, "init", fails)
    engine = loaded(prepared)
    words = str(error).partition("\n")[0].rstrip(".")
    assert engine.card_use.card == ""
    assert engine.card_use.reason == f"torch can’t use the graphics card ({words})"
    assert answer(engine)[0]
    engine.unload()


def test_a_model_that_the_cards_kernels_do_not_serve_runs_on_the_processor(
    prepared, card, monkeypatch
):
    def accepts(self, op, scheme, shape, hardware):
        assert op not in ATTENTION or len(shape) == 2
        return Rejected("heads are too wide") if op in ATTENTION else Accepted()

    monkeypatch.setattr(card, "accepts", accepts)
    engine = loaded(prepared)
    assert engine.card_use.card == ""
    assert "heads are too wide" in engine.card_use.reason
    assert answer(engine)[0]
    engine.unload()


def test_mistakes_while_weights_are_copied_are_not_hidden(prepared, card, monkeypatch):
    def fails(*arguments):
        raise ValueError("a mistake of ours")

    monkeypatch.setattr(running, "place_weights", fails)
    with pytest.raises(ValueError, match="of ours"):
        loaded(prepared)


def test_without_a_card_or_a_prepared_model_the_reason_is_told(prepared, monkeypatch):
    monkeypatch.setattr(devices, "LIBRARY", "libno-such-driver.so.1")
    engine = loaded(prepared)
    assert "no NVIDIA driver is installed" in engine.card_use.reason
    assert answer(engine)[0]
    engine.unload()
    engine = loaded(TRAINED)
    assert "not prepared" in engine.card_use.reason
    engine.unload()


def test_where_no_card_was_asked_for_nothing_is_told(prepared):
    engine = Engine.load(prepared, EngineOptions(context_tokens=64), SandboxRenderer())
    assert engine.card_use is None
    engine.continue_on_processor()
    engine.unload()


def test_tritons_kernels_come_first_for_many_rows_where_there_are_any(tmp_path):
    driver = fake_driver(RTX_3060)
    api = DriverApi(driver.path)
    device = list_devices(api)[0]
    backends, first = card_backends(DriverLauncher(api, device, artefacts(tmp_path, 86)))
    assert [backend.name for backend in backends] == ["cuda-sm_86"]
    assert first == {}
    of_triton = module(tmp_path, "cubin", 86, [built("rope")], "triton")
    made = Artefacts((*artefacts(tmp_path, 86).modules, of_triton), tmp_path)
    backends, first = card_backends(DriverLauncher(api, device, made))
    assert [backend.name for backend in backends] == ["cuda-sm_86", "triton-sm_86"]
    assert first[Op.LINEAR_MANY] == "triton-sm_86"
    assert Op.LINEAR_FEW not in first
    registry = Registry(backends, probe(), first)
    for op, heads, runs in (
        *((Op.GQA_PREFILL, (128, 128), "triton"), (Op.GQA_PREFILL, (192, 128), "triton")),
        *((Op.MLA_PREFILL, (512, 64), "triton"), (Op.MLA_DECODE, (512, 64), "cuda")),
        # Nobody compiled Triton's for these, and CUDA's take any that there is room for.
        *((Op.GQA_PREFILL, (80, 80), "cuda"), (Op.MLA_PREFILL, (256, 64), "cuda")),
    ):
        assert registry.choose(op, shape=heads).backend.name == f"{runs}-sm_86"
    for op, heads in ((Op.GQA_DECODE, (288, 288)), (Op.MLA_PREFILL, (1024, 64))):
        with pytest.raises(NoBackendError, match="has room for heads of"):
            registry.choose(op, shape=heads)


def test_errors_of_torch_are_told_apart():
    assert isinstance(gpu_fault(torch.OutOfMemoryError("x")), GpuOutOfMemoryError)
    assert isinstance(gpu_fault(RuntimeError("CUDA error: out of memory")), GpuOutOfMemoryError)
    coded = torch.AcceleratorError("CUDA error: an illegal memory access")
    coded.error_code = 700
    assert "ILLEGAL_ADDRESS" in str(gpu_fault(coded))
    assert gpu_fault(RuntimeError("a shape is wrong")) is None
    assert gpu_fault(KeyError("CUDA error: no")) is None
