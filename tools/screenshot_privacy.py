"""What the privacy page shows in pictures and in tests of what fits: everything there can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from app.airlock.attempts import OTHER_DOORS, SOCKETS, written
from app.airlock.ledger import LedgerPage, LedgerRow, RowKind
from app.airlock.proof_endpoints import Endpoint
from app.airlock.report import Attempt, LockReport, LockState, Tried
from app.chats.kept import Kept
from app.chats.vault.backends import KeyringKind
from app.pages.privacy.facts import PrivacyFacts

_EPERM = "EPERM: Operation not permitted"
_MODEL = "deepseek-ai/DeepSeek-R1-0528-Qwen3-8B"


def _tried() -> tuple[Attempt, ...]:
    here = tuple(
        Attempt(door.name, True, _EPERM, written(door)) for door in (*SOCKETS, *OTHER_DOORS)
    )
    return (
        *here,
        *(
            replace(attempt, name=f"{where}: {attempt.name}", where=where)
            for where in (Tried.IN_A_THREAD, Tried.IN_A_CHILD)
            for attempt in here
        ),
    )


PROVED = LockReport(
    LockState.ENFORCED, "All was refused.", _tried(), datetime(2026, 9, 14, 10, 34).timestamp()
)
LEAKS = replace(
    PROVED,
    state=LockState.NOT_ENFORCED,
    reason="The lock is not in force on this process: 2 of 78 attempts were not refused.",
    attempts=tuple(
        replace(attempt, refused=False, answer="succeeded")
        if attempt.name in ("UDP", "in a child: UDP")
        else attempt
        for attempt in PROVED.attempts
    ),
)


def _exchange(minute: int, host: str, path: str, **others: object) -> LedgerRow:
    at = datetime(2026, 9, 14, 10, minute, tzinfo=UTC)
    row = LedgerRow(at, RowKind.EXCHANGE, "0" * 16, _MODEL, consent="fetch", number=minute)
    filled = {"host": host, "method": "GET", "path": path, "status": 206, **others}
    return replace(row, **filled)  # type: ignore[arg-type]


_LEDGER = LedgerPage(
    (
        _exchange(
            40,
            "cdn-lfs.hf.co",
            "/repos/model-00002-of-00002.safetensors",
            status=0,
            refusal="The connection was reset.",
            sent_bytes=812,
        ),
        _exchange(
            33,
            "cdn-lfs.hf.co",
            "/repos/model-00001-of-00002.safetensors",
            sent_bytes=41_000,
            received_bytes=5_100_000_000,
            had_token=True,
        ),
        LedgerRow(
            datetime(2026, 9, 14, 10, 32, tzinfo=UTC),
            RowKind.CONSENT,
            "0" * 16,
            _MODEL,
            consent="fetch",
            answer="yes",
        ),
        _exchange(
            31,
            "huggingface.co",
            f"/api/models/{_MODEL}/tree/main?recursive=true",
            consent="list",
            status=429,
            sent_bytes=2_000,
            received_bytes=18_000,
        ),
    ),
    damaged=1,
    left_out=12,
)

PRIVACY = PrivacyFacts(
    Kept(
        Path("/home/user/.local/share/pitcher/history"),
        True,
        KeyringKind.SECRET_SERVICE,
        has_recovery=True,
    ),
    10,
    (
        "The courier is a process of its own. It is started for one download, after you confirmed "
        "it in its own window, and never sees a chat.",
    ),
    None,
    (
        "session bus (keyring, input methods, accessibility): unix:path=/run/user/1000/bus",
        "X11 display: :0",
        "211 named Unix sockets on this system, as far as their owners let us in",
    ),
    tuple(
        Endpoint(name, True)
        for name in (
            "/run/user/1000/bus",
            "/run/user/1000/pipewire-0",
            "/run/dbus/system_bus_socket",
            "@/tmp/.X11-unix/X0",
            *(f"/run/user/1000/service-{number}/with/a/long/name" for number in range(12)),
        )
    ),
    _LEDGER,
)
