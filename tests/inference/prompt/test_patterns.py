"""Which expressions a tokenizer may bring, and that those are fast on every text."""

import pytest
from tokenizers import Regex, pre_tokenizers

from inference.errors import UnsupportedModelError
from inference.prompt.patterns import linear_pattern
from inference.prompt.pretokenizers import PRE_TOKENIZERS
from tests.computed import for_less_than
from tests.inference.prompt.test_tiktoken_model import KIMI

_CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_WORDS = r"[^\r\n\p{L}\p{N}]?\p{L}+"
_REST = r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
# As the makers' own files write them.
REAL = {
    "gpt2": r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
    "llama3, glm4": rf"{_CONTRACTIONS}|{_WORDS}|\p{{N}}{{1,3}}|{_REST}",
    "qwen2, qwen3": rf"{_CONTRACTIONS}|{_WORDS}|\p{{N}}|{_REST}",
    "v3 digits": r"\p{N}{1,3}",
    "v3 asian": "[一-龥\u3040-ゟ゠-ヿ]+",
    "v3": "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?"
    "[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+",
    "v2 breaks": "[\r\n]",
    "v2 letters": "\\s?[A-Za-zµÀ-ÖØ-öø-ƺ\u1f59ⴀ-ⴥ\U00010400-\U0001044f]+",
    "v2 punctuation": "\\s?[!-/:-~！-／：-～‘-‟\u3000-。]+",
    "v2 spaces": r"\s+$",
    "v2 asian": "[一-龥ࠀ-一가-퟿]+",
    "coder": r"\s?\p{P}+",
    "kimi": KIMI,
    "o200k": KIMI.removeprefix(r"[\p{Han}]+|").replace(r"&&[^\p{Han}]", ""),
}
BOMBS = (
    r"(a+)+$", r"(a|aa)+$", r"(a|a)*b", r"([a-z]+)*\d", r"(?:a|aa)+", r"a*b", r"a*a*a*b",
    r"a?a?a?a?aaaa", r"\s*[\r\n]+|x", r"\s+(?!\S)|x", r" |\s*[\r\n]+x|\s+", r"x*y|x", ".*", ".*x",
    r"a{1,}b", r"a{0,9999}b", r"(.)\1+", r"(?=a+b)a", r"(?<=a)b", r"(?!a+b)a", r"a+?b", r"a++b",
    r"(?>a+)b", r"\p{L}+\s+\p{L}+", r"(?i:a+)", r"\s+(?!\S)|\s+|\s*[\r\n]+", r"^a", r"a$", r"\bx",
    r"\G", r"\R", r"\X", "[a", "a)", "(", "\\", "a{", "a**", "", "a||b", "[[[[[a]]]]]",
    "(?i:ſ)", r"\x{110000}", r"\uD8", "x" * 9000, "|".join("abcdefghijklmnopqrstuvwxyz0123456789"),
    KIMI.replace(r"+[\p{Ll}", r"+x[\p{Ll}"), r"a[\s\S]*b",
)  # fmt: skip
TEXTS = ("a", "A", " ", "\n ", " \n", "\r", "1", "一", ".", " x ", "aA", "A.", "\u0301", "\u3000'")
SIZE = 20_000


def test_every_rule_of_ours_may_run():
    for rule in PRE_TOKENIZERS.values():
        for expression in rule.expressions:
            if expression != r"(?<!\s)\s+$":
                assert linear_pattern(expression) == expression


@pytest.mark.parametrize("name", sorted(REAL))
def test_the_makers_expressions_run_in_linear_time(name):
    expression = linear_pattern(REAL[name])
    cut = pre_tokenizers.Split(Regex(expression), behavior="isolated")
    # Under 1 s; `\s+$` as files have it takes 2 s for a single one of these texts.
    with for_less_than(5):
        for text in TEXTS:
            for end in ("", "x", "!"):
                cut.pre_tokenize_str((text * SIZE)[:SIZE] + end)


def test_the_one_that_is_rewritten_cuts_alike():
    theirs, ours = (
        pre_tokenizers.Split(Regex(expression), behavior="isolated")
        for expression in (r"\s+$", linear_pattern(r"\s+$"))
    )
    for text in ("a  ", "  a ", "   ", "", "a\n \n", "a \u3000", " a  b   ", "x"):
        assert ours.pre_tokenize_str(text) == theirs.pre_tokenize_str(text)


@pytest.mark.parametrize("expression", BOMBS)
def test_anything_else_is_refused_by_name(expression):
    with pytest.raises(UnsupportedModelError) as refusal:
        linear_pattern(expression)
    shown = "".join(expression[:40].split())
    assert f"“{shown}" in "".join(str(refusal.value).split())


@pytest.mark.parametrize("piece", ["[", "(?i:", "\\p{", "a{1", "|", "a?", "[a-", "\\x{", "[^&&["])
def test_reading_an_expression_takes_no_time(piece):
    with for_less_than(1):
        with pytest.raises(UnsupportedModelError):
            linear_pattern((piece * 8192)[:8192])
        with pytest.raises(UnsupportedModelError):
            linear_pattern(piece * 1_000_000)
