"""A preparation that is killed, stopped or out of room goes on, and ends as if it had not been."""

import errno
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from inference.errors import (
    NotEnoughDiskError,
    PreparationCancelledError,
    PreparationError,
)
from inference.loading import open_model
from inference.prepared import preparing, writing
from inference.prepared.journal import Journal
from inference.prepared.lock import work_folder
from inference.prepared.pieces import Maker
from inference.prepared.preparing import Watch, prepare
from inference.prepared.verifying import verify
from tests.inference.prepared.making import assert_lossless, folder_bytes, quantized_llama

ROOT = Path(__file__).resolve().parents[3]
MATRICES = {"token_embd.weight": "Q6_K", "attn_k.weight": "Q5_0", "weight": "Q4_K"}

LAST_LINE = 45  # of what a child prints before it says “whole”: a line a piece, and a few

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("source")
    return quantized_llama(folder / "m.gguf", MATRICES, layers=4, vocab=700)


@pytest.fixture
def small_pieces(monkeypatch):
    monkeypatch.setattr("inference.prepared.pieces._PIECE_BYTES", 1 << 16)
    monkeypatch.setattr("inference.prepared.pieces._TASK_VALUES", 1 << 16)


@pytest.fixture
def whole(source, tmp_path, small_pieces):
    """What an undisturbed preparation writes."""
    return folder_bytes(prepare(source, tmp_path / "whole"))


def start(source, target, *more):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.inference.prepared.child", source, target, *more],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )


def kill_after(child, lines):
    """SIGKILL behind so many lines; all that the child acknowledged until it was dead."""
    seen = []
    with child:
        for line in child.stdout:
            seen.append(line.split())
            if len(seen) == lines:
                child.kill()
    return seen


def done_in(step, lines):
    """The byte counts that were reported in a step."""
    return [int(line[1]) for line in lines if line[0] == step]


def written(lines, source_bytes):
    """Bytes of the prepared file that were acknowledged."""
    done = done_in("Laying", lines)
    return max(done, default=0) - source_bytes if done else 0


def killed_often(source, target, points):
    """Kill at each of the points in turn, or until it is whole: how many kills there were.

    Nothing that was acknowledged is made again.
    """
    acknowledged, source_bytes = 0, source.stat().st_size
    for kills, lines in enumerate(points):
        seen = kill_after(start(source, target), lines)
        if seen[-1] == ["whole"]:
            return kills
        if seen[-1][0] in ("Reading", "Laying"):
            assert max(done_in("Checking", seen)) >= acknowledged
        if target.exists():  # killed behind the last step of all
            return kills + 1
        acknowledged = max(acknowledged, written(seen, source_bytes))
    return len(points)


def assert_goes_on(source, target, whole):
    with start(source, target) as child:
        lines = [line.split() for line in child.stdout]
    assert child.returncode == 0
    assert lines[-1] == ["whole"]
    assert folder_bytes(target) == whole
    assert not target.with_name(target.name + ".preparing").exists()
    return lines


def test_killed_at_random_points_it_ends_byte_identical(source, tmp_path, whole):
    choose = random.Random(4)
    points = [choose.randrange(2, LAST_LINE - 6) for _ in range(5)]
    assert killed_often(source, tmp_path / "m", points) == 5
    assert_goes_on(source, tmp_path / "m", whole)
    assert_lossless(source, tmp_path / "m")


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_killed_at_fifty_random_points_it_ends_byte_identical(source, tmp_path, whole):
    choose = random.Random(5)
    kills = run = 0
    while kills < 50:
        run += 1
        target = tmp_path / f"m{run}"
        kills += killed_often(source, target, [choose.randrange(2, LAST_LINE) for _ in range(5)])
        if not target.exists():
            assert_goes_on(source, target, whole)
        assert folder_bytes(target) == whole


def test_what_was_acknowledged_is_kept(source, tmp_path, whole):
    seen = kill_after(start(source, tmp_path / "m"), 30)
    done = written(seen, source.stat().st_size)
    assert done > 0
    lines = assert_goes_on(source, tmp_path / "m", whole)
    assert max(done_in("Checking", lines)) >= done


def stop_at(step, count):
    """A watch that stops at the `count`-th report of a step."""
    seen = []

    def tell(progress):
        if progress.step.startswith(step):
            seen.append(progress)

    return Watch(tell, lambda: len(seen) >= count)


@pytest.mark.parametrize(("step", "count"), [("Reading", 1), ("Reading", 2), ("Laying", 1),
                                             ("Laying", 25)])  # fmt: skip
