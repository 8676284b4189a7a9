"""Text to token ids and back, for one model.

For the engine, and for `tokenize` on the command line. What a user types is never taken for a
control token: added tokens are looked for only where text was not typed, and everything
between two of them is encoded as one piece by a BPE that holds no added token and so cannot
give one. Renders no template; `sandbox` does.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import tokenizers

from inference.errors import TokenizerError, UnsupportedModelError
from inference.prompt.added import AddedToken, AddedTokenFinder
from inference.prompt.detokenizer import (
    BYTE_OF_CHARACTER,
    IncrementalDetokenizer,
    bytes_of_token,
)
from inference.prompt.ends import end_ids
from inference.prompt.library import native_faults
from inference.prompt.pretokenizers import rule_named
from inference.prompt.rendered import RenderedPrompt
from inference.prompt.tokenizer_json import TokenizerFiles, read_tokenizer_files
from inference.prompt.vocabulary import (
    MERGES_LIMIT,
    TOKENS_LIMIT,
    GgufVocabulary,
    TokenType,
)

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
# Their ids must not come out of plain text, whatever the merges say.
_OUTSIDE_BPE = (TokenType.UNKNOWN, TokenType.CONTROL, TokenType.USER_DEFINED)


@dataclass(frozen=True)
class Specials:
    """The ids with a meaning of their own."""

    bos_id: int | None
    eos_id: int | None
    eos_ids: tuple[int, ...]
    adds_bos: bool


class Tokenizer:
    """One vocabulary, ready to use. Make it with `from_gguf` or `from_files`."""

    def __init__(
        self,
        plain: tokenizers.Tokenizer,
        texts: Mapping[int, str],
        added: Sequence[AddedToken],
        hidden_ids: frozenset[int],
        specials: Specials,
        chat_template: str = "",
        first_gap_id: int = sys.maxsize,
    ) -> None:
        self._plain = plain
        self._texts = texts
        self._added_texts = {token.token_id: token.text for token in added}
        self._hidden_ids = hidden_ids
        self._finder = AddedTokenFinder(added)
        self._specials = specials
        self.chat_template = chat_template
        self._first_gap_id = first_gap_id

    @classmethod
    def from_gguf(cls, vocabulary: GgufVocabulary) -> Self:
        """Build it from a GGUF vocabulary; raises TokenizerError, UnsupportedModelError."""
        _check(vocabulary)
        rule = rule_named(vocabulary.pre)
        texts = {n: text for n, text in enumerate(vocabulary.tokens) if text}
        outside = {
            n: text for n, text in texts.items() if vocabulary.token_types[n] in _OUTSIDE_BPE
        }
        ids = {text: n for n, text in texts.items() if n not in outside}
        merges = _merges(vocabulary, ids, set(outside.values()))
        # A byte that the vocabulary lacks (SmolLM2's has some) is dropped from the text, but
        # its neighbours must not merge over the gap: it stands in BPE as an id past the end.
        gaps = [character for character in BYTE_OF_CHARACTER if character not in ids]
        ids.update({gap: len(vocabulary.tokens) + n for n, gap in enumerate(gaps)})
        with native_faults("Building the tokenizer"):
            plain = tokenizers.Tokenizer(
                tokenizers.models.BPE(
                    vocab=ids, merges=merges, ignore_merges=rule.ignore_merges, fuse_unk=False
                )
            )
            normalizer = rule.normalizer()
            if normalizer is not None:
                plain.normalizer = normalizer
            plain.pre_tokenizer = rule.pre_tokenizer()
        hidden = {
            n
            for n, kind in enumerate(vocabulary.token_types[: len(vocabulary.tokens)])
            if kind in (TokenType.UNKNOWN, TokenType.CONTROL, TokenType.UNUSED)
        }
        named_ends = (*vocabulary.end_ids, vocabulary.eos_id)
        ends = end_ids(outside, [n for n in named_ends if n is not None and n in texts])
        adds_bos = rule.adds_bos if vocabulary.add_bos is None else vocabulary.add_bos
        bos_id = vocabulary.bos_id if vocabulary.bos_id in texts else None
        eos_id = vocabulary.eos_id if vocabulary.eos_id in texts else None
        specials = Specials(bos_id, eos_id, ends, adds_bos and bos_id is not None)
        added = [AddedToken(n, text) for n, text in outside.items()]
        size = len(vocabulary.tokens)
        return cls(plain, texts, added, frozenset(hidden), specials, first_gap_id=size)

    @classmethod
    def from_files(cls, path: Path) -> Self:
        """Build it from a `tokenizer.json`, or a folder that holds one; raises TokenizerError."""
        files = read_tokenizer_files(path)
        with native_faults(f"{path.name}: reading the tokenizer"):
            plain = tokenizers.Tokenizer.from_str(json.dumps(files.plain))
            vocabulary: dict[str, int] = plain.get_vocab(with_added_tokens=False)
        texts = {token_id: text for text, token_id in vocabulary.items()}
        texts.update({token.token_id: token.text for token in files.added})
        hidden = frozenset(token.token_id for token in files.added if token.special)
        return cls(plain, texts, files.added, hidden, _specials(files), files.chat_template)

    @property
    def vocab_size(self) -> int:
        """One more than the highest id."""
        return max(self._texts, default=-1) + 1

    @property
    def bos_id(self) -> int | None:
        """The token that begins a text, where the model has one."""
        return self._specials.bos_id

    @property
    def eos_id(self) -> int | None:
        """The token that ends a text, where the model has one."""
        return self._specials.eos_id

    @property
    def eos_ids(self) -> tuple[int, ...]:
        """Every token that ends an answer, sorted."""
        return self._specials.eos_ids

    @property
    def adds_bos(self) -> bool:
        """Whether a bare text begins with `bos_id`; a chat template writes its own."""
        return self._specials.adds_bos

    def is_control(self, token_id: int) -> bool:
        """Whether it is a token that people do not read."""
        return token_id in self._hidden_ids

    def token_text(self, token_id: int) -> str:
        """The token as its vocabulary writes it; empty for an id that does not exist."""
        return self._texts.get(token_id, "")

    def token_bytes(self, token_id: int, *, show_control: bool = False) -> bytes:
        """The bytes that it stands for; none for a control token, unless asked for."""
        if token_id in self._hidden_ids and not show_control:
            return b""
        added = self._added_texts.get(token_id)
        if added is not None:
            return added.encode("utf-8", "replace")
        return bytes_of_token(self._texts.get(token_id, ""))

    def decoder(self, *, show_control: bool = False) -> IncrementalDetokenizer:
        """A new detokenizer for one answer."""
        return IncrementalDetokenizer(self, show_control=show_control)

    def decode(self, token_ids: Sequence[int], *, show_control: bool = False) -> str:
        """The text of whole ids."""
        pieces = (self.token_bytes(token_id, show_control=show_control) for token_id in token_ids)
        return b"".join(pieces).decode("utf-8", "replace")

    def encode_typed(self, text: str) -> list[int]:
        """Ids of what a person typed: nothing in it is a control token. No BOS."""
        if not text:
            return []
        with native_faults("Encoding the text"):
            encoding = self._plain.encode(_whole(text), add_special_tokens=False)
            return [token_id for token_id in encoding.ids if token_id < self._first_gap_id]

    def encode_raw(self, text: str) -> list[int]:
        """Ids with every added token recognised. No BOS is put before it."""
        return self.encode_prompt(RenderedPrompt(text, ()))

    def encode_prompt(self, prompt: RenderedPrompt) -> list[int]:
        """Ids of a rendered template: added tokens only where the text was not typed."""
        ids: list[int] = []
        position = 0
        for occurrence in self._finder.find(prompt.text, _untyped(prompt)):
            ids += self.encode_typed(prompt.text[position : occurrence.start])
            ids.append(occurrence.token_id)
            position = occurrence.stop
        ids += self.encode_typed(prompt.text[position:])
        return ids


def _untyped(prompt: RenderedPrompt) -> list[tuple[int, int]]:
    stretches = []
    position = 0
    for start, stop in prompt.typed_spans:
        if start > position:
            stretches.append((position, start))
        position = stop
    if position < len(prompt.text):
        stretches.append((position, len(prompt.text)))
    return stretches


def _whole(text: str) -> str:
    """Half of a surrogate pair has no UTF-8."""
    return _LONE_SURROGATE.sub("\ufffd", text)


def _check(vocabulary: GgufVocabulary) -> None:
    if vocabulary.model != "gpt2":
        raise UnsupportedModelError(
            f"The model's tokenizer is of the kind “{vocabulary.model}”; "
            "this version of Pitcher knows “gpt2” (byte-level BPE)."
        )
    sizes = (
        ("tokens", len(vocabulary.tokens), TOKENS_LIMIT),
        ("merges", len(vocabulary.merges), MERGES_LIMIT),
    )
    for name, size, limit in sizes:
        if size > limit:
            raise TokenizerError(f"The tokenizer has {size:,} {name}; at most {limit:,} can be.")
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
                f"The tokenizer's merge {number} does not fit its vocabulary; the file is damaged."
            )
    return list(merges)


def _specials(files: TokenizerFiles) -> Specials:
    by_text = {token.text: token.token_id for token in files.added}
    bos_id = by_text.get(files.bos_token)
    eos_id = by_text.get(files.eos_token)
    outside: dict[int, str] = {token.token_id: token.text for token in files.added}
    named: list[Any] = [eos_id, *files.eos_ids]
    ends = end_ids(outside, [n for n in named if isinstance(n, int)])
    return Specials(bos_id, eos_id, ends, files.adds_bos and bos_id is not None)
