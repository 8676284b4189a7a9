"""A file name of any title works on every system."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.chats.transfer.names import MAX_STEM_BYTES, suggested_name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Plans for May", "Plans for May.md"),
        ("a/b\\c:d*e?f", "a-b-c-d-e-f.md"),
        ("../../etc/passwd", "etc-passwd.md"),
        ("  two\n lines\t", "two lines.md"),
        (".hidden", "hidden.md"),
        ("--option", "option.md"),
        ("~/home", "home.md"),
        ("ends. . ", "ends.md"),
        ("", "Chat.md"),
        ("///", "Chat.md"),
        ("con", "Chat con.md"),
        ("NUL.tar", "Chat NUL.tar.md"),
        ("Com7", "Chat Com7.md"),
        ("lpt²", "Chat lpt².md"),
        ("CONIN$", "Chat CONIN$.md"),
        ("console", "console.md"),
        ("com10", "com10.md"),
        ("a\u202egpj.exe", "agpj.exe.md"),
        ("nul\x00byte\x07", "nulbyte.md"),
        ("half \ud83d", "half.md"),
        ("e\u0301", "é.md"),
        ("中文标题", "中文标题.md"),
        ("👩\u200d👧", "👩👧.md"),
    ],
)
def test_a_title_becomes_a_safe_name(title: str, name: str):
    assert suggested_name(title, ".md") == name


def test_a_long_title_is_cut_between_characters():
    name = suggested_name("ä" * 200, ".json")
    assert name == "ä" * (MAX_STEM_BYTES // 2) + ".json"
    assert suggested_name("x" + "中" * 100, ".md") == "x" + "中" * 39 + ".md"


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(st.characters(), max_size=200))
def test_no_title_gives_a_name_that_a_system_refuses(title: str):
    name = suggested_name(title, ".md")
    stem = name.removesuffix(".md")
    assert stem
    assert len(name.encode("utf-8")) <= MAX_STEM_BYTES + 10
    assert not re.search(r'[/\\:*?"<>|\x00-\x1f\x7f]', name)
    assert not stem.startswith((".", "-", "~", " "))
    assert not stem.endswith((" ", "."))
    assert all(unicodedata.category(c)[0] != "C" for c in name)
    assert stem.split(".")[0].strip().upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT1"}
