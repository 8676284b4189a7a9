from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from app.markup import highlighting
from app.markup.highlighting import CodeColor, highlight, language_label

SAMPLES = {
    "python": "def f(x: int) -> str:\n    return 'a' + 1  # c\n\n\n",
    "javascript": "const a = `b${c}`; // d\n",
    "c": "#include <a.h>\nint main(void) { return 0x1F; }\n",
    "html": '<a href="b">c</a>\n',
    "json": '{"a": [1, true, null]}',
    "bash": 'for a in *; do echo "$a"; done  # b',
    "sql": "SELECT a FROM b WHERE c = 'd';",
    "diff": "- a\n+ b\n",
}


@pytest.mark.parametrize("language", SAMPLES)
def test_runs_join_to_exactly_the_code(language: str) -> None:
    code = "\n\n  " + SAMPLES[language]
    assert "".join(text for _, text in highlight(code, language)) == code


def test_code_has_the_colours_of_the_look() -> None:
    runs = highlight(SAMPLES["python"], "py")
    assert (CodeColor.KEYWORD, "def") in runs
    assert (CodeColor.NAME, "f") in runs
    assert (CodeColor.STRING, "'a'") in runs
    assert (CodeColor.NUMBER, "1") in runs
    assert (CodeColor.COMMENT, "# c") in runs


def test_neighbours_of_a_colour_are_one_run() -> None:
    colors = [color for color, _ in highlight(SAMPLES["c"] * 5, "c")]
    assert all(first is not second for first, second in pairwise(colors))


def test_no_code_has_no_runs() -> None:
    assert highlight("", "python") == ()


@pytest.mark.parametrize("language", ["", "nothing known", "klingon", "x" * 99, "../../etc", "\0"])
def test_an_unknown_language_is_plain(language: str) -> None:
    assert highlight("def a", language) == ((CodeColor.PLAIN, "def a"),)


@pytest.mark.parametrize(
    "code",
    [
        "x = 1\n" * 4_000,
        "x" * 600,
        "x = 1\n" * 300,
        "x =" + " " * 200 + "1",
    ],
)
def test_what_could_take_long_is_plain(code: str) -> None:
    assert highlight(code, "python") == ((CodeColor.PLAIN, code),)


class _Lexer:
    name = "Odd"

    def __init__(self, texts: list[str], fault: Exception | None = None) -> None:
        self._texts = texts
        self._fault = fault

    def get_tokens_unprocessed(self, code: str) -> Iterator[tuple[int, Any, str]]:
        for text in self._texts:
            yield 0, "Token.Keyword", text
        if self._fault:
            raise self._fault


def test_a_fault_in_a_lexer_costs_the_colours_of_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    lexer = _Lexer(["ab"], RecursionError("deep"))
    monkeypatch.setattr(highlighting, "_lexer", lambda language: lexer)
    assert highlight("abcd", "odd") == ((CodeColor.KEYWORD, "ab"), (CodeColor.PLAIN, "cd"))


def test_a_lexer_that_changes_the_code_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highlighting, "_lexer", lambda language: _Lexer(["XY"]))
    assert highlight("ab", "odd") == ((CodeColor.PLAIN, "ab"),)


def test_a_slow_lexer_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highlighting, "_lexer", lambda language: _Lexer(["a", "b", "c"]))
    monkeypatch.setattr(highlighting, "MOST_SECONDS", -1.0)
    assert highlight("abc", "odd") == ((CodeColor.KEYWORD, "a"), (CodeColor.PLAIN, "bc"))


@pytest.mark.parametrize(
    ("language", "label"),
    [
        ("py", "Python"),
        ("Python", "Python"),
        ("js", "JavaScript"),
        ("c++", "C++"),
        ("sh", "Bash"),
        ("text", "Text"),
        ("{.python}", "Python"),
        ("klingon", "klingon"),
        ("", ""),
        ("x" * 50, "x" * 30),
    ],
)
def test_a_language_is_called_by_its_name(language: str, label: str) -> None:
    assert language_label(language) == label
