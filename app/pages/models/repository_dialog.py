"""Asks for a repository of the Hub by its name; the courier asks before anything is asked of it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QWidget

from app.airlock.courier.errors import WireError
from app.airlock.courier.messages import Propose
from app.error_words import words_of
from app.library.mixes import BITS, Mix
from app.pages.models.mix_words import bits_words, mix_of
from app.theme.metrics import SIZE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type, font_of
from app.widgets.choice_button import ChoiceButton
from app.widgets.label import Label
from app.widgets.search_field import KeyedField
from app.widgets.setting_row import RowCard, SettingRow
from app.widgets.small_dialog import SmallDialog


class RepositoryDialog(SmallDialog):
    """`chosen` tells a name that a repository can have, and the Mix to prepare it with."""

    chosen = Signal(str, object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(
            theme,
            self.tr("Another repository"),
            self.tr(
                "The name of a repository of the Hub, as OWNER/NAME: safetensors, or GGUF files of "
                "which you choose one. A window of its own shows what is asked of whom before "
                "anything is sent."
            ),
            self.tr("Ask for it…"),
            parent,
        )
        self.field = KeyedField()
        self.field.setFont(font_of(Type.CODE))
        self.field.setFixedHeight(SIZE.field)
        self.field.setAccessibleName(self.tr("Repository"))
        self.field.setPlaceholderText("OWNER/NAME")
        self.complaint = Label(theme, "", Type.CAPTION, Ink.BAD, wrap=True)
        self.complaint.hide()
        self.bits = ChoiceButton(theme, self.tr("Prepare it to"), bits_words(), BITS[Mix.Q4])
        about_bits = self.tr(
            "More bits are closer to the original, and take more memory and more of the disk. GGUF "
            "files keep the bits that they have."
        )
        how = SettingRow(theme, self.tr("Prepare it to"), about_bits, (self.bits,))
        card = RowCard(theme, (how,))
        card.setAccessibleName(self.tr("Prepare it to"))
        self.body.addWidget(self.field)
        self.body.addWidget(self.complaint)
        self.body.addWidget(card)
        self.field.entered.connect(self._on_act)
        self.field.escaped.connect(self.reject)
        self.field.textChanged.connect(lambda _text: self._complain(""))
        self.act.clicked.connect(self._on_act)
        self.field.setFocus()

    def _on_act(self) -> None:
        name = self.field.text().strip()
        try:
            Propose(repository=name)
        except WireError as error:
            self._complain(words_of(error))
            return
        self.chosen.emit(name, mix_of(self.bits.choice))
        self.accept()

    def _complain(self, sentence: str) -> None:
        self.complaint.setText(sentence)
        self.complaint.setVisible(bool(sentence))
        self.fit()
        if sentence:
            QAccessible.updateAccessibility(
                QAccessibleEvent(self.complaint, QAccessible.Event.Alert)
            )
