"""Bundles in the window: made, carried to another home, imported after the fingerprint is seen."""

from __future__ import annotations

import shutil

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from app import paths
from app.library.bundles.checking import open_bundle
from app.library.bundles.errors import ManifestError
from app.library.bundles.exporting import export_bundle
from app.library.bundles.signing import SigningKey
from app.library.bundles.trust import TrustStore
from app.notices import NoticeKind
from app.pages.models.bundle_dialogs import BundleMadeDialog, KeyDialog, TrustDialog
from app.pages.models.contested_dialog import ContestedDialog
from tests.app.library.bundles.conftest import PART_BYTES, source_in
from tests.app.pages.models.choosing import pick
from tests.app.pages.models.test_models_taking import drop

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def stick(home):
    """A bundle of somebody else's."""
    folder = home / "stick"
    folder.mkdir()
    key = SigningKey.make(home / "theirs.pem")
    made, _ = export_bundle(source_in(home / "source"), folder, key, PART_BYTES)
    return made


def choose_bundle(models, folder):
    models.press(models.page.bundle)
    pick(models.dialog(QFileDialog), folder)


def test_a_bundle_is_made_and_its_fingerprint_can_be_told(models, home):
    (home / "usb").mkdir()
    models.choose("tiny", "Make a bundle…")
    pick(models.dialog(QFileDialog), home / "usb")
    dialog = models.dialog(BundleMadeDialog)
    own = TrustStore().own_key()
    assert own is not None
    assert dialog.fingerprint.text() == own.fingerprint
    models.press(dialog.copy)
    assert QGuiApplication.clipboard().text() == own.fingerprint
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    made = open_bundle(home / "usb" / "tiny-bundle")
    assert made.signer.fingerprint == own.fingerprint
    # The second one is signed with the same key, and brought back it needs no question.
    models.choose("tiny", "Make a bundle…")
    pick(models.dialog(QFileDialog), home / "usb")
    assert models.dialog(BundleMadeDialog).fingerprint.text() == own.fingerprint
    models.dialog(BundleMadeDialog).accept()
    (paths.models_dir() / "tiny.gguf").unlink()
    choose_bundle(models, home / "usb")
    models.until_told("was imported")
    assert (paths.models_dir() / "tiny" / "tiny.gguf").is_file()


def test_a_signer_nobody_knows_is_asked_about_and_the_safe_answer_imports_nothing(models, stick):
    choose_bundle(models, stick.parent)
    dialog = models.dialog(TrustDialog)
    fingerprint = open_bundle(stick).signer.fingerprint
    assert dialog.fingerprint.text() == fingerprint
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert not (paths.models_dir() / "tiny").exists()
    assert not models.page.jobs


@pytest.mark.parametrize("stays", [False, True])
def test_once_compared_it_is_imported_and_the_key_trusted_if_wanted(models, stick, qtbot, stays):
    choose_bundle(models, stick)
    dialog = models.dialog(TrustDialog)
    if stays:
        dialog.stays.setFocus()
        QTest.keyClick(dialog.stays, Qt.Key.Key_Space)
    models.press(dialog.act)
    models.until_told("every byte is as it was signed")
    assert (paths.models_dir() / "tiny" / "bundle.sig").is_file()
    assert bool(TrustStore().trusted()) is stays
    choose_bundle(models, stick)
    if stays:
        models.until_told("was imported")
    else:
        models.dialog(TrustDialog).reject()


def test_an_altered_part_is_named_and_nothing_is_trusted_or_installed(models, stick):
    part = sorted(stick.glob("part-*.bin"))[1]
    data = bytearray(part.read_bytes())
    data[-1] ^= 1
    part.write_bytes(bytes(data))
    choose_bundle(models, stick)
    dialog = models.dialog(TrustDialog)
    dialog.stays.click()
    models.press(dialog.act)
    models.until_told(part.name)
    assert TrustStore().trusted() == ()
    assert not (paths.models_dir() / "tiny").exists()


def test_a_missing_part_is_named_and_it_goes_on_with_the_next_stick(models, stick, home):
    TrustStore().trust(open_bundle(stick).signer.fingerprint, "them")
    part = sorted(stick.glob("part-*.bin"))[-1]
    shutil.move(part, home / part.name)
    choose_bundle(models, stick)
    models.until_told("still missing")
    shutil.move(home / part.name, part)
    choose_bundle(models, stick)
    models.until_told("was imported")


