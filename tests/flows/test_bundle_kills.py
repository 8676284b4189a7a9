"""kill -9 of a process that makes or installs a bundle: the next start ends whole and right."""

import shutil
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from app.library.bundles.checking import check_bundle, check_installed, open_bundle
from app.library.bundles.exporting import export_bundle
from app.library.bundles.importing import import_bundle
from app.library.bundles.signing import SigningKey
from app.library.bundles.sources import Source
from tests.app.library.bundles.conftest import source_in

ROOT = Path(__file__).resolve().parents[2]
KILLS = 5
SIZES = {"a.safetensors": 1 << 20, "b.safetensors": 700_001, "config.json": 900}
PART_BYTES = 1 << 15
# Each flush of the disk takes so long here: kills at random moments fall on every step.
FLUSH_S = 0.008
LONGEST_S = 0.6
SLOWLY = f"""
import os, time
flush = os.fsync
os.fsync = lambda descriptor: (time.sleep({FLUSH_S}), flush(descriptor))
"""
EXPORTS = f"""{SLOWLY}import sys
from pathlib import Path
from app.library.bundles.exporting import export_bundle
from app.library.bundles.signing import SigningKey
from tests.app.library.bundles.conftest import source_in
home = Path(sys.argv[1])
key = SigningKey.read(home / "key.pem")
source = source_in(home / "source", sizes={SIZES!r})
print("ready", flush=True)
export_bundle(source, home / "stick", key, {PART_BYTES})
print("done", flush=True)
"""
IMPORTS = f"""{SLOWLY}import sys
from pathlib import Path
from app.library.bundles.checking import open_bundle
from app.library.bundles.importing import import_bundle
home = Path(sys.argv[1])
bundle = open_bundle(home / "stick" / "tiny-bundle")
print("ready", flush=True)
import_bundle(bundle, home / "models", "test")
print("done", flush=True)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    SigningKey.make(tmp_path / "key.pem")
    (tmp_path / "stick").mkdir()
    return tmp_path


def killed(script: str, home: Path, after_s: float) -> bool:
    """Run it and kill it so long after it began; whether it was at work then."""
    with subprocess.Popen(
        [sys.executable, "-c", script, str(home)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(after_s)
        child.kill()
        return child.stdout.read() == ""


def exported(home: Path) -> tuple[Source, Path]:
    source = source_in(home / "source", sizes=SIZES)
    key = SigningKey.read(home / "key.pem")
    return source, export_bundle(source, home / "stick", key, PART_BYTES)[0]


def test_an_export_that_is_killed_ends_whole(home: Path) -> None:
    random, at_work = Random(11), 0
    for _ in range(KILLS):
        at_work += killed(EXPORTS, home, random.uniform(0, LONGEST_S))
        named = home / "stick" / "tiny-bundle"
        if named.exists():  # what has the name is whole
            check_bundle(open_bundle(named))
        _, folder = exported(home)
        check_bundle(open_bundle(folder))
        assert [p.name for p in (home / "stick").iterdir()] == ["tiny-bundle"]
        shutil.rmtree(folder)
    assert at_work >= KILLS // 2


def test_an_import_that_is_killed_ends_whole(home: Path) -> None:
    random, at_work = Random(12), 0
    source, bundle = exported(home)
    for _ in range(KILLS):
        at_work += killed(IMPORTS, home, random.uniform(0, LONGEST_S))
        if (home / "models" / "tiny").exists():
            check_installed(open_bundle(home / "models" / "tiny"))
        folder = import_bundle(open_bundle(bundle), home / "models", "test").folder
        check_installed(open_bundle(folder))
        for file in source.files:
            assert (folder / file.name).read_bytes() == file.read_bytes()
        assert [p.name for p in (home / "models").iterdir()] == ["tiny"]
        shutil.rmtree(folder)
    assert at_work >= KILLS // 2
