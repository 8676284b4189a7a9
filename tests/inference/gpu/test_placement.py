"""What goes to a card, on paper: the four models of the issue on cards from 6 to 80 GB."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from inference.checkpoint.config_json import JsonConfig
from inference.gpu.placement import Home, place, usable_bytes
from inference.gpu.popularity import Popularity, even
from inference.gpu.sizes import sizes_of
from inference.placement import Machine, work_bytes
from inference.prepared.foreseen import foreseen_recipe, foreseen_spec
from kernels.gpu.cards import CARDS

CONFIGURATIONS = Path("assets/catalogue/configurations")
MODELS = {
    "V2-Lite": "DeepSeek-V2-Lite-Chat",
    "GLM-4.7-Flash": "GLM-4.7-Flash",
    "R1-Distill-32B": "DeepSeek-R1-Distill-Qwen-32B",
    "R1-671B": "DeepSeek-R1",
}
# 6, 8, 12, 16, 24, 48 and 80 GB.
PAPER_CARDS = ("RTX 2060", "RTX 4060", "RTX 3060", "RTX 4080", "RTX 4090", "RTX 6000 Ada", "H100")
CONTEXT = 8192
GB = 10**9


class OnPaper:
    """A model of which only the configuration is there."""

    def __init__(self, name):
        config = JsonConfig.open(CONFIGURATIONS / f"{MODELS[name]}.json")
        self.spec = foreseen_spec(config)
        self.recipe = foreseen_recipe(self.spec, "q4")
        self.sizes = sizes_of(self.spec, self.recipe)

    def on(self, card, memory_gb=512, context=CONTEXT, popularity=None):
        work = work_bytes(self.spec, context)
        return place(self.sizes, card, Machine(memory_gb * GB), context, work, popularity)


@pytest.fixture(scope="session")
def on_paper():
    made = {}
    return lambda name: made.setdefault(name, OnPaper(name))


def test_what_is_held_counts_where_it_is_more_than_a_desktop_holds():
    paper = CARDS["RTX 3060"]
    assert usable_bytes(replace(paper, held_bytes=400 << 20)) == usable_bytes(paper)
    held = replace(paper, held_bytes=4 << 30)
    assert usable_bytes(held) < paper.memory_bytes - (4 << 30)
    assert usable_bytes(replace(paper, held_bytes=paper.memory_bytes)) == 0


@pytest.mark.parametrize("card", PAPER_CARDS)
@pytest.mark.parametrize("name", MODELS)
def test_nothing_is_lost_and_nothing_promised_twice(on_paper, name, card):
    model, card = on_paper(name), CARDS[card]
    plan = model.on(card)
    assert plan.bytes_at(Home.CARD) <= usable_bytes(card)
    assert plan.bytes_at(Home.MEMORY) <= plan.memory_usable_bytes
    weights = sum(
        row.row_bytes for row in plan.rows if "cache" not in row.name and "work" not in row.name
    )
    parts = sum(part.stored_bytes * count for part, count in model.recipe.parts())
    assert weights == parts
    cache = sum(row.row_bytes for row in plan.rows if row.name == "KV cache")
    assert cache == CONTEXT * sum(one.cache_bytes_per_token for one in model.sizes.layers)
    for layer, sizes in zip(plan.layers, model.sizes.layers, strict=True):
        assert len(layer.experts) == sizes.num_experts
        assert sum(layer.used_at(home) for home in Home) == pytest.approx(sizes.top_k)
    assert all(row.reason for row in plan.rows)


@pytest.mark.parametrize(
    ("name", "card", "layers", "head", "experts"),
    [
        # (layers whose attention is on the card, the head, share of experts there)
        ("V2-Lite", "RTX 2060", 27, Home.CARD, (0.3, 0.6)),
        ("V2-Lite", "RTX 3060", 27, Home.CARD, (1.0, 1.0)),
        ("GLM-4.7-Flash", "RTX 4060", 47, Home.CARD, (0.1, 0.4)),
        ("GLM-4.7-Flash", "RTX 4090", 47, Home.CARD, (1.0, 1.0)),
        ("R1-Distill-32B", "RTX 4090", 63, Home.MEMORY, (0, 0)),
        ("R1-Distill-32B", "RTX 5090", 64, Home.CARD, (0, 0)),
        ("R1-671B", "RTX 4060", None, Home.MEMORY, (0, 0)),
        ("R1-671B", "RTX 4080", 61, Home.CARD, (0.0, 0.01)),
        ("R1-671B", "H100", 61, Home.CARD, (0.1, 0.2)),
    ],
)
def test_what_every_token_reads_comes_first(on_paper, name, card, layers, head, experts):
    plan = on_paper(name).on(CARDS[card])
    there = [layer.always for layer in plan.layers].count(Home.CARD)
    if layers is None:
        assert 0 < there < len(plan.layers)
    else:
        assert there == layers
    assert plan.head is head
    total = sum(len(layer.experts) for layer in plan.layers)
    count = sum(layer.count_at(Home.CARD) for layer in plan.layers)
    assert experts[0] <= (count / total if total else 0) <= experts[1]
    # No expert is there before everything that each token reads.
    assert not count or plan.head is Home.CARD


def test_layers_on_the_card_are_neighbours(on_paper):
    homes = [layer.always for layer in on_paper("R1-Distill-32B").on(CARDS["RTX 3060"]).layers]
    assert homes == sorted(homes, key=lambda home: home is not Home.CARD)
    assert 0 < homes.count(Home.CARD) < len(homes)


def test_the_most_wanted_experts_go_to_the_card(on_paper):
    model = on_paper("GLM-4.7-Flash")
    shape = [(s.num_experts, s.top_k) for s in model.sizes.layers]
    plain = even(shape)
    # In each layer the last eight experts get half of all choices.
    skewed = Popularity(
        tuple(
            tuple(k * (0.5 / 8 if e >= n - 8 else 0.5 / (n - 8)) for e in range(n))
            for n, k in shape
        )
    )
    card = CARDS["RTX 4060"]
    before, after = model.on(card, popularity=plain), model.on(card, popularity=skewed)
    wanted = [sum(at.used_at(Home.CARD) for at in plan.layers) for plan in (before, after)]
    assert wanted[1] > 1.5 * wanted[0]
    for layer in after.layers:
        if layer.experts:
            assert set(layer.experts[-8:]) == {Home.CARD}
    assert before.bytes_at(Home.CARD) == after.bytes_at(Home.CARD)


def test_what_memory_has_no_room_for_stays_on_disk_and_is_said(on_paper):
    plan = on_paper("R1-671B").on(CARDS["RTX 4090"], memory_gb=128)
    assert plan.runs
    assert plan.bytes_at(Home.DISK) > 200 * GB
    assert "on disk" in plan.sentence
    assert "RTX 4090" in plan.sentence
    assert plan.bytes_at(Home.MEMORY) <= plan.memory_usable_bytes


def test_what_does_not_fit_even_so_is_said(on_paper):
    plan = on_paper("R1-Distill-32B").on(CARDS["RTX 2060"], memory_gb=12)
    assert not plan.runs
    assert plan.sentence.startswith("This does not fit")


def test_a_dense_model_says_how_many_layers_are_there(on_paper):
    plan = on_paper("R1-Distill-32B").on(CARDS["RTX 3060"], memory_gb=64)
    there = [layer.always for layer in plan.layers].count(Home.CARD)
    assert plan.sentence.startswith(f"{there} of 64 layers on the RTX 3060")


def test_a_longer_context_leaves_less_for_experts(on_paper):
    model, card = on_paper("V2-Lite"), CARDS["RTX 4060"]
    counts = [
        sum(layer.count_at(Home.CARD) for layer in model.on(card, context=context).layers)
        for context in (1024, 8192, 32768)
    ]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1] > 0


def test_a_card_without_room_holds_nothing(on_paper):
    tiny = replace(CARDS["RTX 2060"], memory_bytes=1 << 30)
    plan = on_paper("V2-Lite").on(tiny)
    assert {layer.always for layer in plan.layers} == {Home.MEMORY}
    assert plan.head is Home.MEMORY
    assert usable_bytes(replace(tiny, memory_bytes=1 << 20)) == 0


@pytest.mark.parametrize("card_bytes", [0, 1, 1 << 29, 3 << 28])
@pytest.mark.parametrize("name", MODELS)
def test_a_card_without_room_is_promised_nothing_and_said_to_have_none(on_paper, name, card_bytes):
    card = replace(CARDS["RTX 2060"], memory_bytes=card_bytes)
    for context in (1, CONTEXT, 10**7):
        plan = on_paper(name).on(card, memory_gb=1024, context=context)
        assert not plan.uses_card
        assert plan.bytes_at(Home.CARD) == 0
        if plan.runs:
            assert plan.sentence == "The RTX 2060 has no room for any layer of this model."
            assert plan.bytes_at(Home.MEMORY) <= plan.memory_usable_bytes
        else:
            assert plan.sentence.startswith("This does not fit")


def test_a_tied_head_takes_a_copy_of_the_embedding():
    spec_config = json.loads((CONFIGURATIONS / "SmolLM2-135M-Instruct.json").read_text())
    spec = foreseen_spec(JsonConfig("config.json", spec_config))
    assert spec.tied_head
    sizes = sizes_of(spec, foreseen_recipe(spec, "q8"))
    assert sizes.head == sizes.embedding
    assert sizes.experts_bytes == 0
