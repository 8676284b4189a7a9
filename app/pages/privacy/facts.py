"""What the privacy page shows beside the lock: frozen, gathered elsewhere, in the window's words.

For: `PrivacyDesk`, which gathers it, and the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.airlock.ledger import LedgerPage
from app.airlock.proof_endpoints import Endpoint
from app.chats.kept import Kept


@dataclass(frozen=True)
class PrivacyFacts:
    """`courier`: sentences of Qt-free code. `ledger`: None where it can't be read, and then
    `ledger_problem` says why.
    """

    kept: Kept
    lock_minutes: int  # 0: it does not lock itself
    courier: tuple[str, ...]
    air_gapped_by: Path | None
    roads: tuple[str, ...]
    endpoints: tuple[Endpoint, ...]
    ledger: LedgerPage | None
    ledger_problem: str = ""
