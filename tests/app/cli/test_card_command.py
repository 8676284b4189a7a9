"""`models card`: where a model would lie with a card, and what is said of its speed."""

import json

import pytest

from app import cli
from app.airlock.report import LockReport, LockState
from app.library import speed
from inference.machine import NativeLibraryError, SpeedTestCancelledError
from tests.app.library.speeds import machine

LOCK = LockReport(LockState.NOT_TESTED, "a test")


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(speed, "measure_machine_speed", lambda *_: machine(40.0))
    monkeypatch.setattr(speed._OthersWork, "share", lambda self: 0.0)

    def call(*argv):
        try:
            code = cli.main(["models", "card", *map(str, argv)], LOCK)
        except SystemExit as leaving:
            code = leaving.code
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_a_model_of_the_catalogue_on_one_card(run):
    code, out, err = run("DeepSeek-R1", "--card", "rtx 4090", "--memory-gb", 512)
    assert code == 0
    assert "nothing of this was measured on a card" in err
    assert "RTX 4090, 25.8 GB:" in out
    assert "routed experts: the processor computes these at the same time" in out
    assert "card: attention" in out
    assert "(beside a longer one)" in out


def test_every_known_card_as_json_with_places_and_terms(run):
    code, out, _ = run("GLM-4.7-Flash", "--json", "--memory-gb", 64, "--depth", 4096)
    found = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert len(found) == 10
    for one in found:
        assert one["on_paper"]
        assert sum(one["places"].values()) == sum(row["row_bytes"] for row in one["rows"])
        assert one["places"]["card"] <= one["card_usable_bytes"]
        seen = sum(term["ms"] for term in one["decode_terms"] if not term["hidden"])
        assert one["decode_tokens_per_s"] == pytest.approx(1000 / seen)
        assert {"card: cache", "card: attention"} <= {t["name"] for t in one["decode_terms"]}
    by_card = {one["card"]: one["decode_tokens_per_s"] for one in found}
    assert by_card["H100"] > by_card["RTX 4090"] > by_card["RTX 4060"]


def test_measured_popularity_changes_who_is_on_the_card(run, tmp_path):
    counts = [[]] + [[1000] * 8 + [1] * 56 for _ in range(46)]
    file = tmp_path / "popularity.json"
    file.write_text(json.dumps({"version": 1, "counts": counts}))
    asked = ("GLM-4.7-Flash", "--json", "--card", "RTX 4060", "--memory-gb", 64)
    plain = json.loads(run(*asked)[1])
    wanted = json.loads(run(*asked, "--popularity", file)[1])
    assert wanted["experts_on_card"] == plain["experts_on_card"]
    assert wanted["decode_tokens_per_s"] > 1.5 * plain["decode_tokens_per_s"]


def test_what_does_not_run_ends_with_1(run):
    code, out, _ = run("R1-Distill-Qwen 32B", "--card", "RTX 2060", "--memory-gb", 8)
    assert code == 1
    assert "This does not fit" in out
    assert "tokens a second" not in out


def test_unknown_cards_models_and_counts_end_with_a_sentence(run, tmp_path):
    code, _, err = run("GLM-4.7-Flash", "--card", "Voodoo 2")
    assert code == 1
    assert "There is no card “Voodoo 2” here: RTX 2060" in err
    assert run("nobody")[0] == 1
    empty = tmp_path / "counts.json"
    empty.write_text("{}")
    code, _, err = run("GLM-4.7-Flash", "--popularity", empty)
    assert code == 1
    assert "no count of experts of this model" in err


@pytest.mark.parametrize("argv", [(), ("GLM-4.7-Flash", "--memory-gb", "-1"),
                                  ("GLM-4.7-Flash", "--memory-gb", "much"),
                                  ("GLM-4.7-Flash", "--context", "0")])  # fmt: skip
def test_wrong_usage_ends_with_2(run, argv):
    assert run(*argv)[0] == 2


def test_without_kernels_places_are_told_and_speeds_are_not(run, monkeypatch):
    def none(*_):
        raise NativeLibraryError("There are no kernels.")

    monkeypatch.setattr(speed, "measure_machine_speed", none)
    code, out, err = run("GLM-4.7-Flash", "--card", "RTX 4090", "--json", "--memory-gb", 64)
    assert code == 0
    assert "There are no kernels." in err
    assert json.loads(out)["decode_tokens_per_s"] is None


def test_ctrl_c_ends_the_measurement(run, monkeypatch):
    def stopped(*_):
        raise SpeedTestCancelledError

    monkeypatch.setattr(speed, "measure_machine_speed", stopped)
    assert run("GLM-4.7-Flash")[0] == 130
