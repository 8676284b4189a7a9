"""A whole answer asks for nothing of torch that waits; what is asked later is torch as it is."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app import cli
from app.airlock.report import LockReport, LockState
from app.lean_torch import TORCH, defer, in_words

ROOT = Path(__file__).resolve().parents[2]
QUESTION = ("chat", "--model", "starter", "--prompt", "What is the capital of France?")
SETTINGS = ("--max-tokens", "12", "--temperature", "0.8", "--seed", "7", "--threads", "2")
LOGITS = ("logits", "--model", "starter", "--token-ids", "1,2,3,4", "--threads", "2", "--out")

# In a process of its own, as the chat process has it: an answer, logits, then what waited.
LEAN = """
import json, sys
from app import lean_torch
deferral = lean_torch.defer()
from app import cli
from app.airlock.report import LockReport, LockState
report = LockReport(LockState.NOT_TESTED, "a test")
codes = [cli.main(each, report) for each in json.loads(sys.argv[1])]
waiting = deferral.waiting
told = [lean_torch.in_words()]
import torch
# What another's code would ask for: a batch, then shapes without memory, then a program's text.
doubled = torch.vmap(lambda x: x * 2)(torch.ones(2)).tolist()
shape = list(torch.linalg.svdvals(torch.empty(3, 2, device="meta")).shape)
graph = torch.fx.symbolic_trace(lambda x: x + 1).code
names = {name: sorted(vars(sys.modules[name])) for name in waiting}
told.append(lean_torch.in_words())
print("\\n" + json.dumps([codes, told, waiting, deferral.waiting, shape, doubled, graph, names]))
"""
# The same names where torch was imported as it is.
WHOLE = """
import json, sys, torch
print(json.dumps({name: sorted(vars(sys.modules[name])) for name in json.loads(sys.argv[1])}))
"""


def run(script: str, words: object) -> list[str]:
    """What a fresh Python prints."""
    command = [sys.executable, "-c", script, json.dumps(words)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_an_answer_is_the_same_and_the_rest_comes_when_it_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import torch

    assert torch.__version__.partition("+")[0] == TORCH.version
    report = LockReport(LockState.NOT_TESTED, "a test")
    words = [[*QUESTION, *SETTINGS], [*LOGITS, str(tmp_path / "whole.safetensors")]]
    assert [cli.main(each, report) for each in words] == [0, 0]
    answer = capsys.readouterr().out.strip().replace("whole.safetensors", "lean.safetensors")
    words[1][-1] = str(tmp_path / "lean.safetensors")
    *said, found = run(LEAN, words)
    codes, told, waiting, left, shape, doubled, graph, names = json.loads(found)
    assert codes == [0, 0]
    assert "\n".join(said).strip() == answer
    files = [tmp_path / f"{name}.safetensors" for name in ("whole", "lean")]
    assert files[0].read_bytes() == files[1].read_bytes()
    # Whole trees stay away, not only their roots.
    assert {"torch._meta_registrations", "torch.export", "torch.fx"} < set(waiting)
    assert left == []
    assert told == [
        f"{len(waiting)} of its parts wait until something asks for one",
        "whole, as something asked for a part that waited",
    ]
    assert in_words() == ""
    assert (shape, doubled) == ([2], [2.0, 2.0])
    assert "+ 1" in graph
    whole_names = json.loads(run(WHOLE, waiting)[0])
    # What was computed above brings modules of its own, so there may be more.
    assert {name: sorted(set(whole_names[name]) - set(names[name])) for name in waiting} == {
        name: [] for name in waiting
    }


def test_of_another_version_doctor_hears_that_it_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.setattr("app.lean_torch.TORCH", replace(TORCH, version="2.6.0"))
    assert defer().find_spec("torch") is not None
    assert in_words() == "imported whole; which parts may wait is known of 2.6.0 alone"
