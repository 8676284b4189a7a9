"""A whole run with fake engines: order, settings, failures, what is kept and printed."""

import json
from pathlib import Path

import pytest

from benchmarks import compare
from benchmarks.campaign import Campaign, Options
from benchmarks.cases import CASES, Case, chosen
from benchmarks.engine_process import EngineError
from benchmarks.engines import Settings
from benchmarks.report import Found, table
from benchmarks.sweep import SweepStore

ALL = ("Pitcher", "llama.cpp", "ik_llama.cpp")
PAIRED = Case("some-decode", "some", "decode", 4, 2, least={"llama.cpp": 2.0})


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture(autouse=True)
def few_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    choices: tuple[Settings, ...] = ({"ms": 20}, {"ms": 10}, {"ms": 30})
    monkeypatch.setattr("benchmarks.sweep.candidates", lambda peer, model: choices)


def run(
    store: Path,
    said: list[str],
    *cases: Case,
    engines: tuple[str, ...] = ("Pitcher", "llama.cpp"),
    rounds: int = 2,
    sweep_only: bool = False,
) -> tuple[Campaign, list[Found]]:
    options = Options(cases, engines, rounds, 2, "fast", sweep_only=sweep_only)
    campaign = Campaign(options, SweepStore(store), said.append)
    return campaign, list(campaign.run())


def test_rounds_alternate_and_ratios_are_of_pairs(
    fake_engines: dict[str, Settings], tmp_path: Path, said: list[str]
) -> None:
    _, (found,) = run(tmp_path / "sweep.json", said, PAIRED, engines=ALL)
    first, second = found.rounds
    assert list(first.order) == ["limits", *ALL]
    assert list(second.order) == list(reversed(first.order))
    ours, theirs = found.values("Pitcher"), found.values("llama.cpp")
    assert found.ratios("llama.cpp") == [a / b for a, b in zip(ours, theirs, strict=True)]
    # Ours takes 1 ms a token, the peer 10 with the best of its settings; a busy machine takes
    # its part of both.
    assert min(found.ratios("llama.cpp")) > 1.2
    assert first.limits is not None
    assert first.limits.read_gigabytes_per_s == 20.0


def test_a_peer_runs_with_the_settings_that_were_best_for_it(
    fake_engines: dict[str, Settings], tmp_path: Path, said: list[str]
) -> None:
    campaign, _ = run(tmp_path / "sweep.json", said, PAIRED)
    assert campaign.settings("llama.cpp", PAIRED) == {"ms": 10}
    tried = json.loads((tmp_path / "sweep.json").read_text())
    assert [trial["settings"]["ms"] for trial in tried] == [20, 10, 30]
    assert all(len(trial["samples"]) == 3 for trial in tried)


def test_a_sweep_is_done_once_and_kept(
    fake_engines: dict[str, Settings], tmp_path: Path, said: list[str]
) -> None:
    run(tmp_path / "sweep.json", said, PAIRED, sweep_only=True)
    assert sum("sweep" in words for words in said) == 3
    run(tmp_path / "sweep.json", said, PAIRED)
    assert sum("sweep" in words for words in said) == 3


