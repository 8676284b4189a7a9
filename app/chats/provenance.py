"""What made an answer, as the history keeps it: the engine's record and what it was asked with.

For: whoever records answers, shows what made them, or asks for the same once more. Names are
part of what is stored: they are added to, not changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, fields

from app.chats.chat_settings import ChatSettings, settings_from
from app.chats.model import MessageState, Provenance
from inference.events import Finished, FinishReason
from inference.request import GenerateRequest

LEFT_OUT = "left_out_messages"
_SYSTEM = "system_prompt_sha256"
_GOES_ON = "continued"
_STATES = {
    FinishReason.STOP: MessageState.DONE,
    FinishReason.LENGTH: MessageState.DONE,
    FinishReason.CANCELLED: MessageState.STOPPED,
    FinishReason.OVERFLOW: MessageState.FAILED,
}
_SETTINGS = frozenset(field.name for field in fields(ChatSettings)) - {"system_prompt"}


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
    return _plain(record)


def asked_with(request: GenerateRequest) -> Provenance:
    """What a request sets of its answer, by the names of `ChatSettings`; without its seed, as
    the engine's record has the one that was drawn.
    """
    record: dict[str, object] = asdict(request.sampler)
    del record["seed"]
    for name in ("max_tokens", "thinking", "thinking_budget_tokens", "keep_thoughts"):
        record[name] = getattr(request, name)
    system = "".join(each.content for each in request.messages if each.role == "system")
    record[_SYSTEM] = _hash_of(system)
    record[_GOES_ON] = request.continues_last or None
    return _plain(record)


def is_same_system(provenance: Provenance, system: str) -> bool:
    """Whether the model was told just this before all else."""
    return dict(provenance.details).get(_SYSTEM) == _hash_of(system)


def replay_settings(provenance: Provenance) -> ChatSettings | None:
    """Everything an answer was made with, so that it is made again; None where that is not
    known, or where it was made in several goes.
    """
    known = dict(provenance.details)
    if _GOES_ON in known or not {"seed", "temperature"} <= known.keys():
        return None
    return settings_from(tuple((name, known[name]) for name in sorted(_SETTINGS & known.keys())))


def _hash_of(system: str) -> str | None:
    return hashlib.sha256(system.encode(errors="replace")).hexdigest() if system else None


def _plain(record: Mapping[str, object]) -> Provenance:
    details = [
        (name, str(value) if isinstance(value, str) else value)
        for name, value in record.items()
        if isinstance(value, str | int | float) and value != ""
    ]
    return Provenance(tuple(details))
