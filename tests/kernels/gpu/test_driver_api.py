"""The driver's interface: its signatures are the header's, and its answers become typed errors."""

import importlib.util
import re
from pathlib import Path

import pytest

from kernels.gpu import driver_api
from kernels.gpu.driver_api import C_TYPES, SIGNATURES, DriverApi, error_of
from kernels.gpu.errors import (
    GpuError,
    GpuLostError,
    GpuOutOfMemoryError,
    GpuUnavailableError,
    MissingKernelError,
)
from tests.kernels.gpu.fake_driver import RTX_3060, fake_driver


@pytest.fixture(scope="module")
def header():
    spec = importlib.util.find_spec("nvidia")
    roots = [] if spec is None else spec.submodule_search_locations or []
    found = [f for root in roots for f in Path(root).glob("*/include/cuda.h")]
    if not found:
        pytest.skip("NVIDIA’s cuda.h is not installed here (the extra gpu-dev brings it)")
    return found[0].read_text(encoding="utf-8", errors="replace")


def declared(header, name):
    """The types of a function's parameters, as the header has them."""
    match = re.search(rf"^CUresult CUDAAPI {name}\(([^)]*)\);", header, re.M)
    assert match, name
    words = []
    for parameter in match[1].split(","):
        kind, stars = re.fullmatch(r"\s*(.*?)\s*(\**)\s*\w+\s*", parameter, re.S).groups()
        words.append(f"{kind} {stars}".strip())
    return tuple(words)


@pytest.mark.parametrize("name", [n for n in SIGNATURES if n != "cuDeviceTotalMem_v2"])
def test_a_signature_is_the_headers(header, name):
    assert declared(header, name) == SIGNATURES[name]


def test_a_versioned_name_is_what_the_header_makes_of_the_plain_one(header):
    assert re.search(r"#define cuDeviceTotalMem\s+cuDeviceTotalMem_v2\b", header)
    assert declared(header, "cuDeviceTotalMem") == SIGNATURES["cuDeviceTotalMem_v2"]
    for name in SIGNATURES:
        other = re.search(rf"^ *#define {name}\s+(\w+)\s*$", header, re.M)
        assert other is None or other[1] == name, f"{name} is {other[1]} in programs"


def test_numbers_are_the_headers(header):
    codes = {
        **driver_api.UNAVAILABLE, **driver_api.MISSING, **driver_api.LOST,
        **driver_api.OUT_OF_MEMORY,
        "CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR": driver_api.COMPUTE_CAPABILITY_MAJOR,
        "CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR": driver_api.COMPUTE_CAPABILITY_MINOR,
        "CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES":
            driver_api.MAX_DYNAMIC_SHARED_SIZE_BYTES,
    }  # fmt: skip
    for name, value in codes.items():
        assert re.search(rf"\b{name}\s*=\s*{value}\b", header), name
    assert re.search(rf"#define CUDA_VERSION {driver_api.OLDEST_VERSION}\b", header)
    assert re.search(r"typedef int CUdevice_v1;", header)


def test_every_type_is_known():
    assert {word for words in SIGNATURES.values() for word in words} <= set(C_TYPES)


def test_no_library_is_no_driver():
    with pytest.raises(GpuUnavailableError, match="no NVIDIA driver is installed"):
        DriverApi("libno-such-driver.so.1")


def test_a_driver_that_is_too_old_is_told_with_both_versions():
    old = fake_driver(RTX_3060, version=12080)
    with pytest.raises(GpuUnavailableError, match=r"for CUDA 12\.8, and 13\.0 is needed"):
        DriverApi(old.path)


def test_a_newer_driver_will_do():
    assert DriverApi(fake_driver(RTX_3060, version=13010).path).version == 13010


def test_a_driver_without_a_function_is_told_by_its_name():
    lacking = fake_driver(RTX_3060, options=("-DWITHOUT_LAUNCH",))
    with pytest.raises(GpuUnavailableError, match="has no cuLaunchKernel"):
        DriverApi(lacking.path)


@pytest.mark.parametrize("function", ["cuInit", "cuDriverGetVersion"])
def test_a_driver_that_does_not_start_is_told(function):
    driver = fake_driver(RTX_3060)
    driver.fail(function, 803)
    with pytest.raises(GpuUnavailableError, match="803"):
        DriverApi(driver.path)


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (2, GpuOutOfMemoryError, "memory is full"),
        (700, GpuLostError, "stopped answering"),
        (214, GpuLostError, "stopped answering"),
        (719, GpuLostError, "CUDA_ERROR_719"),
        (209, MissingKernelError, "kernel"),
        (100, GpuUnavailableError, "answers"),
        (1, GpuError, "refused cuInit"),
        (12345, GpuError, "12345"),
    ],
)
def test_an_answer_is_the_error_that_it_stands_for(code, kind, words):
    api = DriverApi((driver := fake_driver(RTX_3060)).path)
    driver.fail("cuInit", code)
    with pytest.raises(GpuError, match=words) as raised:
        api.call("cuInit", 0)
    assert type(raised.value) is kind


def test_no_code_stands_for_two_errors():
    groups = (driver_api.UNAVAILABLE, driver_api.MISSING, driver_api.LOST, driver_api.OUT_OF_MEMORY)
    codes = [code for group in groups for code in group.values()]
    assert len(codes) == len(set(codes))
    assert type(error_of(801, "cuInit", "801")) is GpuError
