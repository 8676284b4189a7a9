"""What can be done with a turn besides the buttons under its answer."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from app.pages.chat.transcript_desk import TranscriptDesk
from app.pages.chat.turns import LIVE_STATES, Turn, TurnState


def foot_menu(desk: TranscriptDesk, turn: Turn, parent: QWidget, *, is_last: bool) -> QMenu:
    """The menu of a turn; it goes when it is closed."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    add_turn_actions(menu, desk, turn, is_last=is_last)
    return menu


def add_turn_actions(menu: QMenu, desk: TranscriptDesk, turn: Turn, *, is_last: bool) -> None:
    """Add what can be done with a turn as it is now; only the last answer goes on."""
    turn_id = turn.turn_id
    translate = QCoreApplication.translate
    is_over = turn.state not in (*LIVE_STATES, TurnState.WAITING)
    if turn.answer:
        _add(menu, translate("TurnMenu", "Copy as Markdown"), lambda: _copy(turn.answer))
        words = translate("TurnMenu", "Copy as plain text")
        _add(menu, words, lambda: desk.plain_copy_requested.emit(turn_id))
    if turn.reasoning:
        _add(menu, translate("TurnMenu", "Copy thoughts"), lambda: _copy(turn.reasoning))
    menu.addSeparator()
    if is_last and turn.can_go_on:
        words = translate("TurnMenu", "Continue the answer")
        _add(menu, words, lambda: desk.continue_requested.emit(turn_id))
    if is_over and turn.is_asked:
        words = translate("TurnMenu", "Answer again with other settings…")
        _add(menu, words, lambda: desk.regenerate_otherwise_requested.emit(turn_id))
        words = translate("TurnMenu", "Edit question")
        _add(menu, words, lambda: desk.edit_begun.emit(turn_id))
    if turn.state not in LIVE_STATES:
        words = translate("TurnMenu", "Delete from here on")
        _add(menu, words, lambda: desk.delete_requested.emit(turn_id))
    if is_over and turn.answer:
        menu.addSeparator()
        words = translate("TurnMenu", "How this answer was made…")
        _add(menu, words, lambda: desk.details_requested.emit(turn_id))


def _add(menu: QMenu, words: str, act: Callable[[], None]) -> None:
    menu.addAction(words).triggered.connect(lambda _checked=False: act())


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)
