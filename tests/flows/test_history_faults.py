"""Disks that fail at one operation after the other under a history that is really used: the user
is told, nothing acknowledged is lost, and all works again once the disk does.

Here a sample of what `tools.fault_history` plays for every operation, and the program itself.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.airlock.syscalls import this_architecture
from app.chats.exporting import export_json
from app.chats.model import TextPart
from app.chats.temporary import temporary_store
from tests.flows.commands import ROOT, chats
from tools.fault_history import outcomes, report
from tools.fault_scenarios import STEPS
from tools.fault_words import lacking
from tools.faulty_disk import CHANGES, FAULTS, Disk, Fault, Operation, build

# A bound against hanging, not a measurement.
LIMIT_S = 60
FULL = next(fault for fault in FAULTS if fault.name == "full")

pytestmark = pytest.mark.skipif(
    shutil.which("cc") is None or not sys.platform.startswith("linux"),
    reason="needs Linux and a C compiler",
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("faulty"))


class Machine:
    """A folder on a disk that fails, and programs that run there."""

    def __init__(self, folder: Path, library: Path) -> None:
        self.folder = folder / "disk"
        self.folder.mkdir()
        self.disk = Disk(folder / "control")
        preloaded = self.disk.environment(library, folder / "control", self.folder)
        bus = {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={folder / 'no-bus'}"}
        home = {"PITCHER_HOME": str(self.folder / "home"), "TMPDIR": str(folder)}
        self.environment = os.environ | preloaded | bus | home

    def python(self, code: str) -> str:
        """What a program says that is started with `code`."""
        command = [sys.executable, "-c", code, str(self.folder)]
        ended = subprocess.run(
            command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=True
        )
        return ended.stdout

    def chats(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`chats …` through the launcher and under the lock."""
        return chats(self.environment, *arguments, limit_s=LIMIT_S)


@pytest.fixture
def machine(tmp_path: Path, library: Path) -> Machine:
    return Machine(tmp_path, library)


OPERATIONS = """
import os, shutil, sys
from pathlib import Path
folder = Path(sys.argv[1])
said = []
def attempt(name, work):
    try:
        work()
    except OSError as error:
        said.append(f"{name} {error.errno}")
handle = os.open(folder / "file", os.O_RDWR)
attempt("write", lambda: os.write(handle, b"1234"))
attempt("pwrite", lambda: os.pwrite(handle, b"1234", 9))
attempt("writev", lambda: os.writev(handle, [b"12", b"34"]))
attempt("fsync", lambda: os.fsync(handle))
attempt("fdatasync", lambda: os.fdatasync(handle))
attempt("ftruncate", lambda: os.ftruncate(handle, 3))
attempt("fallocate", lambda: os.posix_fallocate(handle, 0, 9))
attempt("rename", lambda: os.rename(folder / "file", folder / "other"))
attempt("link", lambda: os.link(folder / "file", folder / "other"))
attempt("open", lambda: os.open(folder / "new", os.O_CREAT | os.O_RDWR))
attempt("mkdir", lambda: os.mkdir(folder / "made"))
attempt("unlink", lambda: os.unlink(folder / "file"))
attempt("chmod", lambda: os.chmod(folder / "file", 0o600))
attempt("copy", lambda: shutil.copyfile(folder / "file", folder / "file2"))
attempt("rmtree", lambda: shutil.rmtree(folder / "tree"))
os.chdir(folder)
attempt("relative", lambda: os.mkdir("made"))
attempt("outside", lambda: (folder.parent / "outside").write_text("let be"))
attempt("read", lambda: os.pread(handle, 1, 0))
print("\\n".join(said))
"""


def prepared(machine: Machine) -> None:
    (machine.folder / "file").write_text("0123456789")
    (machine.folder / "tree").mkdir()
    (machine.folder / "tree" / "leaf").write_text("leaf")


