"""Preflight: what fits where, what would fit instead, and which one model is recommended."""

import json

import pytest

from app.library.catalogue import entries, find
from app.library.mixes import MIXES, Mix
from app.library.preflight import (
    READING_TOKENS_PER_S,
    Here,
    needs_of,
    needs_of_config,
    preflight,
    recommended,
)
from app.library.preflight_words import fits, speed
from inference.errors import CheckpointError, UnsupportedModelError
from tests.app.library.speeds import machine

GB = 10**9


def here(memory_gb=16, free_gb=None, disk_gb=4000, prepared_gb=None, reads=20.0, measured=True):
    return Here(
        memory_bytes=round(memory_gb * GB),
        available_bytes=round((memory_gb - 1 if free_gb is None else free_gb) * GB),
        disk_free_bytes=round(disk_gb * GB),
        prepared_disk_free_bytes=None if prepared_gb is None else round(prepared_gb * GB),
        speed=machine(reads) if measured else None,
    )


def test_a_model_of_8_billion_fits_into_16_gb_and_not_into_6():
    needs = needs_of(find("4"))
    found = preflight(needs, here(16))
    assert found.fits
    assert found.missing_memory_bytes == 0
    cache = 8192 * needs.cache_bytes_per_token
    assert found.memory_needed_bytes > needs.prepared_bytes + cache
    assert found.memory_needed_bytes < needs.prepared_bytes + cache + GB
    small = preflight(needs, here(6))
    assert not small.fits_memory
    assert not small.runs
    assert small.missing_memory_bytes == small.memory_needed_bytes - small.memory_free_bytes > 0
    assert small.decode_tokens_per_s is None
    assert speed(small) == ""
    assert fits(small).startswith("This model needs 6.")


@pytest.mark.parametrize("mix", MIXES)
def test_more_bits_take_more_of_everything_but_the_download(mix):
    for entry in entries():
        least, needs = needs_of(entry), needs_of(entry, mix)
        assert needs.download_bytes == least.download_bytes
        assert needs.prepared_bytes >= least.prepared_bytes
        bits = 8 * needs.prepared_bytes / entry.parameters
        # Of the starter's rows, 576 wide, no block of 256 is whole.
        assert {"q4": 4.4, "q6": 6.5, "q8": 8.4}[mix] < bits < (8.7 if entry.is_starter else 9.0)


def test_a_longer_context_takes_its_cache_and_never_more_than_the_model_has():
    needs = needs_of(find("Moonlight-16B-A3B-Instruct"))
    short, long = preflight(needs, here(), 1024), preflight(needs, here(), 10**9)
    assert long.context_tokens == needs.context_tokens == 8192
    more = long.memory_needed_bytes - short.memory_needed_bytes
    assert more >= (8192 - 1024) * needs.cache_bytes_per_token


def test_memory_that_others_use_is_not_free():
    needs = needs_of(find("4"))
    assert preflight(needs, here(16)).fits_memory
    busy = preflight(needs, here(16, free_gb=5))
    assert not busy.fits_memory
    assert busy.memory_free_bytes < 5 * GB
    assert preflight(needs, here(16, free_gb=0.1)).memory_free_bytes == 0


def test_the_download_and_the_prepared_copy_lie_side_by_side_on_the_disk():
    needs = needs_of(find("4"))
    both = needs.download_bytes + needs.prepared_bytes
    found = preflight(needs, here(disk_gb=20))
    assert not found.fits
    assert found.fits_memory
    assert found.disk_needed_bytes == pytest.approx(both, rel=0.01)
    assert found.missing_disk_bytes == found.disk_needed_bytes - 20 * GB
    assert "GB on the disk" in fits(found)
    assert preflight(needs, here(disk_gb=22)).fits
    # Two disks: each has to hold its own.
    assert preflight(needs, here(disk_gb=17, prepared_gb=6)).fits
    assert not preflight(needs, here(disk_gb=17, prepared_gb=5)).fits
    assert not preflight(needs, here(disk_gb=16, prepared_gb=6)).fits


def test_the_hubs_own_listing_goes_before_what_is_about():
    needs = needs_of(find("4"))
    assert not needs.is_listed
    listed = needs.listed(30 * GB)
    assert listed.is_listed
    assert preflight(listed, here(disk_gb=22)).missing_disk_bytes > 13 * GB


