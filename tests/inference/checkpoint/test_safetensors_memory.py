"""Damaged and swollen safetensors files: bounded time, bounded memory, typed errors."""

import json
import struct
import subprocess
import sys
from pathlib import Path

from inference.checkpoint.config_json import JsonConfig
from tools import fuzz_safetensors
from tools.fuzz_safetensors import campaign, seeds

ROOT = Path(__file__).parents[3]
# One child for all files, as importing torch is what costs: the peak is set back each time.
GROWTH = """
import gc, re, sys, time
from pathlib import Path
from inference.checkpoint.safetensors import SafetensorsModel

def status(field):
    return int(re.search(field + r":\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) << 10

for path in sys.argv[1:]:
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")
    before, start = status("VmRSS"), time.process_time()
    try:
        outcome = len(SafetensorsModel.open(Path(path)).tensors)
    except Exception as error:
        outcome = type(error).__name__
    print(outcome, status("VmHWM") - before, time.process_time() - start)
"""


def test_60_mutants_are_opened_or_refused(tmp_path):
    """`make soak` has 50,000 of them."""
    found = campaign(60, seed=7, originals=seeds(), folder=tmp_path)
    assert found.failures == []
    assert found.is_sound
    assert found.outcomes["CheckpointError"] > 30
    assert found.outcomes["UnsupportedModelError"] > 0
    assert found.outcomes["opened"] > 30
    assert not list(tmp_path.iterdir())


def test_the_campaign_sees_readers_that_fail(tmp_path, monkeypatch):
    def careless(path):
        return bytearray(40 << 20) and {}["missing"]

    monkeypatch.setattr(fuzz_safetensors, "open_checkpoint", careless)
    monkeypatch.setattr(JsonConfig, "open", careless)
    found = campaign(2, seed=1, originals=seeds(), folder=tmp_path)
    assert len(found.failures) == 4
    assert not found.is_sound
    assert found.worst_opening > 20
    assert len(list(tmp_path.glob("failure-1-*"))) == 2


def framed(header):
    return struct.pack("<Q", len(header)) + header


def many_tensors(count):
    entry = '"{}":{{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}'
    return framed(b"{%s}" % ",".join(entry.format(i) for i in range(count)).encode())


SWOLLEN = {
    "tensors": lambda: many_tensors(30_000),
    "metadata": lambda: framed(
        b'{"__metadata__":{%s}}' % b",".join(b'"%d":"\\\\\\""' % i for i in range(300_000))
    ),
    "escapes": lambda: framed(b'{"__metadata__":{"a":"%s"}}' % (b"\\n" * 10_000_000)),
    "space": lambda: framed(b"{" + b" " * 30_000_000 + b"}"),
    "lists": lambda: framed(b'{"a":%s}' % (b"[]," * 2_000_000)),
    "nested": lambda: framed(b'{"a":' * 2_000_000),
    "name": lambda: framed(b'{"%s":1}' % (b"x" * 20_000_000)),
    "open": lambda: framed(b'{"' + b"\\" * 20_000_000),
    "number": lambda: framed(b'{"a":{"dtype":"F32","shape":[%s]}}' % (b"9" * 20_000_000)),
}


OPENED = {"tensors": "30000", "index": "30000", "metadata": "0", "escapes": "0", "space": "0"}


def swollen_index(folder, kind):
    shard = "model.safetensors"
    if kind == "index":
        (folder / shard).write_bytes(many_tensors(30_000))
        return json.dumps({"weight_map": {str(i): shard for i in range(30_000)}}).encode()
    lies = b",".join(b'"%d":"%d.safetensors"' % (i, i) for i in range(100_000))
    return b'{"weight_map":{%s}}' % lies


def test_a_child_that_parses_grows_by_little_and_soon_ends(tmp_path):
    kinds, paths = [*SWOLLEN, "index", "index of lies"], []
    for kind in kinds:
        (folder := tmp_path / kind).mkdir()
        is_index = kind.startswith("index")
        path = folder / ("model.safetensors.index.json" if is_index else "model.safetensors")
        path.write_bytes(swollen_index(folder, kind) if is_index else SWOLLEN[kind]())
        paths.append(path)
    done = subprocess.run(
        [sys.executable, "-c", GROWTH, *map(str, paths)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    for kind, path, line in zip(kinds, paths, done.stdout.splitlines(), strict=True):
        outcome, growth_bytes, seconds = line.split()
        print(kind, *line.split())
        assert outcome == OPENED.get(kind, "CheckpointError"), kind
        # The map itself counts as it is read, once; what is made of it, twenty times at most.
        size = path.stat().st_size
        assert int(growth_bytes) <= (16 << 20) + size + 20 * min(size, 5 << 20), kind
        assert float(seconds) < 10, kind
