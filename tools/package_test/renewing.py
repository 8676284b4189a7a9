"""Updates, going back, and a history that an earlier version wrote.

For: `python -m tools.package_test`. The signing key is made on the spot and goes with the folder
that it is in; the installed copy gets its public half in `build.json`, as a signed build has it.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.chats.database import Database
from app.chats.schema import MIGRATIONS, schema_version
from app.chats.vault.envelope import Envelope, new_history_id, write_envelope
from app.chats.vault.key import HistoryKey
from app.chats.vault.passphrase import Purpose, wrap
from app.installation import BUILD_FILE, build_of
from app.library.bundles.signing import SigningKey
from app.updates.admission import architecture, system
from app.updates.making import make_update
from app.updates.manifest import Release
from tools.package_test.checks import Bench, Check
from tools.package_test.machine import ARTEFACTS, HOME, Done, Machine
from tools.package_test.person import CheckFailed, Person
from tools.package_test.userlands import KEPT, ROOT, USER_ID
from tools.record_schema import KEY

_HISTORY = f"{HOME}/.local/share/pitcher/history"
_PREFIX = f"{HOME}/.local/lib/pitcher"
_PROGRAM = (f"{HOME}/.local/bin/pitcher",)
_UPDATES = "/srv/updates"
_PASSPHRASE = "the passphrase of an older version"
_A_CHAT = "Pinned café"  # as tools/record_schema.py fills it
_TAKEN = "later"
_LATER, _EARLIER = "99.0.0", "0.0.1"
_QUICK = 0  # xz's least work: what is made here is thrown away
_INSTALL_S = 600.0


def checks() -> list[Check]:
    """All of them."""
    return [
        Check("upgrade-history", "a history of the previous schema is upgraded", _upgrade),
        Check("update", "a signed update starts, others are refused, and back again", _update),
        Check("update-broken", "an update that does not start is left by itself", _broken),
    ]


def _upgrade(bench: Bench) -> str:
    before, newest = MIGRATIONS[-2].version, MIGRATIONS[-1].version
    with bench.sitting() as (screen, machine):
        _lay_history(machine, before)
        machine.open_session()
        listing = [*bench.command, "chats", "list", "--passphrase-fd", "0"]
        listed = machine.run(listing, typed=f"{_PASSPHRASE}\n")
        if listed.code or _A_CHAT not in listed.out:
            raise CheckFailed(f"chats list ended with {listed.code}: {listed.said}")
        person = Person(screen, machine, bench.command)
        person.give_passphrase(_PASSPHRASE)
        person.find_chat(_A_CHAT)
        screen.take(bench.picture("upgrade-history"))
        person.leave()
        found = _schema_of(machine)
        backups = [path.name for path in machine.outside(f"{_HISTORY}/backups").iterdir()]
    if found != newest or not backups:
        raise CheckFailed(f"its form is {found}, not {newest}; backups: {backups or 'none'}")
    return f"form {before} became {found}, its chats are listed, {len(backups)} backup beside it"


def _lay_history(machine: Machine, version: int) -> None:
    """As a user of an earlier version has it on the disk, under a passphrase."""
    key, history_id = HistoryKey(KEY), new_history_id()
    wrapped = wrap(key, _PASSPHRASE, history_id, Purpose.PASSPHRASE)
    envelope = Envelope(history_id, key.check, is_in_use=True, passphrase=wrapped)
    machine.write(f"{_HISTORY}/vault.json", write_envelope(envelope).decode(), 0o600)
    machine.write(f"{_HISTORY}/history.db", "", 0o600)
    recorded = ROOT / "tests" / "data" / "schemas" / f"v{version}.db"
    machine.outside(f"{_HISTORY}/history.db").write_bytes(recorded.read_bytes())
    machine.run(["chmod", "700", _HISTORY, f"{HOME}/.local/share/pitcher"])


def _schema_of(machine: Machine) -> int:
    """Of a copy: looking changes nothing of the file."""
    with tempfile.TemporaryDirectory() as folder:
        for file in machine.outside(_HISTORY).glob("history.db*"):
            shutil.copy(file, folder)
        database = Database.open(Path(folder) / "history.db", KEY)
        try:
            return schema_version(database)
        finally:
            database.close()


@dataclass(frozen=True)
class _Updates:
    """Update files in a folder, and the key that they are signed by."""

    folder: Path
    public_key: bytes
    own: str


@contextmanager
def _updates(bench: Bench, *names: str) -> Iterator[_Updates]:
    """`later` is the frozen program; `earlier`, and `foreign`, which another key signed."""
    with tempfile.TemporaryDirectory(dir=KEPT, prefix="updates.") as made:
        folder = Path(made)
        key, other = (SigningKey.make(folder / "keys" / name) for name in ("own", "other"))
        raw, own = key.public.raw, build_of(bench.frozen)
        out = folder / "out"
        out.mkdir()
        for name in names:
            version = _EARLIER if name == "earlier" else _LATER
            tree = _tree(bench, folder / name, version, raw)
            newest = MIGRATIONS[-1].version
            here = (system(), architecture())
            release = Release(version, own.commit, 1_800_000_000, *here, "", newest)
            signer = other if name == "foreign" else key
            make_update(tree, release, signer, out / f"{name}.pitcher-update", _QUICK)
            shutil.rmtree(tree)
        yield _Updates(out, raw, own.version)


def _tree(bench: Bench, folder: Path, version: str, key: bytes) -> Path:
    """The frozen program as if it were another version: its files are the same ones. What will be
    refused is its executable alone.
    """
    if folder.name == _TAKEN:
        shutil.copytree(bench.frozen, folder, symlinks=True, copy_function=_link)
    else:
        folder.mkdir()
        for name in ("pitcher", BUILD_FILE):
            _link(str(bench.frozen / name), str(folder / name))
    _tell_build(folder / BUILD_FILE, version, key)
    return folder


def _link(source: str, target: str) -> None:
    Path(target).hardlink_to(source)


def _tell_build(file: Path, version: str, key: bytes) -> None:
    """A file of its own, so that what it was linked to stays as it is."""
    told = json.loads(file.read_text(encoding="utf-8"))
    told |= {"version": version, "release_key": key.hex()}
    file.unlink()
    file.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def _install(bench: Bench, machine: Machine, updates: _Updates) -> None:
    package = bench.artefact("pitcher-*.run")
    _must(machine.run(["sh", f"{ARTEFACTS}/{package.name}"], limit_s=_INSTALL_S), "the installer")
    build = machine.outside(f"{_PREFIX}/versions/{updates.own}/{BUILD_FILE}")
    _tell_build(build, updates.own, updates.public_key)
    os.chown(build, USER_ID, USER_ID)


def _update(bench: Bench) -> str:
    with (
        _updates(bench, _TAKEN, "earlier", "foreign") as updates,
        bench.sitting(lent={_UPDATES: updates.folder}) as (screen, machine),
    ):
        _install(bench, machine, updates)
        machine.open_session()
        refused = [
            _refused(machine, name)
            for name in ("foreign", "earlier", _damaged(machine, updates.folder))
        ]
        applied = machine.run([*_PROGRAM, "update", f"{_UPDATES}/{_TAKEN}.pitcher-update"])
        _must(applied, "update")
        _names(machine, current=_LATER, previous=updates.own)
        person = Person(screen, machine, _PROGRAM)
        person.ask()
        screen.take(bench.picture("update-1-after"))
        person.leave()
        if machine.outside(f"{_PREFIX}/tries").exists():
            raise CheckFailed("the new version has started, and is still on trial")
        back = machine.run([*_PROGRAM, "rollback"])
        _must(back, "rollback")
        _names(machine, current=updates.own, previous=_LATER)
        again = Person(screen, machine, _PROGRAM)
        again.ask()
        screen.take(bench.picture("update-2-back"))
        again.leave()
    there = f"{updates.own} → {_LATER} → {updates.own}, an answer in each"
    return f"{there}. Refused: {' | '.join(refused)}"


def _broken(bench: Bench) -> str:
    with (
        _updates(bench, _TAKEN) as updates,
        bench.sitting(lent={_UPDATES: updates.folder}) as (screen, machine),
    ):
        _install(bench, machine, updates)
        machine.open_session()
        _must(machine.run([*_PROGRAM, "update", f"{_UPDATES}/{_TAKEN}.pitcher-update"]), "update")
        program = f"{_PREFIX}/versions/{_LATER}/pitcher"
        machine.write(program, "#!/bin/sh\nexit 9\n", 0o755)
        codes = [machine.run(_PROGRAM, limit_s=60).code for _ in range(2)]
        person = Person(screen, machine, _PROGRAM)
        person.ask()
        screen.take(bench.picture("update-broken"))
        person.leave()
        _names(machine, current=updates.own, previous=None)
        said = person.said.splitlines()
    return f"ended with {codes[0]} and {codes[1]}, then: {said[0] if said else 'nothing said'}"


def _refused(machine: Machine, name: str) -> str:
    """The sentence by which an update is refused."""
    file = name if name.startswith("/") else f"{_UPDATES}/{name}.pitcher-update"
    done = machine.run([*_PROGRAM, "update", file])
    if done.code != 1 or "Traceback" in done.said:
        raise CheckFailed(f"{name} was not refused: {done.code}, {done.said}")
    return done.err.strip().splitlines()[-1]


def _damaged(machine: Machine, folder: Path) -> str:
    """A later version with one bit flipped in its middle."""
    path = f"{HOME}/damaged.pitcher-update"
    content = bytearray((folder / f"{_TAKEN}.pitcher-update").read_bytes())
    content[len(content) // 2] ^= 1
    machine.write(path, "")
    machine.outside(path).write_bytes(content)
    return path


def _names(machine: Machine, current: str, previous: str | None) -> None:
    found = [_read(machine, "current"), _read(machine, "previous")]
    if found != [current, previous]:
        raise CheckFailed(f"current and previous are {found}, not {[current, previous]}")


def _read(machine: Machine, name: str) -> str | None:
    file = machine.outside(f"{_PREFIX}/{name}")
    return file.read_text().strip() if file.is_file() else None


def _must(done: Done, what: str) -> None:
    if done.code:
        raise CheckFailed(f"{what} ended with {done.code}: {done.said[-500:]}")
