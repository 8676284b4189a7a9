"""A model of the catalogue as a row: what it is, what it takes here, and the way to ask for it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal

from app.error_words import words_of
from app.library.offers import Offer
from app.numbers import decimal, whole
from app.pages.models.words import size_words
from app.theme.theme import Theme
from app.widgets.button import Button, ButtonKind
from app.widgets.chip import Chip
from app.widgets.one_line import one_line
from app.widgets.setting_row import SettingRow

translate = QCoreApplication.translate
_BILLION = 1e9
_BETWEEN = " · "
_BITS = {"q4": 4, "q6": 6, "q8": 8}


class OfferRow(SettingRow):
    """Its button only asks: nothing is fetched before the courier's own window was answered."""

    wanted = Signal(object)  # the Offer

    def __init__(self, theme: Theme, offer: Offer) -> None:
        self.model = offer
        self.chip = Chip(theme, self.tr("Recommended"))
        form = self.tr("Download {size}…")
        words = form.format(size=size_words(offer.download_bytes))
        kind = ButtonKind.PRIMARY if offer.is_recommended else ButtonKind.SECONDARY
        self.download = Button(theme, words, kind)
        self.download.setAccessibleName(f"{words} {one_line(offer.title)}")
        controls = (self.chip, self.download) if offer.is_recommended else (self.download,)
        super().__init__(theme, one_line(offer.title), "", controls)
        self.chip.setVisible(offer.is_recommended)
        self.say(offer_words(offer))
        self.download.clicked.connect(lambda: self.wanted.emit(self.model))

    def can_ask(self, is_possible: bool) -> None:
        """One download at a time."""
        self.download.setEnabled(is_possible)


def offer_words(offer: Offer) -> str:
    """What it is, what it takes, whether it fits."""
    facts = [
        _parameters(offer),
        translate("Models", "{bits} bits").format(bits=_BITS.get(offer.mix, 8)),
        one_line(offer.licence),
    ]
    if offer.tokens_per_s is not None:
        form = translate("Models", "about {rate} tokens/s")
        facts.append(form.format(rate=whole(max(1, round(offer.tokens_per_s)))))
    return f"{words_of(offer.about)} {words_of(offer.sentence)}\n{_BETWEEN.join(facts)}"


def _parameters(offer: Offer) -> str:
    total = decimal(offer.parameters / _BILLION, 1)
    if offer.active_parameters >= offer.parameters:
        return translate("Models", "{count} billion parameters").format(count=total)
    form = translate("Models", "{count} billion parameters, {active} at work for each token")
    return form.format(count=total, active=decimal(offer.active_parameters / _BILLION, 1))
