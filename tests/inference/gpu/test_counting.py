"""How often a text wants each expert: counted by the router that chose them."""

import json
from pathlib import Path

import pytest
import torch

from app import cli
from app.airlock.report import LockReport, LockState
from inference.compute import compute_path
from inference.errors import RequestError
from inference.experts.store import MappedExperts
from inference.gpu.popularity import from_json, kept
from inference.gpu.sizes import sizes_of
from inference.layers.decoder import Decoder, Step
from inference.loading import open_model
from inference.measure.popularity import count_experts
from inference.prepared.opening import is_prepared, prepared_checkpoint
from inference.request import Compute
from tests.inference.gguf_oracle import save_gguf
from tests.inference.oracles import Case, make_oracle, some_tokens

CASE = Case("deepseek_v3")
TRAINED = Path(__file__).parents[2] / "data" / "tiny-r1"
LOCK = LockReport(LockState.NOT_TESTED, "a test")


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    folder = tmp_path_factory.mktemp("counting")
    with open_model(save_gguf(make_oracle(CASE), folder / "m.gguf", folder)) as model:
        yield model


class Asked:
    """What one token asks of each layer."""

    def __init__(self, store):
        self._store = store
        self.ids = []

    def acquire(self, layer, ids):
        self.ids.append((layer, ids))
        return self._store.acquire(layer, ids)

    def kind(self, layer):
        return self._store.kind(layer)


def test_the_counts_are_what_single_tokens_ask_for(opened):
    ids = some_tokens(CASE, 12)
    path = compute_path(Compute.REFERENCE, 1)
    heard = []
    counts = count_experts(
        opened.spec, opened.tensors(), path, ids, 5, lambda *at: heard.append(at)
    )
    assert heard == [(1, 3), (2, 3), (3, 3)]
    want = [[0] * len(layer) for layer in counts]
    store = Asked(MappedExperts(opened.tensors()))
    decoder = Decoder(opened.spec, opened.tensors(), path, store)
    for start in range(0, 12, 5):
        cache = decoder.new_cache(5)
        for token in ids[start : start + 5]:
            decoder.forward(Step(torch.tensor([token])), cache, slice(0, 0))
    for layer, chosen in store.ids:
        for expert in chosen:
            want[layer][expert] += 1
    assert counts == want
    assert counts[0] == []
    assert sum(map(sum, counts)) == 12 * 3 * 2


def test_models_without_experts_and_empty_texts_are_refused(opened, tmp_path):
    path = compute_path(Compute.REFERENCE, 1)
    with pytest.raises(RequestError):
        count_experts(opened.spec, opened.tensors(), path, [], 5)
    dense = save_gguf(make_oracle(Case("llama")), tmp_path / "m.gguf", tmp_path)
    with open_model(dense) as model, pytest.raises(RequestError):
        count_experts(model.spec, model.tensors(), path, [1], 5)


def test_the_command_writes_what_plans_read(tmp_path, capsys):
    text = tmp_path / "text.txt"
    text.write_text("A crow, half dead with thirst, came upon a pitcher. " * 4)
    out = tmp_path / "popularity.json"
    argv = ["popularity", "--model", str(TRAINED), str(text), "--out", str(out)]
    assert cli.main(argv, LOCK) == 0
    said = capsys.readouterr().out
    assert "wanted of" in said
    counts = json.loads(out.read_text())["counts"]
    with open_model(TRAINED) as model:
        moe = [getattr(layer.feed_forward, "rule", None) for layer in model.spec.layers]
    layers = [(len(row), rule.top_k if rule else 0) for row, rule in zip(counts, moe, strict=True)]
    popularity = from_json(out.read_text(), layers)
    for shares, (_, top_k) in zip(popularity.shares, layers, strict=True):
        assert sum(shares) == pytest.approx(top_k)
    assert sum(map(sum, counts)) > 0


def test_without_a_place_it_goes_where_a_start_on_a_card_reads_it(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path / "home"))
    text = tmp_path / "text.txt"
    text.write_text("A crow, half dead with thirst, came upon a pitcher. " * 4)
    argv = ["popularity", "--model", str(TRAINED), str(text)]
    assert cli.main(argv, LOCK) == 0
    file = Path(capsys.readouterr().out.partition(": what ")[0])
    assert (file.name, is_prepared(file.parent)) == ("popularity.json", True)
    with open_model(file.parent) as model:
        routing = sizes_of(model.spec, prepared_checkpoint(model).recipe).routing
        assert kept(file.parent, routing) == from_json(file.read_text(), routing)
    assert cli.main([*argv, "--compute", "reference"], LOCK) == 1
    assert "not prepared: say with --out" in capsys.readouterr().err
