"""`models catalogue` and `models fit`: what is listed, what fits, and the exit codes of both."""

import json
from dataclasses import replace

import pytest

from app import cli
from app.airlock.report import LockReport, LockState
from app.cli import catalogue as command
from app.library import speed
from app.library.catalogue import entries, find
from app.library.mixes import Mix
from app.library.preflight import Here, needs_of
from inference.machine import NativeLibraryError, SpeedTestCancelledError
from tests.app.library.speeds import machine
from tests.inference.oracles import Case, make_oracle, save_safetensors
from tests.inference.prepared.making import quantized_llama

LOCK = LockReport(LockState.NOT_TESTED, "a test")
GB = 10**9
HERE = Here(memory_bytes=16 * GB, available_bytes=15 * GB, disk_free_bytes=500 * GB)


@pytest.fixture
def measured(monkeypatch):
    """How often this computer was measured."""
    calls = []

    def measure(threads, stop_now, on_progress):
        calls.append(threads)
        return machine(40.0)

    monkeypatch.setattr(speed, "measure_machine_speed", measure)
    monkeypatch.setattr(speed._OthersWork, "share", lambda self: 0.0)
    return calls


@pytest.fixture
def run(capsys, tmp_path, monkeypatch, measured):
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(command, "here_now", lambda speed: replace(HERE, speed=speed))

    def call(*argv):
        code = cli.main(["models", *map(str, argv)], LOCK)
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_the_catalogue_is_listed_with_sizes_and_licences(run, measured):
    code, out, err = run("catalogue")
    assert (code, err) == (0, "")
    for entry in entries():
        (line,) = [row for row in out.splitlines() if row.startswith(f"{entry.number:3}  ")]
        assert entry.title in line
        assert entry.licence in line
    assert "62.4 GB to fetch" in out
    assert "No official mixture-of-experts distill" in out
    assert not measured


def test_the_catalogue_as_json_has_every_figure(run):
    code, out, _ = run("catalogue", "--json")
    facts = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [one["number"] for one in facts] == [entry.number for entry in entries()]
    (r1,) = [one for one in facts if one["title"] == "DeepSeek-R1"]
    assert r1["about_download_bytes"] == pytest.approx(688.6 * GB, rel=1e-3)
    assert r1["about_prepared_bytes"]["q8"] > r1["about_prepared_bytes"]["q4"]
    assert json.loads(run("catalogue", "12", "--json")[1]) == r1


def test_one_entry_is_told_with_the_texts_of_its_licences(run):
    code, out, _ = run("catalogue", "R1-Distill-Llama 8B")
    assert code == 0
    assert "not R1 itself" in out
    assert "https://www.llama.com/llama3_1/license/" in out
    assert "Permission is hereby granted" not in out
    whole = run("catalogue", "5", "--licence")[1]
    assert "Permission is hereby granted" in whole
    assert "LLAMA 3.1 COMMUNITY LICENSE AGREEMENT" in whole


def test_what_fits_is_said_with_its_speed(run, measured):
    code, out, err = run("fit", "4")
    assert code == 0
    assert "Measuring this computer" in err
    assert "R1-0528-Qwen3 8B, prepared as q4: It fits" in out
    assert "tokens a second written" in out
    assert run("fit", "4")[2] == ""
    assert len(measured) == 1
    run("fit", "4", "--measure")
    assert len(measured) == 2


def test_what_does_not_fit_names_what_would(run):
    code, out, _ = run("fit", "R1-Distill-Qwen 32B")
    assert code == 1
    assert "GB are free. R1-0528-Qwen3 8B fits." in out
    code, out, _ = run("fit", "10", "--json")
    facts = json.loads(out)
    assert code == 1
    assert facts["fits_instead"] == "R1-0528-Qwen3 8B"
    assert not facts["fits_memory"]
    assert facts["fits_disk"]
    assert facts["decode_tokens_per_s"] is None


def test_without_a_name_one_model_is_recommended(run):
    code, out, _ = run("fit")
    assert code == 0
    assert out.startswith("Recommended for this computer: R1-0528-Qwen3 8B (deepseek-ai/")
    facts = json.loads(run("fit", "--json")[1])
    assert facts["number"] == 4
    assert facts["fits_instead"] is None