def test_the_faulty_disk_fails_each_operation_of_its_folder_and_no_other(machine: Machine) -> None:
    prepared(machine)
    machine.disk.break_at(Fault("broken", errno.EIO, lasts=True), 1)
    said = machine.python(OPERATIONS).split()
    refused = dict(zip(said[::2], map(int, said[1::2]), strict=True))
    assert refused == dict.fromkeys(
        ("write", "pwrite", "writev", "fsync", "fdatasync", "ftruncate", "fallocate", "rename",
         "link", "open", "mkdir", "unlink", "chmod", "copy", "rmtree", "relative"), errno.EIO
    )  # fmt: skip
    assert (machine.folder / "file").read_text() == "0123456789"
    machine.disk.mend()
    said = machine.python(OPERATIONS).splitlines()
    # The file is renamed now, and the folder made.
    assert said == ["link 2", "unlink 2", "chmod 2", "copy 2", "relative 17"]


def test_the_faulty_disk_counts_and_can_write_short(machine: Machine) -> None:
    prepared(machine)
    code = "import os, sys; os.chdir(sys.argv[1]); file = os.open('file', os.O_RDWR); print(*[{}])"
    write = "os.write(file, b'abcdef')"
    short = Fault("short once", 0, lasts=False, is_short=True)
    machine.disk.break_at(short, 2)
    assert machine.python(code.format(", ".join([write] * 3))).split() == ["6", "3", "6"]
    assert machine.disk.seen == [Operation.WRITE] * 3
    assert machine.disk.first_failed == f"WRITE {machine.folder / 'file'}"
    machine.disk.count(CHANGES)
    assert machine.disk.failed == 0
    assert machine.disk.first_failed == ""


def sample(tmp_path: Path, *arguments: str) -> list[dict[str, object]]:
    found = outcomes(tmp_path, list(arguments))
    wrong = [outcome for outcome in found if outcome["problems"]]
    assert wrong == [], report(found, 0)
    assert all(outcome["hit"] for outcome in found)
    return found


def told(found: list[dict[str, object]]) -> list[str]:
    return [said for outcome in found for said in outcome["told"]]  # type: ignore[attr-defined]


def test_a_sample_of_faults_costs_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    found = sample(tmp_path, "--share", "1/400", "--seed", "7")
    assert len(found) >= 40
    assert len({outcome["fault"] for outcome in found}) >= 8
    assert len(told(found)) >= 30


@pytest.mark.parametrize("scenario", [name for name in STEPS if name != "life"])
def test_faults_of_the_rarer_journeys_cost_nothing_either(tmp_path: Path, scenario: str) -> None:
    sample(tmp_path, "--scenario", scenario, "--share", "1/150", "--seed", "3")


def test_a_disk_that_can_not_be_read_is_never_taken_for_damage(tmp_path: Path) -> None:
    found = sample(
        tmp_path, "--scenario", "upgrade", "--fault", "unreadable", "--share", "1/12", "--seed", "1"
    )
    assert any("DiskFailedError" in said or "disk refused" in said for said in told(found))


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """One chat, as JSON, on a disk that works."""
    store, file = temporary_store(), tmp_path / "one-chat.json"
    store.start("A question", [TextPart("What is rain?")])
    export_json(store, None, file)
    store.database.close()
    return file


@pytest.mark.skipif(this_architecture() is None, reason="the lock needs Linux")
def test_the_program_itself_says_that_the_disk_is_full_and_goes_on_afterwards(
    machine: Machine, exported: Path
) -> None:
    """Through the launcher and under the lock: `chats import`, which says what it took in."""
    machine.disk.count(CHANGES)
    assert machine.chats("import", str(exported)).returncode == 0
    machine.disk.count(CHANGES)
    assert machine.chats("import", str(exported)).returncode == 0
    writes = [n for n, kind in enumerate(machine.disk.seen, 1) if kind is Operation.WRITE]
    imported, refusals = 2, 0
    for place in (writes[0], writes[len(writes) // 2]):
        machine.disk.break_at(FULL, place)
        ended = machine.chats("import", str(exported))
        assert machine.disk.failed > 0
        machine.disk.mend()
        assert "Traceback" not in ended.stderr
        if ended.returncode == 0:
            imported += 1
            continue
        refusals += 1
        assert ended.returncode == 1
        said = ended.stderr.strip().splitlines()[-1]
        assert "disk is full" in said
        assert lacking(said) == "", said
    assert refusals >= 1
    listed = machine.chats("list", "--json").stdout.splitlines()
    assert [json.loads(line)["title"] for line in listed] == ["A question"] * imported
    checked = machine.chats("verify")
    assert checked.returncode == 0, checked.stderr
