"""The screens of a history that is not open: each state, each choice, by mouse and keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from app.bridge.history_states import TemporaryOnly
from app.chats.errors import DiskFullError
from app.chats.history_states import CannotOpen, FirstTime, NeedsPassphrase, Ready
from app.chats.profile import Holder
from app.widgets.confirm_dialog import ConfirmDialog
from app.widgets.passphrase_field import PassphraseField
from tests.app.pages.history.conftest import PASSPHRASE

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
# What the offscreen platform says of itself when a dialog opens.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def damage(home) -> None:
    """The database's first page is no longer what was written."""
    database = home.folder / "history.db"
    whole = bytearray(database.read_bytes())
    whole[200:400] = bytes(200)
    database.write_bytes(whole)


# ---------------------------------------------------------------------- the first time


def test_with_a_keyring_nothing_is_asked(look, home):
    eyes = look()
    assert isinstance(eyes.application.history.state, Ready)
    assert eyes.shows_chat()
    assert eyes.page.screen_now() is None


def test_without_a_keyring_a_passphrase_is_chosen_with_the_keyboard_alone(look, home):
    home.keyring.is_here = False
    eyes = look()
    screen = eyes.page.first_time
    assert eyes.page.screen_now() is screen
    assert not eyes.shows_chat()
    assert "No keyring answers here" in screen.sentence.text()
    assert screen.fields.first.edit.hasFocus()
    eyes.type_in(PASSPHRASE)
    eyes.press(KEY.Key_Return)
    assert screen.fields.second.edit.hasFocus()
    eyes.type_in(PASSPHRASE)
    eyes.press(KEY.Key_Return)
    assert screen.is_busy
    eyes.until_settled()
    assert isinstance(eyes.application.history.state, Ready)
    assert eyes.shows_chat()
    assert eyes.application.page.composer.edit.hasFocus()
    assert screen.fields.first.text == screen.fields.second.text == ""


def test_a_field_that_is_typed_into_or_refused_is_scrolled_to(look, home):
    home.keyring.is_here = False
    eyes = look()
    screen, window = eyes.page.first_time, eyes.application.window
    window.resize(640, 480)
    eyes.application.theme.set_text(200, is_system_font=False)
    first, second = screen.fields.first, screen.fields.second
    eyes.until(lambda: not whole(first))
    eyes.type_in("abc")
    eyes.until(lambda: whole(first))
    eyes.press(KEY.Key_Return)
    eyes.type_in("abd")
    eyes.until(lambda: whole(second))
    eyes.press(KEY.Key_Return)
    assert second.problem
    screen.verticalScrollBar().setValue(0)
    eyes.press(KEY.Key_Return)
    eyes.until(lambda: whole(second))
    eyes.type_in("abc")
    eyes.press(KEY.Key_Return)
    eyes.until_settled()
    assert first.problem
    eyes.until(lambda: whole(first))


def whole(field: PassphraseField) -> bool:
    """Whether all of a field is in sight, with what is said of it."""
    return field.visibleRegion().boundingRect() == field.rect()


def test_a_short_passphrase_is_refused_below_the_field_and_the_reason_above_stays(look, home):
    home.keyring.is_here = False
    eyes = look()
    screen = eyes.page.first_time
    above = screen.sentence.text()
    eyes.type_in("short")
    eyes.press(KEY.Key_Return)
    eyes.type_in("short")
    eyes.click(screen.keep)
    eyes.until_settled()
    assert "at least 8 characters" in screen.fields.first.problem
    assert screen.sentence.text() == above
    edit = screen.fields.first.edit
    assert edit.hasFocus()
    assert edit.selectedText() != ""
    eyes.type_in(PASSPHRASE)
    assert screen.fields.first.problem == ""
    assert edit.text() == PASSPHRASE


