"""The side-by-side benchmark's own arithmetic and order; it times nothing here."""

import json
from pathlib import Path

import pytest

from benchmarks import compare
from benchmarks.pinned_file import pinned


@pytest.fixture
def plan(tmp_path: Path) -> compare.Plan:
    model = tmp_path / "Some-Q4_1.gguf"
    model.write_bytes(bytes(4096))
    return compare.Plan(model, 512, 64, 0, 2, 3, "fast", Path("peer-python"))


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Every command that would have run; ours is twice as fast as the peer."""
    seen: list[list[str]] = []

    def run(command: list[str]) -> str:
        seen.append(command)
        if "benchmarks.bandwidth" in command:
            return "20.5\n"
        rate = 200.0 if "main.py" in command else 100.0
        each = {"median": rate, "min": rate, "max": rate}
        rates = {"prefill_tokens_per_s": each, "decode_tokens_per_s": each}
        return json.dumps({**rates, "peak_rss_bytes": 300_000_000})

    monkeypatch.setattr(compare, "run", run)
    return seen


def test_engines_alternate_and_every_round_measures_the_memory(
    plan: compare.Plan, commands: list[list[str]]
) -> None:
    rounds = compare.measure(plan)
    kinds = ["ours" if c == plan.ours else "peer" if c == plan.peer else "read" for c in commands]
    warm_up = ["read", "ours", "peer"]
    assert kinds[3:] == [*warm_up, "read", "peer", "ours", *warm_up]
    assert len(rounds) == 3


def test_both_engines_are_told_the_same(plan: compare.Plan) -> None:
    ours, peer = (set(command) for command in (plan.ours, plan.peer))
    assert set(plan.options) | {str(plan.model)} <= ours & peer


def test_the_table_gives_both_and_the_ratio_of_pairs(
    plan: compare.Plan, commands: list[list[str]]
) -> None:
    table = compare.table(plan, compare.measure(plan))
    assert "| prefill 512 at depth 0 | 200 (200–200) | 100 (100–100) | 2.00 (2.00–2.00) |" in table
    assert "memory read 20.5 (20.5–20.5) GB/s" in table


def test_every_sample_is_kept(
    plan: compare.Plan,
    commands: list[list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(compare, "RESULTS", tmp_path / "results")
    kept = json.loads(compare.keep(plan, compare.measure(plan)).read_text(encoding="utf-8"))
    assert len(kept["rounds"]) == 3
    assert kept["plan"]["prefill"] == "512"


def test_an_engine_that_fails_ends_the_benchmark_with_a_sentence() -> None:
    with pytest.raises(SystemExit, match="ended with 3"):
        compare.run(["sh", "-c", "exit 3"])


def test_a_pinned_file_is_read_as_before_and_let_go(plan: compare.Plan) -> None:
    with pinned(plan.model) as held:
        assert isinstance(held, bool)
        assert plan.model.read_bytes() == bytes(4096)
    plan.model.write_bytes(b"")
