"""The lists of hashes: of a tree, for `audit`, and of the artefacts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.airlock.installed_files import Signed, check_installed
from app.installation import installed_at
from app.library.bundles.signing import SigningKey
from tools.package import sums
from tools.package.freeze import ROOT, PackageError
from tools.package.sums import KEY_VARIABLE, OWN_KEY_VARIABLE, SumsError, of_artefacts


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for variable in (KEY_VARIABLE, OWN_KEY_VARIABLE):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    tree = tmp_path / "tree"
    (tree / "_internal").mkdir(parents=True)
    (tree / "pitcher").write_text("program")
    (tree / "_internal" / "a b.so").write_text("library")
    (tree / "_internal" / "link.so").symlink_to("a b.so")
    build_json(tree, None)
    return tree


def build_json(tree: Path, key: str | None) -> None:
    told = {"version": "0.1.0", "commit": "c", "release_key": key}
    (tree / "build.json").write_text(json.dumps(told))


def test_the_list_is_what_audit_and_sha256sum_compare_with(tree, tmp_path):
    assert sums.build(tree, tmp_path) == []
    command = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    assert subprocess.run(command, cwd=tree).returncode == 0
    found = check_installed(installed_at(tree))
    assert (found.is_sound, found.count) == (True, 4)
    listed = (tree / "SHA256SUMS").stat()
    assert listed.st_mode & 0o777 == 0o644
    assert listed.st_mtime == (tree / "build.json").stat().st_mtime == tree.stat().st_mtime
    first = (tree / "SHA256SUMS").read_bytes()
    sums.build(tree, tmp_path)
    assert (tree / "SHA256SUMS").read_bytes() == first


def test_a_release_signs_it_with_the_key_whose_public_half_is_in_the_build(
    tree, tmp_path, monkeypatch
):
    key = SigningKey.make(tmp_path / "keys" / "a.pem")
    build_json(tree, key.public.raw.hex())
    with pytest.raises(SumsError, match=KEY_VARIABLE):
        sums.build(tree, tmp_path)
    monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / "keys" / "a.pem"))
    sums.build(tree, tmp_path)
    assert check_installed(installed_at(tree)).signed is Signed.BY_RELEASE_KEY
    SigningKey.make(tmp_path / "keys" / "b.pem")
    monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / "keys" / "b.pem"))
    with pytest.raises(SumsError, match=r"not the one whose public half is in build\.json"):
        sums.build(tree, tmp_path)
    monkeypatch.setenv(OWN_KEY_VARIABLE, str(tmp_path / "keys" / "a.pem"))
    sums.build(tree, tmp_path)
    assert check_installed(installed_at(tree)).signed is Signed.BY_RELEASE_KEY


@pytest.mark.parametrize("variable", [KEY_VARIABLE, OWN_KEY_VARIABLE])
def test_a_key_that_can_not_be_used_is_a_sentence(tree, tmp_path, monkeypatch, variable):
    build_json(tree, "ab" * 32)
    for named, words in (
        (tmp_path / "missing.pem", f"{variable} names .* which is not there"),
        (ROOT / "README.md", "lies in the repository"),
        (tree / "build.json", "no private key|Others can read"),
    ):
        monkeypatch.setenv(variable, str(named))
        with pytest.raises(PackageError, match=words):
            sums.build(tree, tmp_path)


def test_an_unsigned_build_has_no_signature_left_of_one_before(tree, tmp_path):
    (tree / "SHA256SUMS.sig").write_text("old")
    sums.build(tree, tmp_path)
    assert not (tree / "SHA256SUMS.sig").exists()


def test_what_audit_could_not_follow_or_name_is_refused(tree, tmp_path):
    (tree / "folder").symlink_to("_internal")
    with pytest.raises(SumsError, match="folder is a link to a folder"):
        sums.build(tree, tmp_path)
    (tree / "folder").unlink()
    (tree / "odd\nname").write_text("")
    with pytest.raises(SumsError, match="can’t be listed"):
        sums.build(tree, tmp_path)


def test_the_artefacts_are_listed_in_order(tmp_path):
    (tmp_path / "b.deb").write_text("b")
    (tmp_path / "a.run").write_text("a")
    of_artefacts(tmp_path)
    of_artefacts(tmp_path)
    lines = (tmp_path / "SHA256SUMS").read_text().splitlines()
    assert [line.split("  ")[1] for line in lines] == ["a.run", "b.deb"]
    command = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    assert subprocess.run(command, cwd=tmp_path).returncode == 0
