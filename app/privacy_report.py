"""The proof and what only the program's other parts know: policy, chats, downloads; as one file.

For: `audit --report` and the privacy page. In English, as all that leaves the window. Free of Qt.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from app.airlock.courier.facts import courier_facts
from app.airlock.ledger import LedgerRow, RowKind, read_ledger
from app.airlock.proof import Beside, gather
from app.airlock.proof_report import as_html
from app.airlock.report import LockReport
from app.chats.kept import Kept, how_kept
from app.chats.profile import Profile
from app.chats.transfer.writing import write_file
from app.policy import Policy
from app.policy_words import policy_lines
from inference.sentence import system_words

_MOST_ROWS = 500


def report_text(report: LockReport, policy: Policy, profile: Profile) -> str:
    """The whole file, in a second or so: it hashes the program."""
    beside = (
        Beside("Policy of the organisation", tuple(policy_lines(policy))),
        Beside("Chats", tuple(_chats(how_kept(profile)))),
        Beside("Downloads", courier_facts(policy)),
        Beside("Every connection ever tried", tuple(_ledger())),
    )
    return as_html(gather(report, beside))


def write_report(
    target: Path, report: LockReport, policy: Policy, profile: Profile, *, replace: bool = False
) -> None:
    """Write it whole or not at all. Raises TransferError, TargetExistsError."""
    write_file(target, [report_text(report, policy, profile)], replace=replace)


def _chats(kept: Kept) -> Iterator[str]:
    """Where they lie and under which key; nothing of what is in them."""
    if not kept.exists:
        yield f"Nothing is kept yet. Chats will lie in {kept.folder}."
        return
    yield f"In {kept.folder}, encrypted page by page (SQLite3 Multiple Ciphers, ChaCha20)."
    if kept.keyring is not None:
        yield f"The key is kept by {kept.keyring.full_name}."
    if kept.has_passphrase:
        yield "A passphrase opens them (Argon2id)."
    if kept.has_recovery:
        yield "A recovery passphrase opens them too."
    if kept.keyring is None and not kept.has_passphrase:
        yield "How their key is kept can’t be read; they stay as they are."


def _ledger() -> Iterator[str]:
    """The newest rows, and how many more there are."""
    try:
        page = read_ledger()
    except OSError as error:
        yield f"The list can’t be read: {system_words(error)}."
        return
    if not page.rows:
        yield "Empty: nothing was downloaded yet."
    yield from (_row(row) for row in page.rows[:_MOST_ROWS])
    left = len(page.rows) - _MOST_ROWS + page.left_out
    if left > 0:
        yield f"{left:,} older ones are not listed here."
    if page.damaged:
        yield f"{page.damaged:,} lines are damaged or not this program’s."


def _row(row: LedgerRow) -> str:
    at = f"{row.at:%Y-%m-%d %H:%M:%S} UTC"
    if row.kind is RowKind.CONSENT:
        return f"{at}: asked whether to fetch ({row.consent}) {row.repository}: {row.answer}"
    if row.kind is RowKind.ENDED:
        return f"{at}: the courier for {row.repository} ended: {row.answer}"
    result = row.refusal or f"answered {row.status}"
    return (
        f"{at}: {row.host} {row.method} {row.path} ({row.consent} of {row.repository}): {result}; "
        f"{row.received_bytes:,} bytes in, {row.sent_bytes:,} out"
    )