def test_a_mixture_whose_experts_stay_on_the_disk_runs_slowly():
    found = preflight(needs_of(find("GLM-4.7-Flash")), here(12))
    assert not found.fits_memory
    assert found.runs
    assert "slowly" in fits(found)
    assert found.decode_tokens_per_s is None
    dense = preflight(needs_of(find("R1-Distill-Qwen 32B")), here(12))
    assert not dense.runs


def test_speed_is_said_as_people_would_say_it():
    needs = needs_of(find("4"))
    quick = preflight(needs, here(reads=60))
    assert quick.keeps_up
    assert speed(quick) == f"It would write about {quick.decode_tokens_per_s:.0f} tokens a second."
    slow = preflight(needs, here(reads=15))
    assert not slow.keeps_up
    assert 2 < slow.decode_tokens_per_s < READING_TOKENS_PER_S
    assert "slower than people read" in speed(slow)
    assert "less than a token" in speed(preflight(needs, here(reads=2)))
    unknown = preflight(needs, here(measured=False))
    assert unknown.decode_tokens_per_s is None
    assert speed(unknown) == ""
    assert unknown.keeps_up


@pytest.mark.parametrize(
    ("memory_gb", "reads", "title"),
    [
        (4, 20, "R1-Distill-Qwen 1.5B"),
        (8, 40, "R1-Distill-Qwen 7B"),
        (16, 40, "R1-0528-Qwen3 8B"),
        (32, 40, "GLM-4.7-Flash"),
        (64, 200, "GLM-4.7-Flash"),
        (768, 200, "DeepSeek-V3.1"),
    ],
)
def test_one_model_is_recommended_for_a_machine(memory_gb, reads, title):
    found = recommended(here(memory_gb, reads=reads))
    assert found.entry.title == title
    assert found.preflight.fits
    assert found.preflight.decode_tokens_per_s >= READING_TOKENS_PER_S


def test_a_slow_machine_gets_the_fastest_that_fits():
    found = recommended(here(16, reads=2))
    assert found.entry.title == "R1-Distill-Qwen 1.5B"
    assert not found.preflight.keeps_up


def test_a_mixture_goes_before_a_dense_model_that_is_too_slow():
    found = recommended(here(16, reads=15))
    assert found.entry.is_mixture


def test_nothing_is_recommended_where_nothing_fits():
    assert recommended(here(2)) is None
    assert recommended(here(64, disk_gb=1)) is None


def test_more_bits_are_recommended_where_there_is_room_and_speed():
    roomy = recommended(here(64, reads=100))
    assert roomy.mix is Mix.Q6
    assert recommended(here(128, reads=400)).mix is Mix.Q8
    assert recommended(here(32, reads=100)).mix is Mix.Q4
    assert recommended(here(64, measured=False)).mix is Mix.Q4


def test_what_would_fit_instead_is_named():
    machine_here = here(16, reads=40)
    found = preflight(needs_of(find("R1-Distill-Qwen 32B")), machine_here)
    words = fits(found, recommended(machine_here))
    assert words.startswith("This model needs ")
    assert words.endswith("GB are free. R1-0528-Qwen3 8B fits.")
    assert fits(found, None).endswith("GB are free.")


def test_any_model_is_foreseen_by_its_configuration(tmp_path):
    file = tmp_path / "config.json"
    file.write_bytes(find("4").config_file.read_bytes())
    needs = needs_of_config(file, Mix.Q6, 16 * GB)
    assert needs.is_listed
    assert needs.download_bytes == 16 * GB
    assert needs.prepared_bytes == needs_of(find("4"), Mix.Q6).prepared_bytes


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("{", CheckpointError),
        ("[]", CheckpointError),
        ('{"model_type": "mamba"}', UnsupportedModelError),
        (json.dumps({"model_type": "llama", "hidden_size": 10**15}), UnsupportedModelError),
    ],
)
def test_a_hostile_configuration_is_refused(tmp_path, text, error):
    file = tmp_path / "config.json"
    file.write_text(text)
    with pytest.raises((error, CheckpointError)):
        needs_of_config(file, Mix.Q4)
