"""Kills a download at random moments, over and over: `python -m tools.kill_downloads`.

For: `make soak`, and whoever changed how files arrive. A real process fetches a model from a
scripted hub and is killed (SIGKILL); the next one goes on. After each kill there is either no model
of that name or a whole one, and nothing lies outside its folder; in the end each model is right,
byte for byte, and was not asked for much more than once. The seed decides the moments.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from app.airlock.download.choices import choices_of
from app.airlock.download.hosts import hub_rules
from app.airlock.download.hub import list_repository
from app.airlock.download.job import Job, Options
from app.airlock.download.names import repository_name
from app.airlock.download.source import SOURCE_NAME
from app.airlock.download.transport import Line, Transport
from tests.app.airlock.download.scripted_hub import ScriptedHub

REPOSITORY = "maker/Killed-Chat"
NAME = "Killed-Chat"
PART_BYTES = 100_000
WORKERS = 3
_READY = "ready"
# After each 16 KiB, so that a download takes about a second and kills fall into all of it.
_CHUNK_S = 0.02
_LONGEST_S = 1.2
_MOST_KILLS_OF_ONE = 6
_SAYS_EVERY = 50


@dataclass
class Tally:
    """What a campaign has seen."""

    kills: int = 0
    models: int = 0
    problems: list[str] = field(default_factory=list)

    def summary(self) -> str:
        """In one line."""
        found = len(self.problems)
        return f"{self.kills} kills, {self.models} models whole and right, {found} problems"


def files_of(rng: Random) -> dict[str, bytes]:
    """A model of about 1.5 MB, different each time."""
    return {
        "config.json": b'{"model_type": "llama"}' + rng.randbytes(8).hex().encode(),
        "tokenizer.json": rng.randbytes(60_000),
        "model-00001-of-00002.safetensors": rng.randbytes(900_000),
        "model-00002-of-00002.safetensors": rng.randbytes(rng.randrange(300_000, 600_000)),
    }


class Campaign:
    """Kills in `folder`, model after model."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.tally = Tally()
        self._rng, self._folder = Random(seed), folder

    def run(self, count: int) -> Iterator[Tally]:
        """Until `count` kills were made and the last model is whole; the tally after each model."""
        while self.tally.kills < count:
            kills = min(self._rng.randint(1, _MOST_KILLS_OF_ONE), count - self.tally.kills)
            self._one_model(kills)
            yield self.tally

    def _one_model(self, kills: int) -> None:
        models = self._folder / f"{self.tally.kills:05}" / "models"
        files = files_of(self._rng)
        with ScriptedHub({REPOSITORY: files}, chunk_s=_CHUNK_S) as hub:
            for _kill in range(kills):
                self._kill(hub, models)
                self.tally.kills += 1
                self._look(models, files, "after a kill")
            self._complete(hub, models)
            self._look(models, files, "in the end")
            self._judge_cost(hub, files, kills)
        if not (models / NAME).exists():
            self._problem("in the end there is no model")
        self.tally.models += 1
        if not self.tally.problems:
            shutil.rmtree(models.parent)

    def _kill(self, hub: ScriptedHub, models: Path) -> None:
        child = _child(hub, models)
        assert child.stdout is not None
        try:
            if child.stdout.readline().strip() != _READY:
                self._problem("the child did not start")
            with suppress(subprocess.TimeoutExpired):
                child.wait(self._rng.uniform(0.0, _LONGEST_S))
        finally:
            child.kill()
            child.communicate()
        if child.returncode not in (0, -signal.SIGKILL):
            self._problem(f"the child failed with {child.returncode}")

    def _complete(self, hub: ScriptedHub, models: Path) -> None:
        hub.chunk_s = 0.0
        child = _child(hub, models)
        _said, complaint = child.communicate(timeout=60)
        if child.returncode != 0:
            self._problem(f"the last run failed with {child.returncode}: {complaint[-500:]}")

    def _look(self, models: Path, files: dict[str, bytes], when: str) -> None:
        """No model, or a whole one; nothing outside."""
        strangers = {path.name for path in models.parent.iterdir()} - {models.name}
        if models.exists():
            strangers |= {path.name for path in models.iterdir()} - {".arriving", NAME}
        if strangers:
            self._problem(f"{when} there is {sorted(strangers)}")
        if (models / NAME).exists():
            there = {path.name: path.read_bytes() for path in (models / NAME).iterdir()}
            if there.pop(SOURCE_NAME, None) is None or there != files:
                self._problem(f"{when} a model has its name and is not whole and right")

    def _judge_cost(self, hub: ScriptedHub, files: dict[str, bytes], kills: int) -> None:
        """A kill may cost what its workers had begun, and no more."""
        size = sum(map(len, files.values()))
        if hub.asked_bytes > size + kills * WORKERS * PART_BYTES:
            self._problem(f"{hub.asked_bytes} of {size} bytes were asked for, after {kills} kills")

    def _problem(self, what: str) -> None:
        self.tally.problems.append(f"after {self.tally.kills} kills: {what} ({self._folder})")


def _child(hub: ScriptedHub, models: Path) -> subprocess.Popen[str]:
    models.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "tools.kill_downloads", "--child", hub.url, hub.content_url]
    return subprocess.Popen(
        [*command, str(models)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def fetch(url: str, content_url: str, models: Path) -> None:
    """What the child does."""
    options = Options(PART_BYTES, WORKERS, keep_every_s=0.05, spare_bytes=0)
    print(_READY, flush=True)
    with Transport(Line(hub_rules(url, [content_url])), lambda exchange: None) as transport:
        listing = list_repository(transport, repository_name(REPOSITORY))
        (choice,) = choices_of(listing)
        Job(transport, listing, choice, models, options=options).run()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=500, help="kills")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where models arrive; default: a new one")
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        fetch(arguments.child[0], arguments.child[1], Path(arguments.child[2]))
        return 0
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="pitcher-downloads-"))
    campaign, told, started_s = Campaign(arguments.seed, folder), 0, time.monotonic()
    for tally in campaign.run(arguments.count):
        if tally.problems or tally.kills // _SAYS_EVERY > told:
            told = tally.kills // _SAYS_EVERY
            print(tally.summary(), f"{time.monotonic() - started_s:.0f} s", flush=True)
        if tally.problems:
            break
    print("\n".join([*campaign.tally.problems, campaign.tally.summary()]))
    return 1 if campaign.tally.problems else 0


if __name__ == "__main__":
    sys.exit(main())
