"""Something that is being done with a model: what, how far it is, and the way to stop it."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.bridge.jobs import Job, Step
from app.error_words import words_of
from app.numbers import whole
from app.pages.models.words import size_words
from app.theme.metrics import SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.beside_layout import BesideLayout
from app.widgets.button import Button
from app.widgets.label import Label
from app.widgets.panel import Card, Ground
from app.widgets.step_bar import StepBar


class JobRow(Card):
    """Follows one job until it ends."""

    def __init__(self, theme: Theme, job: Job) -> None:
        super().__init__(theme, Ground.RAISED, outlined=True)
        self.job = job
        self.setAccessibleName(job.title)
        self.name = Label(theme, job.title, Type.INTERFACE_MEDIUM)
        self.words = Label(theme, self.tr("Waiting"), Type.CAPTION, Ink.TEXT2, wrap=True)
        self.stop = Button(theme, self.tr("Stop"))
        self.stop.setAccessibleName(self.tr("Stop: {job}").format(job=job.title))
        self.bar = StepBar(theme)
        self.bar.setAccessibleName(job.title)
        self._lay_out()
        self.stop.clicked.connect(self._on_stop)
        job.stepped.connect(self._on_stepped)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(self.words)
        row = BesideLayout(words, (self.stop,), self.name.sizeHint().width)
        row.setContentsMargins(0, 0, 0, 0)
        beside = QWidget()
        beside.setLayout(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.xl, SPACE.row, SPACE.xl, SPACE.lg)
        column.setSpacing(SPACE.row)
        column.addWidget(beside)
        column.addWidget(self.bar)

    def _on_stepped(self, step: Step) -> None:
        self.bar.show_step(0, step.share)
        if self.job.is_stopping:
            return
        form = self.tr("{step}: {done} of {total}, {percent} %")
        self.words.setText(
            form.format(
                step=words_of(step.words),
                done=size_words(step.done_bytes),
                total=size_words(step.total_bytes),
                percent=whole(int(100 * step.share)),
            )
        )

    def _on_stop(self) -> None:
        self.job.stop()
        self.words.setText(self.tr("Stopping. What is done is kept."))
