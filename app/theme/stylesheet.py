"""The one stylesheet, generated from the tokens.

Only for what Qt draws itself: menus, tooltips, scroll bars, text fields. Sizes of fonts and
margins of layouts are not set here, and what floats paints its own shadow.
"""

from __future__ import annotations

from app.theme.metrics import RADIUS, SIZE, SPACE, STROKE
from app.theme.tokens import Tokens


def stylesheet_of(tokens: Tokens) -> str:
    """The application's stylesheet for one theme."""
    parts = (_menus, _tooltips, _scroll_bars, _text, _fields)
    return "\n".join(part(tokens) for part in parts)


def _menus(t: Tokens) -> str:
    return f"""
QMenu {{
    background: {t.raised}; color: {t.text};
    border: {SPACE.hair}px solid {t.line}; border-radius: {RADIUS.control}px;
    padding: {SPACE.xs}px;
}}
QMenu::item {{
    padding: {SPACE.sm}px {SPACE.xxl}px {SPACE.sm}px {SPACE.md}px; border-radius: {RADIUS.chip}px;
}}
QMenu::item:selected {{ background: {t.accent_soft}; color: {t.text}; }}
QMenu::item:disabled {{ color: {t.disabled}; }}
QMenu::separator {{
    height: {SPACE.hair}px; background: {t.line}; margin: {SPACE.xs}px {SPACE.sm}px;
}}
QMenu::indicator {{ width: {SIZE.icon_sm}px; height: {SIZE.icon_sm}px; left: {SPACE.sm}px; }}
"""


def _tooltips(t: Tokens) -> str:
    return f"""
QToolTip {{
    background: {t.raised}; color: {t.text};
    border: {SPACE.hair}px solid {t.button_line}; padding: {SPACE.xs}px {SPACE.sm}px;
}}
"""


def _scroll_bars(t: Tokens) -> str:
    inset = SPACE.tick
    return f"""
QScrollBar:vertical {{
    background: transparent; border: none; width: {SIZE.scrollbar}px; margin: 0px;
}}
QScrollBar::handle:vertical {{
    background: {t.button_line}; border-radius: {(SIZE.scrollbar - 2 * inset) // 2}px;
    margin: {inset}px; min-height: {SIZE.scrollbar_handle}px;
}}
QScrollBar::handle:vertical:hover {{ background: {t.line_strong}; }}
QScrollBar:horizontal {{
    background: transparent; border: none; height: {SIZE.scrollbar}px; margin: 0px;
}}
QScrollBar::handle:horizontal {{
    background: {t.button_line}; border-radius: {(SIZE.scrollbar - 2 * inset) // 2}px;
    margin: {inset}px; min-width: {SIZE.scrollbar_handle}px;
}}
QScrollBar::handle:horizontal:hover {{ background: {t.line_strong}; }}
QScrollBar::add-line:horizontal, QScrollBar::sub-line:horizontal {{ width: 0px; }}
QScrollBar::add-page:horizontal, QScrollBar::sub-page:horizontal {{ background: transparent; }}
QScrollBar::add-line:vertical, QScrollBar::sub-line:vertical {{ height: 0px; }}
QScrollBar::add-page:vertical, QScrollBar::sub-page:vertical {{ background: transparent; }}
"""


def _text(t: Tokens) -> str:
    return f"""
QTextEdit {{
    background: transparent; border: none; color: {t.text};
    selection-background-color: {t.accent}; selection-color: {t.on_accent};
}}
QTextEdit[ink="text2"] {{ color: {t.text2}; }}
QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
"""


def _fields(t: Tokens) -> str:
    """The wider line of the focus takes its pixel from the padding: the text stays in place."""
    line, focus = SPACE.hair, int(STROKE.input)
    return f"""
QLineEdit {{
    background: {t.raised}; color: {t.text};
    border: {line}px solid {t.line_strong}; border-radius: {RADIUS.control}px;
    padding: 0px {SPACE.md - line}px;
    selection-background-color: {t.accent}; selection-color: {t.on_accent};
    placeholder-text-color: {t.text3};
}}
QLineEdit:focus {{ border: {focus}px solid {t.accent}; padding: 0px {SPACE.md - focus}px; }}
QLineEdit[wrong="true"] {{ border-color: {t.bad}; }}
QLineEdit:read-only, QLineEdit:disabled {{ background: {t.sunken}; }}
QLineEdit:disabled {{ color: {t.disabled}; }}
QLineEdit[bare="true"], QLineEdit[bare="true"]:focus {{
    background: transparent; border: none; padding: 0px;
}}
QPlainTextEdit[field="true"] {{
    background: {t.raised}; color: {t.text};
    border: {line}px solid {t.line_strong}; border-radius: {RADIUS.control}px;
    padding: {SPACE.xs + focus - line}px {SPACE.sm - line}px;
    selection-background-color: {t.accent}; selection-color: {t.on_accent};
}}
QPlainTextEdit[field="true"]:focus {{
    border: {focus}px solid {t.accent}; padding: {SPACE.xs}px {SPACE.sm - focus}px;
}}
QPlainTextEdit[field="true"]:read-only {{ background: {t.sunken}; }}
"""
