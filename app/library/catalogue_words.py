"""What is said of each model of the catalogue: what it is, honestly, and what it is good for.

For: the list of models in the window and the terminal. Words alone; facts are `catalogue`'s.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.library.catalogue import CatalogueEntry
from inference.sentence import said

# What people look for and can't find.
NO_SMALL_R1 = said(
    "DeepSeek-R1 itself has 671 billion parameters. No official mixture-of-experts distill of it "
    "of desktop size is known: the distills are dense Qwen and Llama models."
)

_DISTILL_QWEN = said(
    "A Qwen 2.5 model that learned from DeepSeek-R1’s answers; it is not R1 itself. It thinks "
    "before it answers: for mathematics, code and questions of several steps."
)
_DISTILL_LLAMA = said(
    "A Llama 3 model that learned from DeepSeek-R1’s answers; it is not R1 itself. It thinks "
    "before it answers: for mathematics, code and questions of several steps."
)
_DATACENTRE = said(
    "The whole mixture of 671 billion parameters, of which a token uses 37 billion. For machines "
    "with about half a terabyte of memory."
)
_ABOUT: Mapping[str, str] = {
    "SmolLM2-135M-Instruct": said(
        "The starter: very small, in English alone. It answers at once and shows that all works; "
        "what it says is often wrong."
    ),
    "DeepSeek-R1-Distill-Qwen-1.5B": said(
        "The smallest distill: a Qwen 2.5 model that learned from DeepSeek-R1’s answers; it is "
        "not R1 itself. Quick on any machine, good at sums, weak in knowledge."
    ),
    "DeepSeek-R1-Distill-Qwen-7B": _DISTILL_QWEN,
    "DeepSeek-R1-0528-Qwen3-8B": said(
        "A Qwen 3 model that learned from the answers of R1’s version of May 2025; it is not R1 "
        "itself. It thinks long before it answers: the best here for its size in mathematics "
        "and code."
    ),
    "DeepSeek-R1-Distill-Llama-8B": _DISTILL_LLAMA,
    "DeepSeek-R1-Distill-Qwen-14B": _DISTILL_QWEN,
    "DeepSeek-V2-Lite-Chat": said(
        "A small mixture of experts of 2024, by the maker of R1 but no distill of it. It answers "
        "without thinking: quick for its size, for plain conversation and texts."
    ),
    "Moonlight-16B-A3B-Instruct": said(
        "A small mixture of experts built as DeepSeek-V3 is, by another maker. It answers without "
        "thinking: quick for its size; it remembers only 8,192 tokens of a chat."
    ),
    "GLM-4.7-Flash": said(
        "A mixture of experts with DeepSeek’s latent attention, by another maker. It thinks before "
        "it answers: for code, long texts and questions of several steps, at the speed of a small "
        "model."
    ),
    "DeepSeek-R1-Distill-Qwen-32B": _DISTILL_QWEN,
    "DeepSeek-R1-Distill-Llama-70B": _DISTILL_LLAMA,
    "DeepSeek-R1": _DATACENTRE,
    "DeepSeek-V3": _DATACENTRE,
    "DeepSeek-V3.1": _DATACENTRE,
}


def about(entry: CatalogueEntry) -> str:
    """Two or three sentences on an entry."""
    return _ABOUT[entry.name]
