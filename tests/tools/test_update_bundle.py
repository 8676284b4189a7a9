"""Updates as `make package` makes them, and the pair of keys of who releases."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from app.installation import installed_at
from app.library.bundles.signing import SigningKey
from app.updates.applying import apply_update
from app.updates.update_file import open_update
from tests.app.updates.updates_hand import Copy
from tests.tools.linux_tree import make_tree
from tools.package import make_release_key, update_bundle
from tools.package.freeze import ROOT, PackageError, read_release_key


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    folder = tmp_path / "keys"
    assert make_release_key.main([str(folder)]) == 0
    return folder


@pytest.fixture
def tree(tmp_path: Path, keys: Path) -> Path:
    """A frozen program in small, whose build names the key."""
    made = make_tree(tmp_path / "pitcher", "0.2.0")
    (made / "_internal/ä b/words.txt").unlink()
    (made / "_internal/ä b").rmdir()
    key = read_release_key(keys / make_release_key.PUBLIC)
    state(made, version="0.2.0", commit="ab" * 20, release_key=key.hex(), history_schema=3)
    return made


def state(tree: Path, **told: object) -> None:
    (tree / "build.json").write_text(json.dumps(told))


def test_the_pair_is_kept_from_others_and_never_made_twice(tmp_path, capsys):
    keys = tmp_path / "new"
    assert make_release_key.main([str(keys)]) == 0
    private = keys / make_release_key.PRIVATE
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    key = SigningKey.read(private)
    assert read_release_key(keys / make_release_key.PUBLIC) == key.public.raw
    assert key.public.fingerprint in capsys.readouterr().out
    before = private.read_bytes()
    assert make_release_key.main([str(keys)]) == 1
    assert private.read_bytes() == before
    assert "not changed" in capsys.readouterr().err


def test_no_private_key_is_made_in_the_repository(capsys):
    assert make_release_key.main([str(ROOT / "build" / "keys")]) == 1
    assert not (ROOT / "build" / "keys").exists()
    assert "lies in the repository" in capsys.readouterr().err
    assert make_release_key.main([]) == 2


def test_what_is_built_is_taken_by_a_copy(tree, keys, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv(update_bundle.KEY_VARIABLE, str(keys / make_release_key.PRIVATE))
    copy = Copy(tmp_path / "copy", SigningKey.read(keys / make_release_key.PRIVATE))
    copy.install("0.1.0")
    (file,) = update_bundle.build(tree, tmp_path)
    assert copy.key.public.fingerprint in capsys.readouterr().out
    with open_update(file) as update:
        manifest = update.manifest
    assert file.name == f"pitcher-0.2.0-linux-{manifest.architecture}.pitcher-update"
    assert (manifest.system, manifest.history_schema) == ("linux", 3)
    assert manifest.glibc.startswith("2.")
    apply_update(file, copy.running())
    assert installed_at(copy.prefix.versions / "0.2.0").build.release_key == copy.key.public.raw


def test_without_a_key_no_update_is_made_and_that_is_said(tree, tmp_path, monkeypatch, capsys):
    monkeypatch.delenv(update_bundle.KEY_VARIABLE, raising=False)
    assert update_bundle.build(tree, tmp_path) == []
    assert "No update" in capsys.readouterr().out


def test_a_key_that_can_not_be_used_is_said(tree, tmp_path, keys, monkeypatch):
    private = keys / make_release_key.PRIVATE
    for named, words in (
        (tmp_path / "missing", "is not there"),
        (ROOT / "README.md", "lies in the repository"),
        (keys / make_release_key.PUBLIC, "no private key|Others can read"),
    ):
        monkeypatch.setenv(update_bundle.KEY_VARIABLE, str(named))
        with pytest.raises(PackageError, match=words):
            update_bundle.build(tree, tmp_path)
    private.chmod(0o644)
    monkeypatch.setenv(update_bundle.KEY_VARIABLE, str(private))
    with pytest.raises(PackageError, match="Others can read"):
        update_bundle.build(tree, tmp_path)


def test_a_build_that_would_take_no_other_update_is_not_handed_out(
    tree, tmp_path, keys, monkeypatch
):
    monkeypatch.setenv(update_bundle.KEY_VARIABLE, str(keys / make_release_key.PRIVATE))
    state(tree, version="0.2.0", commit="", release_key=None, history_schema=3)
    with pytest.raises(PackageError, match="RELEASE_KEY"):
        update_bundle.build(tree, tmp_path)


def test_a_build_that_does_not_say_what_it_reads_is_refused(tree, tmp_path, keys, monkeypatch):
    monkeypatch.setenv(update_bundle.KEY_VARIABLE, str(keys / make_release_key.PRIVATE))
    key = read_release_key(keys / make_release_key.PUBLIC)
    state(tree, version="0.2.0", commit="", release_key=key.hex())
    with pytest.raises(PackageError, match="which histories"):
        update_bundle.build(tree, tmp_path)


def test_another_key_of_the_build_is_said(tree, tmp_path, keys, monkeypatch, capsys):
    monkeypatch.setenv(update_bundle.KEY_VARIABLE, str(keys / make_release_key.PRIVATE))
    state(tree, version="0.2.0", commit="", release_key="ab" * 32, history_schema=3)
    assert update_bundle.build(tree, tmp_path)
    assert "hands over to another key" in capsys.readouterr().out


def test_a_tree_that_no_copy_would_take_is_refused(tree, tmp_path, keys, monkeypatch):
    monkeypatch.setenv(update_bundle.KEY_VARIABLE, str(keys / make_release_key.PRIVATE))
    (tree / "_internal/ä").write_text("no plain name")
    with pytest.raises(PackageError, match="no plain path"):
        update_bundle.build(tree, tmp_path)
