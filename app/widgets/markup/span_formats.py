"""How a span's style looks: character formats made from the theme, each once.

For the texts of a message. The formats carry, as properties of ours, what a place in a document
is: a link's target, code, or a formula's source. None of them is a link or an image to Qt, which
therefore opens and loads nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtGui import QBrush, QColor, QFont, QTextCharFormat, QTextFormat

from app.markup.blocks import Span, Style
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import CODE_FAMILY, Type, font_of

_OURS = QTextFormat.Property.UserProperty.value
TARGET = _OURS + 1
IS_CODE = _OURS + 2
SOURCE = _OURS + 3
FORMULA_OBJECT = QTextFormat.ObjectTypes.UserObject.value + 1
_STRONG = QFont.Weight.DemiBold
_HEADINGS = (Type.HEADING, Type.CARD_TITLE, Type.READING_STRONG)


@dataclass(frozen=True)
class Setting:
    """The type and ink of a text before its spans have their say; `heading` is 1–6, or 0."""

    style: Type = Type.READING
    ink: Ink = Ink.TEXT
    heading: int = 0

    def under(self, heading: int) -> Setting:
        """The setting of a heading in this text."""
        return replace(self, heading=heading)

    @property
    def type(self) -> Type:
        """The type that holds for a line."""
        if not self.heading:
            return self.style
        return _HEADINGS[min(self.heading, len(_HEADINGS)) - 1]


class SpanFormats:
    """Makes and keeps formats; `forget` when colours or sizes change."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._kept: dict[tuple[Setting, Style, bool], QTextCharFormat] = {}

    def forget(self) -> None:
        """Make all formats anew."""
        self._kept.clear()

    def of(self, span: Span, setting: Setting) -> QTextCharFormat:
        """The format of a span's characters."""
        key = (setting, span.style & ~Style.FORMULA, bool(span.target))
        if key not in self._kept:
            self._kept[key] = self._made(*key)
        if not span.target:
            return self._kept[key]
        form = QTextCharFormat(self._kept[key])
        form.setProperty(TARGET, span.target)
        return form

    def formula(self, source: str, setting: Setting, *, is_deep: bool) -> QTextCharFormat:
        """The format of the one character that stands for a drawn formula."""
        form = QTextCharFormat(self.of(Span(""), setting))
        form.setObjectType(FORMULA_OBJECT)
        form.setProperty(SOURCE, source)
        if is_deep:
            form.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
        return form

    def _made(self, setting: Setting, style: Style, is_link: bool) -> QTextCharFormat:
        form = QTextCharFormat()
        form.setFont(self._font(setting, style))
        tokens = self._theme.tokens
        ink = Ink.ACCENT if is_link else setting.ink
        form.setForeground(QBrush(QColor(tokens.ink(ink))))
        form.setFontStrikeOut(Style.STRIKE in style)
        if Style.CODE in style:
            form.setProperty(IS_CODE, True)
        if Style.RAISED in style:
            form.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
        return form

    def _font(self, setting: Setting, style: Style) -> QFont:
        base = font_of(setting.type)
        if Style.CODE in style:
            code = font_of(Type.CODE)
            # As much smaller than the text around it as code is than reading text.
            code.setPixelSize(round(base.pixelSize() * Type.CODE.value.px / Type.READING.value.px))
            code.setFamilies([code.family() or CODE_FAMILY, base.family()])
            base = code
        if Style.STRONG in style:
            base.setWeight(max(_STRONG, QFont.Weight(base.weight())))
        base.setItalic(Style.ITALIC in style)
        return base