def test_cancelled_it_keeps_what_is_done(source, tmp_path, whole, step, count):
    with pytest.raises(PreparationCancelledError, match="kept"):
        prepare(source, tmp_path / "m", None, stop_at(step, count))
    assert not (tmp_path / "m").exists()
    made = []
    with pytest.MonkeyPatch.context() as patch:
        make = Maker.make
        patch.setattr(Maker, "make", lambda *a: made.append(1) or make(*a))
        prepare(source, tmp_path / "m")
    everything = sum(map(len, _pieces(tmp_path / "m")))
    assert len(made) == everything - (count - 1 if step == "Laying" else 0)
    assert folder_bytes(tmp_path / "m") == whole


def _pieces(folder):
    return [t["sha256"] for t in json.loads((folder / "pieces.json").read_text()).values()]


def test_progress_ends_at_everything(source, tmp_path, small_pieces):
    seen = []
    prepare(source, tmp_path / "m", None, Watch(seen.append))
    done = [progress.done_bytes for progress in seen]
    assert done == sorted(done)
    assert done[-1] == seen[-1].total_bytes
    assert len({progress.total_bytes for progress in seen}) == 1


def stopped(source, target, count=30):
    with pytest.raises(PreparationCancelledError):
        prepare(source, target, None, stop_at("Laying", count))
    return target.with_name(target.name + ".preparing")


def test_a_journal_that_was_cut_off_counts_up_to_there(source, tmp_path, whole):
    work = stopped(source, tmp_path / "m")
    journal = work / "journal"
    journal.write_bytes(journal.read_bytes()[:-20])
    prepare(source, tmp_path / "m")
    assert folder_bytes(tmp_path / "m") == whole


@pytest.mark.parametrize("damage", [b"garbage\n", b'{"piece": 5}\n', b'{"piece": "00"}\n', b"[]\n"])
def test_a_damaged_journal_costs_work_and_nothing_else(source, tmp_path, whole, damage):
    work = stopped(source, tmp_path / "m")
    lines = (work / "journal").read_bytes().splitlines(keepends=True)
    lines[10] = damage
    (work / "journal").write_bytes(b"".join(lines))
    prepare(source, tmp_path / "m")
    assert folder_bytes(tmp_path / "m") == whole


def test_weights_that_were_lost_are_made_again(source, tmp_path, whole):
    """As after a power cut: the journal says more than the disk has."""
    work = stopped(source, tmp_path / "m")
    weights = work / "weights.safetensors"
    data = bytearray(weights.read_bytes())
    data[-70000] ^= 1
    weights.write_bytes(data[:-1000])
    with pytest.raises(PreparationCancelledError):
        prepare(source, tmp_path / "m", None, stop_at("Laying", 5))
    prepare(source, tmp_path / "m")
    assert folder_bytes(tmp_path / "m") == whole


@pytest.mark.parametrize("left", [0, 100, 4096])
def test_weights_that_lost_their_beginning_are_made_again(source, tmp_path, whole, left):
    weights = stopped(source, tmp_path / "m") / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:left])
    prepare(source, tmp_path / "m")
    assert folder_bytes(tmp_path / "m") == whole


def test_a_changed_source_starts_over(source, tmp_path, small_pieces):
    mine = tmp_path / "m.gguf"
    shutil.copy(source, mine)
    stopped(mine, tmp_path / "m")
    quantized_llama(mine, MATRICES, layers=4, vocab=700, seed=1)
    prepare(mine, tmp_path / "m")
    assert_lossless(mine, tmp_path / "m")
    verify(tmp_path / "m")


def test_a_source_that_changes_meanwhile_is_noticed(source, tmp_path, small_pieces):
    mine = tmp_path / "m.gguf"
    shutil.copy(source, mine)

    def change(progress):
        if progress.step.startswith("Laying"):
            os.utime(mine, (1, 1))

    with pytest.raises(PreparationError, match=r"m\.gguf has changed"):
        prepare(mine, tmp_path / "m", None, Watch(change))
    assert not (tmp_path / "m").exists()
    prepare(mine, tmp_path / "m")
    assert_lossless(mine, tmp_path / "m")


def test_two_at_once_are_one_too_many(source, tmp_path):
    with work_folder(tmp_path / "m"):
        child = start(source, tmp_path / "m")
        out = child.communicate()[0]
        assert child.returncode == 1
        assert "Another process is at work on m just now" in out
        with pytest.raises(PreparationError, match="Another process"):
            prepare(source, tmp_path / "m")
    prepare(source, tmp_path / "m")
    with pytest.raises(PreparationError, match="is there already"):
        prepare(source, tmp_path / "m")


def test_a_folder_that_was_renamed_away_is_made_anew(tmp_path):
    """Whoever waited for the lock of a folder that was finished meanwhile has the wrong one."""
    with work_folder(tmp_path / "m") as work:
        work.rename(tmp_path / "m")
        with work_folder(tmp_path / "m") as again:
            assert again.is_dir()
            assert not again.samefile(tmp_path / "m")


