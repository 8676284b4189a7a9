"""A part of the dialog about the history: a heading, a card, rows in it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.beside_layout import BesideLayout
from app.widgets.button import Button
from app.widgets.label import Label
from app.widgets.panel import Card, Ground
from app.widgets.wrap_layout import WrapLayout


class Section(QWidget):
    """What subclasses add to `rows` stands in the card."""

    def __init__(self, theme: Theme, title: str) -> None:
        super().__init__()
        self.theme = theme
        self.head = QHBoxLayout()
        self.head.addWidget(Label(theme, title, Type.SMALL_STRONG))
        self.head.addStretch(1)
        card = Card(theme, Ground.RAISED, outlined=True)
        self.rows = QVBoxLayout(card)
        self.rows.setContentsMargins(SPACE.lg, SPACE.md, SPACE.lg, SPACE.md)
        self.rows.setSpacing(SPACE.sm)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.sm)
        column.addLayout(self.head)
        column.addWidget(card)

    def add_sentence(self, text: str = "", *, is_quiet: bool = False) -> Label:
        """A line or more of words."""
        style = Type.CAPTION if is_quiet else Type.SMALL
        ink = Ink.TEXT3 if is_quiet else Ink.TEXT
        label = Label(self.theme, text, style, ink, wrap=True)
        self.rows.addWidget(label)
        return label

    def add_buttons(self, *buttons: Button) -> None:
        """Side by side, as far as there is room."""
        self.rows.addLayout(WrapLayout(buttons))

    def add_choice(self, words: str, control: QWidget) -> None:
        """Words at the left, a control at the right."""
        label = Label(self.theme, words, Type.SMALL, wrap=True)
        self.rows.addLayout(BesideLayout(label, (control,), lambda: SIZE.slider, SPACE.md))