def test_two_passphrases_that_differ_are_not_used(look, home):
    home.keyring.is_here = False
    eyes = look()
    screen = eyes.page.first_time
    eyes.type_in(PASSPHRASE)
    eyes.press(KEY.Key_Return)
    eyes.type_in("rain on the road")
    eyes.press(KEY.Key_Return)
    assert screen.fields.second.problem == "These are not the same."
    assert screen.fields.second.edit.hasFocus()
    assert isinstance(eyes.application.history.state, FirstTime)
    assert not list(home.folder.glob("vault*"))


def test_show_shows_both_fields_and_they_are_hidden_before_they_are_used(look, home):
    home.keyring.is_here = False
    eyes = look()
    fields = eyes.page.first_time.fields
    eyes.click(fields.first.edit.show_button)
    for edit in (fields.first.edit, fields.second.edit):
        assert edit.echoMode() is QLineEdit.EchoMode.Normal
        assert edit.inputMethodHints() & Qt.InputMethodHint.ImhSensitiveData
    assert fields.first.edit.show_button.accessibleName() == "Hide"
    fields.first.edit.setText(PASSPHRASE)
    fields.second.edit.setText(PASSPHRASE)
    eyes.click(eyes.page.first_time.keep)
    assert not fields.first.edit.is_revealed
    assert not fields.second.edit.is_revealed
    eyes.until_settled()


@pytest.mark.parametrize("way", ["escape", "mnemonic", "click"])
def test_one_key_or_click_goes_on_without_a_history(look, home, way):
    home.keyring.is_here = False
    eyes = look()
    if way == "escape":
        eyes.press(KEY.Key_Escape)
    elif way == "mnemonic":
        eyes.press_alt(KEY.Key_T, TemporaryOnly)
    else:
        eyes.click(eyes.page.first_time.temporary)
    eyes.until_settled()
    assert isinstance(eyes.application.history.state, TemporaryOnly)
    assert eyes.shows_chat()
    assert not list(home.folder.glob("vault*"))


def test_a_keyring_that_appears_later_is_found_by_trying_again(look, home):
    home.keyring.is_here = False
    eyes = look()
    home.keyring.is_here = True
    eyes.click(eyes.page.first_time.retry)
    eyes.until_settled()
    assert eyes.shows_chat()


def test_what_was_typed_into_the_composer_meanwhile_is_still_there(look, home):
    home.keyring.is_here = False
    eyes = look(settles=False)
    eyes.application.page.composer.edit.replace_text("half a thought")
    eyes.until_settled()
    eyes.press(KEY.Key_Escape)
    eyes.until_settled()
    assert eyes.application.page.composer.edit.toPlainText() == "half a thought"


# ---------------------------------------------------------------------- a passphrase


def test_a_passphrase_unlocks_and_a_wrong_one_is_kept_selected(look, home):
    home.begin(PASSPHRASE)
    eyes = look()
    screen = eyes.page.unlocking
    assert eyes.page.screen_now() is screen
    assert screen.field.edit.hasFocus()
    eyes.type_in("rain on the road")
    eyes.press(KEY.Key_Return)
    assert screen.is_busy
    eyes.until_settled()
    assert screen.field.problem == (
        "That passphrase does not open this history. Nothing was changed."
    )
    assert screen.field.edit.hasFocus()
    assert screen.field.edit.hasSelectedText()
    eyes.type_in(PASSPHRASE)
    eyes.click(screen.unlock)
    eyes.until_settled()
    assert isinstance(eyes.application.history.state, Ready)
    assert eyes.shows_chat()
    assert screen.field.text == ""


def test_who_has_forgotten_the_passphrase_can_chat_without_storing(look, home):
    home.begin(PASSPHRASE)
    eyes = look()
    eyes.press_alt(KEY.Key_T, TemporaryOnly)
    eyes.until_settled()
    assert isinstance(eyes.application.history.state, TemporaryOnly)
    eyes.application.keeping.lock()
    assert eyes.shows_chat()


