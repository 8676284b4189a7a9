"""Asks whether a bundle is imported that is older than one known here, or of another signer.

For: `BundleImport`. It says what is installed and what would take its place: when each was made,
and by whom; nothing happens unless that is chosen.
"""

from __future__ import annotations

from PySide6.QtCore import QDateTime, QLocale
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.dates import day_words
from app.error_words import words_of
from app.models_work import Contested, Stick
from app.theme.metrics import SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.fingerprint import fingerprint_label
from app.widgets.label import Label
from app.widgets.one_line import one_line
from app.widgets.small_dialog import SmallDialog


class ContestedDialog(SmallDialog):
    """`accepted`: it is imported all the same."""

    def __init__(self, theme: Theme, stick: Stick, contested: Contested, parent: QWidget) -> None:
        conflict, name = contested.conflict, one_line(stick.name)
        titles = {
            (True, False): self.tr("This bundle of {model} is an older one"),
            (False, True): self.tr("This bundle of {model} is signed by another key"),
            (True, True): self.tr("This bundle of {model} is older, and signed by another key"),
        }
        title = titles[conflict.is_older, conflict.is_other_signer].format(model=name)
        super().__init__(
            theme, title, self._reasons(contested), self.tr("Import all the same"), parent
        )
        known = self.tr("Installed now") if conflict.is_there else self.tr("Installed before")
        self.known = self._party(
            known, conflict.known_made_at_s, contested.known_signer, conflict.known_fingerprint
        )
        self.new = self._party(
            self.tr("This bundle"), stick.made_at_s, contested.signer, stick.fingerprint
        )
        self.cancel.setDefault(True)
        self.cancel.setFocus()
        self.act.clicked.connect(self.accept)

    def _reasons(self, contested: Contested) -> str:
        conflict, found = contested.conflict, []
        if conflict.is_older:
            form = self.tr(
                "A later one, made {moment}, is or was installed here. An older one brings back "
                "what its maker has mended since."
            )
            found.append(form.format(moment=self._moment(conflict.newest_made_at_s)))
        if conflict.is_other_signer:
            found.append(
                self.tr(
                    "If its maker did not tell you of a new key, somebody else may have made this "
                    "bundle: ask them before it takes the place of what is installed."
                )
            )
        return " ".join(found)

    def _party(
        self, title: str, made_at_s: int, signer: str | None, key: str
    ) -> tuple[Label, Label]:
        form = self.tr("Made {moment}, signed by {signer}")
        who = one_line(words_of(signer)) if signer else self.tr("a key that is not trusted here")
        words = form.format(moment=self._moment(made_at_s), signer=who)
        column = QVBoxLayout()
        column.setSpacing(SPACE.xs)
        column.addWidget(Label(self.theme, title, Type.SMALL_STRONG))
        said = Label(self.theme, words, Type.SMALL, Ink.TEXT2, wrap=True)
        fingerprint = fingerprint_label(self.theme, key)
        column.addWidget(said)
        column.addWidget(fingerprint)
        self.body.addLayout(column)
        return said, fingerprint

    def _moment(self, seconds: int) -> str:
        then = QDateTime.fromSecsSinceEpoch(seconds)
        time = QLocale().toString(then.time(), QLocale.FormatType.ShortFormat)
        return f"{day_words(then.date())}, {time}"
