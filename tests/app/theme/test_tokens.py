"""The contrasts that the design promises, measured from the tokens themselves."""

from __future__ import annotations

import ast
import re
from dataclasses import fields
from pathlib import Path
from typing import TypeGuard

import pytest
from PySide6.QtGui import QColor, QFont, QFontInfo, QPalette

from app.theme import metrics
from app.theme.assets import ASSETS, MissingAssetError, asset, load_fonts
from app.theme.icons import Icon
from app.theme.palette import palette_of
from app.theme.stylesheet import stylesheet_of
from app.theme.tokens import DARK, LIGHT, Ink, Tokens
from app.theme.type_styles import Type, font_of
from tests.app.contrast import contrast

APP = Path(__file__).resolve().parents[3] / "app"
THEMES = [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")]
GROUNDS = ("window", "surface", "raised", "sunken", "bubble", "selected")
INKS = ("text", "text2", "text3", "accent", "ok", "warn", "bad")


def test_the_measure_is_right():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#1C1B19", "#F3F1ED") == pytest.approx(15.3, abs=0.05)


@pytest.mark.parametrize("tokens", THEMES)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("ink", INKS)
def test_text_is_readable_on_every_ground(tokens: Tokens, ground: str, ink: str):
    assert contrast(getattr(tokens, ink), getattr(tokens, ground)) >= 4.5


@pytest.mark.parametrize("tokens", THEMES)
@pytest.mark.parametrize("ground", ["window", "surface", "raised"])
def test_lines_of_controls_are_visible(tokens: Tokens, ground: str):
    assert contrast(tokens.line_strong, getattr(tokens, ground)) >= 3.0


# What stands on buttons and rows while the mouse is on them or holds them.
TOUCHED = [
    ("hover", "text text2 text3 accent ok warn bad"),
    ("pressed", "text text2 text3 accent warn bad"),
    ("accent_soft", "text text2 text3 accent"),
]


@pytest.mark.parametrize("tokens", THEMES)
@pytest.mark.parametrize(("ground", "inks"), TOUCHED)
def test_text_is_readable_on_what_is_touched(tokens: Tokens, ground: str, inks: str):
    for ink in inks.split():
        assert contrast(getattr(tokens, ink), getattr(tokens, ground)) >= 4.5, ink


@pytest.mark.parametrize("tokens", THEMES)
def test_controls_and_the_ring_around_them_are_visible(tokens: Tokens):
    for ground in GROUNDS:
        # The ring of the focus, the line of a link, the water of the meter.
        assert contrast(tokens.accent, getattr(tokens, ground)) >= 3.0, ground
    # A switch: off, under the mouse, locked, on; a shield while its row is held.
    assert contrast(tokens.line_strong, tokens.raised) >= 3.0
    assert contrast(tokens.text3, tokens.hover) >= 3.0
    assert contrast(tokens.text3, tokens.pressed) >= 3.0
    assert contrast(tokens.on_accent, tokens.accent) >= 3.0
    assert contrast(tokens.ok, tokens.pressed) >= 3.0


@pytest.mark.parametrize("tokens", THEMES)
@pytest.mark.parametrize("ink", ["accent", "ok", "warn", "bad"])
def test_words_are_readable_on_their_soft_ground(tokens: Tokens, ink: str):
    soft = getattr(tokens, f"{ink}_soft")
    assert contrast(getattr(tokens, ink), soft) >= 4.5
    assert contrast(tokens.text, soft) >= 10.8
    assert contrast(tokens.text2, soft) >= 6.6


@pytest.mark.parametrize("tokens", THEMES)
def test_words_on_accent_and_marks_and_code_are_readable(tokens: Tokens):
    for ground in (tokens.accent, tokens.accent_hover, tokens.accent_press):
        assert contrast(tokens.on_accent, ground) >= 6.35
    assert contrast(tokens.on_mark, tokens.mark) >= 7.6
    for name in ("keyword", "string", "number", "name", "comment"):
        assert contrast(getattr(tokens, f"code_{name}"), tokens.sunken) >= 5.55
    # Stop: a square in the surface's colour on the text's.
    assert contrast(tokens.surface, tokens.text) >= 4.5


@pytest.mark.parametrize("tokens", THEMES)
def test_every_colour_is_one(tokens: Tokens):
    for field in fields(tokens):
        if field.name not in ("scheme", "shadow_percent"):
            assert re.fullmatch(r"#[0-9A-F]{6}", getattr(tokens, field.name)), field.name
    assert {tokens.ink(ink) for ink in Ink} <= {getattr(tokens, f.name) for f in fields(tokens)}


@pytest.mark.parametrize("tokens", THEMES)
def test_the_palette_fills_every_role_disabled_too(tokens: Tokens):
    palette = palette_of(tokens)
    ours = {
        getattr(tokens, f.name).lower()
        for f in fields(tokens)
        if f.name not in ("scheme", "shadow_percent")
    }
    for group in (
        QPalette.ColorGroup.Active,
        QPalette.ColorGroup.Inactive,
        QPalette.ColorGroup.Disabled,
    ):
        for role in QPalette.ColorRole:
            if role not in (QPalette.ColorRole.NoRole, QPalette.ColorRole.NColorRoles):
                assert palette.color(group, role).name() in ours, (group, role)
    disabled = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    assert disabled == QColor(tokens.disabled)


@pytest.mark.parametrize("tokens", THEMES)
def test_the_stylesheet_sets_no_font_and_only_our_colours(tokens: Tokens):
    sheet = stylesheet_of(tokens)
    assert "font" not in sheet
    assert not re.search(r"(^|[\s,])\*", sheet)
    ours = {getattr(tokens, f.name) for f in fields(tokens) if f.name != "shadow_percent"}
    assert set(re.findall(r"#[0-9A-Fa-f]{6}", sheet)) <= ours
    assert sheet.count("{") == sheet.count("}")


def sources() -> list[Path]:
    ours = ("theme", "widgets", "pages", "bridge")
    files = [f for part in ours for f in sorted((APP / part).rglob("*.py"))]
    return [*files, APP / "application.py", APP / "main_window.py", APP / "notices.py"]


def test_colours_are_named_in_the_tokens_alone():
    for file in sources():
        if file.name != "tokens.py":
            assert not re.search(r"[\"']#[0-9A-Fa-f]{3,8}[\"']", file.read_text()), file


VISIBLE = {
    "setText",
    "setToolTip",
    "setWindowTitle",
    "setAccessibleName",
    "setAccessibleDescription",
    "set_placeholder",
    "rename",
    "show_title",
    "addAction",
    "error",
    "warning",
    "news",
    "Label",
    "Button",
    "ReadingText",
    "MessageEdit",
}


def test_every_visible_string_goes_through_tr():
    for file in sources():
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call):
                function = node.func
                name = getattr(function, "attr", getattr(function, "id", ""))
                for argument in node.args:
                    if name in VISIBLE and isinstance(argument, ast.Constant):
                        value = argument.value
                        is_key = isinstance(value, str) and re.fullmatch(r"(Ctrl\+)?\w{1,3}", value)
                        assert not isinstance(value, str) or not value or is_key, (file, value)