def test_escape_leaves_a_passphrase_that_is_asked_for_alone(look, home):
    home.begin(PASSPHRASE)
    eyes = look()
    eyes.press(KEY.Key_Escape)
    assert isinstance(eyes.application.history.state, NeedsPassphrase)
    assert eyes.page.screen_now() is eyes.page.unlocking


# ---------------------------------------------------------------------- what can't be opened


def test_a_deleted_entry_offers_what_helps(look, home):
    home.begin()
    kept = dict(home.keyring.entries)
    home.keyring.entries.clear()
    eyes = look()
    screen = eyes.page.problem
    assert eyes.page.screen_now() is screen
    assert "the entry was deleted" in screen.sentence.text()
    assert not screen.field.isVisible()
    assert not screen.restore.isVisible()
    home.keyring.entries.update(kept)
    eyes.click(screen.retry)
    eyes.until_settled()
    assert eyes.shows_chat()


def test_with_a_recovery_passphrase_a_lost_entry_is_got_over(look, home):
    home.begin()
    home.with_history(lambda history: history.set_recovery(PASSPHRASE))
    home.keyring.is_here = False
    eyes = look()
    screen = eyes.page.problem
    assert screen.field.edit.hasFocus()
    eyes.type_in(PASSPHRASE)
    eyes.press(KEY.Key_Return)
    eyes.until_settled()
    assert isinstance(eyes.application.history.state, Ready)
    assert eyes.shows_chat()


def test_damage_is_mended_with_the_newest_backup_after_one_question(look, home):
    home.begin()
    home.with_history(lambda history: history.back_up())
    damage(home)
    eyes = look()
    screen = eyes.page.problem
    eyes.until(lambda: screen.newest.text() != "")
    assert screen.newest.text().startswith("Made ")
    assert screen.restore.hasFocus()
    eyes.press(KEY.Key_Return)
    (dialog,) = eyes.application.window.findChildren(ConfirmDialog)
    eyes.until(dialog.cancel.hasFocus)
    eyes.press(KEY.Key_Return)
    assert isinstance(eyes.application.history.state, CannotOpen), "Enter is the safe answer"
    eyes.until(lambda: not eyes.application.window.findChildren(ConfirmDialog))
    eyes.click(screen.restore)
    (dialog,) = eyes.application.window.findChildren(ConfirmDialog)
    eyes.click(dialog.act)
    eyes.until_settled()
    assert isinstance(eyes.application.history.state, Ready)
    assert any("was restored" in text for text in eyes.toasts())
    eyes.application.close()
    assert home.titles() == ["kept"]


def test_a_list_of_backups_that_cannot_be_read_leaves_the_button(look, home, monkeypatch):
    home.begin()
    home.with_history(lambda history: history.back_up())
    damage(home)

    def refuse(_profile: object) -> None:
        raise DiskFullError("The disk is full.")

    monkeypatch.setattr("app.window_history.list_backups", refuse)
    eyes = look()
    eyes.application.tasks.close()
    assert eyes.page.problem.restore.isVisible()
    assert eyes.page.problem.newest.text() == ""
    eyes.click(eyes.page.problem.restore)
    (dialog,) = eyes.application.window.findChildren(ConfirmDialog)
    dialog.reject()


def test_a_history_that_is_in_use_is_left_alone(look, home):
    home.begin()
    other = home.door(Holder.TERMINAL)
    assert isinstance(other.open(), Ready)
    eyes = look()
    screen = eyes.page.problem
    assert "A chat in a terminal has this history open" in screen.sentence.text()
    assert screen.retry.hasFocus()
    other.close()
    eyes.press_alt(KEY.Key_A, Ready)
    eyes.until_settled()
    assert eyes.shows_chat()


def test_a_network_share_is_refused_with_a_sentence(look, home, monkeypatch):
    monkeypatch.setattr("app.chats.profile.share_kind", lambda _folder: "NFS")
    eyes = look()
    assert "network share (NFS)" in eyes.page.problem.sentence.text()
    eyes.click(eyes.page.problem.temporary)
    eyes.until_settled()
    assert eyes.shows_chat()
