"""What of a model a start on a card plans to put there: what is wanted most, and what has room."""

import shutil

import torch

from inference.gpu import running
from inference.gpu.placement import Home, place
from inference.gpu.popularity import keep
from inference.gpu.running import described
from kernels.gpu.devices import GpuDevice
from tests.inference.gpu.host_card import answer, loaded


def test_the_experts_that_were_counted_as_wanted_go_to_the_card(
    prepared, card, monkeypatch, tmp_path
):
    """With room for two experts of one layer, it is these two that lie there."""
    plans = []

    def noted(sizes, *others):
        plans.append(place(sizes, *others))
        return plans[-1]

    monkeypatch.setattr(running, "place", noted)
    loaded(prepared).unload()
    whole = plans[-1]
    (first, *_), count = (
        [index for index, layer in enumerate(whole.layers) if layer.experts],
        sum(len(layer.experts) for layer in whole.layers),
    )
    one = sum(row.row_bytes for row in whole.rows if "experts" in row.name) // count
    room = whole.bytes_at(Home.CARD) - (count - 2) * one
    monkeypatch.setattr("inference.gpu.placement.usable_bytes", lambda card: room)
    counts = [[0] * len(layer.experts) for layer in whole.layers]
    counts[first][-1] = counts[first][-2] = 1000
    model = tmp_path / "model"
    shutil.copytree(prepared, model)
    keep(model, counts)
    engine = loaded(model)
    there = [
        (at, expert)
        for at, layer in enumerate(plans[-1].layers)
        for expert, home in enumerate(layer.experts)
        if home is Home.CARD
    ]
    last = len(counts[first]) - 1
    assert there == [(first, last - 1), (first, last)]
    assert answer(engine)[0]
    engine.unload()


def test_what_other_programs_hold_of_the_card_is_not_planned_with(prepared, card, monkeypatch):
    plans = []

    def noted(sizes, *others):
        plans.append((others[0], place(sizes, *others)))
        return plans[-1][1]

    monkeypatch.setattr(running, "place", noted)
    loaded(prepared).unload()
    assert plans[-1][0].held_bytes == 1 << 30
    assert plans[-1][1].uses_card
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda index: (300 << 20, 12 << 30))
    engine = loaded(prepared)
    assert engine.card_use.card == ""
    assert engine.card_use.reason.endswith("programs hold 12.6 GB of its memory.")
    assert answer(engine)[0]
    engine.unload()


def test_a_card_that_does_not_tell_its_free_memory_is_not_used(prepared, card, monkeypatch):
    def fails(index):
        raise RuntimeError("CUDA error: unspecified launch failure")

    monkeypatch.setattr(torch.cuda, "mem_get_info", fails)
    engine = loaded(prepared)
    assert "stopped answering" in engine.card_use.reason
    assert answer(engine)[0]
    engine.unload()


def test_a_card_that_holds_nothing_of_a_model_is_told(prepared, card, monkeypatch):
    monkeypatch.setattr("inference.gpu.placement.usable_bytes", lambda card: 0)
    engine = loaded(prepared)
    assert engine.card_use.card == ""
    assert engine.card_use.reason
    engine.unload()


def test_a_known_card_is_planned_with_the_memory_that_it_has():
    known = described(GpuDevice(0, "NVIDIA GeForce RTX 4090", 89, 23 << 30))
    assert known.read_bytes_per_s > 0
    assert known.memory_bytes == 23 << 30
    other = described(GpuDevice(0, "NVIDIA Something New", 120, 16 << 30))
    assert (other.name, other.memory_bytes) == ("NVIDIA Something New", 16 << 30)
