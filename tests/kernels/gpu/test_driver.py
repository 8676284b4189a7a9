"""Which file a card gets, how it is loaded, and what a launch hands to the driver.

Against a stand-in that executes nothing (fake_driver.c): the loader is proved, no kernel is.
"""

import pytest
import torch

from kernels.gpu import devices
from kernels.gpu.artefacts import Artefacts, read_manifest, write_manifest
from kernels.gpu.devices import find_gpus, list_devices
from kernels.gpu.driver import DriverLauncher
from kernels.gpu.driver_api import DriverApi
from kernels.gpu.errors import GpuError, GpuLostError, GpuOutOfMemoryError, MissingKernelError
from kernels.gpu.launching import Kernel, Kind, Launch, Parameter
from kernels.testing.backends import candidates
from tests.kernels.gpu.fake_driver import (
    FUTURE,
    ORIN,
    RTX_3060,
    RTX_5090,
    SMALL,
    TESLA_P4,
    artefacts,
    built,
    fake_driver,
    module,
)

PARAMETERS = (
    Parameter("x", Kind.F32_POINTER),
    *(Parameter(f"n{kind}", kind) for kind in (Kind.I32, Kind.I64, Kind.F32)),
)
COPY = Kernel("copy", PARAMETERS)


def launcher(driver, made, index=0, stream=lambda index: 77 + index):
    api = DriverApi(driver.path)
    return DriverLauncher(api, list_devices(api)[index], made, stream)


def copied(**changed):
    arguments = (torch.zeros(4), -5, 1 << 40, 0.5)
    plain = {"kernel": COPY, "grid": (3, 2, 1), "arguments": arguments, "block_threads": 128}
    return Launch(**plain | changed)


def test_a_launch_says_all_of_itself_in_torchs_context_and_stream(tmp_path):
    driver = fake_driver(RTX_3060, RTX_5090)
    second = launcher(driver, artefacts(tmp_path, 86, 120), index=1)
    assert second.name == "sm_120"
    assert second.device == torch.device("cuda", 1)
    launch = copied(shared_bytes=1024)
    address = f"{launch.arguments[0].data_ptr():x}"
    second.launch(launch)
    assert driver.seen == [
        "load cubin 120 on 1",
        "launch copy grid 3 2 1 block 128 1 1 shared 1024 stream 78 on 1: "
        f"{address} -5 1099511627776 0.5",
    ]


def test_a_module_is_loaded_once(tmp_path):
    driver = fake_driver(RTX_3060)
    own = launcher(driver, artefacts(tmp_path, 86))
    own.load(COPY)
    own.launch(copied())
    own.launch(copied())
    assert [line.split()[0] for line in driver.seen] == ["load", "launch", "launch"]


def test_blocks_that_meet_are_launched_together(tmp_path):
    driver = fake_driver(RTX_3060)
    launcher(driver, artefacts(tmp_path, 86)).launch(copied(cooperative=True))
    assert driver.seen[-1].startswith("together copy grid 3 2 1")


def test_much_shared_memory_is_asked_for_once(tmp_path):
    driver = fake_driver(RTX_3060)
    own = launcher(driver, artefacts(tmp_path, 86))
    for _ in range(2):
        own.launch(copied(shared_bytes=64 << 10))
    assert driver.seen.count("set copy 8 65536") == 1


def test_tritons_kernels_bring_their_threads_and_two_pointers(tmp_path):
    driver = fake_driver(RTX_3060)
    kernel = Kernel("triton_copy", PARAMETERS, (("N", 64),), num_warps=8, num_stages=2)
    entry = built(
        "triton_copy", constants=(("N", 64),), num_warps=8, num_stages=2, threads=256,
        shared_bytes=70_000,
    )  # fmt: skip
    made = Artefacts((module(tmp_path, "cubin", 86, [entry], "triton", exact=True),), tmp_path)
    own = launcher(driver, made)
    own.launch(copied(kernel=kernel, block_threads=0))
    assert "block 256 1 1 shared 70000" in driver.seen[-2]
    assert driver.seen[-1] == "no scratch"
    with pytest.raises(MissingKernelError, match="triton_copy"):
        own.load(Kernel("triton_copy", PARAMETERS, (("N", 32),), num_warps=8, num_stages=2))


