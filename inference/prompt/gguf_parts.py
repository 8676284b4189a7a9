"""A tokenizer out of a GGUF vocabulary. For `tokenizer`."""

from __future__ import annotations

from collections.abc import Mapping

from inference.errors import TokenizerError, UnsupportedModelError
from inference.prompt.added import AddedToken, check_added
from inference.prompt.detokenizer import BYTE_OF_CHARACTER
from inference.prompt.ends import end_ids
from inference.prompt.library import native_faults
from inference.prompt.parts import Specials, TokenizerParts, byte_level_bpe
from inference.prompt.pretokenizers import rule_named
from inference.prompt.vocabulary import (
    MERGES_LIMIT,
    TOKENS_LIMIT,
    GgufVocabulary,
    TokenType,
)
from inference.sentence import said

# Their ids must not come out of plain text, whatever the merges say.
_OUTSIDE_BPE = (TokenType.UNKNOWN, TokenType.CONTROL, TokenType.USER_DEFINED)
_HIDDEN = (TokenType.UNKNOWN, TokenType.CONTROL, TokenType.UNUSED)


def gguf_parts(vocabulary: GgufVocabulary) -> TokenizerParts:
    """Check it and build it; raises TokenizerError, UnsupportedModelError."""
    _check(vocabulary)
    rule = rule_named(vocabulary.pre)
    types = vocabulary.token_types
    texts = {n: text for n, text in enumerate(vocabulary.tokens) if text}
    outside = {n: text for n, text in texts.items() if types[n] in _OUTSIDE_BPE}
    added = [
        AddedToken(n, text, special=types[n] != TokenType.USER_DEFINED)
        for n, text in outside.items()
    ]
    check_added(said("The model file"), added)
    ids = {text: n for n, text in texts.items() if n not in outside}
    merges = _merges(vocabulary, ids, set(outside.values()))
    # A byte that the vocabulary lacks (SmolLM2's has some) is dropped from the text, but
    # its neighbours must not merge over the gap: it stands in BPE as an id past the end.
    size = len(vocabulary.tokens)
    gaps = [character for character in BYTE_OF_CHARACTER if character not in ids]
    ids.update({gap: size + n for n, gap in enumerate(gaps)})
    with native_faults(said("Building the tokenizer")):
        plain = byte_level_bpe(
            ids,
            merges,
            rule.pre_tokenizer(),
            normalizer=rule.normalizer(),
            ignore_merges=rule.ignore_merges,
        )
    return TokenizerParts(
        plain=plain,
        texts=texts,
        added=added,
        specials=_specials(vocabulary, texts, outside, rule.adds_bos),
        hidden_ids=frozenset(n for n, kind in enumerate(types[:size]) if kind in _HIDDEN),
        first_gap_id=size,
    )


def _specials(
    vocabulary: GgufVocabulary,
    texts: Mapping[int, str],
    outside: Mapping[int, str],
    family_adds_bos: bool,
) -> Specials:
    named = (*vocabulary.end_ids, vocabulary.eos_id)
    ends = end_ids(outside, [n for n in named if n is not None and n in texts])
    adds_bos = family_adds_bos if vocabulary.add_bos is None else vocabulary.add_bos
    bos_id = vocabulary.bos_id if vocabulary.bos_id in texts else None
    eos_id = vocabulary.eos_id if vocabulary.eos_id in texts else None
    return Specials(bos_id, eos_id, ends, adds_bos and bos_id is not None)


def _check(vocabulary: GgufVocabulary) -> None:
    if vocabulary.model != "gpt2":
        raise UnsupportedModelError(
            said(
                "The model's tokenizer is of the kind “{model}”; this version of Pitcher "
                "knows “gpt2” (byte-level BPE).",
                model=vocabulary.model,
            )
        )
    sizes = (
        (said("tokens"), len(vocabulary.tokens), TOKENS_LIMIT),
        (said("merges"), len(vocabulary.merges), MERGES_LIMIT),
    )
    for name, size, limit in sizes:
        if size > limit:
            raise TokenizerError(
                said(
                    "The tokenizer has {size:,} {things}; at most {limit:,} can be.",
                    size=size,
                    things=name,
                    limit=limit,
                )
            )
    if not vocabulary.tokens or not vocabulary.merges:
        raise TokenizerError("The model file's tokenizer has no tokens or no merges.")
    if len(vocabulary.token_types) < len(vocabulary.tokens):
        raise TokenizerError("The model file names a type for only some of its tokens.")


def _merges(
    vocabulary: GgufVocabulary, ids: Mapping[str, int], outside: set[str]
) -> list[tuple[str, str]]:
    """The merges in order; of two equal ones the first counts.

    Those that make or use a token outside BPE are left out: text must not give such a token.
    """
    merges: dict[tuple[str, str], None] = {}
    for number, line in enumerate(vocabulary.merges):
        split = line.find(" ", 1)
        left, right = line[:split], line[split + 1 :]
        parts = (left, right, left + right)
        if split > 0 and all(part in ids for part in parts):
            merges.setdefault((left, right))
        elif split < 0 or not any(part in outside for part in parts):
            raise TokenizerError(
                said(
                    "The tokenizer's merge {number} does not fit its vocabulary; the file is "
                    "damaged.",
                    number=number,
                )
            )
    return list(merges)
