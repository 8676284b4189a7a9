"""What made an answer, in words: a name and a value for each thing that is recorded.

For: the dialog of the details. What a later version recorded is shown under its own name.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.chats.model import Provenance
from app.markup.visible import visible

Value = str | int | float | bool


def detail_rows(provenance: Provenance) -> tuple[tuple[str, str], ...]:
    """All that is recorded, in the order in which people ask for it."""
    known, names = dict(provenance.details), _names()
    rows = [(names[key], _words(key, known[key])) for key in names if key in known]
    rest = ((key, _words(key, value)) for key, value in known.items() if key not in names)
    return tuple((visible(name), visible(words)) for name, words in (*rows, *rest))


def as_text(rows: tuple[tuple[str, str], ...]) -> str:
    """The rows as lines, to be copied."""
    return "\n".join(f"{name}: {words}" for name, words in rows)


def _names() -> dict[str, str]:
    tr = QCoreApplication.translate
    return {
        "model": tr("Details", "Model"),
        "source_sha256": tr("Details", "Model file (SHA-256)"),
        "weights_sha256": tr("Details", "Prepared weights (SHA-256)"),
        "architecture": tr("Details", "Architecture"),
        "quantization": tr("Details", "Quantization"),
        "template_sha256": tr("Details", "Chat template (SHA-256)"),
        "engine_version": tr("Details", "Engine version"),
        "compute": tr("Details", "Compute path"),
        "kernels": tr("Details", "Kernels"),
        "threads": tr("Details", "Threads"),
        "seed": tr("Details", "Seed"),
        "temperature": tr("Details", "Temperature"),
        "top_k": tr("Details", "Top-k"),
        "top_p": tr("Details", "Top-p"),
        "min_p": tr("Details", "Min-p"),
        "repeat_penalty": tr("Details", "Repeat penalty"),
        "presence_penalty": tr("Details", "Presence penalty"),
        "frequency_penalty": tr("Details", "Frequency penalty"),
        "penalty_window_tokens": tr("Details", "Tokens that penalties look at"),
        "max_tokens": tr("Details", "Longest answer, in tokens"),
        "thinking": tr("Details", "Thinking"),
        "thinking_budget_tokens": tr("Details", "Longest thoughts, in tokens"),
        "keep_thoughts": tr("Details", "Earlier thoughts read again"),
        "system_prompt_sha256": tr("Details", "System prompt (SHA-256)"),
        "prompt_tokens": tr("Details", "Tokens of the prompt"),
        "cached_tokens": tr("Details", "Of these, read before"),
        "generated_tokens": tr("Details", "Tokens of the answer"),
        "reasoning_tokens": tr("Details", "Of these, thoughts"),
        "thinking_ended": tr("Details", "Thoughts ended"),
        "time_to_first_token_ms": tr("Details", "Time to the first token"),
        "prefill_tokens_per_s": tr("Details", "Reading speed"),
        "decode_tokens_per_s": tr("Details", "Writing speed"),
        "peak_rss_bytes": tr("Details", "Most memory used"),
        "finish_reason": tr("Details", "Ended by"),
        "left_out_messages": tr("Details", "Messages left out"),
        "continued": tr("Details", "Written in several goes"),
        "record_version": tr("Details", "Version of this record"),
    }


def _words(key: str, value: Value) -> str:
    tr = QCoreApplication.translate
    if isinstance(value, bool) or key == "continued":
        return tr("Details", "Yes") if value else tr("Details", "No")
    if isinstance(value, str):
        return value
    if key.endswith("_tokens_per_s"):
        return tr("Details", "{number} tokens/s").format(number=f"{value:,.1f}")
    if key.endswith("_ms"):
        return tr("Details", "{number} ms").format(number=f"{value:,.0f}")
    if key == "peak_rss_bytes":
        return tr("Details", "{number} MB").format(number=f"{value / 1e6:,.0f}")
    if isinstance(value, float):
        return f"{value:g}"
    return f"{value}" if key == "seed" else f"{value:,}"
