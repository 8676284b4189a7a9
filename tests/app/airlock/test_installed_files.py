"""A frozen program's files, compared with the list that its build made."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.airlock import installed_files
from app.airlock.installed_files import (
    LIST_NAME,
    PURPOSE,
    SIGNATURE_NAME,
    InstalledFiles,
    Signed,
    Verdict,
    check_installed,
    file_lines,
    read_list,
)
from app.airlock.proof_files import StoppedError, lines_of, program_files
from app.installation import Build, Installation, Kind
from app.library.bundles.signing import SigningKey

UNSIGNED = Build("0.1.0", "0" * 40, None)


def write_list(program: Path) -> None:
    text = "".join(f"{line}\n" for line in lines_of(program_files(program)))
    (program / LIST_NAME).write_text(text)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """A program of three files, as built."""
    program = tmp_path / "Prögram files"
    (program / "_internal").mkdir(parents=True)
    (program / "pitcher").write_text("program")
    (program / "_internal" / "libtorch.so").write_text("library")
    (program / "_internal" / "libc10.so").write_text("other")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    write_list(program)
    return Installation(Kind.SYSTEM, program, None, UNSIGNED)


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    return SigningKey.make(tmp_path / "keys" / "release.pem")


def signed_by(installed: Installation, key: SigningKey, purpose: bytes = PURPOSE) -> Installation:
    text = (installed.program / LIST_NAME).read_bytes()
    (installed.program / SIGNATURE_NAME).write_bytes(key.signature_of(text, purpose))
    return replace(installed, build=replace(UNSIGNED, release_key=key.public.raw))


def test_files_as_built_are_counted_and_the_list_can_be_compared(installed):
    found = check_installed(installed)
    listed = (installed.program / LIST_NAME).read_bytes()
    assert found == InstalledFiles(
        Verdict.AS_BUILT, count=3, list_sha256=hashlib.sha256(listed).hexdigest()
    )
    assert found.is_sound
    assert file_lines(found) == (
        "3 files are as they were built.",
        "This build is not signed: compare the hash of the list with a published one.",
    )
    command = ["sha256sum", "--check", "--strict", "--quiet", LIST_NAME]
    assert subprocess.run(command, cwd=installed.program).returncode == 0


def test_each_difference_is_named(installed):
    (installed.program / "pitcher").write_text("changed")
    (installed.program / "_internal" / "libc10.so").unlink()
    (installed.program / "_internal" / "torch.py").write_text("added")
    (installed.program / "_internal" / "__pycache__").mkdir()
    (installed.program / "_internal" / "__pycache__" / "x.pyc").write_text("added")
    found = check_installed(installed)
    assert found.verdict is Verdict.DIFFERENT
    assert not found.is_sound
    assert file_lines(found)[:5] == (
        "Not as built: 1 changed, 1 missing, 2 added, 0 unreadable, of 3 files. "
        "Install Pitcher again.",
        "Changed: pitcher",
        "Missing: _internal/libc10.so",
        "Added: _internal/__pycache__/x.pyc",
        "Added: _internal/torch.py",
    )


def test_links_and_pipes_are_told_and_never_waited_for(installed):
    program = installed.program
    (program / "_internal" / "libtorch.so").unlink()
    (program / "_internal" / "libtorch.so").symlink_to(program / "none")
    os.mkfifo(program / "pipe")
    (program / "elsewhere").symlink_to("/usr")
    found = check_installed(installed)
    assert found.unreadable == ("_internal/libtorch.so",)
    assert found.added == ("elsewhere", "pipe")
    assert "Can’t be read: _internal/libtorch.so" in file_lines(found)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\n",
        b"0" * 64 + b" pitcher\n",
        b"0" * 64 + b"  /etc/passwd\n",
        b"0" * 64 + b"  ../pitcher\n",
        b"0" * 64 + b"  a\\nb\n",
        b"0" * 64 + b"  a\n\n",
        (b"0" * 64 + b"  twice\n") * 2,
    ],
)
def test_a_list_that_no_build_writes_is_none(installed, text):
    (installed.program / LIST_NAME).write_bytes(text)
    found = check_installed(installed)
    assert found.verdict is Verdict.NO_LIST
    assert not found.is_sound
    assert "Install Pitcher again." in file_lines(found)[0]
    with pytest.raises(ValueError):
        read_list(text)


def test_without_a_list_nothing_is_claimed(installed):
    (installed.program / LIST_NAME).unlink()
    assert check_installed(installed).verdict is Verdict.NO_LIST


def test_from_source_there_is_nothing_to_compare(installed):
    found = check_installed(replace(installed, kind=Kind.SOURCE))
    assert found == InstalledFiles(Verdict.NOT_COMPARED)
    assert found.is_sound
    assert len(file_lines(found)) == 1


def test_a_signed_build_signs_its_list(installed, key):
    found = check_installed(signed_by(installed, key))
    assert found.signed is Signed.BY_RELEASE_KEY
    assert found.is_sound
    assert file_lines(found)[-1].endswith("is signed with the key of this build.")


def test_a_list_that_was_changed_after_signing_is_told_though_the_files_match_it(installed, key):
    signed = signed_by(installed, key)
    (installed.program / "pitcher").write_text("changed")
    (installed.program / SIGNATURE_NAME).rename(installed.program.parent / "kept")
    (installed.program / LIST_NAME).unlink()
    write_list(installed.program)
    (installed.program.parent / "kept").rename(installed.program / SIGNATURE_NAME)
    found = check_installed(signed)
    assert (found.verdict, found.signed) == (Verdict.AS_BUILT, Signed.WRONG)
    assert not found.is_sound
    assert file_lines(found)[-1].startswith("The list of files is not as it was signed.")


def test_only_the_builds_own_key_and_this_purpose_count(installed, key, tmp_path):
    other = SigningKey.make(tmp_path / "keys" / "other.pem")
    foreign = replace(
        signed_by(installed, other), build=replace(UNSIGNED, release_key=key.public.raw)
    )
    assert check_installed(foreign).signed is Signed.WRONG
    bundle = signed_by(installed, key, b"pitcher bundle manifest 1\n")
    assert check_installed(bundle).signed is Signed.WRONG
    (installed.program / SIGNATURE_NAME).unlink()
    found = check_installed(bundle)
    assert found.signed is Signed.MISSING
    assert not found.is_sound
    assert "is missing" in file_lines(found)[-1]


def test_files_that_were_hashed_are_not_read_again(installed, monkeypatch):
    files = program_files(installed.program)
    monkeypatch.setattr(installed_files, "program_files", None)
    assert check_installed(installed, files).is_sound


def test_whoever_closes_does_not_wait(installed):
    with pytest.raises(StoppedError):
        check_installed(installed, is_stopped=lambda: True)