def test_mix_and_context_are_what_was_asked_for(run):
    facts = json.loads(run("fit", "4", "--mix", "q8", "--context", "1024", "--json")[1])
    assert facts["mix"] == "q8"
    assert facts["context_tokens"] == 1024
    assert facts["prepared_bytes"] == needs_of(find("4"), Mix.Q8).prepared_bytes
    assert json.loads(run("fit", "--mix", "q6", "--json")[1])["mix"] == "q6"


def test_a_configuration_alone_can_be_asked_about(run, tmp_path):
    file = tmp_path / "config.json"
    file.write_bytes(find("4").config_file.read_bytes())
    facts = json.loads(run("fit", file, "--json")[1])
    assert facts["title"] == str(file)
    assert facts["prepared_bytes"] == needs_of(find("4")).prepared_bytes
    file.write_text("{")
    code, _, err = run("fit", file)
    assert code == 1
    assert "config.json" in err


def test_what_the_catalogue_does_not_have_ends_with_a_sentence(run):
    code, out, err = run("catalogue", "nope")
    assert (code, out) == (1, "")
    assert "“models catalogue” lists what it has." in err
    code, out, err = run("fit", "99")
    assert (code, out) == (1, "")
    assert "neither in the catalogue nor on this computer" in err


def test_a_model_that_is_here_can_be_asked_about(run, tmp_path):
    file = quantized_llama(tmp_path / "tiny.gguf", {"weight": "Q8_0"}, layers=1)
    facts = json.loads(run("fit", file, "--json")[1])
    assert facts["fits"]
    assert facts["mix"] == "none"
    assert facts["download_bytes"] == 0
    assert facts["disk_needed_bytes"] > facts["prepared_bytes"]
    assert facts["decode_tokens_per_s"] > 1000
    assert run("prepare", file, "--to", tmp_path / "prepared")[0] == 0
    code, out, _ = run("fit", tmp_path / "prepared")
    assert code == 0
    assert "which is here" in out
    assert "prepared as" not in out
    again = json.loads(run("fit", tmp_path / "prepared", "--json")[1])
    assert again["disk_needed_bytes"] == 0
    assert again["decode_tokens_per_s"] == facts["decode_tokens_per_s"]


def test_a_folder_of_safetensors_is_foreseen_as_the_mix_makes_it(run, tmp_path):
    case = Case("qwen2", {"hidden_size": 256, "intermediate_size": 512, "vocab_size": 64})
    folder = save_safetensors(make_oracle(case), tmp_path / "model")
    sizes = [
        json.loads(run("fit", folder, "--mix", mix, "--json")[1])["prepared_bytes"]
        for mix in ("q4", "q6", "q8")
    ]
    assert sizes == sorted(sizes)
    assert sizes[0] < 0.7 * sizes[2]
    assert run("prepare", folder, "--mix", "q4", "--to", tmp_path / "prepared")[0] == 0
    made = json.loads(run("fit", tmp_path / "prepared", "--json")[1])["prepared_bytes"]
    assert made == sizes[0]


@pytest.mark.parametrize("argv", [("fit", "4", "--context", "0"), ("fit", "4", "--mix", "q5"),
                                  ("fit", "4", "--context", "many")])  # fmt: skip
def test_wrong_usage_ends_with_2(run, argv):
    with pytest.raises(SystemExit) as left:
        run(*argv)
    assert left.value.code == 2


def test_where_nothing_fits_it_is_said(run, monkeypatch):
    small = replace(HERE, memory_bytes=2 * GB, available_bytes=GB)
    monkeypatch.setattr(command, "here_now", lambda speed: small)
    code, _, err = run("fit")
    assert code == 1
    assert "but the starter" in err


def test_ctrl_c_ends_the_measurement(run, monkeypatch):
    def stopped(threads, stop_now, on_progress):
        raise SpeedTestCancelledError

    monkeypatch.setattr(speed, "measure_machine_speed", stopped)
    assert run("fit", "4")[0] == 130


def test_without_native_kernels_sizes_are_told_and_speeds_are_not(run, monkeypatch):
    def none(threads, stop_now, on_progress):
        raise NativeLibraryError("The native kernels could not be loaded.")

    monkeypatch.setattr(speed, "measure_machine_speed", none)
    code, out, err = run("fit", "4")
    assert code == 0
    assert "Speeds are not predicted" in err
    assert "tokens a second" not in out
