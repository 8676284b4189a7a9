"""What an empty chat says: what this program promises, and what the starter model is worth."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.airlock.report import LockReport
from app.bridge.engine_port import ModelCard
from app.numbers import decimal, whole
from app.theme.icons import Icon
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.widgets.button import Button, ButtonKind
from app.widgets.fact import Fact, LockFact
from app.widgets.promise import Promise
from app.widgets.scroll_column import ScrollColumn

_MILLION = 1_000_000
_BILLION = 1_000_000_000


def count_words(parameters: int) -> str:
    """A number of parameters as it is spoken of: 135M, 1.7B."""
    if parameters >= _BILLION:
        return f"{decimal(parameters / _BILLION, 1)}B"
    return f"{round(parameters / _MILLION)}M"


class EmptyState(ScrollColumn):
    """Shown until the first message; scrolls where the window is small."""

    other_place_requested = Signal()

    def __init__(self, theme: Theme, report: LockReport, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.lock = LockFact(theme, report)
        self.model = Fact(theme, Icon.MODEL)
        self.memory = Fact(theme, Icon.CLOCK)
        self.other_place = Button(theme, "", ButtonKind.QUIET)
        self.other_place.clicked.connect(self.other_place_requested)
        self._lay_out(theme)
        self.show_loading()
        self.show_place(is_temporary=False, can_keep=True)

    def show_lock(self, report: LockReport) -> None:
        """What the system enforces, as it was tested last."""
        self.lock.show_lock(report)

    def show_loading(self) -> None:
        """No model yet."""
        self._show_model(
            self.tr("The model is being loaded"),
            self.tr("You can write already. The answer comes when it is ready."),
        )

    def show_failed(self) -> None:
        """No model at all."""
        self._show_model(
            self.tr("No model is loaded"),
            self.tr("Messages stay in the field below until there is one."),
        )

    def show_model(self, model: ModelCard) -> None:
        """Say what the model is; of the starter, what it is not."""
        size = count_words(model.parameters)
        megabytes = whole(round(model.file_bytes / _MILLION))
        if model.is_starter:
            sentence = self.tr(
                "A small model ({name}, {megabytes} MB) that shows that everything "
                "works. Its answers are often wrong."
            )
            title = self.tr("This is the starter model")
        else:
            sentence = self.tr("{size} parameters, {megabytes} MB, on this computer’s processor.")
            title = model.name
        self._show_model(title, sentence.format(name=model.name, size=size, megabytes=megabytes))

    def show_place(self, *, is_temporary: bool, can_keep: bool) -> None:
        """Say whether this chat is stored, and offer the other way where there is one."""
        if is_temporary:
            self.memory.title.setText(self.tr("Nothing of this chat is stored."))
            self.memory.sentence.setText(
                self.tr("It is in memory only, and gone when you start another or close.")
            )
            self.other_place.setText(self.tr("New chat that is kept"))
        else:
            self.memory.title.setText(self.tr("Chats are kept, encrypted"))
            self.memory.sentence.setText(
                self.tr("Only your key opens them. They stay until you delete them.")
            )
            self.other_place.setText(self.tr("New temporary chat"))
            self.other_place.setToolTip(self.tr("Nothing of it is stored (Ctrl+Shift+N)"))
        self.other_place.setVisible(can_keep)
        self.other_place.updateGeometry()

    def _show_model(self, title: str, sentence: str) -> None:
        self.model.title.setText(title)
        self.model.sentence.setText(sentence)

    def _lay_out(self, theme: Theme) -> None:
        column = QVBoxLayout()
        column.setSpacing(SPACE.lg)
        column.addStretch(1)
        column.addWidget(Promise(theme))
        column.addSpacing(SPACE.sm)
        for fact in (self.lock, self.model, self.memory):
            column.addWidget(fact)
        beside = QHBoxLayout()
        # Its words stand under those of the facts.
        beside.setContentsMargins(SIZE.icon_lg + SPACE.block - SPACE.md, 0, 0, 0)
        beside.addWidget(self.other_place)
        beside.addStretch(1)
        column.addLayout(beside)
        column.addStretch(2)
        content = QWidget()
        holder = QWidget()
        holder.setLayout(column)
        holder.setMaximumWidth(SIZE.empty)
        theme.text_changed.connect(lambda: holder.setMaximumWidth(SIZE.empty))
        outer = QHBoxLayout(content)
        outer.setContentsMargins(SPACE.xxl, SPACE.lg, SPACE.xxl, SPACE.lg)
        outer.addStretch(1)
        outer.addWidget(holder, 1000)
        outer.addStretch(1)
        self.setWidget(content)
