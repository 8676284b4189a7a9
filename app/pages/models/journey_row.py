"""A download on its way: one bar in four parts (check, download, verify, prepare), what it is at
now, and the ways to pause it, to go on and to end it.

For: `WindowDownloads`, which tells it how things stand. It follows no courier itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.numbers import decimal, whole
from app.pages.models.words import size_words
from app.theme.icons import Icon
from app.theme.metrics import SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.beside_layout import BesideLayout
from app.widgets.button import Button, IconButton
from app.widgets.choice_button import ChoiceButton
from app.widgets.label import Label
from app.widgets.one_line import one_line
from app.widgets.panel import Card, Ground
from app.widgets.step_bar import StepBar
from app.widgets.wrap_layout import WrapLayout

_WEIGHTS = (0.4, 6.0, 0.8, 2.0)  # about what each takes on a usual line and disk
_MINUTE_S = 60
_MB = 1e6
_LIMITS_MB = (0, 1, 2, 5, 10, 20)


class Leg(StrEnum):
    """The parts of the journey, in order."""

    CHECK = "check"
    DOWNLOAD = "download"
    VERIFY = "verify"
    PREPARE = "prepare"


class Going(StrEnum):
    """How it stands."""

    ASKING = "asking"  # in the courier's own window
    MOVING = "moving"
    PAUSED = "paused"
    STOPPED = "stopped"  # begun before; it goes on where it was
    FAILED = "failed"


@dataclass(frozen=True)
class Journey:
    """A moment of it. `why`: a sentence, in the window's words, where there is one."""

    leg: Leg
    going: Going
    done_bytes: int = 0
    total_bytes: int = 0
    bytes_per_s: int = 0
    why: str = ""

    @property
    def share(self) -> float:
        """How much of the leg is done."""
        return min(1.0, self.done_bytes / self.total_bytes) if self.total_bytes else 0.0


class JourneyRow(Card):
    """`acted` asks to pause or to go on, as the button says; `ended` to end it; `limited` to fetch
    no faster than so many megabytes a second, 0 for no limit.
    """

    acted = Signal()
    limited = Signal(int)
    ended = Signal()

    def __init__(self, theme: Theme, title: str) -> None:
        super().__init__(theme, Ground.RAISED, outlined=True)
        self.title = one_line(title)
        self.setAccessibleName(self.title)
        self.name = Label(theme, self.title, Type.INTERFACE_MEDIUM)
        self.words = Label(theme, "", Type.CAPTION, Ink.TEXT2, wrap=True)
        self.step = Label(theme, "", Type.CAPTION, Ink.TEXT3)
        self.act = Button(theme, self.tr("Pause"))
        self.end = IconButton(theme, Icon.CLOSE, self.tr("End the download of {model}"))
        self.end.rename(self.tr("End the download of {model}").format(model=self.title))
        self.limit = ChoiceButton(
            theme, self.tr("Speed limit"), {each: self._limit_words(each) for each in _LIMITS_MB}, 0
        )
        self.limit.hide()
        self.controls = (self.act, self.end, self.limit)
        self.bar = StepBar(theme, _WEIGHTS)
        self.bar.setAccessibleName(self.title)
        self._lay_out()
        self.act.clicked.connect(self.acted)
        self.end.clicked.connect(self.ended)
        self.limit.chosen.connect(self.limited)

    def show_journey(self, now: Journey) -> None:
        """As it is now."""
        inks = {Going.FAILED: Ink.BAD, Going.PAUSED: Ink.TEXT3, Going.STOPPED: Ink.TEXT3}
        part = list(Leg).index(now.leg)
        self.bar.show_step(part, now.share, inks.get(now.going, Ink.ACCENT))
        self.words.set_ink(Ink.BAD if now.going is Going.FAILED else Ink.TEXT2)
        self.words.setText(self._sentence(now))
        form = self.tr("Step {number} of 4: {step}")
        self.step.setText(form.format(number=part + 1, step=self._legs()[now.leg]))
        self._show_act(now)
        self.limit.setVisible(now.leg is Leg.DOWNLOAD and now.going in (Going.MOVING, Going.PAUSED))
        self.updateGeometry()

    def _show_act(self, now: Journey) -> None:
        words = {
            Going.MOVING: self.tr("Pause"),
            Going.PAUSED: self.tr("Resume"),
            Going.STOPPED: self.tr("Resume"),
            Going.FAILED: self.tr("Try again"),
        }.get(now.going, "")
        self.act.setText(words)
        self.act.setAccessibleName(f"{words}: {self.title}" if words else "")
        self.act.setVisible(bool(words) and now.leg is not Leg.PREPARE)
        self.act.updateGeometry()

    def _sentence(self, now: Journey) -> str:
        if now.going is Going.ASKING:
            return self.tr(
                "A window of its own asks what may be fetched, and from where. Answer it there."
            )
        if now.why:
            return now.why
        done = self.tr("{done} of {total}").format(
            done=size_words(now.done_bytes), total=size_words(now.total_bytes)
        )
        if now.going is Going.PAUSED:
            return self.tr("Paused at {done}.").format(done=done)
        if now.going is Going.STOPPED:
            return self.tr("Begun before: {done} are here. It goes on from there.").format(
                done=done
            )
        if not now.total_bytes:
            return self.tr("Under way")
        return ", ".join([done, *self._pace(now)])

    def _pace(self, now: Journey) -> list[str]:
        if not now.bytes_per_s:
            return []
        left_s = (now.total_bytes - now.done_bytes) / now.bytes_per_s
        speed = self.tr("{speed} MB/s").format(speed=decimal(now.bytes_per_s / _MB, 1))
        if left_s < _MINUTE_S:
            return [speed, self.tr("less than a minute left")]
        minutes = whole(round(left_s / _MINUTE_S))
        return [speed, self.tr("{minutes} min left").format(minutes=minutes)]

    def _limit_words(self, megabytes: int) -> str:
        if not megabytes:
            return self.tr("No limit")
        return self.tr("{speed} MB/s").format(speed=whole(megabytes))

    def _legs(self) -> dict[Leg, str]:
        return {
            Leg.CHECK: self.tr("Check"),
            Leg.DOWNLOAD: self.tr("Download"),
            Leg.VERIFY: self.tr("Verify"),
            Leg.PREPARE: self.tr("Prepare"),
        }

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(self.words)
        row = BesideLayout(words, (self.act, self.end), self.name.sizeHint().width, SPACE.sm)
        row.setContentsMargins(0, 0, 0, 0)
        beside = QWidget()
        beside.setLayout(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.xl, SPACE.row, SPACE.xl, SPACE.md)
        column.setSpacing(SPACE.sm)
        column.addWidget(beside)
        column.addWidget(self.bar)
        column.addLayout(WrapLayout((self.step,), (self.limit,)))
