"""Text to token ids and back, for one model.

For the engine, and for `tokenize` on the command line. What a user types is never taken for a
control token: added tokens are looked for only where text was not typed, and everything
between two of them is encoded as one piece by a BPE that holds no added token and so cannot
give one. Renders no template; `sandbox` does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from inference.errors import TokenizerError
from inference.prompt import tiktoken_model, tokenizer_json
from inference.prompt.added import AddedTokenFinder
from inference.prompt.detokenizer import IncrementalDetokenizer, bytes_of_token
from inference.prompt.gguf_parts import gguf_parts
from inference.prompt.library import native_faults
from inference.prompt.parts import TokenizerParts
from inference.prompt.rendered import RenderedPrompt
from inference.prompt.vocabulary import GgufVocabulary
from inference.sentence import said

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class Tokenizer:
    """One vocabulary, ready to use. Make it with `from_gguf` or `from_files`."""

    def __init__(self, parts: TokenizerParts) -> None:
        self._plain = parts.plain
        self._texts = parts.texts
        self._added_texts = {token.token_id: token.text for token in parts.added}
        self._added_ids = {token.text: token.token_id for token in reversed(parts.added)}
        self._hidden_ids = parts.hidden_ids
        letters = [token for token in parts.added if token.is_letter]
        self._finder = AddedTokenFinder([t for t in parts.added if not t.is_letter])
        self._letters = AddedTokenFinder(letters) if letters else None
        self._specials = parts.specials
        self.chat_template = parts.chat_template
        self._first_gap_id = parts.first_gap_id

    @classmethod
    def from_gguf(cls, vocabulary: GgufVocabulary) -> Self:
        """Build it from a GGUF vocabulary; raises TokenizerError, UnsupportedModelError."""
        return cls(gguf_parts(vocabulary))

    @classmethod
    def from_files(cls, path: Path) -> Self:
        """Build it from a `tokenizer.json` or a `tiktoken.model`, or a folder with one of them.

        Of both, `tokenizer.json` counts. Raises TokenizerError, UnsupportedModelError.
        """
        if path.name == tiktoken_model.NAME:
            return cls(tiktoken_model.tiktoken_parts(path))
        if not path.is_dir():
            return cls(tokenizer_json.tokenizer_json_parts(path))
        for source in (tokenizer_json, tiktoken_model):
            if (path / source.NAME).is_file():
                return cls.from_files(path / source.NAME)
        raise TokenizerError(
            said(
                "{file} holds neither {one} nor {other}, so its text can't be encoded.",
                file=path.name,
                one=tokenizer_json.NAME,
                other=tiktoken_model.NAME,
            )
        )

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

    def id_of(self, text: str) -> int | None:
        """The token outside BPE that has exactly this text, such as `<think>`."""
        return self._added_ids.get(text)

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
        if self._letters is None or not text:
            return self._encode_plain(text)
        ids: list[int] = []
        position = 0
        for letter in self._letters.find(text, [(0, len(text))]):
            ids += self._encode_plain(text[position : letter.start])
            ids.append(letter.token_id)
            position = letter.stop
        return ids + self._encode_plain(text[position:])

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

    def _encode_plain(self, text: str) -> list[int]:
        if not text:
            return []
        with native_faults(said("Encoding the text")):
            # A batch of one, as `encode` keeps the interpreter to itself: 1.5 s for a megabyte.
            (encoding,) = self._plain.encode_batch_fast([_whole(text)], add_special_tokens=False)
            return [token_id for token_id in encoding.ids if token_id < self._first_gap_id]


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