def test_settings_that_a_peer_refuses_are_recorded_and_passed_over(
    fake_engines: dict[str, Settings],
    tmp_path: Path,
    said: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    choices: tuple[dict[str, object], ...] = ({"fault": "refuses"}, {"ms": 5})
    monkeypatch.setattr("benchmarks.sweep.candidates", lambda peer, model: choices)
    campaign, _ = run(tmp_path / "sweep.json", said, PAIRED)
    assert campaign.settings("llama.cpp", PAIRED) == {"ms": 5}
    assert "no such model" in campaign.store.trials[0].failed


def test_a_peer_that_cannot_run_at_all_ends_it_with_its_reason(
    fake_engines: dict[str, Settings], tmp_path: Path, said: list[str]
) -> None:
    fake_engines["llama.cpp"] = {"fault": "dies"}
    with pytest.raises(EngineError, match=r"(?s)llama.cpp ended with 3.*segmentation"):
        run(tmp_path / "sweep.json", said, PAIRED)


def test_contention_measures_everyone_alone_and_beside_the_burner(
    fake_engines: dict[str, Settings], tmp_path: Path, said: list[str]
) -> None:
    case = Case("contention", "some", "decode", 4, kind="contention")
    _, (found,) = run(tmp_path / "sweep.json", said, case, engines=("Pitcher",))
    shares = found.busy_shares("Pitcher")
    assert len(shares) == 2
    assert "of quiet speed" in table([found])


def test_a_start_is_timed_from_nothing(
    fake_engines: dict[str, Settings], tmp_path: Path, said: list[str]
) -> None:
    case = Case("start", "some", "prefill", 16, kind="start", most={"llama.cpp": 0.5})
    _, (found,) = run(tmp_path / "sweep.json", said, case)
    # 16 ms of work are little beside starting Python.
    assert all(seconds > 0.03 for seconds in found.values("Pitcher"))
    assert "bar ≤ 0.5" in table([found])


def test_whole_models_run_one_engine_after_the_other(
    fake_engines: dict[str, Settings],
    tmp_path: Path,
    said: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alive: list[str] = []
    most: list[int] = []
    original = Campaign.start

    def start(self: Campaign, name: str, case: Case, settings: Settings) -> object:
        engine = original(self, name, case, settings)
        alive.append(name)
        most.append(len(alive))
        close = engine.close
        monkeypatch.setattr(engine, "close", lambda: (alive.remove(name), close()))
        return engine

    case = Case("whole", "some", "decode", 4, kind="whole", most={"llama.cpp": 0.7})
    run(tmp_path / "sweep.json", said, case, engines=ALL, sweep_only=True)
    monkeypatch.setattr(Campaign, "start", start)
    _, (found,) = run(tmp_path / "sweep.json", said, case, engines=ALL)
    assert max(most) == 1
    assert [list(r.samples) for r in found.rounds] == [list(ALL)] * 2
    assert "of llama.cpp's, bar ≤ 0.7" in table([found])


def test_the_deciding_case_is_swept_for_those_that_follow_it() -> None:
    by_name = {case.name: case for case in CASES}
    assert by_name["contention"].deciding is by_name["v2-decode"]
    assert by_name["whole-prefill"].deciding is by_name["v2-prefill"]
    assert by_name["v3-decode"].deciding is by_name["v3-decode"]


def test_cases_are_chosen_by_the_beginnings_of_their_names() -> None:
    assert [case.name for case in chosen("smol,start")] == ["smol-prefill", "smol-decode", "start"]
    assert chosen("") == CASES
    with pytest.raises(SystemExit, match="No case begins with fast"):
        chosen("fast")


@pytest.fixture
def bench(
    fake_engines: dict[str, Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """`python -m benchmarks.compare` on a small case; where its results go."""
    results = tmp_path / "benchmarks" / "results"
    monkeypatch.setattr(compare, "RESULTS", results)
    monkeypatch.setattr(compare, "ROOT", tmp_path)
    options = Options((PAIRED,), ALL, 2, 2, "fast")
    monkeypatch.setattr(compare, "parse_options", lambda: options)
    return results


def test_the_command_prints_a_table_and_keeps_every_sample(
    bench: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compare.main() == 0
    out = capsys.readouterr().out
    assert "| some-decode: some, decode 4 at depth 2 |" in out
    assert "bar ≥ 2.0" in out
    (kept,) = bench.glob("compare-*.json")
    record = json.loads(kept.read_text())
    assert len(record["cases"][0]["rounds"]) == 2
    # Both settings of each peer that ran, and ours.
    assert {e["engine"] for e in record["engines"]} == set(ALL)
    assert len(record["sweep"]) == 6


def test_the_command_ends_with_one_and_a_sentence_where_an_engine_fails(
    bench: Path, fake_engines: dict[str, Settings], capsys: pytest.CaptureFixture[str]
) -> None:
    fake_engines["Pitcher"] = {"fault": "fails"}
    assert compare.main() == 1
    assert "Pitcher: RuntimeError: out of tokens" in capsys.readouterr().err
    assert len(list(bench.glob("compare-*.json"))) == 1


def test_unknown_engines_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        compare.parse_options(["--engines", "vllm"])
    assert "engines are Pitcher, llama.cpp, ik_llama.cpp" in capsys.readouterr().err
