"""What `models verify` and the models page ask: every byte, and whose signature it is."""

import json
import os
import shutil

import pytest

from app import paths
from app.library.bundles.checking import open_bundle
from app.library.bundles.errors import ContentError, KeyFileError, ManifestError
from app.library.bundles.importing import import_bundle
from app.library.bundles.report import REPORT_NAMES
from app.library.bundles.trust import TrustStore
from app.library.bundles.verifying import refuse_without_signature, verify_signed
from inference.errors import PreparationCancelledError
from inference.prepared.preparing import Watch


@pytest.fixture
def folder(bundle_folder):
    return import_bundle(open_bundle(bundle_folder), paths.models_dir(), "Anna").folder


def flipped(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def test_of_an_installed_model_and_of_a_stick_the_signer_is_named_as_trusted_now(
    folder, bundle_folder, key
):
    for where in (folder, bundle_folder):
        assert verify_signed(where).signer is None
        TrustStore().trust(key.public.fingerprint, "Anna")
        found = verify_signed(where)
        assert (found.signer, found.bundle.folder) == ("Anna", where)
        TrustStore().remove(key.public.fingerprint)
        assert verify_signed(where).signer is None


def test_who_cannot_tell_whom_to_trust_says_so(folder, own_home):
    file = own_home / "data" / "bundle-keys" / "trusted.json"
    file.write_bytes(b"{")
    with pytest.raises(KeyFileError):
        verify_signed(folder)


def test_it_can_be_stopped(folder):
    with pytest.raises(PreparationCancelledError):
        verify_signed(folder, Watch(cancelled=lambda: True))


def test_parts_put_beside_a_model_do_not_stand_for_its_files(folder, bundle_folder):
    for part in bundle_folder.glob("part-*.bin"):
        shutil.copy(part, folder)
    with pytest.raises(ContentError, match=r"part-00001\.bin was not in the bundle"):
        verify_signed(folder)


@pytest.mark.parametrize("name", REPORT_NAMES)
def test_a_changed_report_is_named_and_written_anew_by_another_import(folder, bundle_folder, name):
    written = (folder / name).read_bytes()
    for at in (0, len(written) // 2, len(written) - 1):
        (folder / name).write_bytes(flipped(written, at))
        with pytest.raises(ContentError, match=f"{name} is not what was written"):
            verify_signed(folder)
    again = import_bundle(open_bundle(bundle_folder), paths.models_dir(), "Anna")
    assert not again.was_there
    verify_signed(folder)
    (folder / name).unlink()
    verify_signed(folder)
    assert import_bundle(open_bundle(bundle_folder), paths.models_dir(), "Anna").was_there


@pytest.mark.parametrize("name", REPORT_NAMES)
def test_a_report_that_something_else_took_the_place_of_is_named_too(folder, tmp_path, name):
    other, aside = folder / name, tmp_path / "aside"
    other.rename(aside)

    def large():
        other.touch()
        os.truncate(other, (64 << 20) + 1)

    for put in (other.mkdir, lambda: other.symlink_to(aside), large):
        put()
        with pytest.raises(ContentError, match=f"{name} is not what was written"):
            verify_signed(folder)
        other.rename(tmp_path / f"{put.__name__}")
    verify_signed(folder)


def test_of_reports_that_an_earlier_version_wrote_nothing_is_known(folder, own_home):
    file = own_home / "data" / "bundle-keys" / "installed-bundles.json"
    known = json.loads(file.read_text())
    del known["tiny"]["reports"]
    file.write_text(json.dumps(known))
    for name in REPORT_NAMES:
        (folder / name).write_bytes(b"of another form")
    verify_signed(folder)


def test_a_signature_that_was_taken_away_is_missed_only_while_the_model_is_installed(folder):
    refuse_without_signature(folder)
    for file in folder.glob("bundle*"):
        file.unlink()
    with pytest.raises(ManifestError, match="tiny came by a bundle"):
        refuse_without_signature(folder)
    elsewhere = folder.rename(paths.models_dir().parent / "tiny")
    refuse_without_signature(elsewhere)
    refuse_without_signature(paths.models_dir() / "never")
