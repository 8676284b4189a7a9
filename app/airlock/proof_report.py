"""The report that an auditor keeps: one HTML file, in which nothing is loaded and nothing runs.

For: `audit --report` and “Export report” on the privacy page. In English, as all that leaves the
window. Whatever others named (a socket, a file, a library) is escaped and cut, and what can't be
seen in it is spelled out.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from html import escape

from app.airlock.installed_files import LIST_NAME, file_lines
from app.airlock.proof import Proof
from app.airlock.proof_files import hash_of_all, lines_of, program_folder
from app.airlock.proof_processes import ProcessLock
from app.airlock.report import LockReport, LockState
from app.markup.visible import visible

_MOST_CHARACTERS = 400
_MOST_ENDPOINTS = 2_000
_MOST_NAMED = 2_000  # files that are not as they were built
_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;"
    "color:#1c1b19;background:#fff}h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2.2rem}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;"
    "padding:.2rem .8rem .2rem 0;border-bottom:1px solid #ccc}code,pre{font:13px/1.5 monospace;"
    "overflow-wrap:anywhere;white-space:pre-wrap}.ok{color:#1c7045;font-weight:600}"
    ".bad{color:#b0261c;font-weight:600}"
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_CLAIMS = (
    "Refused means that the kernel answered EPERM to the call itself (for another process’s memory "
    "also EACCES). A kernel that merely lacks a protocol has not refused it, and does not count.",
    "Seccomp 2 is a filter of system calls, which a process can’t take off again and its children "
    "inherit; NoNewPrivs 1 keeps them from gaining rights; CapEff 0000000000000000 is no right of "
    "an administrator.",
)
_NOT_COVERED = (
    "Unix sockets stay open: the display, the session bus with the keyring, input methods and "
    "accessibility. The services behind them are the system’s own and have whatever network they "
    "have. They are listed below.",
    "Other programs of the same user, and whoever administers the computer, can read its memory "
    "and its screen.",
    "A download that was confirmed in the courier’s own window sends the bytes that were shown "
    "there. Each one stands in the ledger.",
)


def suggested_name(today: date) -> str:
    """What the file is called unless its owner calls it otherwise."""
    return f"pitcher-proof-{today:%Y-%m-%d}.html"


def is_proved(report: LockReport) -> bool:
    """Whether something was tried, and all of it refused."""
    refused = bool(report.attempts) and all(attempt.refused for attempt in report.attempts)
    return refused and report.state is LockState.ENFORCED


def as_html(proof: Proof) -> str:
    """The whole file."""
    at = datetime.fromtimestamp(proof.made_at_s, UTC)
    title = "Pitcher: what this computer enforces"
    body = (
        f"<h1>{title}</h1>",
        f"<p>Made at {at:%Y-%m-%d %H:%M:%S} UTC. It holds nothing of any chat.</p>",
        *_verdict(proof.report),
        *_attempts(proof.report),
        *_processes(proof.processes),
        *_open(proof),
        *(line for each in proof.beside for line in _listed(each.title, each.lines)),
        *_versions(proof),
        *_files(proof),
        *_commands(proof),
    )
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style></head>\n<body>\n"
        + "\n".join(body)
        + "\n</body></html>\n"
    )


def commands(proof: Proof | None = None, process_id: int | None = None) -> tuple[str, ...]:
    """What somebody types to see it for himself; with the numbers of the processes, if known."""
    known = [str(each.process_id) for each in proof.processes if each.role] if proof else []
    if process_id is not None:
        known = [str(process_id)]
    is_built = getattr(sys, "frozen", False)
    pitcher = shlex.quote(sys.executable) if is_built else "python main.py"
    of_files = (
        "# the program’s files, against the list that was made when they were built",
        f"cd {shlex.quote(str(program_folder()))} && sha256sum --check --quiet {LIST_NAME}",
    )
    counted = (
        "ip link set lo up; ip route add local 0.0.0.0/0 dev lo; "
        f"ip -6 route add local ::/0 dev lo; ip -s link show lo; {pitcher}; ip -s link show lo"
    )
    of_each = " ".join(f"/proc/{number}/status" for number in known or ["PID"])
    return (
        "# every attempt and the kernel’s answer, from outside the window",
        f"{pitcher} audit",
        "# the lock as the kernel shows it, on each process",
        f"grep -E '^(NoNewPrivs|Seccomp|CapEff)' {of_each}",
        "# no socket but Unix ones, and nothing listens (as root, to see whose they are)",
        "ss -lntup",
        f"ls -l {' '.join(f'/proc/{number}/fd' for number in known or ['PID'])}",
        "# every call for a socket that the whole program makes",
        f"strace -f -e trace=socket,connect,sendto,sendmsg {pitcher} audit",
        "# a network in which every address is this computer: what is sent is counted",
        f"unshare -rn sh -c {shlex.quote(counted)}",
        *(of_files if is_built else ()),
    )


def _verdict(report: LockReport) -> Iterator[str]:
    refused = sum(attempt.refused for attempt in report.attempts)
    counted = f"{refused} of {len(report.attempts)} attempts were refused."
    if is_proved(report):
        yield f'<p class="ok">Enforced: {counted}</p>'
    elif report.state is LockState.NOT_TESTED:
        yield "<p>Not tested.</p>"
    else:
        yield f'<p class="bad">Not enforced: {counted}</p>'
    yield f"<p>{_text(report.reason)}</p>"
    yield from (f"<p>{_text(claim)}</p>" for claim in _CLAIMS)


def _attempts(report: LockReport) -> Iterator[str]:
    rows = (
        (
            _text(attempt.name),
            _code(attempt.call),
            _code(attempt.answer),
            '<span class="ok">refused</span>'
            if attempt.refused
            else '<span class="bad">NOT refused</span>',
        )
        for attempt in report.attempts
    )
    yield "<h2>What was tried</h2>"
    yield _table(("Attempt", "Call", "The kernel’s answer", ""), rows)


def _processes(found: Sequence[ProcessLock]) -> Iterator[str]:
    yield "<h2>The program’s processes</h2>"
    if not found:
        yield "<p>This system has no /proc that tells of them.</p>"
        return
    rows = (
        (
            str(each.process_id),
            str(each.parent_id),
            _text(each.role or "not of this program"),
            "<br>".join(_code(f"{name}: {value}") for name, value in each.lines),
        )
        for each in found
    )
    yield _table(("Process", "Started by", "Role", "/proc/PID/status"), rows)


def _open(proof: Proof) -> Iterator[str]:
    yield "<h2>What stays open</h2>"
    yield from (f"<p>{_text(sentence)}</p>" for sentence in _NOT_COVERED)
    yield _list(proof.roads)
    reached = [each.name for each in proof.endpoints if each.is_reachable]
    refused = len(proof.endpoints) - len(reached)
    yield (
        f"<p>Unix sockets that are listened on and that this process may connect to: "
        f"{len(reached):,}. Closed to it by their owners: {refused:,}.</p>"
    )
    yield _list(reached[:_MOST_ENDPOINTS])
    if len(reached) > _MOST_ENDPOINTS:
        yield f"<p>{len(reached) - _MOST_ENDPOINTS:,} more are not listed.</p>"


def _versions(proof: Proof) -> Iterator[str]:
    yield "<h2>Versions</h2>"
    yield _table(
        ("What", "Version"), ((_text(name), _code(version)) for name, version in proof.versions)
    )


def _files(proof: Proof) -> Iterator[str]:
    yield "<h2>The program’s files</h2>"
    mark = "" if proof.installed.is_sound else ' class="bad"'
    told = file_lines(proof.installed)
    yield f"<p{mark}>{_text(told[0])}</p>"
    yield _list(told[1 : 1 + _MOST_NAMED])
    if len(told) > 1 + _MOST_NAMED:
        yield f"<p>{len(told) - 1 - _MOST_NAMED:,} more are not named.</p>"
    if proof.installed.list_sha256:
        yield f"<p>SHA-256 of the list of files: {_code(proof.installed.list_sha256)}</p>"
    yield (
        f"<p>{len(proof.files):,} files; the SHA-256 over all the lines below is "
        f"{_code(hash_of_all(proof.files))}. Saved as a file, the lines are what "
        "<code>sha256sum -c</code> reads in the program’s folder.</p>"
    )
    # Whole lines: a name that was cut could not be compared.
    yield f"<pre>{escape(visible(chr(10).join(lines_of(proof.files))))}</pre>"


def _commands(proof: Proof) -> Iterator[str]:
    yield "<h2>See it for yourself</h2>"
    yield f"<pre>{escape(chr(10).join(commands(proof)))}</pre>"


def _listed(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"<h2>{_text(title)}</h2>"
    yield _list(lines)


def _list(lines: Iterable[str]) -> str:
    items = "".join(f"<li>{_text(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else ""


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """`rows` hold HTML."""
    head = "".join(f"<th>{escape(each)}</th>" for each in heads)
    lines = ("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table>\n<tr>{head}</tr>\n" + "\n".join(lines) + "\n</table>"


def _text(words: str) -> str:
    shown = visible(words[: _MOST_CHARACTERS + 1])
    if len(words) > _MOST_CHARACTERS:
        shown = f"{shown[:_MOST_CHARACTERS]}…"
    return escape(shown)


def _code(words: str) -> str:
    return f"<code>{_text(words)}</code>" if words else ""
