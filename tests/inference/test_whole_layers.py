"""Whole layers beside their parts: told as shares, bounded, stopped at once."""

import pytest

from inference.machine import SpeedTestCancelledError
from inference.measure import whole_layers
from inference.measure.whole_layers import measure_machine_speed
from kernels.cpu import speed as kernels
from kernels.cpu.speed import LayerShare
from tests.app.library.speeds import machine


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Models as small as they may be; the kernels' own test has tests of its own."""
    tiny = {"num_hidden_layers": 2, "intermediate_size": 256, "vocab_size": 64}
    monkeypatch.setattr(whole_layers, "_GROUPED", {**whole_layers._GROUPED, **tiny})
    monkeypatch.setattr(
        whole_layers,
        "_LATENT",
        {**whole_layers._LATENT, **tiny, "moe_intermediate_size": 256, "n_routed_experts": 4,
         "num_experts_per_tok": 2},
    )  # fmt: skip
    monkeypatch.setattr(whole_layers, "_PROMPT_TOKENS", 16)

    def measured(threads, stop_now, on_progress):
        on_progress(1.0)
        return machine()

    monkeypatch.setattr(whole_layers, "measure_kernel_speed", measured)


def test_shares_are_between_their_bounds_and_progress_goes_to_its_end():
    told = []
    found = measure_machine_speed(2, on_progress=told.append)
    for share in (found.grouped_layers, found.latent_layers):
        assert 0.7 <= share.decode <= 2.0
        assert 0.7 <= share.prefill <= 2.0
    assert told == [0.6, 0.8, 1.0]
    assert found.schemes == machine().schemes


@pytest.mark.parametrize(("times", "share"), [(3.0, 2.0), (1.25, 1.25), (0.1, 0.7)])
def test_a_share_is_what_was_foreseen_over_what_was_timed(monkeypatch, times, share):
    def timed(subject, stop_now):
        found = whole_layers.predict(
            subject.spec, subject.recipe, machine(), whole_layers._PROMPT_TOKENS
        )
        return found.prefill_tokens_per_s / times, found.decode_tokens_per_s / times

    monkeypatch.setattr(whole_layers, "_timed", timed)
    found = measure_machine_speed(1)
    assert found.grouped_layers == LayerShare(pytest.approx(share), pytest.approx(share))
    assert found.latent_layers == LayerShare(pytest.approx(share), pytest.approx(share))


@pytest.mark.parametrize("asked", [1, 3, 6])
def test_it_stops_wherever_it_is(asked):
    answers = iter([False] * (asked - 1))
    with pytest.raises(SpeedTestCancelledError):
        measure_machine_speed(1, stop_now=lambda: next(answers, True))


def test_the_kernels_own_test_knows_no_layers():
    assert kernels.KernelSpeed.__dataclass_fields__["latent_layers"].default == LayerShare()
