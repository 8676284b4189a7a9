"""A model that says what a script tells it, with a small real tokenizer: for the engine's tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace

import torch

from inference.engine import Engine, EngineOptions
from inference.layers.decoder import ForwardCancelledError
from inference.loading import ModelInfo
from inference.prompt.detokenizer import BYTE_OF_CHARACTER
from inference.prompt.recommended import Recommended
from inference.prompt.sandbox import SandboxRenderer
from inference.prompt.tokenizer import Tokenizer
from inference.prompt.vocabulary import GgufVocabulary, TokenType

BOS, EOS, USER, ASSISTANT = (
    "<｜begin▁of▁sentence｜>",
    "<｜end▁of▁sentence｜>",
    "<｜User｜>",
    "<｜Assistant｜>",
)
R1_TEMPLATE = (
    "{{ bos_token }}{% for m in messages %}{% if m.role == 'system' %}{{ m.content }}"
    "{% elif m.role == 'user' %}<｜User｜>{{ m.content }}{% else %}"
    "{% set c = m.content %}{% if '</think>' in c %}"
    "{% set c = c.split('</think>')[-1] %}{% endif %}"
    "<｜Assistant｜>{{ c }}<｜end▁of▁sentence｜>{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}<｜Assistant｜><think>\n{% endif %}"
)


def vocabulary(tag_type: TokenType | None = TokenType.USER_DEFINED) -> GgufVocabulary:
    """Bytes, some merges, and control tokens; the tags as tokens of a type, or not at all."""
    tokens = list(BYTE_OF_CHARACTER)
    merges = ["h e", "t he", "l l", "he ll", "hell o", "a n", "an d", "i n", "i s", "i t"]
    tokens += [merge.replace(" ", "") for merge in merges]
    types = [TokenType.NORMAL] * len(tokens)
    for text in (BOS, EOS, USER, ASSISTANT):
        tokens.append(text)
        types.append(TokenType.CONTROL if text in (BOS, EOS) else TokenType.USER_DEFINED)
    if tag_type is not None:
        tokens += ["<think>", "</think>"]
        types += [tag_type] * 2
    return GgufVocabulary(
        model="gpt2",
        pre="qwen2",
        tokens=tokens,
        token_types=types,
        merges=merges,
        bos_id=tokens.index(BOS),
        eos_id=tokens.index(EOS),
        add_bos=False,
    )


class ListCache:
    """Holds the ids themselves."""

    def __init__(self, capacity_tokens: int) -> None:
        self.capacity_tokens = capacity_tokens
        self.ids: list[int] = []
        self.bytes_per_token = 1

    @property
    def length(self) -> int:
        return len(self.ids)

    @property
    def held_bytes(self) -> int:
        return len(self.ids)

    def truncate(self, length: int) -> None:
        del self.ids[length:]


@dataclass
class ScriptedDecoder:
    """Says `thoughts`, which close themselves, then `answer` and the end token.

    A script is texts and ids. Where it reads another token than it said, the thoughts were
    closed for it and it goes on to the answer. `read` are the ids of every forward pass.
    """

    tokenizer: Tokenizer
    header: str = "<｜Assistant｜><think>\n"
    thoughts: list[int | str] = field(default_factory=list)
    answer: list[int | str] = field(default_factory=list)
    read: list[list[int]] = field(default_factory=list)
    kernels: str = "scripted"
    torch_threads: int = 1
    threads: int = 1

    def new_cache(self, capacity_tokens: int) -> ListCache:
        return ListCache(capacity_tokens)

    def use_threads(self, threads: int) -> None:
        self.threads = threads

    def forward(self, step, cache, rows_wanted, stop_now=lambda: False):
        if stop_now():
            raise ForwardCancelledError
        ids = step.token_ids.tolist()
        self.read.append(ids)
        rows = []
        for token_id in ids:
            cache.ids.append(token_id)
            logits = torch.zeros(self.tokenizer.vocab_size)
            logits[self._next(cache.ids)] = 1.0
            rows.append(logits)
        return torch.stack(rows)[rows_wanted]

    def _next(self, ids: list[int]) -> int:
        thoughts = self._ids(self.thoughts)
        script = [*thoughts, *self._ids(self.answer), self.tokenizer.eos_id]
        said = 0
        for token_id in self._said(ids):
            said = said + 1 if token_id == script[said] else len(thoughts)
            said = min(said, len(script) - 1)
        return script[said]

    def _said(self, ids: list[int]) -> list[int]:
        """What stands behind the last header."""
        header = self.tokenizer.encode_raw(self.header)
        for start in range(len(ids) - len(header), -1, -1):
            if ids[start : start + len(header)] == header:
                return ids[start + len(header) :]
        return []

    def _ids(self, script: list[int | str]) -> list[int]:
        found: list[int] = []
        for part in script:
            found += self.tokenizer.encode_raw(part) if isinstance(part, str) else [part]
        return found


class ScriptedModel:
    """Stands where an opened model stands."""

    def __init__(self, tokenizer: Tokenizer, decoder: ScriptedDecoder, template: str) -> None:
        self._tokenizer = tokenizer
        self._decoder = decoder
        self._template = template
        self.info = ModelInfo("Scripted", "scripted", "F32", 1, 1 << 20, 1, 1, 300, "")
        self.spec = SimpleNamespace(context_tokens=1 << 20)

    def tokenizer(self) -> Tokenizer:
        return self._tokenizer

    def chat_template(self) -> str:
        return self._template

    def recommended(self) -> Recommended:
        return Recommended()

    def decoder(self, path) -> ScriptedDecoder:
        return self._decoder

    def close(self) -> None:
        pass


def scripted_engine(
    family,
    template: str = R1_TEMPLATE,
    tag_type: TokenType | None = TokenType.USER_DEFINED,
    context_tokens: int = 4096,
    **script,
) -> tuple[Engine, ScriptedDecoder]:
    """An engine around a script."""
    tokenizer = Tokenizer.from_gguf(vocabulary(tag_type))
    decoder = ScriptedDecoder(tokenizer, **script)
    model = ScriptedModel(tokenizer, decoder, template)
    options = EngineOptions(threads=1, context_tokens=context_tokens)
    engine = Engine(model, tokenizer, template, options, SandboxRenderer(), family)
    return engine, decoder
