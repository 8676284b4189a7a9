"""What made an answer, in words: a name and a value for each thing that is recorded.

For: the dialog of the details, and what is said of a replay. What a later version recorded is
shown under its own name.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication

from app.chats.model import Provenance
from app.markup.visible import visible
from app.numbers import decimal, general, whole
from app.widgets.one_line import in_short
from inference.events import FinishReason, ThinkingEnd
from inference.request import Compute

_MOST_CHARS = 300
Value = str | int | float | bool
Rows = tuple[tuple[str, str], ...]  # names and values


def detail_rows(provenance: Provenance) -> Rows:
    """All that is recorded, in the order in which people ask for it; what is copied."""
    return tuple((visible(name), visible(words)) for name, words in _rows(provenance))


def shown_rows(provenance: Provenance) -> Rows:
    """The same as far as it can be laid out at once: of a name without end the beginning, and how
    much more there is.
    """
    rows = _rows(provenance)
    return tuple(
        (in_short(name, _MOST_CHARS), in_short(words, _MOST_CHARS)) for name, words in rows
    )


def name_words(key: str) -> str:
    """What a thing is called that is recorded."""
    return _names().get(key, key)


def as_text(rows: Rows) -> str:
    """The rows as lines, to be copied."""
    return "\n".join(f"{name}: {words}" for name, words in rows)


def _rows(provenance: Provenance) -> Iterator[tuple[str, str]]:
    known, names = dict(provenance.details), _names()
    for key in (
        *(key for key in names if key in known),
        *(key for key in known if key not in names),
    ):
        yield names.get(key, key), _words(key, known[key])


def _names() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "model": translate("Details", "Model"),
        "source_sha256": translate("Details", "Model file (SHA-256)"),
        "weights_sha256": translate("Details", "Prepared weights (SHA-256)"),
        "architecture": translate("Details", "Architecture"),
        "quantization": translate("Details", "Quantization"),
        "template_sha256": translate("Details", "Chat template (SHA-256)"),
        "engine_version": translate("Details", "Engine version"),
        "compute": translate("Details", "Compute path"),
        "kernels": translate("Details", "Kernels"),
        "threads": translate("Details", "Threads"),
        "seed": translate("Details", "Seed"),
        "temperature": translate("Details", "Temperature"),
        "top_k": translate("Details", "Top-k"),
        "top_p": translate("Details", "Top-p"),
        "min_p": translate("Details", "Min-p"),
        "repeat_penalty": translate("Details", "Repeat penalty"),
        "presence_penalty": translate("Details", "Presence penalty"),
        "frequency_penalty": translate("Details", "Frequency penalty"),
        "penalty_window_tokens": translate("Details", "Tokens that penalties look at"),
        "max_tokens": translate("Details", "Longest answer, in tokens"),
        "thinking": translate("Details", "Thinking"),
        "thinking_budget_tokens": translate("Details", "Longest thoughts, in tokens"),
        "keep_thoughts": translate("Details", "Earlier thoughts read again"),
        "system_prompt_sha256": translate("Details", "System prompt (SHA-256)"),
        "prompt_tokens": translate("Details", "Tokens of the prompt"),
        "cached_tokens": translate("Details", "Of these, read before"),
        "generated_tokens": translate("Details", "Tokens of the answer"),
        "reasoning_tokens": translate("Details", "Of these, thoughts"),
        "thinking_ended": translate("Details", "Thoughts ended"),
        "time_to_first_token_ms": translate("Details", "Time to the first token"),
        "prefill_tokens_per_s": translate("Details", "Reading speed"),
        "decode_tokens_per_s": translate("Details", "Writing speed"),
        "peak_rss_bytes": translate("Details", "Most memory used"),
        "finish_reason": translate("Details", "Ended by"),
        "left_out_messages": translate("Details", "Messages left out"),
        "continued": translate("Details", "Written in several goes"),
        "record_version": translate("Details", "Version of this record"),
    }


def _words(key: str, value: Value) -> str:
    translate = QCoreApplication.translate
    if isinstance(value, bool) or key == "continued":
        return translate("Details", "Yes") if value else translate("Details", "No")
    if isinstance(value, str):
        return _spoken().get((key, value), value)
    if key.endswith("_tokens_per_s"):
        return translate("Details", "{number} tokens/s").format(number=decimal(value, 1))
    if key.endswith("_ms"):
        return translate("Details", "{number} ms").format(number=decimal(value, 0))
    if key == "peak_rss_bytes":
        return translate("Details", "{number} MB").format(number=decimal(value / 1e6, 0))
    if isinstance(value, float):
        return general(value)
    return f"{value}" if key == "seed" else whole(value)


def _spoken() -> dict[tuple[str, str], str]:
    """The engine's own words among the values; names and hashes stay as they are."""
    translate = QCoreApplication.translate
    return {
        ("finish_reason", FinishReason.STOP): translate("Details", "stop"),
        ("finish_reason", FinishReason.LENGTH): translate("Details", "length"),
        ("finish_reason", FinishReason.CANCELLED): translate("Details", "cancelled"),
        ("finish_reason", FinishReason.OVERFLOW): translate("Details", "overflow"),
        ("thinking_ended", ThinkingEnd.BY_ITSELF): translate("Details", "by itself"),
        ("thinking_ended", ThinkingEnd.BUDGET): translate("Details", "budget"),
        ("thinking_ended", ThinkingEnd.ANSWER_NOW): translate("Details", "answer now"),
        ("thinking_ended", ThinkingEnd.CUT_OFF): translate("Details", "cut off"),
        ("compute", Compute.FAST): translate("Details", "fast"),
        ("compute", Compute.REFERENCE): translate("Details", "reference"),
    }
