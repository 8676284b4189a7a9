"""What a tokenizer is made of, whatever file it comes from. For `tokenizer` and its sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import tokenizers

from inference.prompt.added import AddedToken

TokenizersNormalizer = tokenizers.normalizers.Normalizer
TokenizersPreTokenizer = tokenizers.pre_tokenizers.PreTokenizer
_NO_GAP = 2**31


@dataclass(frozen=True)
class Specials:
    """The ids with a meaning of their own."""

    bos_id: int | None
    eos_id: int | None
    eos_ids: tuple[int, ...]
    adds_bos: bool


@dataclass(frozen=True)
class TokenizerParts:
    """`plain` is BPE that holds no added token; ids from `first_gap_id` on are not shown."""

    plain: tokenizers.Tokenizer
    texts: Mapping[int, str]
    added: Sequence[AddedToken]
    specials: Specials
    hidden_ids: frozenset[int]
    chat_template: str = ""
    first_gap_id: int = _NO_GAP


def byte_level_bpe(
    ids: Mapping[str, int],
    merges: Sequence[tuple[str, str]],
    pre_tokenizer: TokenizersPreTokenizer,
    *,
    normalizer: TokenizersNormalizer | None = None,
    ignore_merges: bool = False,
) -> tokenizers.Tokenizer:
    """The library's object. It has no token for what is unknown: that could be a control token."""
    plain = tokenizers.Tokenizer(
        tokenizers.models.BPE(
            vocab=dict(ids), merges=list(merges), ignore_merges=ignore_merges, fuse_unk=False
        )
    )
    if normalizer is not None:
        plain.normalizer = normalizer
    plain.pre_tokenizer = pre_tokenizer
    return plain
