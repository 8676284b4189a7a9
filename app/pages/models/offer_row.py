"""A model of the catalogue as a row: what it is, what it takes here, and the way to ask for it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout

from app.error_words import words_of
from app.library.mixes import BITS, Mix
from app.library.offers import Offer
from app.numbers import decimal, whole
from app.pages.models.chip_row import ChipRow
from app.pages.models.mix_words import bits_words, mix_of, preparation_words
from app.pages.models.words import size_words
from app.theme.metrics import SPACE
from app.theme.theme import Theme
from app.widgets.beside_layout import BesideLayout
from app.widgets.button import Button, ButtonKind
from app.widgets.choice_button import ChoiceButton
from app.widgets.one_line import one_line

translate = QCoreApplication.translate
_BILLION = 1e9
_BETWEEN = " · "


class OfferRow(ChipRow):
    """Its button only asks: nothing is fetched before the courier's own window was answered. What
    the user chose of the ways to prepare it stays, whatever is recommended later.
    """

    wanted = Signal(object, object)  # the Offer and the Mix

    def __init__(self, theme: Theme, offer: Offer) -> None:
        self.model = offer
        self._picked: Mix | None = None
        self._is_taken = False
        self.bits = ChoiceButton(
            theme,
            self.tr("Prepare {model} to").format(model=one_line(offer.title)),
            bits_words(),
            BITS[offer.mix],
        )
        self.download = Button(theme, "")
        super().__init__(theme, (self.bits, self.download))
        self.show_offer(offer)
        self.bits.chosen.connect(self._on_bits)
        self.download.clicked.connect(lambda: self.wanted.emit(self.model, self.mix))

    @property
    def mix(self) -> Mix:
        """What it is prepared with, if it is asked for now."""
        return self._picked or self.model.mix

    def show_offer(self, offer: Offer) -> None:
        """As things are now."""
        self.model = offer
        self.title = one_line(offer.title)
        words = self.tr("Download {size}…").format(size=size_words(offer.download_bytes))
        self.download.setText(words)
        self.download.setAccessibleName(f"{words} {self.title}")
        kind = ButtonKind.PRIMARY if offer.is_recommended else ButtonKind.SECONDARY
        self.download.set_kind(kind)
        self.download.updateGeometry()
        self.name.setText(self.title)
        self.bits.choose(BITS[self.mix])
        self.bits.explain(
            {BITS[mix]: preparation_words(each) for mix, each in offer.preparations.items()}
        )
        self._show_chip()
        self.say(offer_words(offer, self.mix))

    def show_taken(self, is_taken: bool) -> None:
        """Whether it was asked for, and is on its way or waits."""
        self._is_taken = is_taken
        for control in self.controls:
            control.setEnabled(not is_taken)
        self._show_chip()

    def _lay_out(self) -> None:
        """The choice below the words: beside the button there is too little room for both."""
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addLayout(self._head())
        words.addWidget(self.words)
        words.addSpacing(SPACE.sm)
        words.addWidget(self.bits, 0, Qt.AlignmentFlag.AlignLeft)
        row = BesideLayout(words, (self.download,), self._least_words_px)
        row.setContentsMargins(SPACE.xl, SPACE.row, SPACE.xl, SPACE.row)
        self.setLayout(row)

    def _show_chip(self) -> None:
        if self._is_taken:
            self.chip.say(self.tr("Asked for"))
        else:
            self.chip.say(self.tr("Recommended") if self.model.is_recommended else "")

    def _on_bits(self, bits: int) -> None:
        self._picked = mix_of(bits)
        self.say(offer_words(self.model, self.mix))


def offer_words(offer: Offer, mix: Mix) -> str:
    """What it is, in figures and in words, and whether it fits when it is prepared so."""
    found = offer.preparations[mix]
    on_disk = translate("Models", "about {size} on the disk")
    facts = [
        _parameters(offer),
        translate("Models", "{bits} bits").format(bits=BITS[mix]),
        on_disk.format(size=size_words(found.disk_bytes)),
        one_line(offer.licence),
    ]
    if found.tokens_per_s is not None:
        form = translate("Models", "about {rate} tokens/s")
        facts.append(form.format(rate=whole(max(1, round(found.tokens_per_s)))))
    return f"{_BETWEEN.join(facts)}. {words_of(offer.about)} {words_of(found.sentence)}"


def _parameters(offer: Offer) -> str:
    total = decimal(offer.parameters / _BILLION, 1)
    if not offer.is_mixture:
        return translate("Models", "{count} billion parameters").format(count=total)
    form = translate("Models", "{count} billion parameters, {active} at work for each token")
    return form.format(count=total, active=decimal(offer.active_parameters / _BILLION, 1))
