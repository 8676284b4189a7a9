"""What the player of hostile texts hears of a window: what is hidden in it can't be missed."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.flows.hostile_hearing import heard

# What the offscreen platform says of itself when a window of its own is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
HIDDEN = "a\N{RIGHT-TO-LEFT OVERRIDE}b"


def test_names_descriptions_and_texts_are_heard_and_what_is_written_is_not(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    label, read, written, gone = QLabel(HIDDEN), QTextEdit(), QLineEdit("written"), QLabel("gone")
    for part in (label, read, written, gone):
        column.addWidget(part)
    label.setAccessibleDescription("described")
    read.setReadOnly(True)
    read.setPlainText(f"read {HIDDEN}")
    window.show()
    gone.hide()
    told = list(heard(window))
    assert HIDDEN in told
    assert "described" in told
    assert f"read {HIDDEN}" in told
    assert not {"written", "gone"} & set(told)
