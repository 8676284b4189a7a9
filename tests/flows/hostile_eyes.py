"""What of a hostile text is seen and heard in a window, and for how long that did not answer.

For `hostile_player` and the surfaces that put the texts there.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6 import QtGui
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QLabel, QToolTip, QWidget

from app.markup.visible import visible
from tests.flows.hostile_hearing import heard
from tests.flows.hostile_watching import Probe

WORDS = re.compile(r"[A-Za-z0-9]{5,}")
_LIMIT_S = 120.0
_LINE_CHARACTERS = 40  # of a text so much is looked for where there is one line for it
NOTICE_CHARACTERS = 600  # a notice has no more, and says how many there are
_BEGINNING_CHARACTERS = 4_000
_MOST_WORDS = 400
_LONG_WORD = 10_000
_OWN_MARKUP = re.compile("</?span>|<br>")
_ENTITY = re.compile(r"&#?\w+;")  # shown as what it stands for


class Eyes:
    """Watches a window, and waits for it."""

    def __init__(self, qt: QApplication, window: QWidget) -> None:
        self._qt = qt
        self._window = window
        self._probe = Probe()
        self.begin()

    def begin(self) -> None:
        """Nothing was found yet."""
        self._worst_ms: dict[str, float] = {}
        self._hidden: dict[str, list[str]] = {}
        self._refers: dict[str, list[str]] = {}

    def found(self) -> dict[str, object]:
        return {"hidden": self._hidden, "refers": self._refers, "worst_ms": self._worst_ms}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        self.settle()
        self._probe.begin()
        yield
        self.settle()
        self._probe.tick()
        worst = max(self._worst_ms.get(name, 0.0), self._probe.worst_ms)
        self._worst_ms[name] = round(worst, 1)

    def see(
        self, where: str, shown: str, text: str, *, whole: bool = True, is_clean: bool = True
    ) -> None:
        """Every word of the text is in what is shown; on one line, of its beginning."""
        text = visible(_ENTITY.sub(" ", text if whole else text[:_BEGINNING_CHARACTERS]))
        words = WORDS.findall(text if whole else " ".join(text.split())[:_LINE_CHARACTERS])
        if not whole:
            words = words[:-1]
        missing = [word for word in dict.fromkeys(words[:_MOST_WORDS]) if word not in shown]
        # What is read as Markdown ends within a word of a megabyte: the rest begins a line.
        if any(len(word) > _LONG_WORD for word in missing):
            joined = shown.replace("\n", "")
            missing = [word for word in missing if len(word) <= _LONG_WORD or word not in joined]
        if whole and "lastword" in text and "lastword" not in shown:
            missing.append("lastword")
        if missing:
            self._hidden[where] = missing[:8]
        if is_clean:
            self.see_clean(where, shown)

    def see_clean(self, where: str, shown: str) -> None:
        """Nothing that can't be seen, or turns the order round, is in it."""
        spelled = visible(shown)
        if spelled != shown:
            pairs = enumerate(zip(spelled, shown, strict=False))
            at = next((at for at, (one, other) in pairs if one != other), len(spelled))
            self._hidden[f"{where}, unseen"] = [ascii(shown[max(0, at - 30) : at + 5])]

    def hide(self, where: str, what: str) -> None:
        """Something is not as it seems there."""
        self._hidden.setdefault(where, []).append(what)

    def refer(self, where: str, found: list[str]) -> None:
        if found:
            self._refers[where] = found[:5]

    def see_part(self, where: str, shown: str, text: str) -> None:
        """Words of its beginning are in what is shown, where there is room for no more."""
        self.see(where, shown, text, whole=False)

    def hear(self, where: str, thing: QWidget | None = None) -> str:
        """All that the window tells a screen reader; nothing of it is hidden in it either, and no
        label takes words for markup.
        """
        within = thing or self._window
        told = list(heard(within))
        for words in told:
            self.see_clean(f"told in {where}", words)
        for label in (within, *within.findChildren(QLabel)):
            if isinstance(label, QLabel) and _may_be_markup(label):
                self.hide(f"{where}, not plain", label.text()[:80])
        return "\n".join(told)

    def rest_on(self, where: str, widget: QWidget) -> None:
        """The mouse rests on it: what its tooltip says."""
        at = widget.rect().center()
        event = QHelpEvent(QEvent.Type.ToolTip, at, widget.mapToGlobal(at))
        self._qt.sendEvent(widget, event)
        self.pause(2)
        self.see_clean(f"tooltip of {where}", QToolTip.text())
        for shown in self._qt.topLevelWidgets():
            if isinstance(shown, QLabel) and shown.isVisible() and _may_be_markup(shown):
                self.hide(f"tooltip of {where}, not plain", shown.text()[:80])
        QToolTip.hideText()
        self.pause(1)

    def settle(self) -> None:
        self.pause(2)

    def pause(self, rounds: int) -> None:
        for _ in range(rounds):
            end = time.monotonic() + 0.012
            while time.monotonic() < end:
                self._turn()

    def until(self, holds: Callable[[], bool]) -> None:
        end = time.monotonic() + _LIMIT_S
        while not holds():
            if time.monotonic() > end:
                raise TimeoutError("a state did not come")
            self._turn()

    def _turn(self) -> None:
        """What a running loop does: what was closed goes, too."""
        self._qt.processEvents()
        self._qt.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        time.sleep(0.002)


def _may_be_markup(label: QLabel) -> bool:
    """A tooltip is a label that takes what looks like markup for that; of ours it has the edges of
    a text, in which all else is escaped.
    """
    if label.textFormat() is Qt.TextFormat.PlainText:
        return False
    return QtGui.Qt.mightBeRichText(label.text()) and "<" in _OWN_MARKUP.sub("", label.text())


def first_word(text: str) -> str:
    """What a search is tried with that may find something."""
    words = WORDS.findall(text)
    return words[0][:_LINE_CHARACTERS] if words else "words"
