"""Killed at any moment while it moves, a model is whole where it was or where it goes."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
# One process imports the engine; each attempt is a fork of it, which is killed.
ATTEMPTS = 16
MOVING = """
import os, random, signal, sys
from pathlib import Path
from app import paths
from app.library import copying
from app.library.models import installed, resolve
from app.library.moving import all_files, move_model
from inference.prepared.preparing import Watch

CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.unlink", "os.truncate"}
disk, attempts, whole = Path(sys.argv[1]), int(sys.argv[2]), {}
copying.CHUNK_BYTES = 4096
dice = random.Random(7)
source = paths.models_dir() / "big"
source.mkdir(parents=True)
for name, size in (("config.json", 200), ("model.safetensors", 300_000), ("LICENSE", 0)):
    whole[name] = dice.randbytes(size)
    (source / name).write_bytes(whole[name])

def is_whole(model):
    return {n: p.read_bytes() for n, p in all_files(model.path).items()} == whole

def move(step):
    # Told of each chunk, before half of it is written too, and before each change of a folder.
    write = copying.write_all
    def in_halves(stream, data):
        write(stream, data[: len(data) // 2])
        step("write")
        write(stream, data[len(data) // 2 :])
    copying.write_all = in_halves
    sys.addaudithook(lambda event, args: event in CHANGES and step("change"))
    big = resolve("big")
    target = disk if big.path.parent != disk else paths.models_dir()
    move_model(big, target, Watch(on_progress=lambda progress: step("read")))

def forked(step_of):
    # The child's way: what it tells is read to its end, which comes when it waits or is done.
    reads, writes = os.pipe()
    child = os.fork()
    if not child:
        try:
            move(step_of(writes))
        finally:
            os._exit(0 if sys.exc_info()[0] is None else 1)
    os.close(writes)
    return child, reads

def telling(pipe):
    return lambda kind: os.write(pipe, kind[0].encode())

def waiting_at(chosen):
    def step_of(pipe):
        left = chosen
        def step(kind):
            nonlocal left
            left -= kind == wanted
            if left < 0:
                os.write(pipe, b"!")
                signal.pause()
        return step
    return step_of

child, reads = forked(telling)
steps = b""
while more := os.read(reads, 65536):
    steps += more
os.close(reads)
assert os.waitpid(child, 0)[1] == 0
assert is_whole(resolve("big"))

killed = 0
for _ in range(attempts):
    wanted = dice.choice(["write", "read", "change"])
    # What an earlier one has copied is only compared: fewer steps, so early ones are chosen.
    moment = dice.random() if wanted == "change" else dice.random() ** 2 / 2
    child, reads = forked(waiting_at(int(moment * steps.count(wanted[:1].encode()))))
    if os.read(reads, 1):
        os.kill(child, signal.SIGKILL)
    os.close(reads)
    status = os.waitpid(child, 0)[1]
    assert status in (0, signal.SIGKILL), status
    killed += status == signal.SIGKILL
    models = [model for model in installed() if model.name == "big"]
    assert len(models) == 1, models
    assert is_whole(models[0]), models
child, reads = forked(telling)
while os.read(reads, 65536):
    pass
assert os.waitpid(child, 0)[1] == 0
assert is_whole(resolve("big"))
left = [p.name for p in (*disk.iterdir(), *paths.models_dir().iterdir()) if p.name != "big"]
assert set(left) <= {".removing", "big.copying"}, left
print(killed)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="forks a process that holds torch")
def test_a_model_survives_kills_while_it_moves(tmp_path):
    (tmp_path / "disk").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", MOVING, str(tmp_path / "disk"), str(ATTEMPTS)],
        env={"PATH": "/usr/bin", "HOME": str(tmp_path), "PITCHER_HOME": str(tmp_path / "home"),
             "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= ATTEMPTS - 3
