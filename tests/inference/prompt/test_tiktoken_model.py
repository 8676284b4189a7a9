"""Vocabularies of ranks, held to the tiktoken package."""

import base64
import json
import random

import pytest
import tiktoken

from inference.errors import TokenizerError
from inference.prompt.detokenizer import BYTE_OF_CHARACTER
from inference.prompt.tokenizer import Tokenizer
from tools.mixed_text import mixed_text

# As it stands in Moonshot's tokenization_moonshot.py and tokenization_kimi.py.
KIMI = "|".join(
    (
        r"[\p{Han}]+",
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*"
        r"[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+"
        r"[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    )
)
TEXTS = (
    "I'll say we've done what they'd want, it's John's turn, WE'VE SHOUTED HelloWorld iPhoneX",
    "中English文 abc中文def A中B 中's 中'se ⼀⼁ 々中〇 한국어 日本語のテキスト",
    "path/to a/\nb }\n/// doc\n*/\n/**\n.\n//x", "İstanbul ﬁnancial Ǆ ǅ ʰ e\u0301E\u0301x ª",
    "   \n\n\t\r\n   ", " \u00a0\u3000x", "1234567 １２３４ Ⅷ½", "", "a" * 3000, " " * 3000 + "x",
)  # fmt: skip


def ranks_of(npm_folder, name):
    """A maker's vocabulary as ranks; Qwen's and Llama's were made of a tiktoken file."""
    top = json.loads((npm_folder(name) / "tokenizer.json").read_text(encoding="utf-8"))
    by_id = sorted(top["model"]["vocab"].items(), key=lambda entry: entry[1])
    tokens = [text for text, _ in by_id if all(c in BYTE_OF_CHARACTER for c in text)]
    return {bytes(BYTE_OF_CHARACTER[c] for c in text): n for n, text in enumerate(tokens)}


def write(folder, ranks, config=None):
    lines = [base64.b64encode(token) + b" %d\n" % rank for token, rank in ranks.items()]
    (folder / "tiktoken.model").write_bytes(b"".join(lines))
    if config is not None:
        (folder / "tokenizer_config.json").write_text(json.dumps(config))
    return folder


@pytest.mark.parametrize("name", ["qwen3", "llama3_1"])
def test_ids_are_tiktokens(npm_folder, tmp_path, name):
    ranks = ranks_of(npm_folder, name)
    oracle = tiktoken.Encoding(name, pat_str=KIMI, mergeable_ranks=ranks, special_tokens={})
    tokenizer = Tokenizer.from_files(write(tmp_path, ranks))
    generator = random.Random(3)
    tokens = list(ranks)
    joined = [b"".join(generator.choices(tokens, k=4)) for _ in range(1000)]
    texts = [*TEXTS, mixed_text(7, 50_000), *(t.decode("utf-8", "ignore") for t in joined)]
    texts += [token.decode("utf-8", "ignore") for token in generator.sample(tokens, 2000)]
    for text in texts:
        assert tokenizer.encode_typed(text) == oracle.encode(text, disallowed_special=())


BYTES = {bytes([n]): n for n in range(256)}


def test_what_lies_beside_the_ranks(tmp_path):
    config = {
        "added_tokens_decoder": {
            "257": {"content": "[BOS]", "special": True},
            "259": {"content": "<|im_end|>", "special": True},
            "260": {"content": "<think>", "special": False},
        },
        "bos_token": "[BOS]",
        "eos_token": {"content": "<|im_end|>"},
        "chat_template": "T",
    }
    write(tmp_path, BYTES | {b"ab": 256}, config)
    (tmp_path / "generation_config.json").write_text('{"eos_token_id": [257, 999999]}')
    for path in (tmp_path, tmp_path / "tiktoken.model"):
        tokenizer = Tokenizer.from_files(path)
        assert (tokenizer.bos_id, tokenizer.eos_id) == (257, 259)
        assert tokenizer.eos_ids == (257, 259)
        assert not tokenizer.adds_bos
        assert tokenizer.chat_template == "T"
        assert tokenizer.vocab_size == 257 + 256
        assert tokenizer.id_of("<think>") == 260
        assert tokenizer.token_text(300) == "<|reserved_token_300|>"
        assert tokenizer.encode_typed("ab[BOS]")[0] == 256
        assert 257 not in tokenizer.encode_typed("ab[BOS]")
        assert tokenizer.encode_raw("[BOS]ab<|im_end|>") == [257, 256, 259]
        assert tokenizer.decode([257, 256, 260, 259]) == "ab<think>"


def test_tokenizer_json_counts_where_both_are(tmp_path):
    write(tmp_path, BYTES)
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(TokenizerError, match=r"tokenizer\.json"):
        Tokenizer.from_files(tmp_path)


def rank_lines(ranks):
    return b"".join(base64.b64encode(token) + b" %d\n" % n for token, n in ranks.items())


WHOLE = rank_lines(BYTES)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "one byte"),
        (WHOLE.replace(b" 255\n", b"\n"), "line 256"),
        (WHOLE + b"YWI= 256 1\n", "line 257"),
        (WHOLE + b"YW I= 256\n", "line 257"),
        (WHOLE + b"YWI 256\n", "line 257"),
        (WHOLE + b"====  256\n", "line 257"),
        (WHOLE + b"YWI= -1\n", "line 257"),
        (WHOLE + b"YWI= 99999999999\n", "line 257"),
        (WHOLE + b"\xff 256\n", "line 257"),
        (WHOLE + b"YWI= 255\n", "twice"),
        (WHOLE + b"YWI= 300\n", "twice"),
        (WHOLE + b"YQ== 256\n", "twice"),
        (rank_lines({bytes([n]): n for n in range(255)}), "one byte"),
        (WHOLE + base64.b64encode(b"x" * 513) + b" 256\n", "line 257"),
        (b"\n" * 400_001, "more than"),
        (b"x" * (16 * 2**20 + 1), "too long"),
    ],
)
def test_a_damaged_file_is_refused(tmp_path, content, words):
    (tmp_path / "tiktoken.model").write_bytes(content)
    with pytest.raises(TokenizerError, match=words):
        Tokenizer.from_files(tmp_path)


@pytest.mark.parametrize(
    "decoder",
    [
        [],
        {"x": {"content": "a"}},
        {"-1": {"content": "a"}},
        {"٣٠٠": {"content": "a"}},
        {"300": {"content": ""}},
        {"300": {"content": " \n"}},
        {"300": "a"},
        {"300": {"content": "a", "special": 1}},
        {"10000000": {"content": "a"}},
        {"5": {"content": "<a>"}},
        {"300": {"content": "<a>"}, "301": {"content": "<a>"}},
        {"300": {"content": "<a>"}, "0300": {"content": "<b>"}},
        {str(n): {"content": f"<{n}>"} for n in range(300, 20_400)},
    ],
)
def test_odd_tokens_beside_the_ranks_are_refused(tmp_path, decoder):
    with pytest.raises(TokenizerError, match="tokenizer_config"):
        Tokenizer.from_files(write(tmp_path, BYTES, {"added_tokens_decoder": decoder}))


def test_tokens_that_can_be_made_in_too_many_ways_are_refused(tmp_path, monkeypatch):
    ranks = BYTES | {b"a" * n: 254 + n for n in range(2, 40)}
    assert Tokenizer.from_files(write(tmp_path, ranks)).encode_typed("a" * 39) == [293]
    monkeypatch.setattr("inference.prompt.tiktoken_model._MERGES_LIMIT", 740)
    with pytest.raises(TokenizerError, match="too many ways"):
        Tokenizer.from_files(tmp_path)
