"""When a step is run, recorded or replayed, and that nothing is allocated meanwhile. No GPU."""

from contextlib import contextmanager

import pytest
import torch

from kernels.gpu.graphs import StepGraphs
from kernels.gpu.replay import RecordingLauncher
from kernels.workspace import Workspace


class Replayed:
    def __init__(self, told, key):
        self._told, self._key = told, key

    def replay(self):
        self._told.append(f"replay {self._key}")


class Machine:
    """Steps that take scratch memory, and what was done with them."""

    def __init__(self, most=16):
        self.told = []
        self.work = Workspace()
        self.graphs = StepGraphs(self.work, self.record, most)
        self.elements = 8
        self._key = ""

    def record(self, step):
        self.told.append(f"record {self._key}")
        step()
        return Replayed(self.told, self._key)

    def step(self):
        self.told.append(f"step {self._key}")
        self.work.take("scores", (self.elements,), torch.float32)

    def run(self, *keys):
        for key in keys:
            self._key = key
            self.graphs.run(key, self.step)
        said, self.told[:] = list(self.told), []
        return said


def test_a_step_is_run_then_recorded_then_replayed():
    machine = Machine()
    assert machine.run("a") == ["step a"]
    assert machine.run("a") == ["record a", "step a", "replay a"]
    assert machine.run("a", "b", "a") == ["replay a", "step b", "replay a"]
    machine.graphs.forget()
    assert machine.run("a") == ["step a"]


def test_what_takes_more_memory_while_it_is_recorded_is_refused_and_not_kept():
    machine = Machine()
    machine.run("a")
    machine.elements = 9
    with pytest.raises(AssertionError, match="scores takes 9"):
        machine.run("a")
    machine.elements = 8
    assert "record a" in machine.run("a")


def test_only_so_many_are_kept():
    machine = Machine(most=1)
    machine.run("a", "b")
    assert machine.run("a", "b", "b") == ["record a", "step a", "replay a", "step b", "step b"]


def test_fixed_memory_lies_where_it_lay_and_is_not_given_back():
    work = Workspace()
    first = work.take("x", (4, 2), torch.float32).data_ptr()
    with work.fixed():
        assert work.take("x", (8,), torch.float32).data_ptr() == first
        for wrong in (
            lambda: work.take("x", (9,), torch.float32),
            lambda: work.take("x", (8,), torch.int32),
            work.clear,
        ):
            with pytest.raises(AssertionError, match=r"more|given back"):
                wrong()
    assert work.take("x", (9,), torch.float32).numel() == 9
    work.clear()
    assert work.held_bytes == 0


def test_a_graph_is_recorded_on_the_card_that_was_chosen(monkeypatch):
    """Of two cards it may be the second, and torch's current one is the first."""

    class Second:
        name, target, device = "sm_120", 120, torch.device("cuda", 1)

        def launch(self, launch):
            told.append("launch")

    def noted(what):
        @contextmanager
        def entered(which):
            told.append(f"{what} {which}")
            yield
            told.append(f"end of {what}")

        return entered

    told = []
    monkeypatch.setattr(torch.cuda, "device", noted("card"))
    monkeypatch.setattr(torch.cuda, "graph", noted("graph"))
    monkeypatch.setattr(torch.cuda, "CUDAGraph", lambda: "of a step")
    launcher = RecordingLauncher(Second())
    assert launcher.record(lambda: launcher.launch(None)) == "of a step"
    assert told == [
        *("card cuda:1", "graph of a step", "launch", "end of graph", "end of card"),
    ]
