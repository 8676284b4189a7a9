"""The run of the hostile texts outlives its windows: a text that ends or hangs one is told, the
others are played, and each result is on the disk at once. Windows are stood in for by a script.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from tests.flows.hostile_running import LOG, Run, in_words

_SCRIPT = """
import json, os, sys, time
names = sys.argv[sys.argv.index("--only") + 1:]
for name in names:
    if name == "dies":
        sys.exit("its last words")
    if name == "hangs":
        sys.stdout.write('{"name": "han')
        sys.stdout.flush()
        time.sleep(600)
    if name == "opens":
        open(sys.argv[1]).close()
    print(json.dumps({"name": name, "hidden": {}, "refers": {}, "worst_ms": {"a": 2.0}}))
    sys.stdout.flush()
sys.exit("dies late" in names)
"""

pytestmark = [
    pytest.mark.skipif(
        sys.platform != "linux" or shutil.which("strace") is None, reason="needs strace"
    ),
]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.delenv(LOG, raising=False)
    script = tmp_path / "window.py"
    script.write_text(_SCRIPT)
    return Run(tmp_path, 3.0, (sys.executable, str(script)))


def test_a_window_that_ends_or_hangs_loses_one_text(run: Run, tmp_path: Path) -> None:
    watched = run.play(["one", "dies", "two", "hangs", "three"])
    assert [each["name"] for each in watched.shown] == ["one", "two", "three"]
    assert watched.lost.keys() == {"dies", "hangs"}
    assert "its last words" in watched.lost["dies"]
    assert "nothing came for 3 s" in watched.lost["hangs"]
    assert watched.faults() == {"lost": watched.lost}
    told = [json.loads(line) for line in (tmp_path / "results.jsonl").read_text().splitlines()]
    assert [each["name"] for each in told] == ["one", "dies", "two", "hangs", "three"]


def test_a_window_that_fails_when_it_is_closed_is_told(run: Run) -> None:
    watched = run.play(["dies late"])
    assert watched.lost.keys() == {"the end"}
    assert len(watched.shown) == 1


def test_what_is_seen_of_all_windows_is_kept(run: Run) -> None:
    watched = run.play(["opens", "dies", "opens"])
    assert len(watched.opened) == 2
    assert watched.faults().keys() == {"lost", "opened"}


def test_the_log_lies_where_it_is_wanted_and_is_added_to(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "kept.jsonl"
    log.write_text("")
    monkeypatch.setenv(LOG, str(log))
    for name in ("one", "two"):
        Run(tmp_path, 3.0, run._player).play([name])
    assert len(log.read_text().splitlines()) == 2


def test_a_result_is_told_in_a_line() -> None:
    result = {"name": "a text", "worst_ms": {"a": 2.0, "b": 110.4}, "hidden": {"x": ["\u202e"]}}
    assert in_words(result) == "a text; 110 ms in b; hidden: {'x': ['\\u202e']}"
