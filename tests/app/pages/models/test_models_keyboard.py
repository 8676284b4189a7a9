"""Where Tab leads on the models page: as it stands, whatever came or went meanwhile."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.airlock.courier.messages import Refused
from inference.sentence import said

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def tabbed(models) -> list[str]:
    """What Tab reaches on the page, from its first button on."""
    window, page = models.application.window, models.page
    page.back.setFocus()
    seen = []
    while page.isAncestorOf(window.focusWidget()) and window.focusWidget() not in seen:
        seen.append(window.focusWidget())
        QTest.keyClick(seen[-1], Qt.Key.Key_Tab)
    return [each.accessibleName() or each.text() for each in seen]


def test_tab_goes_down_the_page_also_to_what_came_later(section, launcher, models, qtbot):
    installed = [name for row in ("tiny", "SmolLM2-135M-Instruct")
                 for name in (f"Load {row}", f"More about {row}")]  # fmt: skip
    head = ["Back to the chat", "I have the files…", "Import a bundle…"]
    foot = ["All models", "Another repository…", *installed]
    first = section.rows[0]
    offered = [first.bits.accessibleName(), first.download.accessibleName()]
    assert tabbed(models) == [*head, *offered, *foot]
    for row in section.rows[:3]:
        models.press(row.download)
    one, two, three = (row.title for row in section.rows[:3])
    waiting = [f"Do not download {two}", f"To the front: {three}", f"Do not download {three}"]
    assert tabbed(models) == [*head, f"Pause: {one}", f"End the download of {one}", *waiting, *foot]
    launcher.tell(Refused(said("No.")))
    qtbot.waitUntil(lambda: len(section.journeys) == 2)
    models.press(section.waiting[0].end)
    assert tabbed(models) == [
        *head, f"Pause: {two}", f"End the download of {two}",
        f"Try again: {one}", f"End the download of {one}", *offered, *foot,
    ]  # fmt: skip


def test_what_is_under_way_is_reached_before_the_models_below_it(models, qtbot):
    gate = threading.Event()
    desk = models.application.models.desk
    desk.run("Counting", None, lambda _hand: gate.wait(30), lambda _done: None)
    names = tabbed(models)
    assert names.index("Stop: Counting") == names.index("Load tiny") - 1
    gate.set()
    qtbot.waitUntil(lambda: not models.page.jobs)
