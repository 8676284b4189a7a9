"""The plan for a machine: bytes per place, and what it says."""

import pytest

from inference.checkpoint.config_json import JsonConfig
from inference.models.base import Source
from inference.models.deepseek_v3 import DEEPSEEK_V3
from inference.models.names import HF, slots
from inference.models.qwen3 import QWEN3
from inference.placement import (
    Machine,
    Place,
    experts_read_per_token,
    plan,
    work_bytes,
)
from inference.planned.attention import bytes_per_token
from tests.inference.published import QWEN3_8B, R1

GB = 10**9
CONTEXT = 8192


@pytest.fixture(scope="module")
def r1():
    """The specification, and each tensor at one byte a value."""
    spec = DEEPSEEK_V3.spec(JsonConfig("config.json", R1), Source({}, is_gguf=False))
    return spec, one_byte_a_value(spec)


def one_byte_a_value(spec):
    found = {}
    for name, slot in slots(spec, HF).items():
        size = 1
        for axis in slot.shape:
            size *= axis
        found[name] = size
    return found


def planned(model, memory_gb, context=CONTEXT):
    return plan(*model, Machine(memory_gb * GB), context)


def test_r1_has_the_parameters_that_its_makers_name(r1):
    _, stored = r1
    assert sum(stored.values()) == pytest.approx(671e9, rel=1e-3)


@pytest.mark.parametrize(
    ("memory_gb", "runs", "fits"),
    [(16, False, False), (32, True, False), (64, True, False), (512, True, False),
     (1024, True, True)],
)  # fmt: skip
def test_r1_on_machines_of_all_sizes(r1, memory_gb, runs, fits):
    found = planned(r1, memory_gb)
    assert (found.runs, found.fits) == (runs, fits)
    # Nothing is lost between the places, and memory is not promised twice.
    assert sum(p.part_bytes for p in found.parts if "weights" in p.name or "expert" in p.name) == (
        sum(r1[1].values())
    )
    if runs:
        assert found.bytes_in(Place.MEMORY) <= found.usable_bytes
    assert all(part.reason for part in found.parts)


def test_what_does_not_fit_says_how_much_is_needed_and_that_amount_does(r1):
    small = planned(r1, 16)
    assert small.sentence.startswith("This does not fit")
    enough = plan(*r1, Machine(small.needed_bytes), CONTEXT)
    assert enough.fits
    assert enough.disk_bytes_per_token == 0
    assert not plan(*r1, Machine(small.needed_bytes - GB), CONTEXT).fits


def test_more_memory_reads_less_from_disk(r1):
    reads = [planned(r1, gb).disk_bytes_per_token for gb in (32, 64, 128, 512, 1024)]
    assert reads == sorted(reads, reverse=True)
    assert reads[0] > 15 * GB
    spec, stored = r1
    experts = sum(size for name, size in stored.items() if ".experts." in name)
    # 8 of 256 in each layer.
    assert experts_read_per_token(spec, experts) == pytest.approx(experts * 8 / 256)


def test_the_latent_cache_is_counted_as_it_is(r1):
    spec, _ = r1
    assert bytes_per_token(spec) == 61 * (512 + 64) * 2
    cache = next(p for p in planned(r1, 1024).parts if p.name == "KV cache")
    assert cache.part_bytes == CONTEXT * 61 * 576 * 2


def test_a_dense_model_has_no_experts_to_leave_on_disk():
    spec = QWEN3.spec(JsonConfig("config.json", QWEN3_8B), Source({}, is_gguf=False))
    model = (spec, one_byte_a_value(spec))
    assert bytes_per_token(spec) == 2 * 36 * 8 * 128 * 2
    assert planned(model, 16).fits
    tight = planned(model, 10)
    assert not tight.runs
    assert tight.bytes_in(Place.DISK) == 0
    assert experts_read_per_token(spec, 0) == 0.0


def test_a_longer_context_takes_more(r1):
    spec, _ = r1
    assert work_bytes(spec, 64) < work_bytes(spec, 512) == work_bytes(spec, 100_000)
    assert planned(r1, 1024, 100_000).bytes_in(Place.MEMORY) > planned(r1, 1024).bytes_in(
        Place.MEMORY
    )
