r"""How text is cut into words before BPE, for each `tokenizer.ggml.pre` that we know.

For `tokenizer`. Each rule is a list of expressions: every one cuts the pieces that the one
before left, at its matches and between them. What a rule does was read from llama.cpp
(src/llama-vocab.cpp and src/unicode.cpp) and is checked against ids recorded from it, but for
`kimi-k2`, which is its makers' own. The expressions are Oniguruma's, as in `tokenizer.json`;
`&&` intersects character classes.

Nothing is guessed: a name that is not here is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

from tokenizers import Regex, normalizers, pre_tokenizers

from inference.errors import UnsupportedModelError
from inference.sentence import said

_GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
_CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_REST = r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
_WORDS = _CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+"
_LU, _LL = r"\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}", r"\p{Ll}\p{Lm}\p{Lo}\p{M}"
_LLAMA3 = rf"{_WORDS}|\p{{N}}{{1,3}}|{_REST}"
_QWEN2 = rf"{_WORDS}|\p{{N}}|{_REST}"


def _class(ranges: str) -> str:
    """Code points in hexadecimal, as the inside of a character class."""
    edges = ("-".join(rf"\x{{{edge}}}" for edge in part.split("-")) for part in ranges.split())
    return "".join(edges)


# Letters with a case, as DeepSeek-LLM's own tokenizer lists them: an older Unicode, with gaps.
# In numbers, because some of these letters turn into others when an editor normalizes text.
_DEEPSEEK_LLM_LETTERS = _class(
    "41-5A 61-7A B5 C0-D6 D8-F6 F8-1BA 1BC-1BF 1C4-293 295-2AF 370-373 376 377 37B-37D 37F "
    "386 388-38A 38C 38E-3A1 3A3-3F5 3F7-481 48A-52F 531-556 10A0-10C5 13A0-13F5 13F8-13FD "
    "1C90-1CBA 1CBD-1CBF 1D00-1D2B 1D6B-1D77 1D79-1D9A 1E00-1F15 1F18-1F1D 1F20-1F45 "
    "1F48-1F4D 1F50-1F57 1F59 1F5B 1F5D 1F5F-1F7D 1F80-1FB4 1FB6-1FBC 1FBE 1FC2-1FC4 "
    "1FC6-1FCC 1FD0-1FD3 1FD6-1FDB 1FE0-1FEC 1FF2-1FF4 1FF6-1FFC 2102 2107 210A-2113 2115 "
    "2119-211D 2124 2126 2128 212A-212D 212F-2134 2139 213C-213F 2145-2149 214E 2183 2184 "
    "2C00-2C7B 2C7E-2CE4 2CEB-2CEE 2CF2 2CF3 A640-A66D A680-A69B A722-A76F A771-A787 "
    "A78B-A78E AB70-ABBF FB00-FB06 FB13-FB17 FF21-FF3A FF41-FF5A 10400-1044F 104B0-104D3 "
    "104D8-104FB 10C80-10CB2 10CC0-10CF2 118A0-118DF 1E900-1E943 "
)
# Odd spaces lie inside these ranges; llama.cpp does not let them match there.
_DEEPSEEK_PUNCTUATION = rf"[{_class('21-2F 3A-7E FF01-FF0F FF1A-FF5E 2018-201F 3000-3002')}&&[^\s]]"
_DEEPSEEK_ASIAN = rf"[{_class('4E00-9FA5 800-4E00 AC00-D7FF')}&&[^\s]]+"

# As Moonshot's own tokenizer has it. llama.cpp reads a GGUF file of theirs differently: it cuts
# neither where capitals begin nor at marks; what the model was trained on counts here.
_CAPITALS, _SMALLS = (rf"[{kinds}&&[^\p{{Han}}]]" for kinds in (_LU, _LL))
_KIMI_K2 = (
    rf"[\p{{Han}}]+|[^\r\n\p{{L}}\p{{N}}]?{_CAPITALS}*{_SMALLS}+{_CONTRACTIONS}?|"
    rf"[^\r\n\p{{L}}\p{{N}}]?{_CAPITALS}+{_SMALLS}*{_CONTRACTIONS}?|\p{{N}}{{1,3}}|{_REST}"
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
    "deepseek-v3": Rule(
        (r"\p{N}{1,3}", rf"[{_class('4E00-9FA5 3040-309F 30A0-30FF')}]+", _DEEPSEEK_V3)
    ),
    "glm4": Rule((_LLAMA3,), ignore_merges=True),
    "kimi-k2": Rule((_KIMI_K2,), ignore_merges=True),
}


def rule_named(name: str) -> Rule:
    """The rule for `tokenizer.ggml.pre`; raises UnsupportedModelError."""
    rule = PRE_TOKENIZERS.get(name)
    if rule is None:
        known = ", ".join(sorted(PRE_TOKENIZERS))
        raise UnsupportedModelError(
            said(
                "The model's pre-tokenizer is “{name}”; this version of Pitcher knows {known}.",
                name=name,
                known=known,
            )
        )
    return rule
