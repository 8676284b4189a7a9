"""Who may take a model's name: not what is older than was ever installed, not another key unasked,
not what an administrator does not allow; and what that rests on is nobody else's to change.
"""

import json
import os
import shutil
from pathlib import Path

import pytest

from app.library.bundles.admission import Allowance
from app.library.bundles.checking import check_installed, is_installed_bundle, open_bundle
from app.library.bundles.errors import (
    ForbiddenBundleError,
    KeyFileError,
    OlderBundleError,
    OtherSignerError,
)
from app.library.bundles.exporting import export_bundle
from app.library.bundles.importing import import_bundle
from app.library.bundles.seen import SeenBundles
from app.library.bundles.signing import SigningKey
from app.library.bundles.trust import TrustStore
from tests.app.library.bundles.conftest import PART_BYTES, SIZES, source_in

needs_posix = pytest.mark.skipif(os.name != "posix", reason="Windows keeps such rights elsewhere")


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


def install(folder: Path, models: Path, **allowed: object):
    return import_bundle(open_bundle(folder), models, "Anna", allow=Allowance(**allowed))


def bundle_of(tmp_path: Path, name: str, key: SigningKey, seed: int = 2) -> Path:
    folder = tmp_path / name
    folder.mkdir()
    return export_bundle(source_in(tmp_path / f"of {name}", seed), folder, key, PART_BYTES)[0]


@pytest.fixture
def later(bundle_folder, key, tmp_path, monkeypatch) -> Path:
    made_at_s = open_bundle(bundle_folder).manifest.made_at_s
    monkeypatch.setattr("time.time", lambda: made_at_s + 3600)
    return bundle_of(tmp_path, "later", key)


# ---------------------------------------------------------------------- older ones


def test_an_older_one_is_known_as_one_after_the_later_was_damaged(bundle_folder, later, models):
    folder = install(later, models).folder
    (folder / "bundle.json").write_bytes(b"{}")
    with pytest.raises(OlderBundleError, match="--allow-older"):
        install(bundle_folder, models)
    assert (folder / "bundle.json").read_bytes() == b"{}", "nothing was touched"
    assert install(later, models).folder == folder
    check_installed(open_bundle(folder))


def test_an_older_one_is_known_as_one_after_the_later_was_removed(bundle_folder, later, models):
    shutil.rmtree(install(later, models).folder)
    with pytest.raises(OlderBundleError, match="is, or was, installed"):
        install(bundle_folder, models)
    assert not (models / "tiny").exists()
    install(bundle_folder, models, older=True)
    shutil.rmtree(models / "tiny")
    with pytest.raises(OlderBundleError):
        install(bundle_folder, models)


def test_the_same_one_is_never_too_old(later, models):
    install(later, models)
    assert install(later, models).was_there
    shutil.rmtree(models / "tiny")
    assert not install(later, models).was_there


def test_one_that_was_installed_before_there_was_a_record_is_remembered(
    bundle_folder, later, models, own_home
):
    install(later, models)
    shutil.rmtree(own_home)
    with pytest.raises(OlderBundleError):
        install(bundle_folder, models)
    assert install(later, models).was_there
    shutil.rmtree(models / "tiny")
    with pytest.raises(OlderBundleError):
        install(bundle_folder, models)


# ---------------------------------------------------------------------- other keys


@pytest.fixture
def of_another(later, tmp_path, monkeypatch) -> Path:
    """The same name, later still, signed by Ben."""
    key = SigningKey.make(tmp_path / "ben" / "private.pem")
    made_at_s = open_bundle(later).manifest.made_at_s
    monkeypatch.setattr("time.time", lambda: made_at_s + 3600)
    return bundle_of(tmp_path, "of another", key, 3)


