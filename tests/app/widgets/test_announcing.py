"""What is said to whoever hears the screen."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from app.widgets import announcing
from tests.app.widgets.access import Ears


@pytest.mark.parametrize(
    ("is_active", "sentence", "heard"),
    [(True, "Found: 3", ["Found: 3"]), (True, "", []), (False, "Found: 3", [])],
)
def test_a_sentence_is_said_where_somebody_listens(qtbot, monkeypatch, is_active, sentence, heard):
    ears = Ears(is_active=is_active)
    monkeypatch.setattr(announcing, "QAccessible", ears)
    label = QLabel()
    qtbot.addWidget(label)
    announcing.announce(label, sentence)
    assert ears.heard == heard
