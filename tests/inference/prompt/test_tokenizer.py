import array
import functools
import gzip
import json
import random
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from inference.errors import TokenizerError, UnsupportedModelError
from inference.prompt.detokenizer import BYTE_OF_CHARACTER
from inference.prompt.pretokenizers import PRE_TOKENIZERS
from inference.prompt.rendered import RenderedPrompt
from inference.prompt.tokenizer import Tokenizer
from inference.prompt.vocabulary import GgufVocabulary, TokenType, vocabulary_from_gguf
from tools.mixed_text import mixed_text

RECORDED = Path(__file__).resolve().parents[2] / "data" / "tokenizer"
PIECE_CHARACTERS = 4000  # as tools/record_token_ids.py cut it
NAMES = ("deepseek_v3", "qwen3")
PRES = {"deepseek_v3": "deepseek-v3", "qwen3": "qwen2"}


def recorded(name):
    ids = array.array("I")
    ids.frombytes(gzip.decompress((RECORDED / f"{name}.ids.gz").read_bytes()))
    return ids.tolist()


def encode_in_pieces(tokenizer, text):
    pieces = (text[n : n + PIECE_CHARACTERS] for n in range(0, len(text), PIECE_CHARACTERS))
    return [token_id for piece in pieces for token_id in tokenizer.encode_typed(piece)]


def test_ids_of_200_kb_equal_those_of_llama_cpp(starter):
    assert encode_in_pieces(starter, mixed_text(1, 200_000)) == recorded("smollm2-file")


# llama.cpp cuts Kimi's text neither where capitals begin nor at marks, as the makers do;
# test_tiktoken_model holds that rule to theirs.
@pytest.mark.parametrize("pre", sorted(PRE_TOKENIZERS.keys() - {"kimi-k2"}))
def test_every_pre_tokenizer_cuts_as_llama_cpp_does(starter_vocabulary, pre, monkeypatch):
    rules = {n: replace(rule, composes=False) for n, rule in PRE_TOKENIZERS.items()}
    monkeypatch.setattr("inference.prompt.pretokenizers.PRE_TOKENIZERS", rules)
    tokenizer = Tokenizer.from_gguf(replace(starter_vocabulary, pre=pre))
    assert encode_in_pieces(tokenizer, mixed_text(2, 40_000)) == recorded(pre)


def gguf_way(folder, name):
    """What a converter writes into a GGUF file for this tokenizer.json."""
    top = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    added = {entry["id"]: entry for entry in top["added_tokens"]}
    texts = {i: t for t, i in top["model"]["vocab"].items()}
    texts |= {i: entry["content"] for i, entry in added.items()}
    size = max(texts) + 1
    kinds = [TokenType.UNUSED if n not in texts else TokenType.NORMAL for n in range(size)]
    for n, entry in added.items():
        kinds[n] = TokenType.CONTROL if entry["special"] else TokenType.USER_DEFINED
    merges = [m if isinstance(m, str) else " ".join(m) for m in top["model"]["merges"]]
    tokens = [texts.get(n, f"[PAD{n}]") for n in range(size)]
    return GgufVocabulary("gpt2", PRES[name], tokens, kinds, merges)


@pytest.fixture(scope="module")
def gguf_tokenizer_of(npm_folder):
    """name → the maker's tokenizer by way of GGUF."""
    return functools.cache(lambda name: Tokenizer.from_gguf(gguf_way(npm_folder(name), name)))


@pytest.mark.parametrize("name", NAMES)
def test_a_vocabulary_built_the_gguf_way_equals_its_own_tokenizer_json(
    gguf_tokenizer_of, tokenizer_of, library_of, name
):
    from_gguf, from_files, library = gguf_tokenizer_of(name), tokenizer_of(name), library_of(name)
    text = mixed_text(3, 100_000)
    expected = library.encode(text, add_special_tokens=False).ids
    assert from_gguf.encode_typed(text) == expected
    assert from_files.encode_typed(text) == expected
    raw = "<｜User｜>a <｜end▁of▁sentence｜>b<|im_start|>user\nc<think>d</think><|im_end|>"
    expected = library.encode(raw, add_special_tokens=False).ids
    assert from_files.encode_raw(raw) == from_gguf.encode_raw(raw) == expected


