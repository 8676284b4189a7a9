"""The banner of the privacy page: in plain words what the system enforces now, and “Prove it”."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.airlock.report import LockReport
from app.theme.icons import Icon
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.announcing import announce
from app.widgets.beside_layout import BesideLayout
from app.widgets.button import Button, ButtonKind
from app.widgets.icon_view import IconView
from app.widgets.label import Label
from app.widgets.lock_words import lock_words
from app.widgets.panel import Card, Ground


class ProofBanner(Card):
    """Green for one case alone; red where anything was not refused."""

    asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, Ground.SUNKEN)
        self.icon = IconView(theme, Icon.LOCK_UNTESTED, Ink.TEXT2, SIZE.icon_banner)
        self.headline = Label(theme, "", Type.CARD_TITLE, wrap=True)
        self.sentence = Label(theme, "", Type.SMALL, Ink.TEXT2, wrap=True)
        self.prove = Button(theme, self.tr("Prove it"), ButtonKind.PRIMARY)
        self.prove.clicked.connect(self.asked)
        text = QVBoxLayout()
        text.setSpacing(SPACE.tick)
        text.addWidget(self.headline)
        text.addWidget(self.sentence)
        lead = QHBoxLayout()
        lead.setSpacing(SPACE.xl)
        lead.addWidget(self.icon)
        lead.addLayout(text, 1)
        row = BesideLayout(lead, (self.prove,), lambda: SIZE.dialog_small)
        row.setContentsMargins(SPACE.xxl, SPACE.lg, SPACE.lg, SPACE.lg)
        self.setLayout(row)

    def show_report(self, report: LockReport) -> None:
        """What was found."""
        words = lock_words(report)
        self.set_ground(words.ground)
        self.icon.set_icon(words.icon)
        self.icon.set_ink(words.ink)
        self.headline.setText(words.headline)
        self.headline.set_ink(Ink.BAD if words.ink is Ink.BAD else Ink.TEXT)
        self.sentence.setText(words.sentence)
        self.setAccessibleName(f"{words.headline}. {self.sentence.text()}")
        is_first = report.tested_at_s is None
        self.prove.setText(self.tr("Prove it") if is_first else self.tr("Prove it again"))
        self.prove.updateGeometry()
        self.prove.setEnabled(True)
        if not is_first:
            announce(self, self.accessibleName())

    def show_proving(self) -> None:
        """It is being tried. What was known stays until there is an answer."""
        self.prove.setEnabled(False)
        self.sentence.setText(self.tr("Trying every way out now…"))
