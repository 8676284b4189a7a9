"""Three cards beside one another: how the chats are kept, what the courier may do, what is not
covered.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.chats.kept import Kept
from app.error_words import words_of
from app.numbers import whole
from app.pages.privacy.facts import PrivacyFacts
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.even_columns import EvenColumns
from app.widgets.label import Label
from app.widgets.panel import Card, Ground


class FactCard(Card):
    """What it is about, the fact, and more of it."""

    def __init__(self, theme: Theme, about: str, ink: Ink = Ink.TEXT) -> None:
        super().__init__(theme, Ground.RAISED, outlined=True)
        self.about = Label(theme, about, Type.CAPTION, Ink.TEXT2, wrap=True)
        self.fact = Label(theme, "", Type.INTERFACE_STRONG, ink, wrap=True)
        self.words = Label(theme, "", Type.SMALL, Ink.TEXT2, wrap=True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.lg, SPACE.md, SPACE.lg, SPACE.md)
        column.setSpacing(SPACE.tick)
        for label in (self.about, self.fact, self.words):
            column.addWidget(label)
        column.addStretch(1)

    def say(self, fact: str, words: str) -> None:
        """What holds now."""
        self.fact.setText(fact)
        self.words.setText(words)
        self.setAccessibleName(f"{self.about.text()}: {self.fact.text()}. {self.words.text()}")


class FactCards(QWidget):
    """The three of them."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.chats = FactCard(theme, self.tr("Your chats"))
        self.courier = FactCard(theme, self.tr("Downloads"))
        self.not_covered = FactCard(theme, self.tr("Not covered"), Ink.WARN)
        self.setLayout(
            EvenColumns((self.chats, self.courier, self.not_covered), lambda: SIZE.slider)
        )
        self.not_covered.say(
            self.tr("Other programs"),
            self.tr(
                "Other programs on this computer, and whoever administers it, can read its "
                "memory and its screen."
            ),
        )

    def show_facts(self, facts: PrivacyFacts) -> None:
        """What was gathered."""
        self.chats.say(*_chats(facts.kept, facts.lock_minutes))
        self.courier.say(
            self.tr("None: air-gapped")
            if facts.air_gapped_by is not None
            else self.tr("Only by the courier"),
            _sentences(facts.courier),
        )


def _sentences(parts: Sequence[str]) -> str:
    return " ".join(words_of(part) for part in parts)


def _chats(kept: Kept, lock_minutes: int) -> tuple[str, str]:
    """The fact, and how: in the window's words."""
    translate = QCoreApplication.translate
    if not kept.exists:
        form = translate("Privacy", "They will lie encrypted in {folder}.")
        return translate("Privacy", "Nothing is kept yet"), form.format(folder=kept.folder)
    parts = [*_ways(kept)]
    if lock_minutes:
        form = translate("Privacy", "Locked after {minutes} minutes.")
        parts.append(form.format(minutes=whole(lock_minutes)))
    parts.append(translate("Privacy", "In {folder}").format(folder=kept.folder))
    return translate("Privacy", "Encrypted on this disk"), " ".join(parts)


def _ways(kept: Kept) -> list[str]:
    translate, found = QCoreApplication.translate, []
    if kept.keyring is not None:
        name = words_of(kept.keyring.full_name)
        form = translate("Privacy", "{keyring} keeps the key.")
        found.append(form.format(keyring=name[:1].upper() + name[1:]))
    if kept.has_passphrase:
        found.append(translate("Privacy", "A passphrase opens them."))
    if kept.has_recovery:
        found.append(translate("Privacy", "A recovery passphrase opens them too."))
    if not found:
        found.append(translate("Privacy", "How their key is kept can’t be read."))
    return found
