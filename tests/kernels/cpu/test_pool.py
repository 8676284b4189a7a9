"""The thread pool: a thread that is taken off its core holds nobody up and changes nothing."""

import subprocess
import sys
import threading
import time

import pytest
import torch

from kernels.cpu.backend import CpuBackend
from kernels.cpu.library import NativeLibraryError, load
from kernels.cpu.pool import NativePool
from kernels.testing.cases import random_values
from kernels.workspace import Workspace
from tests.kernels.cpu.native import LEVELS, random_panels

OUT, COLUMNS = 2048, 512


def product(own, x):
    out = torch.empty(x.shape[0], OUT)
    own.linear(x, random_panels("Q4_0_P16", OUT, COLUMNS), None, out, Workspace())
    return out


@pytest.mark.parametrize("rows", [1, 8])
def test_chunks_of_a_sleeping_thread_are_computed_again(rows):
    x = random_values(2, rows, COLUMNS)
    want = product(CpuBackend(LEVELS[0], 1), x)
    own = CpuBackend(LEVELS[0], 3)
    assert torch.equal(product(own, x), want)
    for thread in range(3):  # at most two of three sleep at a time for long
        own.pool.disturb(thread, 4 if thread else 0, 3000)
    before, deadline = own.pool.redone, time.monotonic() + 20
    # Many runs may pass on a busy machine before the others take a chunk at all.
    while own.pool.redone == before and time.monotonic() < deadline:
        assert torch.equal(product(own, x), want)
    assert own.pool.redone > before
    assert torch.equal(product(own, x), want)


def test_a_sleeping_thread_holds_nobody_up():
    """Its sleep is far longer than the product, which ends without it."""
    x = random_values(2, 1, COLUMNS)
    own = CpuBackend(LEVELS[0], 2)
    want = product(own, x)
    own.pool.disturb(1, 1, 400_000)
    deadline, slept = time.monotonic() + 20, False
    while not slept and time.monotonic() < deadline:
        before = own.pool.redone
        started = time.monotonic()
        assert torch.equal(product(own, x), want)
        taken = time.monotonic() - started
        slept = own.pool.redone > before
    assert slept, "the second thread never took a chunk"
    assert taken < 0.3
    started = time.monotonic()
    own.pool.quiesce()
    assert time.monotonic() - started < 5
    own.pool.disturb(1, 0, 0)


def test_many_rows_wait_for_every_thread():
    """No chunk is computed twice then: results are written straight to their place."""
    x = random_values(2, 40, COLUMNS)
    want = product(CpuBackend(LEVELS[0], 1), x)
    own = CpuBackend(LEVELS[0], 3)
    own.pool.disturb(1, 3, 2000)
    for _ in range(5):
        assert torch.equal(product(own, x), want)
    assert own.pool.redone == 0


def test_many_short_runs():
    own = CpuBackend(LEVELS[0], 4)
    weight = random_panels("Q4_0_P16", 16, 32)
    xs = [random_values(seed, 1, 32) for seed in range(8)]
    out = torch.empty(1, 16)
    want = []
    for x in xs:
        own.linear(x, weight, None, out, Workspace())
        want.append(out.clone())
    for turn in range(2000):
        own.linear(xs[turn % 8], weight, None, out, Workspace())
        assert torch.equal(out, want[turn % 8])


def test_a_pool_sleeps_between_runs_and_wakes():
    own = CpuBackend(LEVELS[0], 2)
    x = random_values(2, 2, COLUMNS)
    want = product(own, x)
    for _ in range(3):
        time.sleep(0.05)
        started = time.process_time()
        time.sleep(0.1)
        assert time.process_time() - started < 0.08, "an idle pool spins"
        assert torch.equal(product(own, x), want)


def test_a_run_gives_up_the_interpreters_lock():
    own = CpuBackend(LEVELS[0], 1)
    x = random_values(2, 8, COLUMNS)
    want = product(own, x)
    own.pool.disturb(0, 1, 3000)
    counted = 0

    def run():
        assert torch.equal(product(own, x), want)

    worker = threading.Thread(target=run)
    worker.start()
    while worker.is_alive():
        counted += 1
        time.sleep(0.0005)
    worker.join()
    assert counted > 5


def test_pools_are_counted_in_threads_and_end():
    before = threading.active_count()
    for count in (1, 2, 7):
        pool = NativePool(count)
        assert load().pk_pool_threads(pool.handle) == pool.threads == count
        assert pool.redone == 0
        pool.close()
        pool.quiesce()  # of a pool that is gone: nothing to wait for
        assert not pool.close.alive
    assert threading.active_count() == before


def test_a_pool_may_grow_and_shrink_between_runs():
    x = random_values(2, 3, COLUMNS)
    want = product(CpuBackend(LEVELS[0], 1), x)
    own = CpuBackend(LEVELS[0], 2)
    own.use_threads(3)  # before it has any
    assert own.pool.threads == 3
    before = threading.active_count()
    for count in (1, 4, 4, 2):
        own.use_threads(count)
        assert load().pk_pool_threads(own.pool.handle) == own.pool.threads == count
        assert torch.equal(product(own, x), want)
    assert threading.active_count() == before


def test_a_pool_that_can_not_grow_stays_as_it_was():
    pool = NativePool(1)

    class Full:
        @staticmethod
        def pk_pool_new(threads):
            return None

    library, pool.library = pool.library, Full()
    with pytest.raises(NativeLibraryError, match="not enough memory"):
        pool.resize(2)
    pool.library = library
    assert load().pk_pool_threads(pool.handle) == pool.threads == 1


NO_ROOM = """
import resource
from pathlib import Path
from kernels.cpu.library import NativeLibraryError, load
from kernels.cpu.pool import NativePool
load()
pages = int(Path("/proc/self/statm").read_text().split()[0])
limit = pages * resource.getpagesize() + (100 << 20)
resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
for threads in range(2, 40):  # at some number scratch still fits and a thread's stack does not
    try:
        NativePool(threads).close()
    except NativeLibraryError as error:
        print(error)
"""


def test_a_system_without_room_for_the_threads_says_so_and_goes_on():
    done = subprocess.run([sys.executable, "-c", NO_ROOM], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "There is not enough memory for the kernels' threads." in done.stdout


def test_no_memory_for_a_pool_is_a_sentence():
    class Full:
        @staticmethod
        def pk_pool_new(threads):
            return None

    with pytest.raises(NativeLibraryError, match="not enough memory") as caught:
        NativePool(2, Full())
    assert isinstance(caught.value, MemoryError)  # as those who catch these expect
