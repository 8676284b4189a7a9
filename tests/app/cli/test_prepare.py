"""`models prepare` and `models verify`."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app import paths
from tests.inference.prepared.making import assert_lossless, quantized_llama

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    return quantized_llama(folder / "tiny.gguf", {"weight": "Q4_K"}, layers=2)


def test_a_model_is_prepared_and_verified(run, source, tmp_path):
    code, out, err = run("prepare", source, "--to", tmp_path / "m")
    assert code == 0
    assert out == f"Prepared: {tmp_path / 'm'} (0.00 GB)\n"
    assert [line.split(":")[0] for line in err.splitlines()] == [
        "Checking what is done",
        "Reading the source",
        "Laying out the weights",
    ]
    assert_lossless(source, tmp_path / "m")
    code, out, _ = run("verify", tmp_path / "m")
    assert code == 0
    assert "Tiny quantized: all of it (0.00 GB) is as it was written." in out


def test_json_tells_the_way(run, source, tmp_path):
    code, out, err = run("prepare", source, "--to", tmp_path / "m", "--json")
    lines = [json.loads(line) for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert {line["type"] for line in lines[:-1]} == {"progress"}
    assert lines[-2]["done_bytes"] == lines[-2]["total_bytes"]
    stored = sum(file.stat().st_size for file in (tmp_path / "m").iterdir())
    assert lines[-1] == {"type": "prepared", "path": str(tmp_path / "m"), "bytes": stored}
    code, out, _ = run("verify", tmp_path / "m", "--json")
    assert json.loads(out.splitlines()[-1])["type"] == "verified"


def test_without_a_folder_it_lies_beside_the_others(run, source, monkeypatch, tmp_path):
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path))
    assert run("prepare", source)[0] == 0
    assert (paths.models_dir() / "tiny-prepared" / "manifest.json").is_file()
    code, out, _ = run("list")
    assert code == 0
    assert "tiny-prepared" in out
    code, out, _ = run("inspect", "tiny-prepared")
    assert code == 0
    assert "Tiny quantized" in out
    assert "Q4_K_P16" in out


def test_a_damaged_model_is_a_sentence(run, source, tmp_path):
    run("prepare", source, "--to", tmp_path / "m")
    weights = tmp_path / "m" / "weights.safetensors"
    data = bytearray(weights.read_bytes())
    data[10_000] ^= 1
    weights.write_bytes(data)
    code, _, err = run("verify", tmp_path / "m")
    assert code == 1
    assert "pitcher: weights.safetensors: embedding: its bytes" in err


@pytest.mark.parametrize("arguments", [["--mix", "q99"], ["--to", "."]])
def test_what_can_not_be_is_a_sentence(run, source, tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    code, _, err = run("prepare", source, *arguments)
    assert code == 1
    assert err.splitlines()[-1].startswith("pitcher: ")


INTERRUPTED = """
import sys, time
from app import cli
from app.airlock.report import LockReport, LockState
from inference.prepared import pieces
pieces._PIECE_BYTES, pieces._TASK_VALUES = 4096, 4096
make = pieces.Maker.make
pieces.Maker.make = lambda *a: time.sleep(0.02) or make(*a)
sys.exit(cli.main(["models", "prepare", sys.argv[1], "--to", sys.argv[2], "--json"],
                  LockReport(LockState.NOT_TESTED, "a test")))
"""


def test_ctrl_c_keeps_what_is_done(run, source, tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, source, tmp_path / "m"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    ) as child:  # fmt: skip
        for line in child.stdout:
            if "Laying" in line:
                child.send_signal(signal.SIGINT)
                break
        child.stdout.read()
        err = child.stderr.read()
    assert child.returncode == 130
    assert err.strip() == "Stopped. What is done is kept, and the next start goes on from there."
    assert (tmp_path / "m.preparing" / "journal").is_file()
    assert not (tmp_path / "m").exists()
    assert run("prepare", source, "--to", tmp_path / "m")[0] == 0
    assert_lossless(source, tmp_path / "m")