@pytest.mark.parametrize(
    ("card", "targets", "ptx", "loaded"),
    [
        (RTX_3060, (80, 86, 89), 120, "cubin 86"),
        (RTX_3060, (80,), 120, "cubin 80"),
        (ORIN, (80, 86, 89), 120, "cubin 86"),
        (FUTURE, (86, 120), 120, "ptx 120"),
        (RTX_5090, (86, 120), 120, "cubin 120"),
    ],
)
def test_a_card_gets_its_own_code_or_the_nearest(tmp_path, card, targets, ptx, loaded):
    driver = fake_driver(card)
    own = launcher(driver, artefacts(tmp_path, *targets, ptx=ptx))
    own.launch(copied())
    assert driver.seen[0] == f"load {loaded} on 0"
    assert own.target == int(loaded.split()[1])


def test_a_card_of_another_generation_gets_nothing(tmp_path):
    with pytest.raises(MissingKernelError, match=r"Card B \(12\.0\)"):
        launcher(fake_driver(RTX_5090), artefacts(tmp_path, 75, 86))


def test_code_of_one_target_alone_runs_nowhere_else(tmp_path):
    made = module(tmp_path, "cubin", 80, [], "triton", exact=True)
    assert made.runs_on(80)
    assert not made.runs_on(86)


def test_a_wrong_target_is_the_drivers_own_no(tmp_path):
    """A list that says 86 of a file that is for 89."""
    driver, made = fake_driver(RTX_3060), artefacts(tmp_path, 86)
    (tmp_path / "cuda-86.cubin").write_bytes(b"cubin 89" + bytes(8))
    with pytest.raises(MissingKernelError, match="damaged"):
        launcher(driver, made).launch(copied())
    wrong = module(tmp_path, "cubin", 89, [built("copy")])
    lying = Artefacts((type(wrong)(**vars(wrong) | {"target": 86}),), tmp_path)
    with pytest.raises(MissingKernelError, match="209"):
        launcher(driver, lying).launch(copied())


def test_a_file_that_is_gone_and_a_kernel_that_is_not_in_it(tmp_path):
    driver, made = fake_driver(RTX_3060), artefacts(tmp_path, 86)
    with pytest.raises(MissingKernelError, match="500"):
        launcher(driver, made).load(Kernel("absent_from_module", PARAMETERS))
    (tmp_path / "cuda-86.cubin").unlink()
    with pytest.raises(MissingKernelError, match="read"):
        launcher(driver, made).load(COPY)


@pytest.mark.parametrize(
    ("call", "code", "kind"),
    [
        ("cuLaunchKernel", 700, GpuLostError),
        ("cuModuleLoadData", 2, GpuOutOfMemoryError),
        ("cuDevicePrimaryCtxRetain", 2, GpuOutOfMemoryError),
        ("cuCtxSetCurrent", 709, GpuLostError),
        ("cuFuncSetAttribute", 1, GpuError),
    ],
)
def test_what_the_driver_refuses_is_a_typed_error(tmp_path, call, code, kind):
    driver, made = fake_driver(RTX_3060), artefacts(tmp_path, 86)
    driver.fail(call, code)
    with pytest.raises(GpuError) as raised:
        launcher(driver, made).launch(copied(shared_bytes=64 << 10))
    assert type(raised.value) is kind


def test_arguments_are_checked_before_the_driver_sees_them(tmp_path):
    driver = fake_driver(RTX_3060)
    own = launcher(driver, artefacts(tmp_path, 86))
    for arguments in ((torch.zeros(4), 1, 2), (1, 1, 2, 0.5), (torch.zeros(4),) * 4):
        with pytest.raises(TypeError):
            own.launch(copied(arguments=arguments))
    assert not [line for line in driver.seen if line.startswith("launch")]


# ------------------------------------------------------------------ which cards


@pytest.fixture
def report(tmp_path, monkeypatch):
    def asked(*cards, targets=(75, 80, 86, 89, 120), torch_cuda="13.0"):
        monkeypatch.setattr(devices, "torch_cuda", lambda: torch_cuda)
        return find_gpus(fake_driver(*cards).path, artefacts(tmp_path, *targets))

    return asked


def test_of_two_cards_the_one_with_more_memory_is_chosen_and_both_are_told(report):
    found = report(RTX_3060, RTX_5090)
    assert [device.name for device in found.usable] == ["Card A", "Card B"]
    assert found.chosen.index == 1
    assert found.chosen.capability == 120
    assert found.reason == ""
    assert found.driver == 13000


