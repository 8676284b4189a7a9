"""Records token ids from llama.cpp, for the tokenizer's tests.

Run in an environment that has llama-cpp-python, gguf and numpy:

    PYTHONPATH=. python tools/record_token_ids.py SMOLLM2.gguf OUT_FOLDER

Writes one `NAME.ids.gz` for the file itself and one for every pre-tokenizer, made by putting
its name into a vocabulary-only copy of the file. Ids are little-endian uint32, gzipped.
"""

from __future__ import annotations

import array
import gzip
import sys
import tempfile
from pathlib import Path

import gguf
from llama_cpp import Llama

from tools.mixed_text import mixed_text

# Not kimi-k2: llama.cpp cuts it otherwise than its makers.
PRES = (
    "default", "gpt-2", "smollm", "llama-bpe", "qwen2", "deepseek-llm", "deepseek-coder",
    "deepseek-v3", "deepseek-r1-qwen", "glm4",
)  # fmt: skip
FILE_TEXT_BYTES = 200_000
PRE_TEXT_BYTES = 40_000
PIECE_CHARACTERS = 4000  # llama.cpp's regular expressions run out of stack on long texts


def write_vocabulary(source: Path, pre: str, target: Path) -> None:
    """A vocabulary-only copy of `source` with another pre-tokenizer."""
    reader = gguf.GGUFReader(source)
    writer = gguf.GGUFWriter(target, "llama")
    writer.add_context_length(2048)
    writer.add_embedding_length(64)
    writer.add_block_count(1)
    writer.add_feed_forward_length(64)
    writer.add_head_count(1)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(64)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(pre)
    for name in ("tokens", "token_type", "merges"):
        field = reader.fields[f"tokenizer.ggml.{name}"]
        if name == "token_type":
            writer.add_token_types([int(field.parts[i][0]) for i in field.data])
        else:
            texts = [bytes(field.parts[i]).decode() for i in field.data]
            (writer.add_token_list if name == "tokens" else writer.add_token_merges)(texts)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()


def pieces_of(text: str) -> list[str]:
    """The text in pieces that are encoded one by one, here and in the tests."""
    return [text[n : n + PIECE_CHARACTERS] for n in range(0, len(text), PIECE_CHARACTERS)]


def record(model: Path, seed: int, size_bytes: int, out: Path) -> None:
    """Encode the text for `seed` with llama.cpp and keep the ids."""
    llama = Llama(model_path=str(model), vocab_only=True, verbose=False)
    ids = array.array("I")
    for piece in pieces_of(mixed_text(seed, size_bytes)):
        ids.extend(llama.tokenize(piece.encode(), add_bos=False, special=False))
    out.write_bytes(gzip.compress(ids.tobytes(), 9, mtime=0))


def main() -> None:
    source, folder = Path(sys.argv[1]), Path(sys.argv[2])
    record(source, 1, FILE_TEXT_BYTES, folder / "smollm2-file.ids.gz")
    with tempfile.TemporaryDirectory() as temporary:
        for pre in PRES:
            copy = Path(temporary) / f"{pre}.gguf"
            write_vocabulary(source, pre, copy)
            record(copy, 2, PRE_TEXT_BYTES, folder / f"{pre}.ids.gz")


if __name__ == "__main__":
    main()
