"""Figures, models, limits, the burner and the pins."""

import ctypes
import os
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from benchmarks import limits, models, quiet, random_blocks, shapes
from benchmarks.burner import burner
from benchmarks.cases import CASES, Case
from benchmarks.engines import ENVIRONMENTS, Where, candidates, our_command, peer_command
from benchmarks.limits import Limits
from benchmarks.machine import commit, machine, widest_sets
from benchmarks.models import Work, files_of, work_of
from benchmarks.peer import PeerError, apply
from benchmarks.pinned_file import locked_bytes, pinned
from benchmarks.protocol import Sample
from benchmarks.report import Found, row, spread
from benchmarks.rounds import Round
from inference.loading import open_model
from kernels.cpu.library import NativeLibraryError

WHERE = Where(Path("model.gguf"), 600, 2)
CASE = Case("some", "v2lite12", "decode", 48, least={"llama.cpp": 1.1}, limit_least=0.88)


def samples(**rates: float) -> dict[str, Sample]:
    names = {"ours": "Pitcher", "llama": "llama.cpp"}
    return {names[name]: Sample(rate, 48 / rate, 500_000_000) for name, rate in rates.items()}


def test_a_spread_says_median_quartiles_and_extremes() -> None:
    assert str(spread([1, 2, 3, 4, 5])) == "3.00 (2.00–4.00; 1.00–5.00)"
    assert str(spread([200.4])) == "200 (200–200; 200–200)"


def test_a_row_gives_rates_ratios_of_pairs_shares_and_bars() -> None:
    rounds = [
        Round((), samples(ours=20, llama=10), Limits(20.0, None)),
        Round((), samples(ours=10, llama=10), Limits(10.0, None)),
        Round((), samples(ours=30, llama=10), Limits(40.0, None), idle_share=0.4),
    ]
    found = Found(CASE, Work(decode_bytes=1e9, prefill_operations=0), rounds)
    told = row(found)
    assert "| 20.0 (15.0–25.0; 10.0–30.0) | 10.0 (10.0–10.0; 10.0–10.0) | – |" in told
    assert "| 2.00 (1.50–2.50; 1.00–3.00), bar ≥ 1.1 | – |" in told
    assert found.limit_shares("Pitcher") == [1.0, 1.0, 0.75]
    assert "bar ≥ 0.88" in told
    assert "a waiting engine took 0.40 of a core" in told


def test_prefill_is_held_against_the_int8_peak_where_it_is_known() -> None:
    case = replace(CASE, phase="prefill")
    rounds = [Round((), samples(ours=100), Limits(20.0, 800.0))]
    assert Found(case, Work(1e9, 4e9), rounds).limit_shares("Pitcher") == [0.5]
    rounds = [Round((), samples(ours=100), Limits(20.0, None))]
    assert Found(case, Work(1e9, 4e9), rounds).limit_shares("Pitcher") == []


def small_shape() -> shapes.Shape:
    """V3's structure in a file that is written at once."""
    small = {"hidden": 256, "dense_width": 512, "vocab": 300, "heads": 2, "latent": 64}
    return replace(shapes.V3_MINI, layers=4, experts=16, expert_width=96, query_latent=32, **small)


def test_a_token_costs_the_chosen_experts_and_everything_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(random_blocks, "POOL_BYTES", 1 << 20)
    shape = small_shape()
    shapes.write(shape, tmp_path / "model.gguf")
    plans = {plan.name: plan for plan in shapes.tensors(shape)}
    # 8 of 16 experts are used.
    wanted = sum(p.size_bytes / (2 if "_exps" in p.name else 1) for p in plans.values())
    wanted -= plans["token_embd.weight"].size_bytes
    assert work_of(tmp_path / "model.gguf").decode_bytes == wanted


def test_a_tied_table_is_read_as_the_head(starter_path: Path) -> None:
    work = work_of(starter_path)
    # 134.5 M parameters, 28.3 M of them in the table, which prefill does not multiply by.
    assert work.prefill_operations == pytest.approx(2 * (134.5e6 - 28.3e6), rel=0.01)
    assert work.decode_bytes > 0.95 * starter_path.stat().st_size


def test_ours_is_prepared_once_and_then_opened_as_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(random_blocks, "POOL_BYTES", 1 << 20)
    monkeypatch.setattr(models, "FOLDER", tmp_path)
    monkeypatch.setattr(models, "PREPARED", tmp_path / "prepared")
    shapes.write(small_shape(), tmp_path / "v3mini.gguf")
    prepared = models.our_path("v3mini")
    assert prepared.parent == tmp_path / "prepared"
    with open_model(prepared) as opened:
        assert opened.info.num_layers == 4
    files = files_of(prepared)
    assert len(files) > 1
    written_ns = [file.stat().st_mtime_ns for file in files]
    assert models.our_path("v3mini") == prepared
    assert [file.stat().st_mtime_ns for file in files] == written_ns
    # One that another version made is made again.
    (prepared / "manifest.json").write_text("{}")
    assert models.our_path("v3mini") == prepared
    open_model(prepared).close()
    assert files_of(tmp_path / "v3mini.gguf") == [tmp_path / "v3mini.gguf"]


def test_a_model_that_cannot_be_written_ends_it_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "FOLDER", tmp_path)
    monkeypatch.setattr(models, "ROOT", tmp_path)
    monkeypatch.setattr(models, "GENERATOR_PYTHON", Path("/bin/false"))
    with pytest.raises(SystemExit, match=r"v3mini.gguf could not be written"):
        models.model_path("v3mini")


