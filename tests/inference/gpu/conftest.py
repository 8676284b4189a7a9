"""A machine with one card, and a model that is prepared for it."""

import pytest
import torch

from inference.gpu import running
from inference.gpu.sampling import best_of
from inference.prepared.preparing import prepare, quantizing_by
from kernels.cuda.shim.orders import chosen_launcher
from kernels.gpu import devices
from tests.inference.gpu.host_card import TRAINED, CardBackend, HostLauncher, unrecorded
from tests.kernels.gpu.fake_driver import RTX_3060, artefacts, fake_driver


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    return prepare(TRAINED, tmp_path_factory.mktemp("prepared") / "tiny-r1", quantizing_by("q8"))


@pytest.fixture
def card(monkeypatch, tmp_path):
    """A machine with one card, whose backend can be told to fail."""

    class Own(CardBackend):
        pass

    driver = fake_driver(RTX_3060)
    monkeypatch.setattr(devices, "LIBRARY", driver.path)
    monkeypatch.setattr(devices, "torch_cuda", lambda: "13.0")
    made = artefacts(tmp_path, 86)
    monkeypatch.setattr(devices, "read_manifest", lambda: made)
    monkeypatch.setattr(torch.cuda, "init", lambda: None)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda index: (11 << 30, 12 << 30))
    monkeypatch.setattr(running, "DriverLauncher", HostLauncher)
    monkeypatch.setattr(running, "card_backends", lambda launcher: ((Own(),), {}))
    monkeypatch.setattr(running, "RecordedDecoder", unrecorded)
    # What finds the likeliest is the shim's, which has CUDA's kernels.
    monkeypatch.setattr(running, "best_of", lambda launcher: best_of(chosen_launcher()))
    return Own
