"""What an auditor is given: processes, endpoints, files, and the report that holds them."""

import hashlib
import html
import os
import re
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from app.airlock import proof_files
from app.airlock.command import Role
from app.airlock.lock import audit
from app.airlock.proof import Beside, Proof, gather, versions
from app.airlock.proof_endpoints import Endpoint, endpoints
from app.airlock.proof_files import FileHash, hash_of_all, lines_of, program_files, program_folder
from app.airlock.proof_processes import ProcessLock, processes
from app.airlock.proof_report import as_html, commands, is_proved, suggested_name
from app.airlock.report import Attempt, LockReport, LockState
from app.airlock.syscalls import this_architecture

needs_linux = pytest.mark.skipif(this_architecture() is None, reason="the lock needs Linux")

REFUSED = Attempt("TCP", True, "EPERM: Operation not permitted", "socket(AF_INET, SOCK_STREAM)")
OPEN = Attempt("UDP", False, "succeeded")
ENFORCED = LockReport(LockState.ENFORCED, "All was refused.", (REFUSED,))


def proof_of(report: LockReport = ENFORCED, **others: object) -> Proof:
    found = Proof(1_800_000_000, report, (("Pitcher", "1"),), (), (), (), ())
    return replace(found, **others)  # type: ignore[arg-type]


# ---------------------------------------------------------------------- as it is tried


@needs_linux
def test_whoever_listens_hears_each_answer_in_its_turn() -> None:
    heard: list[Attempt] = []
    found = audit(heard.append)
    assert tuple(heard) == found.attempts
    names = [attempt.name for attempt in heard]
    in_thread = [name for name in names if name.startswith("in a thread: ")]
    in_child = [name for name in names if name.startswith("in a child: ")]
    assert len(in_thread) == len(in_child) > 20
    assert names.index(in_thread[0]) < names.index(in_child[0])


@needs_linux
def test_each_attempt_names_the_call_that_was_made() -> None:
    calls = {attempt.name: attempt.call for attempt in audit().attempts}
    assert calls["TCP"] == "socket(AF_INET, SOCK_STREAM)"
    assert calls["MPTCP"] == "socket(AF_INET, SOCK_STREAM, 262)"
    assert calls["in a child: io_uring"] == "io_uring_setup()"
    assert calls["TCP, family with bits that the kernel ignores"].startswith("socket(0x100000002,")
    assert all(calls.values())


# ---------------------------------------------------------------------- processes


def status(folder: Path, number: int, parent: int, words: list[str], seccomp: str = "0") -> None:
    own = folder / str(number)
    own.mkdir(parents=True)
    (own / "status").write_text(
        f"Name:\tpython\nPPid:\t{parent}\nUid:\t1000\t1000\t1000\t1000\nNoNewPrivs:\t1\n"
        f"Seccomp:\t{seccomp}\nCapEff:\t0000000000000000\n"
    )
    (own / "cmdline").write_bytes("\0".join(words).encode() + b"\0")


def test_the_launcher_and_all_that_it_started_are_listed(tmp_path: Path) -> None:
    main = ["python", "/opt/pitcher/main.py"]
    status(tmp_path, 1, 0, ["init"])
    status(tmp_path, 50, 1, main)
    status(tmp_path, 51, 50, [*main, "--role", "chat", "chat", "--prompt", "a secret"], "2")
    status(tmp_path, 52, 51, [*main, "--role", "template"], "2")
    status(tmp_path, 60, 1, ["python", "other.py"])
    (tmp_path / "self").mkdir()
    found = processes(tmp_path, 51)
    assert [(each.process_id, each.parent_id, each.role) for each in found] == [
        (50, 1, Role.LAUNCHER),
        (51, 50, Role.CHAT),
        (52, 51, Role.TEMPLATE),
    ]
    assert [each.is_filtered for each in found] == [False, True, True]
    assert ("Uid", "1000 1000 1000 1000") in found[1].lines
    assert "secret" not in as_html(proof_of(processes=found))


def test_without_a_launcher_it_begins_with_the_process_itself(tmp_path: Path) -> None:
    status(tmp_path, 1, 0, ["bash", "main.py", "--role", "nonsense"])
    status(tmp_path, 7, 1, ["python", "main.py", "--role", "chat"])
    assert [each.process_id for each in processes(tmp_path, 7)] == [7]
    assert processes(tmp_path, 99) == ()
    assert processes(tmp_path / "none", 7) == ()


