"""How a span's style looks: character formats made from the theme, each once.

For the texts of a message. The formats carry, as properties of ours, what a place in a document
is: a link's target, code, or a formula's source. None of them is a link or an image to Qt, which
therefore opens and loads nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QBrush, QColor, QFont, QTextCharFormat, QTextFormat

from app.markup.blocks import Span, Style
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import CODE_FAMILY, Type, font_of

_OURS = QTextFormat.Property.UserProperty.value
TARGET = _OURS + 1
IS_CODE = _OURS + 2
SOURCE = _OURS + 3
ROOM = _OURS + 4  # what a formula takes of its line, a QSizeF
INK = _OURS + 5  # a formula's colour, selected or not
FORMULA_OBJECT = QTextFormat.ObjectTypes.UserObject.value + 1
_FORMULA = Style.FORMULA.value
_NO_WORDS = Span("")
_STRONG = QFont.Weight.DemiBold
_HEADINGS = (Type.HEADING, Type.CARD_TITLE, Type.READING_STRONG)


@dataclass(frozen=True)
class Setting:
    """The type and ink of a text before its spans have their say; `heading` is 1–6, or 0."""

    style: Type = Type.READING
    ink: Ink = Ink.TEXT
    heading: int = 0

    def __hash__(self) -> int:
        """Few are alike in this, and to ask each member for its own takes 10 times as long."""
        return self.heading

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
        self._kept: dict[tuple[Setting, int, bool], QTextCharFormat] = {}
        self._fonts: dict[Setting, QFont] = {}

    def forget(self) -> None:
        """Make all formats anew."""
        self._kept.clear()
        self._fonts.clear()

    def of(self, span: Span, setting: Setting) -> QTextCharFormat:
        """The format of a span's characters."""
        # A formula's letters are the text's own. Numbers, as flags take their time over this.
        key = (setting, span.style.value & ~_FORMULA, bool(span.target))
        form = self._kept.get(key)
        if form is None:
            form = self._kept[key] = self._made(setting, Style(key[1]), key[2])
        if not span.target:
            return form
        form = QTextCharFormat(form)
        form.setProperty(TARGET, span.target)
        return form

    def font(self, setting: Setting) -> QFont:
        """The font of a setting's words."""
        font = self._fonts.get(setting)
        if font is None:
            font = self._fonts[setting] = self._font(setting, Style.NONE)
        return font

    def formula(
        self, source: str, setting: Setting, room: QSizeF, *, is_deep: bool
    ) -> QTextCharFormat:
        """The format of the one character that stands for a drawn formula, and its room."""
        form = QTextCharFormat(self.of(_NO_WORDS, setting))
        form.setObjectType(FORMULA_OBJECT)
        form.setProperty(SOURCE, source)
        form.setProperty(ROOM, room)
        form.setProperty(INK, form.foreground().color())
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
