"""One download from the first byte to the model's own name: check, fetch, verify, rename.

For: the courier. Goes on from what an earlier run left, whatever ended that. Only what was read
back from the disk and is as the hub's record says gets the model's name.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.airlock.download.arrival import Arrival, Verdict
from app.airlock.download.choices import Choice
from app.airlock.download.control import Control, Pace
from app.airlock.download.disk import disk_error, gives_back_other_bytes, has_no_room
from app.airlock.download.errors import FileChangedError, ModelThereError, WrongBytesError
from app.airlock.download.fetching import Fetcher, Round
from app.airlock.download.listing import Listing
from app.airlock.download.patience import Tries
from app.airlock.download.plan import plan_of, write_plan
from app.airlock.download.progress import SILENT, State, Step, Tally, Watch
from app.airlock.download.source import (
    SOURCE_NAME,
    Source,
    SourceFile,
    as_json,
    read_source,
)
from app.airlock.download.transport import Transport
from app.airlock.download.unfinished import FILES, RECORDS, arriving_folder
from app.library.bundles.files import sync_folder, write_small
from inference.sentence import said

_TELL_EVERY_S = 0.25
_MOST_DAMAGED = 2


@dataclass(frozen=True)
class Options:
    """How it is done. `spare_bytes` of the disk stay free; the others as `Fetcher` has them."""

    part_bytes: int = 64 << 20
    workers: int = 4
    keep_every_s: float = 5.0
    address_s: float = 600.0
    spare_bytes: int = 256 << 20
    tries: Tries = field(default_factory=Tries)


@dataclass(frozen=True)
class Fetched:
    """A model in the models folder; `was_there`: of this very commit, from an earlier download."""

    folder: Path
    source: Source
    was_there: bool = False


class Job:
    """Fetches `choice` of `listing` into `models_folder`. `run` blocks; all else is for others."""

    def __init__(
        self,
        transport: Transport,
        listing: Listing,
        choice: Choice,
        models_folder: Path,
        watch: Watch = SILENT,
        options: Options = Options(),
    ) -> None:
        self._plan = plan_of(listing, choice)
        self._name, self._models_folder = choice.name, models_folder
        self._watch, self._options = watch, options
        self._control, self._pace = Control(), Pace()
        self._hub = transport.rules.hub.shown
        self._fetcher = Fetcher(
            transport,
            self._plan,
            self._control,
            self._pace,
            options.tries,
            options.workers,
            options.keep_every_s,
            options.address_s,
        )
        self._tally = Tally(Step.CHECK, 0)
        self._told_at_s = 0.0

    def pause(self) -> None:
        """Connections are cut, what arrived is kept; `resume` goes on."""
        self._control.pause()

    def resume(self) -> None:
        """Go on after `pause`, or after a full disk has room again."""
        self._control.resume()

    def stop(self) -> None:
        """`run` raises StoppedError soon; what arrived is kept for another time."""
        self._control.stop()

    def set_speed_limit(self, bytes_per_s: float | None) -> None:
        """From now on; None for none. Raises ValueError below 1."""
        self._pace.limit(bytes_per_s)

    def run(self) -> Fetched:
        """Raises DownloadError and its kin; what has arrived is then kept, unless they say."""
        target = self._models_folder / self._name
        try:
            with arriving_folder(self._models_folder, self._name) as work:
                there = self._source_there(target)
                source = there or self._arrive(work, target)
                shutil.rmtree(work, ignore_errors=True)  # the model is there, whatever stays
                return Fetched(target, source, was_there=there is not None)
        except OSError as error:
            raise disk_error(error, self._models_folder) from error

    def _source_there(self, target: Path) -> Source | None:
        """That of the model which has the name, if it is this one; raises ModelThereError."""
        if not os.path.lexists(target):
            return None
        source = None if target.is_symlink() else read_source(target)
        mine = (self._plan.repository, self._plan.commit)
        if source is None or (source.repository, source.commit) != mine:
            raise ModelThereError(
                said(
                    "{name} is in the models folder already, from elsewhere or of another day. "
                    "Remove it first; what has arrived is kept.",
                    name=target.name,
                )
            )
        return source

    def _arrive(self, work: Path, target: Path) -> Source:
        arrivals = self._arrivals(work)
        self._check(arrivals)
        damaged = 0
        while True:
            self._wait_for_room(arrivals)
            self._fetch(arrivals)
            verdicts = self._verify(arrivals)
            if not verdicts:
                return self._finish(work / FILES, target, arrivals)
            damaged += Verdict.DAMAGED in verdicts
            if damaged >= _MOST_DAMAGED:
                raise gives_back_other_bytes()

    def _arrivals(self, work: Path) -> list[Arrival]:
        """The plan, written down, and its files; nothing else stays in their folder."""
        for name in (FILES, RECORDS):
            if (work / name).is_symlink():
                (work / name).unlink()
            (work / name).mkdir(exist_ok=True)
        names = {file.name for file in self._plan.files}
        for entry in os.scandir(work / FILES):
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path)
            elif entry.name not in names or not entry.is_file(follow_symlinks=False):
                os.unlink(entry.path)
        write_plan(work, self._plan)
        return [
            Arrival(
                file,
                work / FILES / file.name,
                work / RECORDS / f"{file.name}.json",
                self._options.part_bytes,
            )
            for file in sorted(self._plan.files, key=lambda file: file.size)
        ]

    def _check(self, arrivals: Sequence[Arrival]) -> None:
        self._begin(Step.CHECK, sum(arrival.kept_bytes for arrival in arrivals), 0)
        for arrival in arrivals:
            arrival.open(self._count)

    def _wait_for_room(self, arrivals: Sequence[Arrival]) -> None:
        """Before anything is asked for; paused while the disk has no room for the rest."""
        while True:
            left = self._plan.total_bytes - sum(arrival.arrived_bytes for arrival in arrivals)
            free = shutil.disk_usage(self._models_folder).free
            if not left or left + self._options.spare_bytes <= free:
                return
            self._control.pause(has_no_room(left, free))
            self._control.rest(self._tell_sometimes)

    def _fetch(self, arrivals: Sequence[Arrival]) -> None:
        """Rounds, until nothing is missing."""
        while any(arrival.arrived_bytes < arrival.file.size for arrival in arrivals):
            arrived = sum(arrival.arrived_bytes for arrival in arrivals)
            self._begin(Step.FETCH, self._plan.total_bytes, arrived)
            fetching = Round(self._fetcher, arrivals, self._tally)
            self._watch_over(fetching)
            for arrival in fetching.start_over:
                self._start_over(arrival)

    def _watch_over(self, fetching: Round) -> None:
        fetching.start()
        try:
            while not fetching.join(_TELL_EVERY_S):
                self._tell(*fetching.state())
        finally:
            fetching.end()
            while not fetching.join(1.0):
                pass
        if fetching.failure is not None:
            raise fetching.failure

    def _start_over(self, arrival: Arrival) -> None:
        """All of a file once more; raises FileChangedError where that was so before."""
        was_second = arrival.is_second
        arrival.start_over(is_second=not was_second)
        if was_second:
            raise FileChangedError(
                said(
                    "{file} changes on the hub while it is fetched. Nothing was mixed; start again "
                    "for a new list.",
                    file=arrival.file.name,
                )
            )

    def _verify(self, arrivals: Sequence[Arrival]) -> list[Verdict]:
        """What is not sound, whose bytes are dropped; raises WrongBytesError the second time."""
        self._begin(Step.VERIFY, self._plan.total_bytes, 0)
        unsound: list[Verdict] = []
        for arrival in arrivals:
            self._tally.file = arrival.file.name
            verdict = arrival.verify(self._count)
            if verdict is Verdict.WRONG:
                was_second = arrival.is_second
                arrival.start_over(is_second=not was_second)
                if was_second:
                    raise self._wrong(arrival)
            if verdict is not Verdict.SOUND:
                unsound.append(verdict)
        return unsound

    def _wrong(self, arrival: Arrival) -> WrongBytesError:
        return WrongBytesError(
            said(
                "What {host} sends for {file} is not what the hub’s own record names, twice over. "
                "It was thrown away. Somebody may have changed it on its way; try again later, or "
                "without the mirror or proxy.",
                host=self._hub,
                file=arrival.file.name,
            )
        )

    def _finish(self, folder: Path, target: Path, arrivals: Sequence[Arrival]) -> Source:
        """Say where it came from, and give it its name."""
        plan = self._plan
        files = tuple(
            SourceFile(arrival.file.name, arrival.file.size, arrival.sha256) for arrival in arrivals
        )
        now_s = int(time.time())
        source = Source(plan.repository, plan.revision, plan.commit, self._hub, now_s, files)
        write_small(folder / SOURCE_NAME, as_json(source))
        sync_folder(folder)
        os.rename(folder, target)
        sync_folder(target.parent)
        return source

    def _begin(self, step: Step, total_bytes: int, done_bytes: int) -> None:
        self._tally = Tally(step, total_bytes, done_bytes)
        self._tell()

    def _count(self, read: int) -> None:
        """Bytes read from the disk, in the thread that runs the job."""
        self._tally.add(read)
        if self._control.is_paused:
            self._control.rest(self._tell_sometimes)
        self._control.check()
        self._tell_sometimes()

    def _tell_sometimes(self) -> None:
        if time.monotonic() - self._told_at_s >= _TELL_EVERY_S:
            self._tell()

    def _tell(self, state: State = State.RUNNING, why: str = "") -> None:
        self._told_at_s = time.monotonic()
        if self._control.is_paused:
            state, why = State.PAUSED, self._control.why
        self._watch.on_progress(self._tally.progress(state, why))
