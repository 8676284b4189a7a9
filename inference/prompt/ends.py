"""Which tokens end an answer. For `tokenizer`.

Files name one; many models have several. llama.cpp collects more by their names, and so do
we: but only among tokens outside BPE, so that ordinary text never ends an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_NAMES = frozenset(
    (
        "<|eot_id|>",
        "<|im_end|>",
        "<|end|>",
        "<|return|>",
        "<|call|>",
        "<|flush|>",
        "<|calls|>",
        "<end_of_turn>",
        "<|endoftext|>",
        "</s>",
        "<|eom_id|>",
        "<EOT>",
        "_<EOT>",
        "<|EOT|>",
        "[EOT]",
        "[EOS]",
        "<|end_of_text|>",
        "<end_of_utterance>",
        "<eos>",
        "<｜end▁of▁sentence｜>",
        # What follows an answer in a fill-in-the-middle text.
        "<|fim_pad|>",
        "<fim-pad>",
        "<fim_pad>",
        "<|fim_repo|>",
        "<|repo_name|>",
        "<fim-repo>",
        "<reponame>",
        "<|file_sep|>",
    )
)


def end_ids(outside_bpe: Mapping[int, str], named_by_file: Iterable[int]) -> tuple[int, ...]:
    """The ids that end an answer, sorted."""
    by_name = {token_id for token_id, text in outside_bpe.items() if text in _NAMES}
    return tuple(sorted(by_name.union(named_by_file)))
