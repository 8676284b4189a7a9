"""Texts that are too long or too deep to be read, drawn or measured at once.

For `hostile_payloads`, whose marks they may hold. Made when they are wanted.
"""

from __future__ import annotations

from collections.abc import Callable

MANY = 100_000
MEGABYTE = 1_000_000


def _deep_list() -> str:
    return "- " * MANY + "deeplist"


def _stairs() -> str:
    return "\n".join(" " * 2 * depth + f"- stair{depth}" for depth in range(400))


GIANTS: dict[str, Callable[[], str]] = {
    "10⁵ nested lists": _deep_list,
    "400 nested lists, line by line": _stairs,
    "10⁵ nested numbered lists": lambda: "1. " * MANY + "numbered",
    "10⁵ nested quotes": lambda: ">" * MANY + "quoted",
    "10⁵ quotes and lists": lambda: "> - " * (MANY // 2) + "mixed",
    "10⁵ brackets": lambda: "[" * MANY + "bracketed",
    "10⁵ images within images": lambda: "![" * MANY + "inner" + "](@F)" * MANY,
    "10⁵ emphases": lambda: "**a* " * MANY + "emphasised",
    "10⁵ stars": lambda: "*" * MANY + "starred",
    "1 MB line with spaces": lambda: "spaced words " * (MEGABYTE // 13) + "lastword",
    "1 MB line without spaces": lambda: "unbroken" * (MEGABYTE // 8) + "lastword",
    "1 MB line of Chinese": lambda: "水落石出" * (MEGABYTE // 12) + " lastword",
    "1 MB line of Arabic": lambda: "مرحبا" * (MEGABYTE // 10) + " lastword",
    "1 MB of emoji": lambda: "\U0001f469\u200d\U0001f4bb" * (MEGABYTE // 11) + " lastword",
    "1 MB line of code": lambda: "```js\n" + "var a=1;" * (MEGABYTE // 8) + "lastword\n```",
    "1 MB code of lines": lambda: "```py\n" + "x = [1, 2]  # words\n" * 50_000 + "lastword\n```",
    "1 MB of open fences": lambda: "```\n" * (MEGABYTE // 4) + "lastword",
    "1 MB of combining marks": lambda: "Z" + "\u0301" * (MEGABYTE // 2) + " lastword",
    "1 MB of overrides": lambda: "\u202ea" * (MEGABYTE // 4) + " lastword",
    "1 MB of zero widths": lambda: "\u200b" * (MEGABYTE // 3) + "lastword",
    "1 MB of NULs": lambda: "\0" * MEGABYTE + "lastword",
    "1 MB of blank lines": lambda: "\n" * MEGABYTE + "lastword",
    "1 MB of tabs": lambda: "a" + "\t" * MEGABYTE + "lastword",
    "10⁴ inline formulas": lambda: "".join(f"$x_{{{n}}}$ " for n in range(10_000)) + "lastword",
    "10⁴ display formulas": lambda: "".join(f"$$y_{{{n}}}$$\n\n" for n in range(10_000)),
    "a formula of 1 MB": lambda: "$$" + "x+" * (MEGABYTE // 2) + "y$$ lastword",
    "10⁴ links": lambda: "".join(f"[a{n}](http://@H/{n}) " for n in range(10_000)) + "lastword",
    "10⁴ images": lambda: "![a](@F) " * 10_000 + "lastword",
    "10⁴ html images": lambda: "<img src='@F'>\n" * 10_000 + "lastword",
    "10⁵ notes": lambda: "".join(f"[^{n}] " for n in range(MANY)) + "\n\n[^1]: lastword",
    "10⁴ notes with words": lambda: "".join(f"a[^{n}]\n\n[^{n}]: b\n\n" for n in range(10_000)),
    "10⁴ definitions": lambda: "".join(f"[l{n}]: http://@H/{n}\n" for n in range(10_000)),
    "a table of 10⁴ rows": lambda: "|a|b|\n|-|-|\n" + "|one|two|\n" * 10_000 + "\nlastword",
    "a table of 10⁴ columns": lambda: "|a" * 10_000 + "|\n" + "|-" * 10_000 + "|\n|lastword|",
    "10⁴ headings": lambda: "# heading\n\n" * 10_000 + "lastword",
    "10⁴ rules": lambda: "---\n\n" * 10_000 + "lastword",
    "10⁴ tasks": lambda: "- [ ] task\n" * 10_000 + "\nlastword",
    "10⁵ entities": lambda: "&#x202e;" * MANY + "lastword",
    "10⁵ tags": lambda: "<a " * MANY + "lastword",
    "10⁵ backslashes": lambda: "\\" * MANY + "lastword",
    "a language of 1 MB": lambda: "```" + "l" * MEGABYTE + "\nlastword\n```",
    "a target of 1 MB": lambda: "[a](http://@H/" + "z" * MEGABYTE + ") lastword",
    "one word of 10⁵ emphases": lambda: "a*" * MANY + "lastword",
}
