"""`audit`: everything that the lock forbids, tried; the program's files compared with those that
were built; and the report that an auditor keeps.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from app.airlock.report import LockReport
from app.cli.terminal import note, show, show_json
from app.policy_words import air_gap_words, policy_facts


def add_audit(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The grammar."""
    text = (
        "try everything that the lock forbids, and compare an installed program’s files with those "
        "that were built; exit 0 only if all was refused and no file differs"
    )
    parser = commands.add_parser("audit", help=text, description=text.capitalize() + ".")
    parser.add_argument("--json", action="store_true", help="print JSON, one object a line")
    parser.add_argument(
        "--report",
        metavar="FILE",
        help="write all of it as one HTML file for an auditor: versions, hashes of the program’s "
        "files, what the kernel says of each process, every attempt, the Unix sockets that can be "
        "reached, and the commands to see it oneself. It holds nothing of any chat",
    )
    parser.add_argument(
        "--replace", action="store_true", help="with --report: replace a file that is there"
    )


def run(arguments: argparse.Namespace, _lock: LockReport) -> int:
    """0 only if something was tried, all of it refused, and the files are those that were built.
    Raises TransferError.
    """
    from app.airlock.installed_files import check_installed, file_lines
    from app.airlock.lock import audit, open_roads
    from app.airlock.proof_report import is_proved
    from app.installation import installation
    from app.settings import user_settings

    found, policy = audit(), user_settings(touches=False).policy
    roads, refused = open_roads(), is_proved(found)
    files = check_installed(installation())
    if arguments.json:
        show_json(
            {
                **asdict(found),
                "all_refused": refused,
                "open_roads": list(roads),
                "files": asdict(files),
                "policy": policy_facts(policy),
            }
        )
    else:
        for attempt in found.attempts:
            verdict = "refused" if attempt.refused else "ALLOWED"
            show(f"{verdict:8} {attempt.name:40} {attempt.answer}")
        show("")
        show(f"The lock is {found.state}: {found.reason}")
        for road in roads:
            show(f"open     {road}")
        show(air_gap_words(policy))
        for line in file_lines(files):
            show(f"files    {line}")
        if files.list_sha256:
            show(f"files    SHA-256 of the list: {files.list_sha256}")
    if arguments.report is not None:
        _report(Path(arguments.report).expanduser().absolute(), found, replace=arguments.replace)
    return 0 if refused and files.is_sound else 1


def _report(file: Path, found: LockReport, *, replace: bool) -> None:
    from app.chats.profile import Profile
    from app.privacy_report import write_report
    from app.settings import user_settings

    policy = user_settings(touches=False).policy
    write_report(file, found, policy, Profile(), replace=replace)
    note(f"Written: {file}. It holds nothing of any chat.")
