"""`models inspect`: files, folders, configurations alone, and plans."""

import json

import pytest

from app import cli
from app.airlock.report import LockReport, LockState
from tests.inference.published import R1

LOCK = LockReport(LockState.NOT_TESTED, "a test")
GB = 10**9


@pytest.fixture
def run(capsys):
    def call(*argv):
        try:
            code = cli.main(["models", "inspect", *map(str, argv)], LOCK)
        except SystemExit as leaving:
            code = leaving.code
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def r1(tmp_path):
    (tmp_path / "config.json").write_text(json.dumps(R1))
    return tmp_path


@pytest.fixture
def r1_path(r1):
    return r1 / "config.json"


def test_r1s_configuration_alone_is_planned_for_machines_of_all_sizes(run, r1_path):
    code, out, _ = run(r1_path, "--json", "--memory-gb", 16, 32, 64, 512, "--context", 4096)
    found = json.loads(out)
    assert code == 0
    assert found["parameters"] == pytest.approx(671e9, rel=1e-3)
    # One byte a weight and its scales, embedding and head in two bytes.
    assert found["weight_bytes"] == pytest.approx(673e9, rel=1e-3)
    assert found["cache_bytes_per_token"] == 61 * 576 * 2
    plans = found["plans"]
    assert [p["memory_bytes"] // GB for p in plans] == [16, 32, 64, 512]
    assert [p["runs"] for p in plans] == [False, True, True, True]
    assert not any(p["fits"] for p in plans)
    for entry in plans:
        assert entry["context_tokens"] == 4096
        assert sum(part["bytes"] for part in entry["parts"]) == sum(entry["places"].values())
        assert all(part["reason"] for part in entry["parts"])


def test_a_scheme_may_be_supposed_for_a_configuration(run, r1):
    found = json.loads(run(r1, "--json", "--weights", "Q4_K", "--memory-gb", 512)[1])
    assert found["plans"][0]["fits"]
    assert set(found["tensors_by_scheme"]) == {"Q4_K", "BF16"}
    code, _, err = run(r1, "--weights", "Q9_X")
    assert code == 1
    assert "Q9_X" in err


def test_people_read_a_plan_in_words(run, r1_path):
    code, out, _ = run(r1_path, "--memory-gb", 32)
    assert code == 0
    assert "On a machine with 32 GB of memory, 8,192 tokens" in out
    assert "routed experts: they do not fit" in out
    assert "It runs, slowly" in out


def test_the_starter_fits_on_this_machine(run, starter_path):
    found = json.loads(run(starter_path, "--json")[1])
    assert found["plans"][0]["fits"]
    assert found["tensors_kept_aside"] == 0
    assert found["plans"][0]["parts"][0]["bytes"] == pytest.approx(found["file_bytes"], rel=0.05)
    assert "On a machine with" in run(starter_path)[1]


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["--weights", "Q4_K"], "configuration without weights"),
        (["--memory-gb", "0"], "above 0"),
        (["--memory-gb", "much"], "not a number"),
        (["--context", "0"], "1 or more"),
    ],
)
def test_what_makes_no_sense_is_refused(run, starter_path, argv, sentence):
    code, _, err = run(starter_path, *argv)
    assert code in (1, 2)
    assert sentence in err


def test_a_folder_without_anything_says_so(run, tmp_path):
    (tmp_path / "empty").mkdir()
    code, _, err = run(tmp_path / "empty")
    assert code == 1
    assert "no GGUF and no safetensors" in err
