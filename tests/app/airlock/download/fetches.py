"""Fetching a small model from a scripted hub, quickly, and what of it can be asked after."""

from __future__ import annotations

import json
import random
import threading
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from app.airlock.download.choices import choices_of
from app.airlock.download.exchange import Exchange
from app.airlock.download.hub import list_repository
from app.airlock.download.job import Fetched, Job, Options
from app.airlock.download.listing import Listing
from app.airlock.download.names import repository_name
from app.airlock.download.patience import Tries
from app.airlock.download.progress import Progress, Watch
from app.airlock.download.token import hub_token
from app.airlock.download.transport import Line, Transport
from tests.app.airlock.download.scripted_hub import ScriptedHub

REPOSITORY = "maker/Small-Chat"
PART_BYTES = 100_000
WEIGHTS = random.Random(5).randbytes(350_000)
SIZE = len(WEIGHTS)
FILES = {
    "config.json": b'{"model_type": "llama"}',
    "tokenizer.json": random.Random(6).randbytes(20_000),
    "LICENSE": b"Do as you like.\n",
    "model.safetensors": WEIGHTS,
    "modeling_small.py": b"import os\n",
    "pytorch_model.bin": b"\x80\x04code",
}
WANTED = {name for name in FILES if not name.endswith((".py", ".bin"))}
TRIES = Tries(line=3, busy=3, bad=3, first_wait_s=0.01, most_wait_s=0.02, most_asked_s=0.05)
OPTIONS = Options(
    part_bytes=PART_BYTES, workers=3, keep_every_s=5.0, address_s=60.0, spare_bytes=0, tries=TRIES
)
ONE_AT_A_TIME = replace(OPTIONS, workers=1)


def small_hub(**more: Any) -> ScriptedHub:
    return ScriptedHub({REPOSITORY: FILES}, **more)


@dataclass
class Fetch:
    """One download of `REPOSITORY` into `folder`; everything that it told."""

    hub: ScriptedHub
    folder: Path
    options: Options = OPTIONS
    stall_s: float = 10.0  # a busy machine stands still for a while, too
    token: str = ""
    line: dict[str, Any] = field(default_factory=dict)
    exchanges: list[Exchange] = field(default_factory=list)
    progress: list[Progress] = field(default_factory=list)
    listing: Listing | None = None
    job: Job | None = None

    def transport(self) -> Transport:
        token = hub_token(self.token) if self.token else None
        line = Line(self.hub.rules(), token=token, stall_s=self.stall_s, connect_s=15.0)
        return Transport(replace(line, **self.line), self.exchanges.append)

    def run(self) -> Fetched:
        with self.transport() as transport:
            listing = self.listing or self.list(transport)
            return self.job_for(transport, listing).run()

    def list(self, transport: Transport) -> Listing:
        return list_repository(transport, repository_name(REPOSITORY), tries=self.options.tries)

    def job_for(self, transport: Transport, listing: Listing) -> Job:
        (choice,) = choices_of(listing)
        watch = Watch(self.progress.append)
        self.job = Job(transport, listing, choice, self.folder, watch, self.options)
        return self.job


@dataclass
class Running:
    """A fetch in a thread of its own."""

    fetch: Fetch
    result: Fetched | None = None
    error: BaseException | None = None

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.result = self.fetch.run()
        except Exception as error:  # noqa: BLE001 - asked after by the test
            self.error = error

    def join(self) -> None:
        self._thread.join(30)
        assert not self._thread.is_alive()


def assert_whole(fetched: Fetched, folder: Path) -> None:
    """The model is there, byte for byte, and nothing else is."""
    assert fetched.folder == folder / "Small-Chat"
    found = {path.name: path.read_bytes() for path in fetched.folder.iterdir()}
    found.pop("source.json")
    assert found == {name: FILES[name] for name in WANTED}
    assert {path.name for path in folder.iterdir()} == {".arriving", "Small-Chat"}
    assert not list((folder / ".arriving").iterdir())


def assert_nothing_installed(folder: Path) -> None:
    """No model got its name, and nothing lies outside the folder for what is arriving."""
    assert {path.name for path in folder.iterdir()} <= {".arriving"}
    assert {path.name for path in folder.parent.iterdir()} == {folder.name}
    arriving = folder / ".arriving"
    inside = set(arriving.rglob("*")) if arriving.exists() else set()
    assert all(path.relative_to(arriving).parts[0] == "Small-Chat" for path in inside)


def rewrite(path: Path, **changes: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