def any_characters(seed, count):
    """Characters from all of Unicode, most of them rare or not assigned at all."""
    generator = random.Random(seed)
    planes = (0x80, 0x800, 0x3000, 0x10000, 0x20000, 0x110000)
    points = (generator.randrange(generator.choice(planes)) for _ in range(count))
    return "".join(chr(n) for n in points if not 0xD800 <= n < 0xE000)


@pytest.mark.parametrize("name", [*NAMES, "llama3_1"])
def test_mixed_text_is_encoded_as_by_the_library(tokenizer_of, library_of, name):
    text = mixed_text(4, 100_000) + any_characters(4, 10_000)
    expected = library_of(name).encode(text, add_special_tokens=False).ids
    assert tokenizer_of(name).encode_typed(text) == expected


@pytest.mark.slow
@pytest.mark.parametrize("name", [*NAMES, "llama3_1"])
def test_megabytes_of_mixed_text_are_encoded_as_by_the_library(tokenizer_of, library_of, name):
    for seed in range(5, 10):
        text = mixed_text(seed, 1_000_000) + any_characters(seed, 100_000)
        expected = library_of(name).encode(text, add_special_tokens=False).ids
        assert tokenizer_of(name).encode_typed(text) == expected


@pytest.mark.parametrize("name", NAMES)
def test_what_is_typed_never_becomes_an_added_token(
    gguf_tokenizer_of, tokenizer_of, library_of, name
):
    added = library_of(name).get_added_tokens_decoder()
    contents = [token.content for token in added.values()]
    typed = " ".join(contents) + "".join(contents)
    outside = set(added)
    for tokenizer in (gguf_tokenizer_of(name), tokenizer_of(name)):
        ids = tokenizer.encode_typed(typed)
        assert not outside & set(ids)
        assert tokenizer.decode(ids) == unicodedata.normalize("NFC", typed)


def test_a_prompt_has_control_tokens_only_where_it_was_not_typed(starter):
    text = "<|im_start|>user\nx<|im_end|>y<|im_end|>\n"
    start = text.index("x")
    stop = text.index("y") + 1
    ids = starter.encode_prompt(RenderedPrompt(text, ((start, stop),)))
    assert [n for n in ids if starter.is_control(n)] == [1, 2]
    assert starter.decode(ids, show_control=True) == text
    # Joined across the border, as Hugging Face joins: one piece between two control tokens.
    assert ids[1:-2] == starter.encode_typed("user\nx<|im_end|>y")


def test_a_token_that_is_half_typed_is_plain(starter):
    for span in ((0, 3), (4, 10), (9, 10)):
        ids = starter.encode_prompt(RenderedPrompt("<|im_end|>", (span,)))
        assert 2 not in ids
    assert starter.encode_raw("<|im_end|>") == [2]


def test_what_the_starter_knows_of_itself(starter):
    assert (starter.vocab_size, starter.bos_id, starter.eos_id) == (49152, 1, 2)
    assert {0, 2} <= set(starter.eos_ids)
    assert not starter.adds_bos
    assert starter.is_control(2)
    assert starter.token_text(2) == "<|im_end|>"
    assert starter.token_text(10**9) == ""
    assert starter.token_bytes(10**9) == b""


def test_a_character_in_two_tokens_is_shown_once_it_is_whole(starter):
    ids = starter.encode_typed("我🦙")
    decoder = starter.decoder()
    shown = [decoder.feed(n) for n in ids]
    assert "".join(shown) + decoder.flush() == "我🦙"
    assert "" in shown
    assert not any("\ufffd" in text for text in shown)


def test_half_of_a_surrogate_pair_is_encoded_as_unknown(starter):
    assert starter.encode_typed("a\ud800b") == starter.encode_typed("a\ufffdb")


# ------------------------------------------------------------- small vocabularies

ALPHABET = sorted(BYTE_OF_CHARACTER)


def small(**changes):
    tokens = [*ALPHABET, "ab", "<end>", "<tool>", "abab"]
    kinds = [TokenType.NORMAL] * 257 + [TokenType.CONTROL, TokenType.USER_DEFINED] + [1]
    fields = {
        "model": "gpt2",
        "pre": "gpt-2",
        "tokens": tokens,
        "token_types": kinds,
        "merges": ["a b", "ab ab", "a b"],
        "eos_id": 257,
    }
    return GgufVocabulary(**(fields | changes))


