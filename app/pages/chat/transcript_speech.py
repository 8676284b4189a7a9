"""Says a growing answer to a screen reader, a sentence at a time, politely; code by its name."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.markup.blocks import Block
from app.markup.sentences import Sentences
from app.pages.chat.turns import LIVE_STATES, Turn
from app.widgets.announcing import announce
from app.widgets.one_line import one_line


class Speech(QObject):
    """Says what is new of the answer that grows, once it makes a sentence."""

    def __init__(self, widget: QWidget, label: Callable[[str], str]) -> None:
        """`label` makes a language's name of what is written, where it is known without delay."""
        super().__init__(widget)
        self._widget = widget
        self._label = label
        self._turn_id: int | None = None
        self._sentences: Sentences | None = None

    def say(self, sentence: str) -> None:
        """Say something else."""
        announce(self._widget, sentence)

    def stop(self) -> None:
        """Nothing more of that answer."""
        self._turn_id = self._sentences = None

    def follow(self, turn: Turn, blocks: Sequence[Block], *, was_live: bool) -> None:
        """Say the sentences that came; when the answer has ended, its rest."""
        is_live = turn.state in LIVE_STATES
        if not is_live and not was_live:
            return
        if turn.turn_id != self._turn_id or self._sentences is None or not blocks:
            self._turn_id = turn.turn_id
            self._sentences = Sentences(self._code_words, self._table_words)
        for sentence in self._sentences.new(blocks, is_finished=not is_live):
            announce(self._widget, sentence)
        if not is_live:
            self.stop()

    def _code_words(self, language: str) -> str:
        if not language:
            return self.tr("Code block")
        name = one_line(self._label(language))
        return self.tr("Code block, {language}").format(language=name)

    def _table_words(self, rows: int, columns: int) -> str:
        words = self.tr("Table, {columns} columns, {rows} rows")
        return words.format(columns=columns, rows=rows)
