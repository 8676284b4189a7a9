"""Damaged and swollen headers: bounded time, bounded memory, typed errors."""

import struct
import subprocess
import sys
from pathlib import Path

import pytest

from inference.checkpoint.gguf import GgufFile
from tools.fuzz_gguf import campaign, seeds

ROOT = Path(__file__).parents[3]
GROWTH = """
import sys
from pathlib import Path
from inference.checkpoint.gguf import GgufFile
from inference.memory import peak_rss_bytes
before = peak_rss_bytes()
try:
    GgufFile.open(Path(sys.argv[1])).close()
except Exception as error:
    print(type(error).__name__, file=sys.stderr)
print(peak_rss_bytes() - before)
"""


def test_500_mutants_are_opened_or_refused(tmp_path):
    """`make soak` has 50,000 of them."""
    found = campaign(500, seed=7, originals=seeds(), folder=tmp_path)
    assert found.failures == []
    assert found.is_sound
    assert found.worst_reading > 0.1  # the long text was read, and is seen
    assert found.outcomes["CheckpointError"] > 250
    assert found.outcomes["opened"] > 25


def test_the_campaign_sees_a_reader_that_fails(tmp_path, monkeypatch):
    def careless(path):
        return bytearray(4 * path.stat().st_size + (1 << 20)) and {}["missing"]

    monkeypatch.setattr(GgufFile, "open", careless)
    found = campaign(3, seed=1, originals=seeds(), folder=tmp_path)
    assert len(found.failures) == 3
    assert not found.is_sound
    assert found.worst_opening > 2
    assert len(list(tmp_path.glob("failure-1-*.gguf"))) == 3


def growth_of(path):
    """Bytes by which a child grows that parses the header."""
    done = subprocess.run(
        [sys.executable, "-c", GROWTH, str(path)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def swollen(kind, count, raw):
    """A file whose metadata is one large array."""
    key = b"tokenizer.ggml.tokens"
    return (
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", len(key)) + key
        + struct.pack("<IIQ", 9, kind, count) + raw
    )  # fmt: skip


@pytest.mark.parametrize("make", ["starter", "words", "bytes", "fields", "lies"])
def test_a_child_that_parses_grows_by_little(tmp_path, starter_path, make):
    path = tmp_path / "file.gguf"
    if make == "starter":
        path = starter_path
        with GgufFile.open(path) as file:
            metadata_bytes = file.metadata_bytes
    else:
        content = {
            "words": lambda: swollen(8, 1_000_000, struct.pack("<Q", 0) * 1_000_000),
            "bytes": lambda: swollen(0, 8_000_000, bytes(8_000_000)),
            "fields": lambda: b"GGUF" + struct.pack("<IQQ", 3, 0, 60_000) + b"".join(
                struct.pack("<Q", 5) + f"{i:05}".encode() + struct.pack("<IB", 0, 1)
                for i in range(60_000)
            ),
            "lies": lambda: swollen(8, 16_000_000, bytes(1000)),
        }[make]()  # fmt: skip
        path.write_bytes(content)
        metadata_bytes = len(content)
    assert growth_of(path) <= (16 << 20) + 20 * metadata_bytes