def test_a_folder_without_a_bundle_is_said(models, home):
    (home / "empty").mkdir()
    choose_bundle(models, home / "empty")
    models.until_told("no whole bundle")


def test_the_journey_for_the_first_run_opens_the_page_and_asks(models):
    models.application.models.leave()
    models.application.models.ask_for_bundle()
    assert models.application.models.is_open
    models.dialog(QFileDialog).reject()


# ---------------------------------------------------------------------- older ones, other keys


@pytest.fixture
def made(home, monkeypatch):
    """A bundle of that key, made so many hours after the first one."""
    keys = {}
    start_s = 1_790_000_000

    def make(who, hours):
        if who not in keys:
            keys[who] = SigningKey.make(home / who / "key.pem")
            TrustStore().trust(keys[who].public.fingerprint, who)
        folder = home / f"stick of {who} {hours}"
        folder.mkdir()
        with monkeypatch.context() as patch:
            patch.setattr("time.time", lambda: start_s + 3600.0 * hours)
            return export_bundle(source_in(home / "src", hours), folder, keys[who], PART_BYTES)[0]

    return make


def installed_now():
    return open_bundle(paths.models_dir() / "tiny")


def until_installed(models, bundle):
    """While one is put in another's place, its files may be of both, or there are none."""
    wanted = open_bundle(bundle).manifest

    def is_there():
        try:
            return installed_now().manifest == wanted
        except ManifestError:
            return False

    models._until(is_there)


def test_an_older_bundle_is_asked_about_and_the_safe_answer_leaves_what_is_there(models, made):
    later, older = made("Anna", 30), made("Anna", 2)
    choose_bundle(models, later)
    models.until_told("was imported")
    choose_bundle(models, older)
    dialog = models.dialog(ContestedDialog)
    words, key = (label.text() for label in dialog.known)
    assert dialog.windowTitle() == "This bundle of tiny is an older one"
    assert key == open_bundle(later).signer.fingerprint
    assert words.startswith("Made ")
    assert words.endswith("signed by Anna")
    assert dialog.new[0].text() != words, "the moments differ"
    assert dialog.new[1].text() == key
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert not models.page.jobs
    assert installed_now().manifest == open_bundle(later).manifest
    choose_bundle(models, older)
    models.press(models.dialog(ContestedDialog).act)
    until_installed(models, older)


def test_another_signers_bundle_is_asked_about_with_both_fingerprints(models, made):
    annas, bens = made("Anna", 1), made("Ben", 2)
    choose_bundle(models, annas)
    models.until_told("was imported")
    TrustStore().remove(open_bundle(annas).signer.fingerprint)
    choose_bundle(models, bens)
    dialog = models.dialog(ContestedDialog)
    assert dialog.windowTitle() == "This bundle of tiny is signed by another key"
    assert dialog.known[0].text().endswith("signed by a key that is not trusted here")
    assert dialog.new[0].text().endswith("signed by Ben")
    for labels, folder in ((dialog.known, annas), (dialog.new, bens)):
        assert labels[1].text() == open_bundle(folder).signer.fingerprint
    models.press(dialog.cancel)
    assert installed_now().manifest == open_bundle(annas).manifest
    choose_bundle(models, bens)
    models.press(models.dialog(ContestedDialog).act)
    until_installed(models, bens)


def test_both_at_once_are_one_question_also_of_what_was_removed_since(models, made):
    annas, bens = made("Anna", 9), made("Ben", 2)
    choose_bundle(models, annas)
    models.until_told("was imported")
    choose_bundle(models, bens)
    dialog = models.dialog(ContestedDialog)
    assert "older, and signed by another key" in dialog.windowTitle()
    models.press(dialog.act)
    until_installed(models, bens)
    shutil.rmtree(paths.models_dir() / "tiny")
    choose_bundle(models, bens)
    dialog = models.dialog(ContestedDialog)
    assert dialog.windowTitle() == "This bundle of tiny is an older one"
    models.press(dialog.act)
    models._until((paths.models_dir() / "tiny").exists)