def test_all_of_it_is_on_the_disk_before_it_has_its_name(source, tmp_path, monkeypatch):
    synced, real = set(), os.fsync

    def note(descriptor):
        path = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
        if not (tmp_path / "m").exists():
            synced.add(path.name)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    prepare(source, tmp_path / "m")
    assert {"m.preparing", *(path.name for path in (tmp_path / "m").iterdir())} <= synced


def test_an_outdated_one_is_replaced(source, tmp_path):
    prepare(source, tmp_path / "m")
    before = folder_bytes(tmp_path / "m")
    other = quantized_llama(tmp_path / "other.gguf", {"weight": "Q8_0"}, layers=1)
    prepare(other, tmp_path / "m", replace=True)
    assert folder_bytes(tmp_path / "m") != before
    assert_lossless(other, tmp_path / "m")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["m", "other.gguf"]
    (tmp_path / "letters").mkdir()
    with pytest.raises(PreparationError, match="is there already"):
        prepare(source, tmp_path / "letters", replace=True)


def test_a_prepared_model_is_not_prepared_again(source, tmp_path):
    prepare(source, tmp_path / "m")
    with pytest.raises(PreparationError, match="prepared model already"):
        prepare(tmp_path / "m", tmp_path / "again")


def test_too_little_room_is_said_first(source, tmp_path, monkeypatch):
    real = os.statvfs

    class Full:
        def __init__(self, path):
            self._found = real(path)

        def __getattr__(self, name):
            return 100 if name in ("f_bavail", "f_bfree") else getattr(self._found, name)

    monkeypatch.setattr(os, "statvfs", Full)
    with pytest.raises(NotEnoughDiskError, match="not enough room") as caught:
        prepare(source, tmp_path / "m")
    free = 100 * real(tmp_path).f_frsize
    assert caught.value.free_bytes == free
    assert caught.value.needed_bytes > 64 << 20
    weights = tmp_path / "m.preparing" / "weights.safetensors"
    assert not weights.exists()


def test_a_disk_that_fills_up_stops_it_and_more_room_goes_on(source, tmp_path, whole):
    limit = len(whole["weights.safetensors"]) // 2
    child = start(source, tmp_path / "m", str(limit))
    out = child.communicate()[0]
    assert child.returncode == 1
    assert "NotEnoughDiskError There is not enough room" in out
    lines = assert_goes_on(source, tmp_path / "m", whole)
    kept = max(done_in("Checking", lines))
    assert limit // 2 < kept <= limit


def test_other_failures_of_the_disk_are_not_called_full(source, tmp_path, monkeypatch):
    def fail(descriptor, data):
        raise OSError(errno.EIO, "a read error")

    monkeypatch.setattr(writing.os, "write", fail)
    with pytest.raises(OSError, match="read error"):
        prepare(source, tmp_path / "m")


def test_a_new_journal_is_not_the_old_ones(tmp_path):
    path = tmp_path / "journal"
    assert Journal.open(path, "a") is None
    journal = Journal.start(path, "a")
    journal.append({"piece": "x"})
    journal.close()
    assert Journal.open(path, "b") is None
    again = Journal.open(path, "a")
    assert again.entries == [{"piece": "x"}]
    again.keep([{"source": "s"}], "a")
    again.close()
    last = Journal.open(path, "a")
    assert last.entries == [{"source": "s"}]
    last.close()


PEAK = """
import sys
from pathlib import Path
import torch
from inference.prepared import preparing
def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
torch.set_num_threads(1)
base = peak()
preparing.prepare(Path(sys.argv[1]), Path(sys.argv[2]))
print(base, peak())
"""


def test_memory_stays_small_whatever_the_model(tmp_path):
    """A file of 0.45 GB: neither it nor what is made of it is ever in memory as a whole."""
    source = quantized_llama(
        tmp_path / "big.gguf", {"weight": "F16"}, hidden=1024, layers=1, vocab=220_000, width=256,
        tied=True, zeros=True,
    )  # fmt: skip
    assert source.stat().st_size > 450e6
    out = subprocess.run(
        [sys.executable, "-c", PEAK, source, tmp_path / "m"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    base, peak = (int(n) * 1024 for n in out.split())
    assert peak - base < 300e6
    assert peak < 1.5e9
    with open_model(tmp_path / "m") as opened:
        assert opened.info.file_bytes > 450e6


def test_nothing_is_quantized_without_a_mix():
    with pytest.raises(AssertionError, match="nothing is quantized"):
        preparing._no_quantizer(None, "Q4_K")