def test_another_trusted_key_takes_the_place_only_when_that_is_allowed(later, of_another, models):
    install(later, models)
    keys = [open_bundle(folder).signer.fingerprint for folder in (later, of_another)]
    with pytest.raises(OtherSignerError) as caught:
        install(of_another, models)
    assert all(each in str(caught.value) for each in keys)
    assert open_bundle(models / "tiny").signer.fingerprint == keys[0]
    install(of_another, models, other_signer=True)
    assert open_bundle(models / "tiny").signer.fingerprint == keys[1]
    with pytest.raises(OtherSignerError):
        install(later, models, older=True)


def test_whose_it_was_is_known_of_a_damaged_one_too(later, of_another, models):
    folder = install(later, models).folder
    (folder / "bundle.sig").unlink()
    with pytest.raises(OtherSignerError):
        install(of_another, models)


def test_where_nothing_is_installed_any_trusted_key_will_do(later, of_another, models):
    shutil.rmtree(install(later, models).folder)
    assert install(of_another, models).folder == models / "tiny"


def test_all_that_stands_against_it_is_told_at_once(bundle_folder, of_another, models):
    """Of Anna's first one, where Ben's later one is installed."""
    install(of_another, models)
    with pytest.raises(OlderBundleError) as caught:
        install(bundle_folder, models)
    ben, anna = open_bundle(of_another), open_bundle(bundle_folder)
    conflict = caught.value.conflict
    assert (conflict.is_older, conflict.is_other_signer, conflict.is_there) == (True, True, True)
    assert conflict.known_fingerprint == ben.signer.fingerprint
    assert conflict.known_made_at_s == conflict.newest_made_at_s == ben.manifest.made_at_s
    with pytest.raises(OtherSignerError) as other:
        install(bundle_folder, models, older=True)
    assert other.value.conflict == conflict
    install(bundle_folder, models, older=True, other_signer=True)
    assert open_bundle(models / "tiny").signer == anna.signer


def test_what_was_removed_is_older_or_not_and_nobody_elses(
    later, of_another, bundle_folder, models
):
    shutil.rmtree(install(of_another, models).folder)
    with pytest.raises(OlderBundleError) as caught:
        install(bundle_folder, models)
    conflict = caught.value.conflict
    assert (conflict.is_there, conflict.is_other_signer) == (False, False)
    assert conflict.known_fingerprint == open_bundle(of_another).signer.fingerprint


def test_after_an_older_one_was_let_in_the_newest_still_counts(bundle_folder, later, models):
    install(later, models)
    install(bundle_folder, models, older=True)
    shutil.rmtree(models / "tiny")
    with pytest.raises(OlderBundleError) as caught:
        install(bundle_folder, models)
    newest = open_bundle(later).manifest.made_at_s
    assert caught.value.conflict.newest_made_at_s == newest


# ---------------------------------------------------------------------- what is allowed


def test_only_allowed_weights_are_installed(bundle_folder, models):
    files = {file.name: file.sha256 for file in open_bundle(bundle_folder).manifest.files}
    for allowed in (frozenset(), frozenset({"0" * 64}), frozenset({files["config.json"]})):
        with pytest.raises(ForbiddenBundleError, match="your organisation"):
            install(bundle_folder, models, weights=allowed)
        assert not models.exists(), "not a byte was written"
    install(bundle_folder, models, weights=frozenset({files["w.safetensors"], "0" * 64}))


def test_a_bundle_without_weights_is_no_allowed_model(tmp_path, key, stick, models):
    sizes = {name: size for name, size in SIZES.items() if name != "w.safetensors"}
    folder = export_bundle(source_in(tmp_path / "none", sizes=sizes), stick, key, PART_BYTES)[0]
    with pytest.raises(ForbiddenBundleError):
        install(folder, models, weights=frozenset({"0" * 64}))


# ---------------------------------------------------------------------- what it rests on


@pytest.mark.parametrize("gone", [["bundle.sig"], ["bundle.json", "bundle.sig"]])
def test_a_model_whose_signature_was_taken_away_still_came_by_a_bundle(bundle_folder, models, gone):
    folder = install(bundle_folder, models).folder
    for name in gone:
        (folder / name).unlink()
    assert is_installed_bundle(folder)


