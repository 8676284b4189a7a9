"""A model of the catalogue as a row: what it is, what it takes here, and the way to ask for it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal

from app.error_words import words_of
from app.library.offers import Offer
from app.numbers import decimal, whole
from app.pages.models.chip_row import ChipRow
from app.pages.models.words import size_words
from app.theme.theme import Theme
from app.widgets.button import Button, ButtonKind
from app.widgets.one_line import one_line

translate = QCoreApplication.translate
_BILLION = 1e9
_BETWEEN = " · "
_BITS = {"q4": 4, "q6": 6, "q8": 8}


class OfferRow(ChipRow):
    """Its button only asks: nothing is fetched before the courier's own window was answered."""

    wanted = Signal(object)  # the Offer

    def __init__(self, theme: Theme, offer: Offer) -> None:
        self.model = offer
        form = self.tr("Download {size}…")
        words = form.format(size=size_words(offer.download_bytes))
        kind = ButtonKind.PRIMARY if offer.is_recommended else ButtonKind.SECONDARY
        self.download = Button(theme, words, kind)
        self.download.setAccessibleName(f"{words} {one_line(offer.title)}")
        super().__init__(theme, (self.download,))
        self.title = one_line(offer.title)
        self.name.setText(self.title)
        self.chip.say(self.tr("Recommended") if offer.is_recommended else "")
        self.say(offer_words(offer))
        self.download.clicked.connect(lambda: self.wanted.emit(self.model))

    def can_ask(self, is_possible: bool) -> None:
        """One download at a time."""
        self.download.setEnabled(is_possible)


def offer_words(offer: Offer) -> str:
    """What it is, in figures and in words, and whether it fits."""
    facts = [
        _parameters(offer),
        translate("Models", "{bits} bits").format(bits=_BITS.get(offer.mix, 8)),
        one_line(offer.licence),
    ]
    if offer.tokens_per_s is not None:
        form = translate("Models", "about {rate} tokens/s")
        facts.append(form.format(rate=whole(max(1, round(offer.tokens_per_s)))))
    return f"{_BETWEEN.join(facts)}. {words_of(offer.about)} {words_of(offer.sentence)}"


def _parameters(offer: Offer) -> str:
    total = decimal(offer.parameters / _BILLION, 1)
    if not offer.is_mixture:
        return translate("Models", "{count} billion parameters").format(count=total)
    form = translate("Models", "{count} billion parameters, {active} at work for each token")
    return form.format(count=total, active=decimal(offer.active_parameters / _BILLION, 1))
