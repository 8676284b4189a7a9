"""What stays open: said, never hidden. Sentences, the roads by name, and the Unix sockets."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.airlock.proof_endpoints import Endpoint
from app.error_words import words_of
from app.numbers import whole
from app.pages.privacy.facts import PrivacyFacts
from app.theme.metrics import SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.label import Label
from app.widgets.panel import Card, Ground

_MOST_ENDPOINTS = 12  # the report has all of them


class OpenSection(QWidget):
    """A heading and a card of sentences."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: list[Label] = []
        self._card = Card(theme, Ground.RAISED, outlined=True)
        self._card.setAccessibleName(self.tr("What stays open"))
        self._lines = QVBoxLayout(self._card)
        self._lines.setContentsMargins(SPACE.lg, SPACE.md, SPACE.lg, SPACE.md)
        self._lines.setSpacing(SPACE.xs)
        for sentence in (
            self.tr(
                "Local sockets stay open: the display, the session bus with the keyring, input "
                "methods and accessibility. The services behind them are the system’s own."
            ),
            self.tr(
                "A download that you confirm sends the bytes that were shown to you before, to "
                "the host that was shown."
            ),
        ):
            self._lines.addWidget(Label(theme, sentence, Type.SMALL, Ink.TEXT2, wrap=True))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.sm)
        column.addWidget(Label(theme, self.tr("What stays open"), Type.SMALL_STRONG))
        column.addWidget(self._card)

    def lines(self) -> tuple[str, ...]:
        """What is open on this system now."""
        return tuple(label.text() for label in self._shown)

    def show_facts(self, facts: PrivacyFacts) -> None:
        """What was gathered, in the place of what was."""
        for label in self._shown:
            label.hide()
            label.deleteLater()
        self._shown = []
        for road in facts.roads:
            self._add(words_of(road), Type.CAPTION)
        reached = [each for each in facts.endpoints if each.is_reachable]
        if reached:
            form = self.tr("Unix sockets that this window may connect to: {count}")
            self._add(form.format(count=whole(len(reached))), Type.CAPTION)
        for name in self._names(reached):
            self._add(name, Type.CODE_CAPTION)

    def _names(self, reached: list[Endpoint]) -> Iterator[str]:
        yield from (each.name for each in reached[:_MOST_ENDPOINTS])
        left = len(reached) - _MOST_ENDPOINTS
        if left > 0:
            yield self.tr("{count} more, in the report").format(count=whole(left))

    def _add(self, words: str, style: Type) -> None:
        label = Label(self._theme, words, style, Ink.TEXT3, wrap=True)
        self._shown.append(label)
        self._lines.addWidget(label)
