r"""How text is cut into words before BPE, for each `tokenizer.ggml.pre` that we know.

For `tokenizer`. Each rule is a list of expressions: every one cuts the pieces that the one
before left, at its matches and between them. What a rule does was read from llama.cpp
(src/llama-vocab.cpp and src/unicode.cpp) and is checked against ids recorded from it. The
expressions are Oniguruma's, as in `tokenizer.json`; `&&` intersects character classes.

Nothing is guessed: a name that is not here is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

from tokenizers import Regex, normalizers, pre_tokenizers

from inference.errors import UnsupportedModelError

_GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
_CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_REST = r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
_WORDS = _CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+"
_LLAMA3 = rf"{_WORDS}|\p{{N}}{{1,3}}|{_REST}"
_QWEN2 = rf"{_WORDS}|\p{{N}}|{_REST}"

# Letters with a case, as DeepSeek-LLM's own tokenizer lists them.
_DEEPSEEK_LLM_LETTERS = (
    "A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕἠ-ὅὈ-Ὅ"
    "ὐ-ὗὙὛὝὟ-ώᾀ-ᾴᾶ-ᾼιῂ-ῄῆ-ῌῐ-ΐῖ-Ίῠ-Ῥῲ-ῴῶ-ῼℂℇℊ-ℓℕℙ-ℝℤΩℨK-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯ"
    "ꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-𐳲𑢠-𑣟𞤀-𞥃"
)
# Odd spaces lie inside these ranges; llama.cpp does not let them match there.
_DEEPSEEK_PUNCTUATION = r"[!-/:-~！-／：-～‘-‟\u3000-。&&[^\s]]"
_DEEPSEEK_ASIAN = r"[一-龥ࠀ-一가-퟿&&[^\s]]+"

_HAN = (
    r"\x{4E00}-\x{9FFF}\x{3400}-\x{4DBF}\x{20000}-\x{2A6DF}\x{2A700}-\x{2B73F}"
    r"\x{2B740}-\x{2B81F}\x{2B820}-\x{2CEAF}\x{2CEB0}-\x{2EBEF}\x{F900}-\x{FAFF}"
    r"\x{2F800}-\x{2FA1F}"
)
_KIMI_K2 = (
    rf"[{_HAN}]+|[^\r\n\p{{L}}\p{{N}}]?[\p{{L}}&&[^{_HAN}]]+{_CONTRACTIONS}?|"
    rf"\p{{N}}{{1,3}}|{_REST}"
)
_DEEPSEEK_V3 = (
    r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+|"
    r" ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


@dataclass(frozen=True)
class Rule:
    """How one family cuts text.

    `ignore_merges`: a word that is a token is that token, whatever the merges say.
    `composes`: text is brought to Unicode's form NFC first, as the family's own
    `tokenizer.json` does (llama.cpp leaves that out).
    """

    expressions: tuple[str, ...]
    ignore_merges: bool = False
    composes: bool = False
    adds_bos: bool = False

    def pre_tokenizer(self) -> pre_tokenizers.PreTokenizer:
        """The library's object; the last step writes bytes as characters."""
        splits = [
            pre_tokenizers.Split(Regex(expression), behavior="isolated")
            for expression in self.expressions
        ]
        byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
        return pre_tokenizers.Sequence([*splits, byte_level])

    def normalizer(self) -> normalizers.Normalizer | None:
        """What happens to text first, if anything."""
        return normalizers.NFC() if self.composes else None


PRE_TOKENIZERS: dict[str, Rule] = {
    "default": Rule((r"[\p{P}$+<=>^~|]+", _GPT2, r"\p{N}+", "[0-9][0-9][0-9]")),
    "gpt-2": Rule((_GPT2,)),
    "smollm": Rule((r"\p{N}", _GPT2)),
    "llama-bpe": Rule((_LLAMA3,), ignore_merges=True, adds_bos=True),
    "qwen2": Rule((_QWEN2,), composes=True),
    "deepseek-r1-qwen": Rule((_QWEN2,), composes=True),
    "deepseek-llm": Rule(
        (
            r"[\r\n]",
            rf"\s?[{_DEEPSEEK_LLM_LETTERS}]+",
            rf"\s?{_DEEPSEEK_PUNCTUATION}+",
            # A run of spaces starts where no space precedes it: or this is quadratic.
            r"(?<!\s)\s+$",
            _DEEPSEEK_ASIAN,
            r"\p{N}+",
        )
    ),
    "deepseek-coder": Rule((r"[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", _DEEPSEEK_ASIAN, r"\p{N}")),
    "deepseek-v3": Rule((r"\p{N}{1,3}", "[一-龥぀-ゟ゠-ヿ]+", _DEEPSEEK_V3)),
    "glm4": Rule((_LLAMA3,), ignore_merges=True),
    "kimi-k2": Rule((_KIMI_K2,)),
}


def rule_named(name: str) -> Rule:
    """The rule for `tokenizer.ggml.pre`; raises UnsupportedModelError."""
    rule = PRE_TOKENIZERS.get(name)
    if rule is None:
        known = ", ".join(sorted(PRE_TOKENIZERS))
        raise UnsupportedModelError(
            f"The model's pre-tokenizer is “{name}”; this version of Pitcher knows {known}."
        )
    return rule
