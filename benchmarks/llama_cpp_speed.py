"""Times llama.cpp the way `python main.py bench` times us: the same options, the same JSON.

For: `benchmarks.compare`, which runs it in `.venv-bench`. Prefill is one batch of N random
tokens, decode N single tokens, each behind `depth` tokens already read; one token is read
before the clock starts, and so on our side. It uses llama.cpp's defaults otherwise: mmap,
float16 cache, flash attention where it sees fit.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import time
from collections.abc import Callable
from typing import Any

import llama_cpp

Batch = list[int]


class Peer:
    """One model in one context."""

    def __init__(self, path: str, context_tokens: int, threads: int) -> None:
        self._silence = llama_cpp.llama_log_callback(lambda *_: None)  # a name keeps it alive
        llama_cpp.llama_log_set(self._silence, None)
        llama_cpp.llama_backend_init()
        settings = llama_cpp.llama_model_default_params()
        self._model = llama_cpp.llama_model_load_from_file(path.encode(), settings)
        if self._model is None:
            raise SystemExit(f"llama.cpp cannot open {path}.")
        self._context = self._open_context(context_tokens, threads)
        vocab = llama_cpp.llama_model_get_vocab(self._model)
        self.vocab_size: int = llama_cpp.llama_vocab_n_tokens(vocab)

    def _open_context(self, context_tokens: int, threads: int) -> Any:
        settings = llama_cpp.llama_context_default_params()
        settings.n_ctx = context_tokens
        settings.n_batch = settings.n_ubatch = 512
        settings.n_threads = settings.n_threads_batch = threads
        context = llama_cpp.llama_init_from_model(self._model, settings)
        if context is None:
            raise SystemExit("llama.cpp could not make a context.")
        return context

    def truncate(self, length: int) -> None:
        """Forgets all positions from `length` on."""
        memory = llama_cpp.llama_get_memory(self._context)
        llama_cpp.llama_memory_seq_rm(memory, 0, length, -1)

    def read(self, tokens: Batch) -> None:
        """Reads tokens after what is held, and waits for the last one's logits."""
        for start in range(0, len(tokens), 512):
            part = tokens[start : start + 512]
            ids = (llama_cpp.llama_token * len(part))(*part)
            status = llama_cpp.llama_decode(
                self._context, llama_cpp.llama_batch_get_one(ids, len(part))
            )
            if status:
                raise SystemExit(f"llama_decode returned {status}.")
        llama_cpp.llama_get_logits(self._context)  # synchronizes

    def step(self, tokens: Batch) -> None:
        """Reads tokens one at a time, as decode does."""
        for token in tokens:
            self.read([token])


def rate(tokens: Batch, work: Callable[[Batch], None]) -> float:
    """Tokens a second."""
    started_s = time.perf_counter()
    work(tokens)
    return len(tokens) / (time.perf_counter() - started_s)


def summary(samples: list[float]) -> dict[str, float] | None:
    """Median, min and max; None for what was not asked for."""
    if not samples:
        return None
    return {"median": statistics.median(samples), "min": min(samples), "max": max(samples)}


def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    """The same object that our `bench --json` prints."""
    started_s = time.perf_counter()
    longest = arguments.depth + max(arguments.prefill, arguments.decode)
    peer = Peer(arguments.model, longest + 8, arguments.threads)
    load_s = time.perf_counter() - started_s
    draw = random.Random(1)
    tokens = [draw.randrange(peer.vocab_size) for _ in range(longest + 1)]
    behind, ahead = tokens[: arguments.depth], tokens[arguments.depth :]
    peer.read(behind or tokens[:1])
    prefill: list[float] = []
    decode: list[float] = []
    for _ in range(arguments.repeat):
        peer.truncate(arguments.depth)
        if arguments.prefill:
            prefill.append(rate(ahead[: arguments.prefill], peer.read))
        peer.truncate(arguments.depth)
        if arguments.decode:
            decode.append(rate(ahead[: arguments.decode], peer.step))
    return {
        "prefill_tokens_per_s": summary(prefill),
        "decode_tokens_per_s": summary(decode),
        "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "load_seconds": load_s,
    }


def main() -> None:
    """Measures and prints one JSON object."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model", required=True)
    for name, default in (("prefill", 512), ("decode", 64), ("depth", 0), ("repeat", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--threads", type=int, default=2)
    print(json.dumps(measure(parser.parse_args())))


if __name__ == "__main__":
    main()
