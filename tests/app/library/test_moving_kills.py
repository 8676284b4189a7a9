"""Killed at any moment while it moves, a model is whole where it was or where it goes."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
# One process imports the engine; each attempt is a fork of it, which is killed.
MOVING = """
import os, random, signal, sys, time
from pathlib import Path
from app import paths
from app.library import copying
from app.library.models import installed, resolve
from app.library.moving import all_files, move_model

disk, whole = Path(sys.argv[1]), {}
copying.CHUNK_BYTES = 4096
write = copying.write_all

def slowly(stream, data):
    write(stream, data)
    time.sleep(0.001)

copying.write_all = slowly
dice = random.Random(7)
source = paths.models_dir() / "big"
source.mkdir(parents=True)
for name, size in (("config.json", 200), ("model.safetensors", 300_000), ("LICENSE", 0)):
    whole[name] = dice.randbytes(size)
    (source / name).write_bytes(whole[name])

def is_whole(model):
    return {n: p.read_bytes() for n, p in all_files(model.path).items()} == whole

def move():
    big = resolve("big")
    move_model(big, disk if big.path.parent != disk else paths.models_dir())

killed = 0
for _ in range(12):
    child = os.fork()
    if not child:
        move()
        os._exit(0)
    time.sleep(dice.uniform(0.0, 0.25))
    os.kill(child, signal.SIGKILL)
    killed += os.waitpid(child, 0)[1] == signal.SIGKILL
    models = [model for model in installed() if model.name == "big"]
    assert len(models) == 1, models
    assert is_whole(models[0]), models
move()
assert is_whole(resolve("big"))
left = [p.name for p in (*disk.iterdir(), *paths.models_dir().iterdir()) if p.name != "big"]
assert set(left) <= {".removing", "big.copying"}, left
print(killed)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="forks a process that holds torch")
def test_a_model_survives_kills_while_it_moves(tmp_path):
    (tmp_path / "disk").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", MOVING, str(tmp_path / "disk")],
        env={"PATH": "/usr/bin", "HOME": str(tmp_path), "PITCHER_HOME": str(tmp_path / "home"),
             "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 3
