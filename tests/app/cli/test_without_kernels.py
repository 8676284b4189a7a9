"""A model that runs without the native kernels says so, once, on stderr, and answers."""

import json

import pytest

from app import cli
from app.airlock.report import LockReport, LockState
from inference.prepared.preparing import prepare
from kernels.cpu.library import LEVEL_VARIABLE, choose_level, load
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


@pytest.fixture
def bench(capsys):
    """bench(model, *argv) → stdout."""

    def call(model, *argv):
        command = ["bench", "--model", str(model), "--prefill", "4", "--decode", "2"]
        assert cli.main([*command, "--repeat", "1", *argv], LOCK) == 0
        return capsys.readouterr().out

    return call


def test_bench_says_which_build_runs_and_why(bench, source, monkeypatch):
    best = choose_level(load())
    assert f"kernels  native-{best}, " in bench(source)
    assert " all ops in one plan; the best build that this processor runs\n" in bench(source)
    assert json.loads(bench(source, "--json"))["ops"] == []
    monkeypatch.setenv(LEVEL_VARIABLE, "baseline")
    said = bench(source)
    assert "kernels  native-baseline, " in said
    assert f"PITCHER_CPU_LEVEL names this build; this processor would run {best}" in said


def test_bench_says_which_op_runs_where_when_none_is_planned(bench, tmp_path):
    case = Case("llama", {"mlp_bias": True})
    folder = prepare(save_safetensors(make_oracle(case), tmp_path / "model"), tmp_path / "mine")
    said = bench(folder)
    assert "layer 0 has a feed-forward with biases." in said
    ops = [line.split()[:2] for line in said.splitlines()]
    assert ["linear_few", f"native-{choose_level(load())}"] in ops
    facts = json.loads(bench(folder, "--json"))
    assert "feed-forward with biases" in facts["why"]
    assert {"rope", "linear_few"} <= {op["op"] for op in facts["ops"]}
    said = bench(folder, "--compute", "reference")
    assert "The reference was asked for." in said
    assert ["linear_few", "reference"] in [line.split()[:2] for line in said.splitlines()]


def test_json_stays_json(capsys, source, monkeypatch):
    monkeypatch.setenv(LEVEL_VARIABLE, "mmx")
    command = ["bench", "--model", str(source), "--json", "--prefill", "4"]
    code = cli.main([*command, "--decode", "2", "--repeat", "1"], LOCK)
    out, err = capsys.readouterr()
    assert code == 0
    assert all(json.loads(line) for line in out.splitlines())
    assert SLOWLY in err
