"""Tokens as a QPalette, and a high-contrast system palette as tokens."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtGui import QColor, QPalette

from app.theme.tokens import Tokens

_Role = QPalette.ColorRole


def palette_of(tokens: Tokens) -> QPalette:
    """A palette with every role filled, for active, inactive and disabled widgets."""
    roles = {
        _Role.Window: tokens.surface,
        _Role.WindowText: tokens.text,
        _Role.Base: tokens.raised,
        _Role.AlternateBase: tokens.sunken,
        _Role.Text: tokens.text,
        _Role.Button: tokens.raised,
        _Role.ButtonText: tokens.text,
        _Role.BrightText: tokens.on_accent,
        _Role.ToolTipBase: tokens.raised,
        _Role.ToolTipText: tokens.text,
        _Role.PlaceholderText: tokens.text3,
        _Role.Highlight: tokens.accent,
        _Role.HighlightedText: tokens.on_accent,
        _Role.Accent: tokens.accent,
        _Role.Link: tokens.accent,
        _Role.LinkVisited: tokens.accent,
        _Role.Light: tokens.raised,
        _Role.Midlight: tokens.hover,
        _Role.Mid: tokens.button_line,
        _Role.Dark: tokens.line_strong,
        _Role.Shadow: tokens.shadow,
    }
    palette = QPalette()
    for role, colour in roles.items():
        palette.setColor(QPalette.ColorGroup.All, role, QColor(colour))
    for role in (_Role.WindowText, _Role.Text, _Role.ButtonText, _Role.PlaceholderText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.disabled))
    for role in (_Role.Highlight, _Role.Accent):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.button_line))
    palette.setColor(QPalette.ColorGroup.Disabled, _Role.Base, QColor(tokens.sunken))
    return palette


def high_contrast(base: Tokens, system: QPalette) -> Tokens:
    """The system's own colours in every role: meaning stays in icons and words."""
    ground = system.color(_Role.Base).name()
    text = system.color(_Role.Text).name()
    accent = system.color(_Role.Highlight).name()
    on_accent = system.color(_Role.HighlightedText).name()
    return replace(
        base,
        window=ground,
        surface=ground,
        raised=ground,
        sunken=ground,
        bubble=ground,
        hover=ground,
        pressed=ground,
        selected=ground,
        accent_soft=ground,
        ok_soft=ground,
        warn_soft=ground,
        bad_soft=ground,
        line=text,
        button_line=text,
        line_strong=text,
        text=text,
        text2=text,
        text3=text,
        ok=text,
        warn=text,
        bad=text,
        accent=accent,
        accent_hover=accent,
        accent_press=accent,
        mark=accent,
        on_accent=on_accent,
        on_mark=on_accent,
    )
