"""Mixed text for tokenizer tests: the same seed gives the same text, on any Python.

For the tests and for `record_token_ids`. English, code, Chinese, emoji, odd spaces, combining
marks, runs of digits, line ends of every kind, right-to-left scripts; no look-alike of a
control token.
"""

from __future__ import annotations

import random

_WORDS = (  # noqa: SIM905 - words read better as a text
    "the quick brown fox Jumps OVER lazy dog's can't WE'LL they've I'm you'd HelloWorld iPhone "
    "naïve café Straße ÆØÅ Ελληνικά Привет мир שלום עולם مرحبا بالعالم नमस्ते दुनिया สวัสดี 안녕하세요 "
    "こんにちは カタカナ 今天天气很好 我们去公园 機械學習 々〆 ｆｕｌｌ ２０２６ Ⅷ ½ ² ①"
).split(" ")
_CODE = (
    "def f(x: int) -> int:\n    return x ** 2 + 0x1F\n",
    "for (int i = 0; i < n; ++i) { a[i] += b[i] * 3.14e-5; }\r\n",
    "SELECT * FROM `users` WHERE id >= 10 AND name != 'O''Neil';\n",
    '<div class="a b">&nbsp;</div>\n',
    '#include <stdio.h>\n\tprintf("%d\\n", 42);\n',
    '{"key": [1, 2, null], "x": "\\u00e9"}',
    "https://example.org/a_b?c=d&e=%20f#g",
)
_EMOJI = ("😀", "👩‍👩‍👧‍👦", "🇩🇪", "👍🏽", "❤️", "🧑‍💻", "1️⃣")
_SPACES = (
    " ", "  ", "   ", "\t", "\n", "\r\n", "\r", "\n\n", " \n ", "\u00a0", "\u2003", "\u3000",
    "\u200b", "\u200d", "\ufeff", "\u2028", "\u0085", "\u202f", "        ", "\u000b", "\u000c",
)  # fmt: skip
_MARKS = ("e\u0301", "a\u0308", "\u0301", "n\u0303o", "q\u0307\u0323", "\u0e33", "\u0652")
_PUNCTUATION = (
    "...", "!!!", "—", "“quoted”", "(a)", "$5", "100%", "^_^", "``", "~~", "|", "。", "，", "！",
    "《书》", "¿", "§", "€", "±", "→", "'", "\"", "''", "_x_", "@me", "\\", "a/b", "c:\\d", "=>",
    "&&", "\x00", "\x1c",
)  # fmt: skip


def mixed_text(seed: int, size_bytes: int) -> str:
    """About `size_bytes` of UTF-8."""
    # Only `random()` is promised to give the same numbers in every version.
    generator = random.Random(seed)

    def below(limit: int) -> int:
        return int(generator.random() * limit)

    def digits() -> str:
        return "".join(str(below(10)) for _ in range(1 + below(12)))

    kinds = (_WORDS, _WORDS, _WORDS, _CODE, _EMOJI, _SPACES, _SPACES, _MARKS, _PUNCTUATION)
    pieces: list[str] = []
    size = 0
    while size < size_bytes:
        choice = below(len(kinds) + 2)
        if choice < len(kinds):
            piece = kinds[choice][below(len(kinds[choice]))]
        else:
            piece = digits() if choice == len(kinds) else " "
        if below(3):
            piece += " "
        pieces.append(piece)
        size += len(piece.encode())
    return "".join(pieces)
