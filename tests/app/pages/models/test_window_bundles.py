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
from app.library.bundles.exporting import export_bundle
from app.library.bundles.signing import SigningKey
from app.library.bundles.trust import TrustStore
from app.pages.models.bundle_dialogs import BundleMadeDialog, TrustDialog
from tests.app.library.bundles.conftest import PART_BYTES, source_in
from tests.app.pages.models.choosing import pick

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
