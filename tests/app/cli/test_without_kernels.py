"""A model that runs without the native kernels says so, once, on stderr, and answers."""

import json

import pytest

from app import cli
from app.airlock.report import LockReport, LockState
from inference.prepared.preparing import prepare
from kernels.cpu.library import LEVEL_VARIABLE
from tests.inference.oracles import Case, make_oracle, save_safetensors
from tests.inference.prepared.making import quantized_llama

LOCK = LockReport(LockState.NOT_TESTED, "a test")
SLOWLY = "It runs without the native kernels, slowly."


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("PITCHER_PREPARED", str(tmp_path / "cache"))
    monkeypatch.delenv(LEVEL_VARIABLE, raising=False)


@pytest.fixture
def logits(capsys, tmp_path):
    """logits(model, *argv) → (exit code, stdout, stderr)."""

    def call(model, *argv):
        out = tmp_path / "out.safetensors"
        command = ["logits", "--model", str(model), "--token-ids", "1,2,3", "--out", str(out)]
        code = cli.main([*command, *argv], LOCK)
        assert out.exists() == (code == 0)
        return code, *capsys.readouterr()

    return call


@pytest.fixture
def source(tmp_path):
    return quantized_llama(tmp_path / "m.gguf", {"weight": "Q4_K"}, layers=1)


def test_a_library_that_is_missing(logits, source, monkeypatch, tmp_path):
    monkeypatch.setenv(LEVEL_VARIABLE, "mmx")
    code, _, err = logits(source)
    assert code == 0
    assert "There are no kernels for mmx" in err
    assert err.count(SLOWLY) == 1
    assert not (tmp_path / "cache").exists()


def test_a_model_of_a_kind_that_they_do_not_run(logits, tmp_path):
    model = save_safetensors(make_oracle(Case("llama", {"mlp_bias": True})), tmp_path / "model")
    code, _, err = logits(model)
    assert code == 0
    assert "layer 0 has a feed-forward with biases." in err
    assert err.count(SLOWLY) == 1


def test_no_place_for_the_prepared_copy(logits, source, tmp_path):
    (tmp_path / "cache").write_text("a file")
    code, _, err = logits(source)
    assert code == 0
    assert "can't be written" in err
    assert err.count(SLOWLY) == 1


def test_what_runs_natively_or_by_reference_says_nothing(logits, source, tmp_path):
    assert logits(source, "--compute", "reference")[2] == ""
    assert SLOWLY not in logits(source)[2]
    assert logits(source)[2] == ""
    assert logits(prepare(source, tmp_path / "mine"))[2] == ""


def test_json_stays_json(capsys, source, monkeypatch):
    monkeypatch.setenv(LEVEL_VARIABLE, "mmx")
    command = ["bench", "--model", str(source), "--json", "--prefill", "4"]
    code = cli.main([*command, "--decode", "2", "--repeat", "1"], LOCK)
    out, err = capsys.readouterr()
    assert code == 0
    assert all(json.loads(line) for line in out.splitlines())
    assert SLOWLY in err
