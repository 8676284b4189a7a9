"""What was asked of whom, and how many bytes went each way: a line of the ledger.

For: `transport`, which reports every request that it tried or refused. No words of a
question to an address's query or header stand in it, so neither signatures nor tokens.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Purpose(StrEnum):
    """Why a host was asked."""

    LIST = "list"
    FILE = "file"


@dataclass(frozen=True)
class Exchange:
    """One request, told before anything is sent and, with the same `number`, when it has ended; a
    refused one is told once, as ended.

    `status` is None where no answer came; `refusal` then says why: it was never sent, was cut, or
    failed. Bytes are HTTP's own, heads included, without what TLS adds. `path` is without query.
    """

    number: int
    purpose: Purpose
    method: str
    scheme: str
    host: str
    port: int
    path: str
    status: int | None
    refusal: str
    bytes_sent: int
    bytes_received: int
    with_token: bool
    started_at_s: float
    has_ended: bool