def test_a_process_that_hides_its_command_line_has_no_role(tmp_path: Path) -> None:
    status(tmp_path, 7, 1, [])
    (tmp_path / "7" / "cmdline").unlink()
    assert processes(tmp_path, 7)[0].role is None


@needs_linux
def test_of_this_very_process_the_kernel_tells_the_lines() -> None:
    lines = dict(processes()[0].lines)
    assert {"NoNewPrivs", "Seccomp", "CapEff"} <= lines.keys()
    assert any(each.process_id == os.getpid() for each in processes())


# ---------------------------------------------------------------------- endpoints


@needs_linux
def test_what_listens_is_named_and_what_is_closed_to_us_told_apart(tmp_path: Path) -> None:
    name = f"pitcher-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as by_path, socket.socket(socket.AF_UNIX) as abstract:
        by_path.bind(str(tmp_path / "socket"))
        abstract.bind(f"\0{name}")
        by_path.listen()
        assert f"@{name}" not in {each.name for each in endpoints()}, "it does not listen yet"
        abstract.listen()
        found = {each.name: each.is_reachable for each in endpoints()}
    assert found[str(tmp_path / "socket")]
    assert found[f"@{name}"]


def test_a_damaged_table_gives_what_can_be_read(tmp_path: Path) -> None:
    table = tmp_path / "unix"
    row = "0: 00000002 00000000 {flags} 0001 01 {inode} {name}"
    table.write_text(
        "Num RefCount Protocol Flags Type St Inode Path\n"
        + row.format(flags="00010000", inode=1, name=f"{tmp_path}/gone socket\n")
        + row.format(flags="00000000", inode=2, name="/run/connected\n")
        + row.format(flags="zzzz", inode=3, name="/run/odd\n")
        + "short\n"
    )
    assert endpoints(table) == (Endpoint(f"{tmp_path}/gone socket", False),)
    assert endpoints(tmp_path / "none") == ()


# ---------------------------------------------------------------------- files


def test_every_file_of_the_program_is_hashed_but_what_python_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "main.py").write_text("one")
    (tmp_path / "app" / "__pycache__").mkdir(parents=True)
    (tmp_path / "app" / "two.py").write_text("two")
    (tmp_path / "app" / "__pycache__" / "two.pyc").write_text("made")
    (tmp_path / "beside.txt").write_text("not ours")
    found = program_files(tmp_path)
    assert found == (
        FileHash("app/two.py", hashlib.sha256(b"two").hexdigest()),
        FileHash("main.py", hashlib.sha256(b"one").hexdigest()),
    )
    shown = subprocess.run(
        ["sha256sum", "app/two.py", "main.py"], cwd=tmp_path, capture_output=True, text=True
    ).stdout
    assert "".join(f"{line}\n" for line in lines_of(found)) == shown
    assert hash_of_all(found) == hashlib.sha256(shown.encode()).hexdigest()

    def refuse(*_: object) -> None:
        raise OSError(13, "no")

    monkeypatch.setattr(proof_files, "open", refuse, raising=False)
    assert {each.sha256 for each in program_files(tmp_path)} == {"unreadable"}


def test_of_a_packaged_program_everything_beside_it_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pitcher").write_text("program")
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "torch.so").write_text("library")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "pitcher"))
    assert program_folder() == tmp_path
    assert [each.name for each in program_files(tmp_path)] == ["library/torch.so", "pitcher"]


def test_the_real_program_is_among_its_files() -> None:
    names = {each.name for each in program_files(program_folder())}
    assert {"main.py", "app/airlock/proof_files.py", "kernels/sentence.py"} <= names


# ---------------------------------------------------------------------- the report