def test_merges_apply_in_order():
    tokenizer = Tokenizer.from_gguf(small())
    assert tokenizer.encode_typed("abab") == [259]
    assert tokenizer.eos_ids == (257,)


def test_a_merge_cannot_make_a_control_token():
    kinds = [*small().token_types]
    kinds[259] = TokenType.CONTROL
    assert Tokenizer.from_gguf(small(token_types=kinds)).encode_typed("abab") == [256, 256]


def test_a_whole_word_cannot_be_a_control_token_either():
    tokenizer = Tokenizer.from_gguf(
        small(tokens=[*ALPHABET, "ab", "wxyz", "<tool>", "abab"], pre="llama-bpe")
    )
    assert 257 not in tokenizer.encode_typed("wxyz")
    assert tokenizer.encode_raw("wxyz") == [257]


def test_a_letter_outside_bpe_may_be_typed():
    tokens = [*small().tokens[:-1], "ö"]
    tokens[tokens.index("ö")] = "unused"
    kinds = [*small().token_types[:-1], TokenType.USER_DEFINED]
    changes = {"tokens": tokens, "token_types": kinds, "merges": ["a b"]}
    tokenizer = Tokenizer.from_gguf(small(**changes))
    assert tokenizer.encode_typed("abö<tool>")[:2] == [256, 259]
    assert not {257, 258} & set(tokenizer.encode_typed("ö<tool><end>"))
    kinds[259] = TokenType.CONTROL
    assert 259 not in Tokenizer.from_gguf(small(**changes)).encode_typed("ö")


def test_more_control_tokens_than_can_be_found_fast_are_refused():
    tokens = [*small().tokens, *(f"<{n}>" for n in range(20_001))]
    kinds = [*small().token_types, *[TokenType.CONTROL] * 20_001]
    with pytest.raises(TokenizerError, match="outside BPE"):
        Tokenizer.from_gguf(small(tokens=tokens, token_types=kinds))


def test_a_byte_that_the_vocabulary_lacks_leaves_a_gap():
    tokens = [*small().tokens]
    tokens[tokens.index("x")] = "unused"
    tokenizer = Tokenizer.from_gguf(small(tokens=tokens))
    assert tokenizer.encode_typed("axb") == [ALPHABET.index("a"), ALPHABET.index("b")]


def test_user_defined_tokens_are_shown_and_control_tokens_are_not():
    tokenizer = Tokenizer.from_gguf(small())
    assert tokenizer.decode([257, 258]) == "<tool>"
    assert tokenizer.decode([257, 258], show_control=True) == "<end><tool>"


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"model": "llama"}, UnsupportedModelError, "“llama”"),
        ({"pre": "tekken"}, UnsupportedModelError, "“tekken”"),
        ({"tokens": []}, TokenizerError, "no tokens"),
        ({"merges": []}, TokenizerError, "no merges"),
        ({"token_types": [1]}, TokenizerError, "only some"),
        ({"merges": ["a z", "a b"]}, TokenizerError, "merge 0"),
        ({"merges": ["ab"]}, TokenizerError, "merge 0"),
        ({"tokens": [""] * 1_000_001}, TokenizerError, "at most"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(changes, error, words):
    with pytest.raises(error, match=words):
        Tokenizer.from_gguf(small(**changes))


class Metadata(dict):
    """A GGUF header."""

    def _get(self, key, default=None):
        return self.get(key, default)

    string = integer = boolean = strings = integers = _get


def test_a_header_becomes_a_vocabulary():
    keys = {
        "model": "gpt2",
        "tokens": ["a"],
        "eos_token_id": 5,
        "eot_token_id": 7,
        "add_bos_token": True,
    }
    header = Metadata({f"tokenizer.ggml.{key}": value for key, value in keys.items()})
    assert vocabulary_from_gguf(header) == GgufVocabulary(
        "gpt2", "default", ["a"], [1], (), eos_id=5, end_ids=(7,), add_bos=True
    )


def test_a_file_without_a_tokenizer_says_so():
    with pytest.raises(TokenizerError, match="no tokenizer"):
        vocabulary_from_gguf(Metadata())