@pytest.mark.parametrize(
    ("cards", "changed", "reason"),
    [
        ((TESLA_P4,), {}, "compute capability 6.1, and 7.5 is needed"),
        ((SMALL,), {}, "2.0 GiB of memory, and 4 are needed"),
        ((RTX_3060,), {"torch_cuda": None}, "pitcher[cuda] is not installed"),
        ((RTX_3060,), {"targets": ()}, "no compiled kernels"),
        ((FUTURE,), {}, "no kernels were compiled for Card C (13.0)"),
        ((), {}, "sees no card"),
    ],
)
def test_why_a_card_is_not_used(report, cards, changed, reason):
    found = report(*cards, **changed)
    assert found.chosen is None
    assert reason in found.reason


def test_a_card_that_is_not_used_is_told_beside_one_that_is(report):
    found = report(TESLA_P4, RTX_3060)
    assert found.chosen.name == "Card A"
    assert [other.device.name for other in found.unusable] == ["Old card"]


def test_no_driver_an_old_one_and_one_that_sees_nothing(tmp_path):
    assert "no NVIDIA driver" in find_gpus("libno-such-driver.so.1").reason
    assert "13.0 is needed" in find_gpus(fake_driver(RTX_3060, version=12020).path).reason
    driver = fake_driver(RTX_3060)
    driver.fail("cuDeviceGetCount", 100)
    assert "sees no card" in find_gpus(driver.path).reason
    driver.fail("cuDeviceGetCount", 101)
    assert "answers" in find_gpus(driver.path).reason


def test_a_list_is_read_as_it_was_written(tmp_path):
    entry = built("copy", constants=(("N", 64),), instructions=("mma.sync",))
    made = [module(tmp_path, "cubin", 86, [entry], "triton", exact=True)]
    write_manifest(made, "abc", tmp_path)
    first = (tmp_path / "manifest.json").read_bytes()
    found = read_manifest(tmp_path)
    assert found.modules == tuple(made)
    assert found.sources == "abc"
    write_manifest(list(found.modules), "abc", tmp_path)
    assert (tmp_path / "manifest.json").read_bytes() == first
    assert not read_manifest(tmp_path / "nowhere").modules
    (tmp_path / "manifest.json").write_text('{"format": 99}')
    assert not read_manifest(tmp_path).modules


DAMAGED = (
    *(b"", b"{", b"\xff", b"[]", b"7", b'"format"', b"{}", b"[" * 100_000),
    *(b'{"format": 1}', b'{"format": 1, "modules": 3, "sources": ""}'),
    b'{"format": 1, "modules": [{"file": "x"}], "sources": ""}',
    b'{"format": 1, "modules": [{"kernels": [{"constants": [1], "instructions": []}]}]}',
)


@pytest.mark.parametrize("listed", DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_list_is_no_kernels_and_stops_nobody(tmp_path, monkeypatch, listed):
    (tmp_path / "manifest.json").write_bytes(listed)
    assert not read_manifest(tmp_path).modules
    monkeypatch.setattr(devices, "torch_cuda", lambda: "13.0")
    monkeypatch.setattr(devices, "read_manifest", lambda: read_manifest(tmp_path))
    assert "no compiled kernels" in find_gpus(fake_driver(RTX_3060).path).reason


def test_a_card_that_is_here_is_held_to_the_reference_as_every_backend_is(
    report, tmp_path, monkeypatch
):
    """By the shared list of backends: here with the stand-in, whose kernels nobody calls."""
    assert not [c.name for c in candidates() if c.on_gpu]
    report(RTX_3060)
    driver, made = fake_driver(RTX_3060), artefacts(tmp_path, 86)
    of_triton = module(tmp_path, "cubin", 86, [built("rope")], "triton")
    monkeypatch.setattr(devices, "LIBRARY", driver.path)
    for where in ("kernels.gpu.devices.read_manifest", "kernels.testing.backends.read_manifest"):
        both = Artefacts((*made.modules, of_triton), tmp_path)
        monkeypatch.setattr(where, lambda both=both: both)
    found = [candidate for candidate in candidates() if candidate.on_gpu]
    assert [(c.name, c.device) for c in found] == [
        ("cuda-gpu", "cuda:0"), ("triton-gpu", "cuda:0")
    ]  # fmt: skip
    assert [c.make().name for c in found] == ["cuda-sm_86", "triton-sm_86"]
