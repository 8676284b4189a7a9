"""A conversation's tokens and its KV cache: what is kept, what must be read again.

For: the engine. Knows token ids alone; no text, no messages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor

from inference.cache.base import KVCache
from inference.decoders import AnyDecoder
from inference.layers.decoder import Step

# Long enough for full speed, short enough that progress moves and memory stays small.
PREFILL_CHUNK_TOKENS = 512


class Session:
    """The tokens read so far; the cache always holds exactly these."""

    def __init__(self, decoder: AnyDecoder, capacity_tokens: int) -> None:
        self._decoder = decoder
        self._cache: KVCache = decoder.new_cache(capacity_tokens)
        self._tokens: list[int] = []

    @property
    def tokens(self) -> tuple[int, ...]:
        """Every token that the cache holds."""
        return tuple(self._tokens)

    @property
    def capacity_tokens(self) -> int:
        """Positions that fit."""
        return self._cache.capacity_tokens

    @property
    def held_bytes(self) -> int:
        """Bytes that the cache takes now."""
        return self._cache.held_bytes

    def common(self, token_ids: Sequence[int]) -> int:
        """How many of `token_ids`, from the first on, are the tokens that the cache holds."""
        common = 0
        for mine, theirs in zip(self._tokens, token_ids, strict=False):
            if mine != theirs:
                break
            common += 1
        return common

    def keep_common(self, token_ids: Sequence[int]) -> int:
        """Keep the common prefix with `token_ids`, at most all but its last; its length.

        The last token is always read again, because its logits are what comes next.
        """
        common = self.common(token_ids[:-1])
        self.truncate(common)
        return common

    def truncate(self, length: int) -> None:
        """Forget every token from `length` on."""
        del self._tokens[length:]
        self._cache.truncate(length)

    def read(
        self,
        token_ids: Sequence[int],
        stop_now: Callable[[], bool] = lambda: False,
        chunk_tokens: int = PREFILL_CHUNK_TOKENS,
    ) -> Iterator[tuple[int, Tensor]]:
        """Prefill in chunks: (tokens read, logits [1, vocab] of the last) behind each.

        Logits of all but the last chunk are empty, [0, vocab]. Raises
        ForwardCancelledError, with what was read whole kept.
        """
        for start in range(0, len(token_ids), chunk_tokens):
            chunk = token_ids[start : start + chunk_tokens]
            stop = start + len(chunk)
            wanted = slice(-1, None) if stop == len(token_ids) else slice(0, 0)
            yield stop, self._forward(chunk, wanted, stop_now)

    def step(self, token_id: int, stop_now: Callable[[], bool] = lambda: False) -> Tensor:
        """Decode one token: logits [vocab] of what follows it."""
        return self._forward((token_id,), slice(-1, None), stop_now)[0]

    def _forward(
        self, token_ids: Sequence[int], wanted: slice, stop_now: Callable[[], bool]
    ) -> Tensor:
        step = Step(torch.tensor(token_ids, dtype=torch.int64))
        try:
            logits = self._decoder.forward(step, self._cache, wanted, stop_now)
        except BaseException:
            # Layers that ran have appended already; the cache must match the tokens.
            self._cache.truncate(len(self._tokens))
            raise
        self._tokens.extend(token_ids)
        return logits