def is_translation(node: ast.AST) -> TypeGuard[ast.Call]:
    """A call of `tr`, or of the application's `translate`, which painters have too."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    is_of_the_application = ast.unparse(node.func.value) == "QCoreApplication"
    return node.func.attr == "tr" or (node.func.attr == "translate" and is_of_the_application)


def test_translated_strings_are_literals():
    """lupdate reads the source: it can't see what is computed."""
    for file in sources():
        for node in ast.walk(ast.parse(file.read_text())):
            if is_translation(node):
                assert all(isinstance(a, ast.Constant) for a in node.args), (file, node.lineno)


def test_visible_strings_have_plain_words():
    for file in sources():
        for node in ast.walk(ast.parse(file.read_text())):
            if is_translation(node):
                words = node.args[-1].value
                assert not re.search(r"!|\bplease\b|\boops\b|\.\.\.|'", words, re.IGNORECASE), words


def test_the_bundled_fonts_are_used(qapp):
    assert set(load_fonts()) >= {"Inter", "JetBrains Mono"}
    for style in Type:
        font = font_of(style)
        assert QFontInfo(font).family() == style.value.family
        assert font.pixelSize() >= (11 if style is Type.KEY_CAP else 12)
    assert font_of(Type.PAGE_TITLE).weight() == QFont.Weight.DemiBold


def test_each_font_and_icon_comes_with_its_licence():
    fonts = ASSETS / "fonts"
    assert "SIL OPEN FONT LICENSE" in (fonts / "Inter-OFL.txt").read_text()
    assert "SIL OPEN FONT LICENSE" in (fonts / "JetBrainsMono-OFL.txt").read_text()
    assert "SIL OPEN FONT LICENSE" in (fonts / "fallback" / "Noto-OFL.txt").read_text()
    assert "ISC License" in (ASSETS / "icons" / "LICENSE").read_text()
    assert sum(f.stat().st_size for f in fonts.rglob("*")) < 19_000_000


def test_the_icons_that_are_used_are_there_and_no_others():
    files = {f.stem for f in (ASSETS / "icons").glob("*.svg")} - {"pitcher"}
    assert files == {icon.value for icon in Icon}


def test_a_missing_asset_is_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr("app.theme.assets.ASSETS", tmp_path)
    with pytest.raises(MissingAssetError, match="Install Pitcher again"):
        asset("icons", "x.svg")
    with pytest.raises(MissingAssetError, match="No fonts"):
        load_fonts()


def test_distances_are_on_the_grid():
    assert metrics.SIZE.column + 2 * metrics.SPACE.lg == metrics.SIZE.composer
    assert (metrics.SIZE.sidebar, metrics.SIZE.header, metrics.SIZE.lock_row) == (264, 52, 46)
