"""The models page in a real window, by mouse and keyboard: use, verify, move, remove, locate."""

from __future__ import annotations

import json
import os
import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu

from app import models_work, paths
from app.library.checks import Checks
from app.library.places import Place, Places
from app.library.shelved import Against
from app.pages.models.details_dialog import ModelDialog
from app.pages.models.row import InUse
from app.settings import MODEL
from app.widgets.confirm_dialog import ConfirmDialog
from app.widgets.label import Label
from tests.app.pages.models.choosing import pick

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_every_model_is_listed_with_what_it_is(models):
    tiny, starter = models.row("tiny"), models.row("starter")
    assert "Q8_0" in tiny.words.text()
    assert "of memory" in tiny.words.text()
    assert "SmolLM2" in starter.name.text()
    assert "came with Pitcher" in starter.words.text()
    assert starter.chip.text() == "Starter model"
    assert models.page.in_use.text().endswith("in use")
    assert models.application.window.sidebar.models._is_selected


def test_it_opens_from_the_sidebar_the_menu_and_the_palette_and_esc_leaves(models):
    application = models.application
    QTest.keyClick(application.window, Qt.Key.Key_Escape)
    assert application.window.page_now() is application.page
    models.press(application.window.sidebar.models)
    assert application.models.is_open
    models.press(models.page.back)
    assert not application.models.is_open
    application.window.menu_requested.emit()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    next(each for each in menu.actions() if each.text().startswith("Models")).trigger()
    menu.close()
    assert application.models.is_open
    QTest.keyClick(application.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    assert application.settings.is_open
    next(c for c in application.commands.all() if c.name == "Models").run()
    assert application.models.is_open
    models.page.escape()
    assert application.window.page_now() is application.page


def test_the_model_changes_and_the_chat_goes_on_with_it(models, openers, qtbot, tmp_path):
    application = models.application
    application.models.leave()
    application.chat.send("hello")
    qtbot.waitUntil(lambda: not application.chat.is_busy())
    before = application.worker._model
    models.open()
    models.press(models.row("tiny").act)
    qtbot.waitUntil(lambda: models.row("tiny").in_use is InUse.LOADED)
    assert before.engine.is_unloaded
    assert openers.made == ["tiny"]
    assert models.row("tiny").chip.text() == "Loaded"
    assert models.row("tiny").act.text() == "Unload"
    application.models.leave()
    application.chat.send("and now?")
    qtbot.waitUntil(lambda: len(application.chat.turns) == 2 and not application.chat.is_busy())
    assert application.chat.turns[-1].answer == "I am tiny."
    # The whole conversation is asked of the new one.
    assert len(openers.engines[0].requests[0].messages) == 3
    assert application.page.header.model.text() == "tiny"
    stored = tmp_path / "settings.json"
    qtbot.waitUntil(lambda: json.loads(stored.read_text()).get("model") == "tiny")


def test_one_that_can_not_be_loaded_is_not_kept_as_the_choice(models, openers, qtbot):
    openers.fails.add("tiny")
    models.press(models.row("tiny").act)
    models.until_told("It is broken.")
    assert models.row("tiny").in_use is InUse.NOT
    assert models.application._settings.effective(MODEL).value == ""
    assert models.application.page.header.model.text() == "No model"
    openers.fails.clear()
    models.press(models.row("tiny").act)
    qtbot.waitUntil(lambda: models.row("tiny").in_use is InUse.LOADED)


def test_it_is_unloaded_and_comes_back(models, qtbot, openers):
    models.press(models.row("tiny").act)
    qtbot.waitUntil(lambda: models.row("tiny").in_use is InUse.LOADED)
    models.press(models.row("tiny").act)
    qtbot.waitUntil(lambda: models.row("tiny").in_use is InUse.RESTING)
    assert openers.engines[0].is_unloaded
    models.press(models.row("tiny").act)
    qtbot.waitUntil(lambda: models.row("tiny").in_use is InUse.LOADED)
    assert openers.openers[0].loads == 2


def test_while_an_answer_comes_the_change_waits_and_says_so(models, qtbot, openers, fake_engine):
    application = models.application
    fake_engine.gate = threading.Event()
    application.models.leave()
    application.chat.send("hello")
    qtbot.waitUntil(lambda: bool(fake_engine.requests))
    models.open()
    models.press(models.row("tiny").act)
    assert models.told("when this answer is done")
    fake_engine.gate.set()
    qtbot.waitUntil(lambda: models.row("tiny").in_use is InUse.LOADED)
    # Its last words may still wait for the update that they are merged into.
    qtbot.waitUntil(lambda: application.chat.turns[0].answer == "Paris is the capital.")


def test_the_headers_model_offers_the_others(models, qtbot, openers):
    application = models.application
    application.models.leave()
    header = application.page.header
    assert header.model.accessibleName() == "Model: Fake-135M"
    header.model.setFocus()
    QTest.keyClick(header.model, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    names = [action.text() for action in menu.actions()]
    assert names[0] == "tiny"
    assert "SmolLM2" in names[1]
    assert names[-1].startswith("All models…")
    menu.setActiveAction(menu.actions()[0])
    QTest.keyClick(menu, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: header.model.text() == "tiny")
    next(c for c in application.commands.all() if c.name == "Use another model").run()
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert menu.actions()[0].isChecked()
    menu.actions()[0].trigger()  # the one that answers already
    assert openers.made == ["tiny"]
    menu.actions()[-1].trigger()
    menu.close()
    assert application.models.is_open


def test_one_larger_than_the_memory_is_loaded_only_when_asked_again(models, openers, qtbot):
    from dataclasses import replace

    row = models.row("tiny")
    facts = replace(row.model.facts, fits=False, runs=False, usable_bytes=1000)
    row.show_model(replace(row.model, facts=facts), InUse.NOT)
    models.press(row.act)
    dialog = models.dialog(ConfirmDialog)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert openers.made == []
    models.press(row.act)
    dialog = models.dialog(ConfirmDialog)
    models.press(dialog.act)
    qtbot.waitUntil(lambda: openers.made == ["tiny"])


def test_what_it_is_and_needs_is_shown(models):
    models.choose("tiny", "What it is and needs…")
    dialog = models.dialog(ModelDialog)
    words = "\n".join(label.text() for label in dialog.findChildren(Label))
    for part in ("Weights that every token reads", "Context", "Work space", "Q8_0", "not verified"):
        assert part in words
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_all_bytes_are_verified_and_damage_is_named(models, qtbot):
    models.choose("tiny", "Verify all its bytes")
    models.until_told("was read whole")
    qtbot.waitUntil(lambda: "read whole" in models.row("tiny").words.text())
    checked = Checks().of(paths.models_dir() / "tiny.gguf")
    assert checked is not None
    assert checked.against is Against.READING
    file = paths.models_dir() / "tiny.gguf"
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(bytes(data))
    models.choose("tiny", "Verify all its bytes")
    models.until_told("changed since it was read")
    qtbot.waitUntil(lambda: models.row("tiny").chip.text() == "Damaged")
    assert not models.page.jobs


def test_a_job_shows_how_far_it_is_and_can_be_stopped(models, qtbot, monkeypatch):
    go_on = threading.Event()

    def slowly(_model, hand):
        from app.bridge.jobs import Step
        from inference.errors import PreparationCancelledError

        hand.tell(Step("Verifying", 500, 1000))
        while not hand.is_stopped():
            if go_on.wait(0.01):
                return
        raise PreparationCancelledError

    monkeypatch.setattr(models_work, "verify", slowly)
    models.choose("tiny", "Verify all its bytes")
    (row,) = models.page.jobs.values()
    qtbot.waitUntil(lambda: "50 %" in row.words.text())
    assert row.bar.value() == 500
    assert row.isVisible()
    assert not models.row("tiny").act.isEnabled()
    row.stop.setFocus()
    QTest.keyClick(row.stop, Qt.Key.Key_Space)
    models.until_told("Stopped.")
    assert not models.page.jobs
    assert models.row("tiny").act.isEnabled()
    assert models.application.window.focusWidget() is models.row("tiny").act


def test_a_window_that_closes_stops_its_jobs(models, qtbot, monkeypatch):
    ended = threading.Event()

    def slowly(_model, hand):
        while not hand.is_stopped():
            ended.wait(0.01)
        ended.set()

    monkeypatch.setattr(models_work, "verify", slowly)
    models.choose("tiny", "Verify all its bytes")
    assert models.application.models.close()
    assert ended.is_set()


def test_it_is_moved_to_another_disk_and_found_there(models, home, qtbot, openers):
    models.press(models.row("tiny").act)
    qtbot.waitUntil(lambda: models.row("tiny").in_use is InUse.LOADED)
    (home / "disk").mkdir()
    models.choose("tiny", "Move to another disk…")
    chooser = models.dialog(QFileDialog)
    assert chooser.testOption(QFileDialog.Option.DontUseNativeDialog)
    pick(chooser, home / "disk")
    models.until_told("lies in")
    qtbot.waitUntil(lambda: str(home / "disk") in models.row("tiny").words.text())
    assert (home / "disk" / "tiny" / "tiny.gguf").is_file()
    assert models.row("tiny").in_use is InUse.LOADED
    os.rename(home / "disk", home / "unplugged")
    models.application.models.desk.refresh()
    qtbot.waitUntil(lambda: models.row("tiny").chip.text() == "Not connected")
    assert models.row("tiny").act.text() == "Locate…"
    assert models.offered("tiny") == ["Forget this model…"]
    models.press(models.row("tiny").act)
    pick(models.dialog(QFileDialog), home / "unplugged" / "tiny")
    qtbot.waitUntil(lambda: models.row("tiny").act.text() != "Locate…")
    assert Places().named("tiny") == Place("tiny", home / "unplugged" / "tiny", is_ours=True)


def test_one_that_is_not_found_where_it_is_said_to_be_stays_offline(models, home, qtbot):
    Places().remember(Place("far", home / "vault", is_ours=True))
    models.application.models.desk.refresh()
    qtbot.waitUntil(lambda: models.has("far"))
    (home / "empty").mkdir()
    models.press(models.row("far").act)
    pick(models.dialog(QFileDialog), home / "empty")
    models.until_told("can’t be used")
    models.choose("far", "Forget this model…")
    dialog = models.dialog(ConfirmDialog)
    models.press(dialog.act)
    qtbot.waitUntil(lambda: not models.has("far"))
    assert Places().all() == ()


def test_it_is_removed_after_one_question_and_the_next_one_answers(models, qtbot, openers):
    models.press(models.row("tiny").act)
    qtbot.waitUntil(lambda: models.row("tiny").in_use is InUse.LOADED)
    assert models.application._settings.effective(MODEL).value == "tiny"
    models.choose("tiny", "Remove…")
    dialog = models.dialog(ConfirmDialog)
    QTest.keyClick(dialog, Qt.Key.Key_Return)  # the safe answer
    assert (paths.models_dir() / "tiny.gguf").is_file()
    models.choose("tiny", "Remove…")
    models.press(models.dialog(ConfirmDialog).act)
    qtbot.waitUntil(lambda: not models.has("tiny"))
    assert not (paths.models_dir() / "tiny.gguf").exists()
    assert models.application._settings.effective(MODEL).value == ""
    qtbot.waitUntil(lambda: openers.made == ["tiny", None])
    qtbot.waitUntil(lambda: models.application.page.header.model.text() == "first")


def test_what_can_not_be_removed_is_said(models, qtbot, monkeypatch):
    def refuse(_model):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(models_work, "remove", refuse)
    models.choose("tiny", "Remove…")
    models.press(models.dialog(ConfirmDialog).act)
    models.until_told("Read-only")
    assert models.has("tiny")


def test_the_starter_is_neither_moved_nor_removed(models):
    assert models.offered("starter") == [
        "What it is and needs…",
        "Verify all its bytes",
        "Make a bundle…",
    ]


def test_a_file_that_is_no_model_says_why_and_can_only_be_looked_at_or_removed(models, qtbot):
    (paths.models_dir() / "broken.gguf").write_bytes(b"GGUF and no more")
    models.application.models.desk.refresh()
    qtbot.waitUntil(lambda: models.has("broken"))
    row = models.row("broken")
    assert "broken.gguf" in row.words.text()
    assert not row.act.isEnabled()
    assert "Make a bundle…" not in models.offered("broken")


def test_a_list_of_places_that_can_not_be_read_is_said_once(models, qtbot):
    file = paths.config_dir() / "places.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("[")
    models.application.models.desk.refresh()
    models.until_told("left as it is")
    toasts = len(models.page.toasts.toasts())
    models.application.models.desk.refresh()
    qtbot.wait(50)
    assert len(models.page.toasts.toasts()) == toasts


def test_before_a_locked_window_nothing_can_be_changed(models):
    models.application.models.leave()
    models.page.trust(False)
    assert not models.row("tiny").act.isEnabled()
    models.page.take_focus()
    assert models.page.back.hasFocus() or models.page.back.isEnabled()


def test_how_fast_it_wrote_here_stands_beside_it(models, openers, qtbot, monkeypatch):
    from app.library import speeds

    monkeypatch.setattr(speeds, "LEAST_TOKENS", 1)
    models.press(models.row("tiny").act)
    qtbot.waitUntil(lambda: models.row("tiny").in_use is InUse.LOADED)
    models.application.models.leave()
    models.application.chat.send("hello")
    path = models.row("tiny").model.path
    qtbot.waitUntil(lambda: speeds.measured(path) is not None)
    models.open()
    qtbot.waitUntil(lambda: "12.3 tokens/s here" in models.row("tiny").words.text())


def test_of_two_chosen_quickly_the_last_one_counts(models, openers, qtbot):
    gate = threading.Event()
    make = openers.__call__
    application = models.application

    def waiting(name):
        opener = make(name)
        opener.gate = gate if name == "tiny" else None
        return opener

    application.models.in_use.opening = waiting
    models.press(models.row("tiny").act)
    models.press(models.row("starter").act)
    gate.set()
    qtbot.waitUntil(lambda: models.row("starter").in_use is InUse.LOADED)
    assert models.row("tiny").in_use is InUse.NOT
    assert application._settings.effective(MODEL).value == "starter"
    assert openers.engines[0].is_unloaded


def test_of_two_looks_at_the_models_the_later_one_is_shown(models, qtbot, monkeypatch):
    """The first one takes longer, and saw what is not so any more."""
    gate, ended, look = threading.Event(), threading.Event(), models_work.look
    before = look()

    def slowly():
        gate.wait(30)
        ended.set()
        return before

    application = models.application
    monkeypatch.setattr(models_work, "look", slowly)
    application.models.desk.refresh()
    monkeypatch.setattr(models_work, "look", look)
    (paths.models_dir() / "tiny.gguf").unlink()
    application.models.desk.refresh()
    qtbot.waitUntil(lambda: not models.has("tiny"))
    gate.set()
    qtbot.waitUntil(ended.is_set)
    later: list[None] = []
    application.tasks.run(lambda: None, later.append, what_failed="")
    qtbot.waitUntil(lambda: bool(later))
    assert not models.has("tiny")
