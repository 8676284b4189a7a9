"""Records llama.cpp's perplexity of a text: the figure that our engine is held to.

For: `tests/data/perplexity/llama_cpp.json`, which tests read. It runs in the benchmark
environment (`make bench` builds it), because llama.cpp is an oracle here and never a
dependency. Not for users: `python main.py perplexity` is theirs.

The rule is that of llama.cpp's own perplexity tool: the text is cut into windows of
`context` tokens, the first token of each is replaced by BOS where the model asks for
one, each window is read afresh, and the second half is scored.

    .venv-bench/bin/python -m tools.record_perplexity MODEL.gguf TEXT --out OUT.json
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import sys
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np


def tokenize(vocab: Any, text: bytes, add_special: bool) -> list[int]:
    """Token ids of `text`, control tokens in it taken as plain text."""
    room = len(text) + 8
    ids = (llama_cpp.llama_token * room)()
    count = llama_cpp.llama_tokenize(vocab, text, len(text), ids, room, add_special, False)
    if count < 0:
        raise RuntimeError("llama.cpp wants more tokens than the text has bytes")
    return list(ids[:count])


def open_context(model: Any, tokens: int, threads: int) -> Any:
    """A context that holds one window, read in one batch, with exact (float32) caches."""
    settings = llama_cpp.llama_context_default_params()
    settings.n_ctx = settings.n_batch = settings.n_ubatch = tokens
    settings.n_threads = settings.n_threads_batch = threads
    settings.type_k = settings.type_v = llama_cpp.GGML_TYPE_F32
    context = llama_cpp.llama_init_from_model(model, settings)
    if context is None:
        raise RuntimeError("llama.cpp could not make a context")
    return context


def window_logits(context: Any, window: list[int], vocab_size: int) -> np.ndarray:
    """Logits float32 [tokens, vocab] of one window read from an empty cache."""
    llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(context), True)
    batch = llama_cpp.llama_batch_init(len(window), 0, 1)
    batch.n_tokens = len(window)
    for i, token in enumerate(window):
        batch.token[i], batch.pos[i], batch.logits[i] = token, i, 1
        batch.n_seq_id[i], batch.seq_id[i][0] = 1, 0
    status = llama_cpp.llama_decode(context, batch)
    llama_cpp.llama_batch_free(batch)
    if status:
        raise RuntimeError(f"llama_decode returned {status}")
    flat = np.ctypeslib.as_array(llama_cpp.llama_get_logits(context), (len(window) * vocab_size,))
    return flat.reshape(len(window), vocab_size)


def scored_loss(logits: np.ndarray, targets: list[int]) -> float:
    """Sum of -log p(target) over rows; logits [rows, vocab], one target a row."""
    wide = logits.astype(np.float64)
    wide -= wide.max(axis=1, keepdims=True)
    log_norm = np.log(np.exp(wide).sum(axis=1))
    return float((log_norm - wide[np.arange(len(targets)), targets]).sum())


def perplexity(model: Any, text: bytes, window_tokens: int, threads: int) -> dict[str, Any]:
    """The figure, how many tokens it stands on, and each window's mean loss."""
    vocab = llama_cpp.llama_model_get_vocab(model)
    vocab_size = llama_cpp.llama_vocab_n_tokens(vocab)
    add_bos = bool(llama_cpp.llama_vocab_get_add_bos(vocab))
    ids = tokenize(vocab, text, add_bos)
    context = open_context(model, window_tokens, threads)
    first = window_tokens // 2
    losses: list[float] = []
    for start in range(0, len(ids) - window_tokens + 1, window_tokens):
        window = ids[start : start + window_tokens]
        if add_bos:
            window[0] = llama_cpp.llama_vocab_bos(vocab)
        logits = window_logits(context, window, vocab_size)
        losses.append(scored_loss(logits[first:-1], window[first + 1 :]))
        print(f"window {len(losses)} of {len(ids) // window_tokens}", file=sys.stderr)
    llama_cpp.llama_free(context)
    scored = len(losses) * (window_tokens - 1 - first)
    return {
        "perplexity": math.exp(sum(losses) / scored),
        "tokens_scored": scored,
        "context_tokens": window_tokens,
        "tokens": len(ids),
        "bos_added": add_bos,
        "window_mean_losses": [round(x / (window_tokens - 1 - first), 6) for x in losses],
    }


def sha256(path: Path) -> str:
    """Hex digest of a file, so that a record says what it was made from."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def parse_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("text", type=Path)
    parser.add_argument("--context", type=int, default=512)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


def main() -> None:
    """Measures and writes the record."""
    arguments = parse_arguments()
    silence = llama_cpp.llama_log_callback(lambda *_: None)  # a name keeps it alive
    llama_cpp.llama_log_set(silence, None)
    llama_cpp.llama_backend_init()
    settings = llama_cpp.llama_model_default_params()
    model = llama_cpp.llama_model_load_from_file(str(arguments.model).encode(), settings)
    if model is None:
        raise SystemExit(f"llama.cpp cannot open {arguments.model}.")
    found = perplexity(model, arguments.text.read_bytes(), arguments.context, arguments.threads)
    record = {
        "command": "python -m tools.record_perplexity "
        f"{arguments.model.name} {arguments.text.name} --context {arguments.context}",
        "made_by": f"llama-cpp-python {llama_cpp.__version__}",
        "model_sha256": sha256(arguments.model),
        "text_sha256": sha256(arguments.text),
        **found,
    }
    arguments.out.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    print(f"perplexity {found['perplexity']:.4f} over {found['tokens_scored']} tokens")


if __name__ == "__main__":
    main()
