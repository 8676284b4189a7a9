"""Text of any script is drawn, with fonts of ours where the system has none."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFont, QFontDatabase, QTextLayout

from app.theme import assets
from app.theme.assets import load_fonts

EMOJI = "\N{PARTY POPPER}"
MISSING_GLYPH = 0


def drawn(text: str) -> bool:
    """Whether each character has a glyph, whichever font it comes from."""
    layout = QTextLayout(text, QFont("Inter", 20))
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    glyphs = [glyph for run in layout.glyphRuns() for glyph in run.glyphIndexes()]
    return bool(glyphs) and MISSING_GLYPH not in glyphs


@pytest.mark.parametrize("text", ["中文文本", "繁體", "日本語かな", "한국어", EMOJI], ids=ascii)
def test_east_asian_text_and_emoji_are_drawn(qapp, text: str) -> None:
    load_fonts()
    assert drawn(text)


def test_a_letter_that_no_font_has_would_be_noticed(qapp) -> None:
    load_fonts()
    assert not drawn("\U000e0fff" * 2) or not drawn("\uabff\U0001fbff")


@pytest.mark.parametrize("has_own", [True, False])
def test_ours_come_in_only_where_the_system_has_none(
    qapp, monkeypatch: pytest.MonkeyPatch, has_own: bool
) -> None:
    systems = {"Noto Emoji", "Source Han Sans"} if has_own else set()
    monkeypatch.setattr(QFontDatabase, "families", lambda *_system: sorted(systems))
    asked: list[str] = []
    real = assets._registered
    monkeypatch.setattr(assets, "_registered", lambda file: asked.append(file.name) or real(file))
    load_fonts()
    ours = {"NotoColorEmoji.ttf", "NotoSansCJKsc-Regular.otf"}
    assert ours.isdisjoint(asked) if has_own else ours <= set(asked)
