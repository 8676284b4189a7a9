"""Paper speeds: every term can be worked out by hand, and more card is never slower."""

from dataclasses import replace

import pytest

from inference.gpu.placement import CardPlan, Home, LayerHome, place
from inference.gpu.popularity import even
from inference.gpu.roofline import (
    BUS_SHARE,
    COPY_S,
    KERNEL_S,
    KERNELS_A_LAYER,
    OPS_SHARE,
    READ_SHARE,
    HostSpeed,
    predict,
)
from inference.gpu.sizes import LayerSizes, ModelSizes, Size
from inference.placement import Machine
from kernels.gpu.cards import CARDS

MB = 10**6
HOST = HostSpeed(read_bytes_per_s=40e9, ops_per_s=0.5e12, disk_bytes_per_s=2e9)
CARD = CARDS["RTX 3060"]
READ = CARD.read_bytes_per_s * READ_SHARE
OPS = CARD.fp16_ops_per_s * OPS_SHARE
BUS = CARD.bus_bytes_per_s * BUS_SHARE


def layer(experts=8, top_k=2):
    return LayerSizes(
        Size(30 * MB, 50 * MB), Size(10 * MB, 16 * MB), Size(5 * MB, 8 * MB), experts, top_k, 2048
    )


def model(layers):
    return ModelSizes(tuple(layers), Size(100 * MB, 160 * MB), Size(60 * MB, 160 * MB), 2048)


def planned(layers, head=Home.CARD):
    return CardPlan(CARD, 4096, 1, 1, tuple(layers), head, (), True, "")


def home(*experts, always=Home.CARD, top_k=2):
    used = tuple((h, top_k * experts.count(h) / len(experts) if experts else 0.0) for h in Home)
    return LayerHome(always, experts, used)


def terms(found, hidden=False):
    return {term.name: term.seconds for term in found if term.hidden is hidden}


def test_all_on_the_card():
    found = predict(model([layer()]), planned([home(*[Home.CARD] * 8)]), HOST, depth_tokens=1000)
    way = 2048 * 4 / BUS + COPY_S
    wanted = {
        "card: attention": 30 * MB / READ,
        "card: cache": 1000 * 2048 / READ,
        "card: starts of kernels": KERNELS_A_LAYER * KERNEL_S,
        "card: dense and shared feed-forwards": 10 * MB / READ,
        "card: experts": 2 * 5 * MB / READ,
        "card: head": 100 * MB / READ,
        "bus: activations": way,
    }
    assert terms(found.decode_terms) == pytest.approx(wanted)
    assert found.decode_tokens_per_s == pytest.approx(1 / sum(wanted.values()))


def test_the_card_waits_for_the_processor_and_its_own_work_is_hidden():
    experts = [Home.CARD] * 4 + [Home.MEMORY] * 4
    found = predict(model([layer()]), planned([home(*experts)]), HOST)
    seen, hidden = terms(found.decode_terms), terms(found.decode_terms, hidden=True)
    assert seen["memory: experts"] == pytest.approx(5 * MB / HOST.read_bytes_per_s)
    assert set(hidden) == {"card: dense and shared feed-forwards", "card: experts"}
    assert seen["bus: activations"] == pytest.approx(3 * (2048 * 4 / BUS + COPY_S))
    assert found.decode_tokens_per_s == pytest.approx(1 / sum(seen.values()))


def test_the_processor_is_hidden_where_it_is_quicker():
    experts = [Home.CARD] * 7 + [Home.MEMORY]
    quick = replace(HOST, read_bytes_per_s=1e15)
    big = replace(layer(), feed_forward=Size(100 * MB, 160 * MB))
    found = predict(model([big]), planned([home(*experts)]), quick)
    assert set(terms(found.decode_terms, hidden=True)) == {"memory: experts", "bus: activations"}


def test_disk_is_what_a_token_waits_for():
    experts = [Home.MEMORY] * 6 + [Home.DISK] * 2
    seen = terms(predict(model([layer()]), planned([home(*experts)]), HOST).decode_terms)
    assert seen["disk: experts"] == pytest.approx(0.5 * 5 * MB / HOST.disk_bytes_per_s)
    assert max(seen, key=seen.get) == "disk: experts"


def test_layers_on_the_processor_add_up_and_cross_the_bus_twice_at_most():
    layers = [home(*[Home.CARD] * 8), home(*[Home.MEMORY] * 8, always=Home.MEMORY)]
    found = predict(model([layer(), layer()]), planned(layers, head=Home.MEMORY), HOST)
    assert not terms(found.decode_terms, hidden=True)
    seen = terms(found.decode_terms)
    assert seen["bus: activations"] == pytest.approx(2 * (2048 * 4 / BUS + COPY_S))
    assert seen["memory: attention"] == pytest.approx(30 * MB / HOST.read_bytes_per_s)


def test_a_prompt_is_bound_by_products_and_few_rows_by_reading():
    plan = planned([home(*[Home.CARD] * 8)])
    long = predict(model([layer()]), plan, HOST, prompt_tokens=4096)
    assert terms(long.prefill_terms)["card: attention"] == pytest.approx(2 * 50 * MB * 4096 / OPS)
    short = predict(model([layer()]), plan, HOST, prompt_tokens=1)
    assert terms(short.prefill_terms)["card: attention"] == pytest.approx(30 * MB / READ)
    # One token reads the two experts that it wants, and 4,096 read all eight.
    assert terms(short.prefill_terms)["card: experts"] == pytest.approx(10 * MB / READ)
    ops = 2 * 8 * MB * 2 * 4096
    assert terms(long.prefill_terms)["card: experts"] == pytest.approx(ops / OPS, rel=1e-3)


def test_a_larger_card_of_the_same_speed_is_never_slower():
    sizes = model([layer(64, 6) for _ in range(20)])
    speeds = []
    for gib in (1, 2, 3, 4, 6, 8):
        card = replace(CARD, memory_bytes=gib << 30)
        plan = place(sizes, card, Machine(64 * 10**9), 2048, 0)
        speeds.append(predict(sizes, plan, HOST, popularity=even([(64, 6)] * 20)))
    for kind in ("decode_tokens_per_s", "prefill_tokens_per_s"):
        found = [getattr(one, kind) for one in speeds]
        assert found == sorted(found)
        assert found[-1] > 2 * found[0]