class Text(HTMLParser):
    """Every tag, and the text between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.words = ""
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words += data


EVIL = '<script>alert(1)</script><img src="http://x">&\u202e"\n'


def test_nothing_that_others_named_becomes_markup_or_hides() -> None:
    page = as_html(
        proof_of(
            LockReport(LockState.NOT_ENFORCED, EVIL, (Attempt(EVIL, False, EVIL, EVIL),)),
            versions=((EVIL, EVIL),),
            processes=(ProcessLock(1, 0, None, ((EVIL, EVIL),)),),
            roads=(EVIL,),
            endpoints=(Endpoint(EVIL, True),),
            files=(FileHash(EVIL, "0"),),
            beside=(Beside(EVIL, (EVIL,)),),
        )
    )
    found = Text(page)
    assert found.tags.isdisjoint({"script", "img", "link", "a", "iframe", "object", "form"})
    assert not [name for name, _ in found.attributes if name in ("src", "href", "onload")]
    assert "\u202e" not in page
    assert found.words.count("<script>alert(1)</script>") >= 8
    assert "default-src 'none'" in page


def test_a_text_without_end_is_cut() -> None:
    page = as_html(proof_of(LockReport(LockState.ENFORCED, "x" * 100_000, (REFUSED,))))
    assert len(page) < 20_000


def test_thousands_of_endpoints_are_counted_and_cut() -> None:
    many = tuple(Endpoint(f"@service-{number}", True) for number in range(2_100))
    words = Text(as_html(proof_of(endpoints=(*many, Endpoint("/run/closed", False))))).words
    assert "may connect to: 2,100. Closed to it by their owners: 1." in words
    assert "100 more are not listed." in words
    assert "/run/closed" not in words


@pytest.mark.parametrize(
    ("report", "verdict"),
    [
        (ENFORCED, "Enforced: 1 of 1 attempts were refused."),
        (
            LockReport(LockState.NOT_ENFORCED, "No.", (REFUSED, OPEN)),
            "Not enforced: 1 of 2 attempts were refused.",
        ),
        (
            LockReport(LockState.ENFORCED, "It lies.", (REFUSED, OPEN)),
            "Not enforced: 1 of 2 attempts were refused.",
        ),
        (LockReport(LockState.ENFORCED, "Nothing was tried."), "Not enforced: 0 of 0 attempts"),
        (LockReport(LockState.NOT_TESTED, "Not yet."), "Not tested."),
    ],
)
def test_the_verdict_is_what_was_answered(report: LockReport, verdict: str) -> None:
    page = as_html(proof_of(report))
    assert verdict in Text(page).words
    assert ('class="ok">Enforced' in page) is is_proved(report)


def test_files_can_be_compared_from_the_report_alone(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("one")
    page = as_html(proof_of(files=program_files(tmp_path)))
    listed = re.search(r"<h2>The program’s files</h2>.*?<pre>(.*?)</pre>", page, re.DOTALL)
    assert listed is not None
    check = tmp_path / "hashes"
    check.write_text(html.unescape(listed[1]) + "\n")
    command = ["sha256sum", "-c", "hashes"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 0
    (tmp_path / "main.py").write_text("other")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 1


def test_the_commands_name_the_processes_that_are_known() -> None:
    known = proof_of(processes=(ProcessLock(50, 1, Role.LAUNCHER, ()), ProcessLock(9, 1, None, ())))
    assert any("/proc/50/status" in line for line in commands(known))
    assert not any("/proc/9/" in line for line in commands(known))
    assert any("/proc/12/status" in line for line in commands(process_id=12))
    assert any("/proc/PID/status" in line for line in commands())


def test_of_a_packaged_program_the_commands_start_it_and_compare_its_files(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "my program" / "pitcher"))
    lines = commands()
    assert f"'{tmp_path}/my program/pitcher' audit" in lines
    assert lines[-1] == f"cd '{tmp_path}/my program' && sha256sum --check --quiet SHA256SUMS"
    assert not any("main.py" in line for line in lines)


@needs_linux
def test_the_command_for_the_status_lines_works() -> None:
    (line,) = (each for each in commands(process_id=os.getpid()) if each.startswith("grep"))
    told = subprocess.run(["sh", "-c", line], capture_output=True, text=True).stdout
    assert re.search(r"NoNewPrivs:\t\d", told)
    assert re.search(r"Seccomp:\t\d", told)


def test_everything_is_gathered_for_real() -> None:
    found = gather(ENFORCED, (Beside("Policy", ("none",)),))
    assert dict(found.versions).keys() >= {"Pitcher", "System", "Python", "torch"}
    assert found.files
    assert "<h2>Policy</h2>" in as_html(found)


def test_what_is_not_installed_has_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.airlock.proof._LIBRARIES", ("no-such-library",))
    monkeypatch.setattr("app.airlock.proof.platform.freedesktop_os_release", _no_release)
    assert [name for name, _ in versions()] == ["Pitcher", "System", "Python"]


def _no_release() -> dict[str, str]:
    raise OSError


def test_the_file_has_the_day_in_its_name() -> None:
    assert suggested_name(date(2026, 11, 29)) == "pitcher-proof-2026-11-29.html"
