"""A fact about the program: an icon, a short title and a sentence.

For: an empty chat, and the first page that a new user sees.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.airlock.report import LockReport, LockState
from app.theme.icons import Icon
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.icon_view import IconView
from app.widgets.label import Label
from app.widgets.lock_words import lock_words


class Fact(QWidget):
    """Words that wrap, beside their icon."""

    def __init__(
        self, theme: Theme, icon: Icon, ink: Ink = Ink.TEXT2, title: str = "", sentence: str = ""
    ) -> None:
        super().__init__()
        self.icon = IconView(theme, icon, ink, SIZE.icon_lg)
        self.title = Label(theme, title, Type.INTERFACE_STRONG, wrap=True)
        self.sentence = Label(theme, sentence, Type.SMALL, Ink.TEXT2, wrap=True)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.sentence)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.block)
        row.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)

    def say(self, title: str, sentence: str) -> None:
        """What holds now."""
        self.title.setText(title)
        self.sentence.setText(sentence)


class LockFact(Fact):
    """What the system enforces, as it was tested last."""

    def __init__(self, theme: Theme, report: LockReport) -> None:
        super().__init__(theme, Icon.LOCK_UNTESTED)
        self.show_lock(report)

    def show_lock(self, report: LockReport) -> None:
        """The lock was tested anew."""
        words = lock_words(report)
        is_enforced = report.state is LockState.ENFORCED and words.ink is Ink.OK
        self.icon.set_icon(words.icon)
        self.icon.set_ink(words.ink)
        title = self.tr("The network is blocked") if is_enforced else words.headline
        self.say(title, words.sentence)
