"""What a model is, where it lies, and what it needs of this computer's memory, part by part."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.error_words import words_of
from app.library.shelved import Shelved
from app.numbers import whole
from app.pages.models.row import title_of
from app.pages.models.words import (
    checked_words,
    fit_words,
    origin_words,
    part_words,
    size_words,
)
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.label import Label
from app.widgets.one_line import one_line
from app.widgets.setting_row import RowCard, SettingRow
from app.widgets.small_dialog import SmallDialog


class ModelDialog(SmallDialog):
    """Only read; its one button closes it."""

    def __init__(self, theme: Theme, model: Shelved, parent: QWidget) -> None:
        title, words = title_of(model), fit_words(model) or one_line(words_of(model.problem))
        super().__init__(theme, title, words, self.tr("Close"), parent)
        self.cancel.hide()
        self.act.clicked.connect(self.accept)
        self.act.setFocus()
        self._add_memory(model)
        self._add_facts(model)

    def _add_memory(self, model: Shelved) -> None:
        card = self._card(self.tr("Memory"))
        for part, count_bytes in () if model.facts is None else model.facts.parts:
            name, where = part_words(part)
            card.add(self._row(name, where, size_words(count_bytes)))
        card.setVisible(bool(card.rows))

    def _add_facts(self, model: Shelved) -> None:
        card = self._card(self.tr("About this model"))
        rows = [(self.tr("Lies in"), one_line(str(model.path)), "")]
        if model.facts is not None:
            facts = model.facts
            rows += [
                (self.tr("Name in its files"), one_line(facts.title), ""),
                (self.tr("Parameters"), whole(facts.parameters), ""),
                (self.tr("Quantization"), one_line(facts.quantization), ""),
                (self.tr("Longest context"), self._tokens(facts.context_tokens), ""),
                (self.tr("Licence"), one_line(facts.licence) or self.tr("Not named"), ""),
            ]
        rows += [
            (self.tr("On the disk"), size_words(model.stored_bytes), ""),
            (self.tr("Its prepared copy"), self._copy_words(model), size_words(model.copy_bytes)),
            (self.tr("Origin"), origin_words(model) or self.tr("Put here by hand"), ""),
            (self.tr("All its bytes"), checked_words(model.checked) or self.tr("not verified"), ""),
        ]
        for name, detail, value in rows:
            card.add(self._row(name, detail, value))

    def _card(self, name: str) -> RowCard:
        """In its place before it has rows: it would tell each of them of its new parents."""
        card = RowCard(self.theme)
        card.setAccessibleName(name)
        self.body.addWidget(card)
        return card

    def _tokens(self, count: int) -> str:
        return self.tr("{count} tokens").format(count=whole(count))

    def _copy_words(self, model: Shelved) -> str:
        if model.copy_bytes:
            return self.tr("Laid out for this processor; it is made again where it is missing")
        return self.tr("None yet; it is made when the model is used first")

    def _row(self, name: str, detail: str, value: str) -> SettingRow:
        shown = (Label(self.theme, value, Type.SMALL_MEDIUM, Ink.TEXT),) if value else ()
        return SettingRow(self.theme, name, detail, shown)
