"""What the engine says of an answer's making, as the history keeps it.

For: whoever records answers. Names are part of what is stored: they are added to, not changed.
"""

from __future__ import annotations

from dataclasses import asdict

from app.chats.model import MessageState, Provenance
from inference.events import Finished, FinishReason

_STATES = {
    FinishReason.STOP: MessageState.DONE,
    FinishReason.LENGTH: MessageState.DONE,
    FinishReason.CANCELLED: MessageState.STOPPED,
    FinishReason.OVERFLOW: MessageState.FAILED,
}


def state_after(reason: FinishReason) -> MessageState:
    """How an answer stands that ended so."""
    return _STATES[reason]


def provenance_of(finished: Finished) -> Provenance:
    """The engine's record and figures as plain values by name; what is not known is left out."""
    record = asdict(finished.provenance)
    record["model"] = record.pop("model_name")
    record["record_version"] = record.pop("version")
    record |= asdict(finished.statistics)
    record["finish_reason"] = finished.reason
    details = tuple(
        (name, str(value) if isinstance(value, str) else value)
        for name, value in record.items()
        if value is not None
    )
    return Provenance(details)
