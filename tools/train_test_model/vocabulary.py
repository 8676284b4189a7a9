"""The test model's tokenizer: its own 8k byte pairs between DeepSeek-V3's control tokens.

For the `tokenizer` step, `batches` and `export`. Pre-tokenizer, decoder and the flags of
control tokens are as in DeepSeek-V3's tokenizer.json; the vocabulary is trained here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, models, pre_tokenizers, trainers

from tools.train_test_model.settings import (
    BACK_TOKENS,
    BOS,
    EOS,
    FRONT_TOKENS,
    ORIGINAL_TOKENIZER,
    TEMPLATE,
    Sizes,
)

STRUCTURE = ("normalizer", "pre_tokenizer", "post_processor", "decoder")


class OriginalMissingError(Exception):
    """DeepSeek-V3's tokenizer.json, whose structure is taken over, is not there."""


def empty_tokenizer(original: Path = ORIGINAL_TOKENIZER) -> Tokenizer:
    """DeepSeek-V3's structure around an empty vocabulary."""
    if not original.is_file():
        raise OriginalMissingError(
            f"{original.name} of DeepSeek-V3 is missing: run python -m tools.fetch_test_data."
        )
    described = json.loads(Tokenizer(models.BPE()).to_str())
    known = json.loads(original.read_text(encoding="utf-8"))
    described.update({key: known[key] for key in STRUCTURE})
    return Tokenizer.from_str(json.dumps(described))


def train(texts: Iterable[str], sizes: Sizes, original: Path = ORIGINAL_TOKENIZER) -> Tokenizer:
    """A tokenizer of `sizes.vocab_size` tokens, control tokens included."""
    tokenizer = empty_tokenizer(original)
    trainer = trainers.BpeTrainer(
        vocab_size=sizes.vocab_size - len(BACK_TOKENS),
        special_tokens=[AddedToken(text, special=True, normalized=False) for text in FRONT_TOKENS],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    for text in BACK_TOKENS:
        tokenizer.add_tokens([AddedToken(text, special=False, normalized=True)])
    if tokenizer.get_vocab_size() != sizes.vocab_size:
        raise ValueError(f"the text gives only {tokenizer.get_vocab_size()} tokens")
    return tokenizer


def configuration() -> dict[str, object]:
    """`tokenizer_config.json`, with R1's chat template."""

    def token(text: str) -> dict[str, object]:
        return {
            "__type": "AddedToken", "content": text, "lstrip": False, "normalized": True,
            "rstrip": False, "single_word": False,
        }  # fmt: skip

    return {
        "add_bos_token": True,
        "add_eos_token": False,
        "bos_token": token(BOS),
        "clean_up_tokenization_spaces": False,
        "eos_token": token(EOS),
        "legacy": True,
        "model_max_length": Sizes().max_position_embeddings,
        "pad_token": token(EOS),
        "sp_model_kwargs": {},
        "unk_token": None,
        "tokenizer_class": "LlamaTokenizerFast",
        "chat_template": TEMPLATE.read_text(encoding="utf-8"),
    }