def test_what_was_installed_is_remembered_by_name_until_it_is_removed(bundle_folder, models):
    seen = SeenBundles()
    assert seen.of("tiny") is None
    install(bundle_folder, models)
    manifest = open_bundle(bundle_folder).manifest
    found = seen.of("tiny")
    assert found is not None
    assert (found.made_at_s, found.is_installed) == (manifest.made_at_s, True)
    seen.forget_installed("tiny")
    seen.forget_installed("never")
    kept = seen.of("tiny")
    assert kept is not None
    assert (kept.made_at_s, kept.is_installed) == (manifest.made_at_s, False)


@needs_posix
@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_a_list_that_others_may_change_trusts_nobody(own_home, key, mode):
    store = TrustStore()
    store.trust(key.public.fingerprint, "Anna")
    file = own_home / "data" / "bundle-keys" / "trusted.json"
    file.chmod(mode)
    with pytest.raises(KeyFileError, match="Others can change"):
        store.name_of(key.public.fingerprint)
    file.chmod(0o600)
    file.parent.chmod(0o777)
    with pytest.raises(KeyFileError, match="Others can change"):
        store.trusted()
    file.parent.chmod(0o700)
    assert store.name_of(key.public.fingerprint) == "Anna"


@needs_posix
def test_a_list_of_another_user_trusts_nobody(own_home, key, monkeypatch):
    store = TrustStore()
    store.trust(key.public.fingerprint, "Anna")
    monkeypatch.setattr("app.library.bundles.guarding._owners", lambda: {os.geteuid() + 1})
    with pytest.raises(KeyFileError, match="Others can change"):
        store.trusted()


@needs_posix
def test_a_record_that_others_may_change_stops_an_import(own_home, bundle_folder, models):
    install(bundle_folder, models)
    (own_home / "data" / "bundle-keys" / "installed-bundles.json").chmod(0o666)
    shutil.rmtree(models / "tiny")
    with pytest.raises(KeyFileError, match="Others can change"):
        install(bundle_folder, models)
    assert not (models / "tiny").exists()


@pytest.mark.parametrize(
    "stored",
    [
        b"{",
        b"[]",
        b"\xff",
        json.dumps({"tiny": None}).encode(),
        json.dumps({"tiny": {"made_at_s": 1}}).encode(),
        json.dumps(
            {"tiny": {"made_at_s": "1", "fingerprint": "0" * 64, "is_installed": True}}
        ).encode(),
        json.dumps({"tiny": {"made_at_s": 1, "fingerprint": "x", "is_installed": True}}).encode(),
        *(
            json.dumps(
                {
                    "tiny": {
                        "made_at_s": 1,
                        "fingerprint": "0" * 64,
                        "is_installed": True,
                        "reports": reports,
                    }
                }
            ).encode()
            for reports in ([], "x", {"bundle-report.json": 1})
        ),
    ],
)
def test_a_damaged_record_stops_an_import_with_a_sentence(own_home, bundle_folder, models, stored):
    folder = own_home / "data" / "bundle-keys"
    folder.mkdir(mode=0o700, parents=True)
    (folder / "installed-bundles.json").write_bytes(stored)
    with pytest.raises(KeyFileError):
        install(bundle_folder, models)
    assert not (models / "tiny").exists()


def test_a_record_that_cannot_be_written_is_said(own_home, bundle_folder, models, monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.library.bundles.seen.owner_file.replace", refuse)
    with pytest.raises(KeyFileError, match="No space left"):
        install(bundle_folder, models)
    monkeypatch.undo()


def test_a_record_that_is_no_file_is_said(own_home):
    (own_home / "data" / "bundle-keys" / "installed-bundles.json").mkdir(parents=True)
    (own_home / "data" / "bundle-keys").chmod(0o700)
    with pytest.raises(KeyFileError):
        SeenBundles().of("tiny")
