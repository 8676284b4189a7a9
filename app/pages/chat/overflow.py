"""What is said when a conversation no longer fits into the context."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from inference.events import ContextUse, Overflow


def full_context(overflow: Overflow) -> ContextUse:
    """A context of which more is wanted than there is."""
    return ContextUse(overflow.context_tokens, 0, overflow.prompt_tokens, 0, 0, 0)


def overflow_sentence(overflow: Overflow) -> str:
    """What does not fit, what is safe, and what can be done."""
    translate = QCoreApplication.translate
    if overflow.turns:
        sentence = translate(
            "Overflow",
            "The first {count} messages no longer fit: this chat has {prompt} tokens and "
            "the context holds {context}. Nothing was lost.",
        )
    else:
        sentence = translate(
            "Overflow",
            "This message is too long: with it the chat has {prompt} tokens and the context "
            "holds {context}. Start a new chat, or ask something shorter.",
        )
    return sentence.format(
        count=len(overflow.turns),
        prompt=f"{overflow.prompt_tokens:,}",
        context=f"{overflow.context_tokens:,}",
    )
