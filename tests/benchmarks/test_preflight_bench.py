"""Predicted beside measured: made-up weights are a whole model, and the table says both."""

import json
from pathlib import Path

import pytest
import torch

from app.library.catalogue import entry
from benchmarks import preflight
from inference.checkpoint.config_json import JsonConfig
from inference.layers.decoder import Step
from inference.measure.made_up import MadeUpTensors, made_up_decoder
from inference.prepared.foreseen import foreseen_recipe, foreseen_spec
from tests.app.library.speeds import machine

SMALL = {
    "hidden_size": 256, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 4, "intermediate_size": 512, "moe_intermediate_size": 256,
    "n_routed_experts": 8, "n_group": 1, "topk_group": 1, "num_experts_per_tok": 2,
    "q_lora_rank": 64, "kv_lora_rank": 64, "vocab_size": 512, "first_k_dense_replace": 1,
    "quantization_config": None,
}  # fmt: skip


def small_spec():
    values = json.loads(entry(12).config_file.read_text())
    return foreseen_spec(JsonConfig("small", {**values, **SMALL}))


def test_made_up_weights_are_all_that_a_prepared_file_would_hold():
    recipe = foreseen_recipe(small_spec(), "q4")
    tensors = MadeUpTensors(recipe)
    names = {part.name for group in recipe.outputs() for part in group.parts}
    assert set(tensors) == names
    assert len(tensors) == len(names)
    assert tensors["layers.1.experts.7.down"].shape == (256, 256)
    assert "layers.1.experts.8.down" not in tensors


def test_a_made_up_decoder_computes_whole_numbers():
    spec = small_spec()
    decoder = made_up_decoder(spec, foreseen_recipe(spec, "q8"), threads=1)
    cache = decoder.new_cache(16)
    logits = decoder.forward(Step(torch.tensor([1, 2, 3])), cache, slice(-1, None))
    assert logits.shape == (1, 512)
    assert bool(torch.isfinite(logits).all())


def test_the_table_has_a_row_for_each_case(monkeypatch, capsys):
    monkeypatch.setattr(preflight, "_THIRD", SMALL)
    monkeypatch.setattr(preflight, "_PREFILL", 16)
    monkeypatch.setattr(preflight, "_DECODE", 4)
    monkeypatch.setattr(preflight, "measure_machine_speed", lambda threads: machine())
    monkeypatch.setattr("sys.argv", ["preflight", "third", "--rounds", "2", "--threads", "1"])
    preflight.main()
    header, rule, row = capsys.readouterr().out.splitlines()
    assert header.count("|") == rule.count("|") == row.count("|") == 8
    assert row.startswith("| third | ")


def test_ratios_are_predicted_over_measured():
    found = preflight.Pair(preflight.Prediction(20.0, 300.0, 1), 10.0, 600.0)
    assert (found.decode_ratio, found.prefill_ratio) == (2.0, 0.5)
    row = preflight.table("x", [found, preflight.Pair(found.predicted, 40.0, 300.0)])
    assert row == "| x | 20 | 25 | 1.25 (0.50–2.00) | 300 | 450 | 0.75 (0.50–1.00) |"


def test_a_catalogue_model_and_a_prepared_folder_can_be_cases(tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr(
        preflight, "made_up_decoder", lambda spec, recipe, threads: made.append(spec)
    )
    found = preflight.subject("2:q4", threads=1)
    assert found.name == "2:q4"
    assert found.spec.hidden_size == 1536
    with pytest.raises(OSError, match="nowhere"):
        preflight.subject(str(Path(tmp_path) / "nowhere"), threads=1)