def test_limits_without_a_native_library_are_bandwidth_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_pool(threads: int) -> None:
        raise NativeLibraryError("not built")

    monkeypatch.setattr(limits, "NativePool", no_pool)
    monkeypatch.setattr(limits, "read_gigabytes_per_s", lambda threads: 10.0 * threads)
    assert limits.measure(2) == Limits(20.0, None)


def test_limits_are_measured_by_the_native_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BUFFER_BYTES", 16 << 20)
    monkeypatch.setattr(limits, "INT8_ROUNDS", 10_000)
    found = limits.measure(1)
    # Any processor of this century reads faster than this, a busy one too.
    assert 0.1 < found.read_gigabytes_per_s < 10_000
    assert found.int8_gops is not None
    assert 0.1 < found.int8_gops < 1_000_000


def test_the_burner_burns_only_when_it_shall_and_on_one_core() -> None:
    with burner(core=0) as other:
        process = psutil.Process(other.pid)
        assert process.cpu_affinity() == [0]

        def used_s() -> float:
            times = process.cpu_times()
            return float(times.user + times.system)

        with other.burning():
            _wait(lambda: used_s() > 0.05)
        stopped = used_s()
        time.sleep(0.1)
        assert used_s() - stopped <= 0.02
    assert not psutil.pid_exists(other.pid)


def _wait(is_so: object) -> None:
    assert callable(is_so)
    until = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_setting_goes_into_every_structure_that_has_it() -> None:
    class Model(ctypes.Structure):
        _fields_ = [("flash", ctypes.c_bool)]

    class Context(ctypes.Structure):
        _fields_ = [("flash", ctypes.c_bool), ("mla", ctypes.c_int)]

    model, context = Model(), Context()
    apply({"flash": True, "mla": 3}, model, context)
    assert (model.flash, context.flash, context.mla) == (True, True, 3)
    with pytest.raises(PeerError, match="no setting speed"):
        apply({"speed": 1}, model, context)


def test_all_engines_are_told_the_same_model_context_and_threads() -> None:
    ours = our_command("avx2", "fast", WHERE)
    assert set(WHERE.words) <= set(ours.words)
    assert ours.environment == {"PITCHER_CPU_LEVEL": "avx2"}
    assert our_command("best", "fast", WHERE).environment == {}
    for name, level in ENVIRONMENTS:
        peer = peer_command(name, level, {"n_ubatch": 256}, WHERE)
        assert set(WHERE.words) <= set(peer.words)
        assert peer.words[-1] == '{"n_ubatch": 256}'


def test_the_forks_best_and_its_avx2_build_are_different_libraries() -> None:
    best = peer_command("ik_llama.cpp", "best", {}, WHERE)
    assert "native" in best.environment["IK_LLAMA_CPP_LIB_PATH"]
    assert peer_command("ik_llama.cpp", "avx2", {}, WHERE).environment == {}


def test_only_what_can_matter_is_tried() -> None:
    dense = candidates("ik_llama.cpp", "smollm2")
    assert dense
    assert not any("mla_attn" in settings for settings in dense)
    assert len(candidates("ik_llama.cpp", "v3mini")) > len(dense)


def test_names_of_cases_are_their_own_and_deciding_ones_decide_for_themselves() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
    assert all(case.deciding.deciding is case.deciding for case in CASES)
    assert not [case for case in CASES if case.settings_of and case.deciding is case]


def test_the_machine_and_the_commit_are_named() -> None:
    assert f"{os.cpu_count()} cores" in machine()
    assert commit()
    assert widest_sets(["sse2", "avx2", "avx512_vnni"]) == " with AVX-512 VNNI"
    assert widest_sets(["sse2"]) == ""


def test_a_pinned_file_is_locked_itself_and_not_a_copy_of_it(tmp_path: Path) -> None:
    model = tmp_path / "model.gguf"
    model.write_bytes(bytes(8 << 20))
    anonymous, locked = _status_bytes("RssAnon:"), locked_bytes()
    with pinned(model) as held:
        if not held:
            pytest.skip("this system's limit on locked memory is below 8 MB")
        assert locked_bytes() - locked == 8 << 20
        assert _status_bytes("RssAnon:") - anonymous < 4 << 20
    assert locked_bytes() == locked


def test_a_file_that_cannot_be_mapped_is_not_held(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with pinned(tmp_path / "empty") as held:
        assert not held


def _status_bytes(field: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith(field))


def test_it_waits_until_nobody_else_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quiet, "SLEEP_S", 0.0)
    seen = iter([1.9, 0.4, 0.1])
    said: list[str] = []
    quiet.wait_until_quiet(20, said.append, lambda: next(seen))
    assert said == ["Others use 1.9 cores: waiting."]
    assert list(seen) == []


def test_patience_ends_and_none_does_not_even_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quiet, "SLEEP_S", 0.01)
    said: list[str] = []
    quiet.wait_until_quiet(0.05, said.append, lambda: 1.5)
    assert said[-1] == "They did not stop: measuring all the same."
    quiet.wait_until_quiet(0, said.append, lambda: pytest.fail("it looked"))


def test_a_working_process_is_seen() -> None:
    with burner() as other, other.burning():
        assert quiet.busy_cores(0.5) > 0.3


def test_a_row_says_when_others_worked_meanwhile() -> None:
    rounds = [Round((), samples(ours=20, llama=10), foreign_cores=0.7)]
    assert "other processes took 0.70 cores" in row(Found(CASE, Work(1e9, 1e9), rounds))
