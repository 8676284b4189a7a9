"""Which turns are under the mouse or have the focus: these show what can be done with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from app.pages.chat.foot import AnswerFoot
from app.pages.chat.question_view import QuestionView
from app.pages.chat.transcript_desk import TranscriptDesk

if TYPE_CHECKING:
    from app.pages.chat.transcript import Transcript


class Revealing(QObject):
    """Follows mouse and focus; writes what it finds on the desk and tells the views."""

    def __init__(self, transcript: Transcript, desk: TranscriptDesk) -> None:
        super().__init__(transcript)
        self._transcript = transcript
        self._desk = desk
        self._hovered: int | None = None
        self._focused: int | None = None
        transcript.row_hovered.connect(self._on_hovered)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)

    def _on_hovered(self, key: object) -> None:
        self._hovered = key[0] if isinstance(key, tuple) else None
        self._tell()

    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        row = self._transcript.row_of(new)
        key = row.key if row is not None else None
        self._focused = key[0] if isinstance(key, tuple) else None
        self._tell()

    def _tell(self) -> None:
        found = {turn_id for turn_id in (self._hovered, self._focused) if turn_id is not None}
        before, self._desk.revealed = self._desk.revealed, frozenset(found)
        for turn_id in before ^ self._desk.revealed:
            for view in self._transcript.views_of(turn_id):
                if isinstance(view, AnswerFoot | QuestionView):
                    view.reveal()
