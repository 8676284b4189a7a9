"""A download that waits for others: its place, and the ways to have it begin next and to end it.

For: `WaitingDownloads`, which tells it where it stands.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from app.numbers import whole
from app.theme.icons import Icon
from app.theme.metrics import SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.beside_layout import BesideLayout
from app.widgets.button import Button, IconButton
from app.widgets.label import Label
from app.widgets.one_line import one_line
from app.widgets.panel import Card, Ground


class WaitingRow(Card):
    """`sooner` asks that it be the next one, `ended` that it wait no more."""

    sooner = Signal()
    ended = Signal()

    def __init__(self, theme: Theme, title: str, bits: int | None) -> None:
        """`bits`: what it is prepared to, None where its files may keep their own."""
        super().__init__(theme, Ground.RAISED, outlined=True)
        self.title = one_line(title)
        self._bits = bits
        self.setAccessibleName(self.title)
        self.name = Label(theme, self.title, Type.INTERFACE_MEDIUM)
        self.words = Label(theme, "", Type.CAPTION, Ink.TEXT2, wrap=True)
        first = self.tr("To the front")
        self.first = Button(theme, first)
        self.first.setAccessibleName(f"{first}: {self.title}")
        self.end = IconButton(theme, Icon.CLOSE, "")
        self.end.rename(self.tr("Do not download {model}").format(model=self.title))
        self.controls = (self.first, self.end)
        self._lay_out()
        self.first.clicked.connect(self.sooner)
        self.end.clicked.connect(self.ended)

    def show_place(self, place: int, ahead: str, *, is_paused: bool) -> None:
        """`place` in the queue, from 1 on; `ahead` is on its way, or rests."""
        words = [self._place_words(place, one_line(ahead), is_paused=is_paused)]
        if self._bits is not None:
            form = self.tr("It will be prepared to {bits} bits.")
            words.append(form.format(bits=self._bits))
        sentence = " ".join(words)
        self.words.setText(sentence)
        for control in self.controls:
            control.setAccessibleDescription(sentence)
        if place == 1 and self.first.hasFocus():
            self.end.setFocus()
        self.first.setVisible(place > 1)
        self.updateGeometry()

    def _place_words(self, place: int, ahead: str, *, is_paused: bool) -> str:
        if place > 1:
            form = self.tr("Waits as number {place}, behind {model}.")
            if is_paused:
                form = self.tr("Waits as number {place}, behind {model}, which is paused.")
            return form.format(place=whole(place), model=ahead)
        if is_paused:
            form = self.tr("Next. It waits for {model}, which is paused: resume or end that one.")
        else:
            form = self.tr("Next. It begins when {model} is done.")
        return form.format(model=ahead)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(self.words)
        least = self.name.sizeHint().width
        row = BesideLayout(words, self.controls, least, SPACE.sm)
        row.setContentsMargins(SPACE.xl, SPACE.row, SPACE.xl, SPACE.row)
        self.setLayout(row)