def test_an_unknown_signers_older_one_is_asked_about_twice_and_trusted_if_wanted(
    models, made, stick
):
    """The one of `stick` is made now, long after the others."""
    choose_bundle(models, stick)
    models.press(models.dialog(TrustDialog).act)
    models.until_told("was imported")
    bens = made("Ben", 1)
    key = open_bundle(bens).signer.fingerprint
    TrustStore().remove(key)
    choose_bundle(models, bens)
    dialog = models.dialog(TrustDialog)
    dialog.stays.click()
    models.press(dialog.act)
    contested = models.dialog(ContestedDialog)
    assert contested.new[0].text().endswith("signed by a key that is not trusted here")
    assert TrustStore().trusted() == ()
    models.press(contested.act)
    models._until(lambda: bool(TrustStore().trusted()))
    assert [each.fingerprint for each in TrustStore().trusted()] == [key]
    assert installed_now().manifest == open_bundle(bens).manifest


def test_dropped_bundles_are_imported_one_after_the_other(models, made, stick, home):
    TrustStore().trust(open_bundle(stick).signer.fingerprint, "them")
    first, second = made("Anna", 3), made("Anna", 2)
    assert drop(models.page, first, *sorted(second.iterdir())[:3], stick.parent)
    dialog = models.dialog(ContestedDialog)
    assert "is an older one" in dialog.windowTitle()
    assert len(models.application.window.findChildren(ContestedDialog)) == 1
    models.press(dialog.cancel)
    models._until(lambda: models.dialog(ContestedDialog) is not dialog)
    other = models.dialog(ContestedDialog)
    assert other.new[1].text() == open_bundle(stick).signer.fingerprint
    models.press(other.act)
    until_installed(models, stick)


def test_a_dropped_bundle_that_can_not_be_opened_does_not_hold_up_the_next(models, made):
    bad, good = made("Anna", 1), made("Anna", 2)
    (bad / "bundle.sig").write_bytes(b"x")
    assert drop(models.page, bad, good)
    models.until_told("Nothing was imported. ")
    models.until_told("was imported: every byte")


# ---------------------------------------------------------------------- verifying


def test_a_signer_who_is_not_trusted_any_more_is_said_when_it_is_verified(models, made, qtbot):
    folder = made("Anna", 1)
    fingerprint = open_bundle(folder).signer.fingerprint
    choose_bundle(models, folder)
    models.until_told("was imported")
    (paths.models_dir() / "tiny.gguf").unlink()  # of the same name
    models.application.models.desk.refresh()
    qtbot.waitUntil(lambda: models.has("tiny") and models.row("tiny").model.path.is_dir())
    models.choose("tiny", "Verify all its bytes")
    models.until_told("tiny is as it was, to the last byte.")
    TrustStore().remove(fingerprint)
    models.choose("tiny", "Verify all its bytes")
    models.until_told("by a key that is not trusted here")
    qtbot.waitUntil(lambda: models.row("tiny").chip.text() == "Signer not trusted")
    toast = next(t for t in models.page.toasts.toasts() if "not trusted" in t.notice.text)
    assert toast.notice.kind is NoticeKind.WARNING
    toast.notice.action.run()
    dialog = models.dialog(KeyDialog)
    assert dialog.fingerprint.text() == fingerprint
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert TrustStore().trusted() == ()
    models.choose("tiny", "Compare its signer’s key…")
    models.press(models.dialog(KeyDialog).act)
    qtbot.waitUntil(lambda: models.row("tiny").chip.text() == "")
    assert [each.fingerprint for each in TrustStore().trusted()] == [fingerprint]
    assert "Compare its signer’s key…" not in models.offered("tiny")


def test_a_model_without_its_configuration_is_damaged_and_verifying_names_the_file(
    models, made, qtbot
):
    choose_bundle(models, made("Anna", 1))
    models.until_told("was imported")
    (paths.models_dir() / "tiny.gguf").unlink()
    (paths.models_dir() / "tiny" / "config.json").unlink()
    models.application.models.desk.refresh()
    qtbot.waitUntil(lambda: models.has("tiny") and models.row("tiny").model.is_damaged)
    row = models.row("tiny")
    assert row.chip.text() == "Damaged"
    assert "missing: config.json" in row.words.text()
    assert not row.act.isEnabled()
    models.choose("tiny", "Verify all its bytes")
    models.until_told("config.json is missing")
