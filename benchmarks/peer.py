"""llama.cpp or ik_llama.cpp, loaded in this process and timed on request.

For: `benchmarks.compare`, which runs it with the Python of the peer's own environment. Both
are driven through their C interfaces, so that nothing but llama_decode is timed. Settings
are fields of their parameter structures, by name; what is not given is the peer's default.

    PYTHON -m benchmarks.peer llama.cpp|ik_llama.cpp --model M --context N [--settings JSON]
"""

from __future__ import annotations

import argparse
import ctypes
import importlib
import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from benchmarks.protocol import Speaker, run_engine

BATCH_TOKENS = 512
PACKAGES = {"llama.cpp": "llama-cpp-python", "ik_llama.cpp": "ik-llama-cpp-python"}


class PeerError(Exception):
    """The peer would not do it."""


class LlamaCpp:
    """What llama.cpp's binding calls things."""

    def __init__(self) -> None:
        self.c: Any = importlib.import_module("llama_cpp")
        self.c.llama_backend_init()

    def silence(self) -> None:
        """No log lines."""
        self._silence = self.c.llama_log_callback(lambda *_: None)  # a name keeps it alive
        self.c.llama_log_set(self._silence, None)

    def truncate(self, context: Any, length: int) -> None:
        """Forgets positions."""
        self.c.llama_memory_seq_rm(self.c.llama_get_memory(context), 0, length, -1)

    def decode(self, context: Any, tokens: Sequence[int]) -> int:
        """One batch, to the last one's logits; 0 where it went well."""
        ids = (self.c.llama_token * len(tokens))(*tokens)
        status = int(self.c.llama_decode(context, self.c.llama_batch_get_one(ids, len(tokens))))
        self.c.llama_get_logits(context)  # waits
        return status

    def build(self) -> str:
        """Instruction sets and options that it was built with."""
        return str(self.c.llama_print_system_info().decode())


class IkLlamaCpp(LlamaCpp):
    """The fork's binding declares less, and the interface is an older one."""

    def __init__(self) -> None:
        self.c = importlib.import_module("ik_llama_cpp._ctypes_api")
        library = self.c._lib
        void, int32 = ctypes.c_void_p, ctypes.c_int32
        self._seq_rm = library.llama_kv_cache_seq_rm
        self._seq_rm.argtypes = [void, int32, int32, int32]
        self._batch = library.llama_batch_get_one
        self._batch.argtypes = [self.c.llama_token_p, int32, int32, int32]
        self._batch.restype = self.c.llama_batch
        self._logits = library.llama_get_logits
        self._logits.argtypes, self._logits.restype = [void], void
        self._info = library.llama_print_system_info
        self._info.restype = ctypes.c_char_p
        self._log_set = library.llama_log_set
        self._log_set.argtypes = [void, void]
        self.c.llama_backend_init()
        self._held = 0

    def silence(self) -> None:
        kind = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)
        self._silence = kind(lambda *_: None)
        self._log_set(ctypes.cast(self._silence, ctypes.c_void_p), None)

    def truncate(self, context: Any, length: int) -> None:
        self._seq_rm(context, 0, length, -1)
        self._held = length

    def decode(self, context: Any, tokens: Sequence[int]) -> int:
        ids = (self.c.llama_token * len(tokens))(*tokens)
        batch = self._batch(ids, len(tokens), self._held, 0)
        status = int(self.c.llama_decode(context, batch))
        self._held += len(tokens)
        self._logits(context)
        return status

    def build(self) -> str:
        return str(self._info().decode())


BINDINGS: Mapping[str, type[LlamaCpp]] = {"llama.cpp": LlamaCpp, "ik_llama.cpp": IkLlamaCpp}


class Peer:
    """One model in one context."""

    def __init__(
        self, binding: LlamaCpp, path: str, context_tokens: int, settings: Mapping[str, Any]
    ) -> None:
        self._binding = binding
        c = binding.c
        model, context = c.llama_model_default_params(), c.llama_context_default_params()
        context.n_ctx = context_tokens
        context.n_batch = context.n_ubatch = BATCH_TOKENS
        apply(settings, model, context)
        self._model = c.llama_model_load_from_file(path.encode(), model)
        if not self._model:
            raise PeerError(f"it cannot open {path}")
        self._context = c.llama_init_from_model(self._model, context)
        if not self._context:
            raise PeerError(f"it could not make a context with {dict(settings)}")
        self.vocab_size = int(c.llama_vocab_n_tokens(c.llama_model_get_vocab(self._model)))

    def truncate(self, length: int) -> None:
        """Forgets all positions from `length` on."""
        self._binding.truncate(self._context, length)

    def read(self, tokens: Sequence[int]) -> None:
        """Reads tokens in batches."""
        for start in range(0, len(tokens), BATCH_TOKENS):
            status = self._binding.decode(self._context, tokens[start : start + BATCH_TOKENS])
            if status:
                raise PeerError(f"llama_decode returned {status}")

    def step(self, token: int) -> None:
        """Reads one token."""
        self.read([token])


def apply(settings: Mapping[str, Any], *structures: Any) -> None:
    """Sets each field in every structure that has it; an unknown name is an error."""
    for name, value in settings.items():
        having = [s for s in structures if name in {field for field, *_ in s._fields_}]
        if not having:
            raise PeerError(f"it has no setting {name}")
        for structure in having:
            setattr(structure, name, value)


def main() -> None:
    """Loads and serves."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("peer", choices=BINDINGS)
    parser.add_argument("--model", required=True)
    parser.add_argument("--context", type=int, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--settings", type=json.loads, default={})
    arguments = parser.parse_args()
    threads = {"n_threads": arguments.threads, "n_threads_batch": arguments.threads}
    settings = {**threads, **arguments.settings}

    def load() -> tuple[Speaker, str, str]:
        binding = BINDINGS[arguments.peer]()
        binding.silence()
        peer = Peer(binding, arguments.model, arguments.context, settings)
        return peer, version(PACKAGES[arguments.peer]), binding.build()

    run_engine(load, settings, arguments.context)


if __name__ == "__main__":
    main()
