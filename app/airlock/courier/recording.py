"""What the launcher writes into the ledger of one courier's life.

For: `desk`. What begins is on the disk before anything else is heard. Only the end of an exchange
may wait in memory, and only while the disk is full: a download that pauses for that reason goes on
when there is room.
"""

from __future__ import annotations

import errno
import os
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime

from app.airlock.courier.messages import Answered, Consent, Ended, Exchange, Propose
from app.airlock.ledger import Ledger, LedgerRow, RowKind

_MOST_WAITING = 64


def _now() -> datetime:
    return datetime.now(UTC)


class Recording:
    """The rows of one run. Every method raises OSError where the ledger can't be written."""

    def __init__(self, ledger: Ledger, asked: Propose, now: Callable[[], datetime] = _now) -> None:
        self._ledger = ledger
        self._now = now
        self._run = os.urandom(8).hex()
        self._repository = asked.repository or f"#{asked.number}"
        self._consent: Consent | None = None
        self._waiting: deque[LedgerRow] = deque()
        self._has_rows = False

    def allows(self, exchange: Exchange) -> bool:
        """Whether the user said yes to what this exchange is for."""
        return self._consent is Consent.FETCH or (
            self._consent is Consent.LIST and exchange.purpose == Consent.LIST.value
        )

    def answered(self, answer: Answered) -> None:
        """The user was asked."""
        self._repository = answer.repository
        if answer.is_yes:
            self._consent = answer.consent
        self._write(
            LedgerRow(
                self._now(),
                RowKind.CONSENT,
                self._run,
                self._repository,
                answer.consent.value,
                answer="yes" if answer.is_yes else "no",
                files=answer.files,
                total_bytes=answer.total_bytes,
                had_token=answer.had_token,
            )
        )

    def exchanged(self, exchange: Exchange) -> None:
        """A connection was tried, or has ended."""
        row = LedgerRow(
            self._now(),
            RowKind.EXCHANGE,
            self._run,
            self._repository,
            self._consent.value if self._consent else "",
            exchange.number,
            exchange.has_ended,
            exchange.purpose,
            exchange.host,
            exchange.method,
            exchange.path,
            exchange.status,
            str(exchange.refusal),
            exchange.sent_bytes,
            exchange.received_bytes,
            exchange.had_token,
        )
        try:
            self._write(row)
        except OSError as error:
            may_wait = exchange.has_ended and len(self._waiting) < _MOST_WAITING
            if error.errno != errno.ENOSPC or not may_wait:
                raise
            self._waiting.append(row)

    def ended(self, end: Ended) -> None:
        """The courier has ended. Where nobody was asked and nothing was tried there is no row: a
        chat process that proposes without end fills nothing.
        """
        if self._has_rows:
            self._write(
                LedgerRow(
                    self._now(),
                    RowKind.ENDED,
                    self._run,
                    self._repository,
                    refusal=str(end.why),
                    answer=end.outcome.value,
                )
            )

    def _write(self, row: LedgerRow) -> None:
        """After what waits."""
        self._has_rows = True
        while self._waiting:
            self._ledger.append(self._waiting[0])
            self._waiting.popleft()
        self._ledger.append(row)
