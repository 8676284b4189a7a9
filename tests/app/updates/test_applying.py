"""An update is applied: what lies there then, what is refused, and that nothing is left of that."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from pathlib import Path

import pytest

from app.installation import Build, Installation, Kind
from app.policy import Policy
from app.restrictions import Restrictions
from app.updates import applying
from app.updates.applying import Watch, apply_update
from app.updates.errors import (
    BusyError,
    ForeignUpdateError,
    NoRoomError,
    NotUpdatableError,
    OlderVersionError,
    SameVersionError,
    UnfitUpdateError,
    UpdateFileError,
    UpdateStoppedError,
    UpdateWriteError,
)
from app.updates.making import make_update
from app.updates.prefix import changing, hold
from tests.app.updates.updates_hand import Copy, contents, release, some_key, write_tree


def names(copy: Copy) -> list[str]:
    return sorted(path.name for path in copy.prefix.versions.iterdir())


def refused(copy: Copy, error: type[Exception], file: Path, **how: object) -> str:
    """Nothing changes; what is said."""
    before = contents(copy.prefix.folder)
    with pytest.raises(error) as found:
        apply_update(file, copy.running(), **how)
    assert contents(copy.prefix.folder) == before
    return str(found.value)


def test_an_update_lies_beside_the_version_in_use_and_starts_next(copy):
    file, manifest = copy.update("0.2.0")
    told: list[tuple[int, int]] = []
    applied = apply_update(
        file, copy.running(), watch=Watch(lambda done, total: told.append((done, total)))
    )
    assert (applied.version, applied.previous) == ("0.2.0", "0.1.0")
    assert (copy.prefix.current, copy.prefix.previous) == ("0.2.0", "0.1.0")
    assert contents(copy.prefix.versions / "0.2.0") == contents(copy.folder / "tree-0.2.0")
    assert copy.prefix.is_on_trial
    assert told[-1] == (manifest.total_bytes, manifest.total_bytes)
    assert names(copy) == ["0.1.0", "0.2.0"]


def test_the_same_folder_and_key_give_the_same_update(copy):
    file, _manifest = copy.update("0.2.0")
    first = file.read_bytes()
    again, _manifest = copy.update("0.2.0")
    assert again.read_bytes() == first


def test_no_file_gets_rights_that_were_not_asked_for(copy):
    tree = write_tree(copy.folder / "tree-0.2.0", "0.2.0", copy.key.public.raw)
    (tree / "_internal/empty").chmod(0o6777)
    file, _manifest = copy.update("0.2.0")
    apply_update(file, copy.running())
    mode = (copy.prefix.versions / "0.2.0/_internal/empty").stat().st_mode
    assert not mode & (stat.S_ISUID | stat.S_ISGID | stat.S_IWOTH)


def test_nobody_else_may_change_an_update_whatever_the_mask_says(copy):
    file, _manifest = copy.update("0.2.0")
    before = os.umask(0)
    try:
        apply_update(file, copy.running())
    finally:
        os.umask(before)
    there = copy.prefix.versions / "0.2.0"
    found = [each for each in (there, *there.rglob("*")) if not each.is_symlink()]
    assert [each for each in found if each.stat().st_mode & 0o022] == []
    assert (there / "pitcher").stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("kind", [Kind.SOURCE, Kind.SYSTEM])
def test_what_others_look_after_takes_no_update(copy, kind):
    file, _manifest = copy.update("0.2.0")
    there = Installation(kind, copy.folder, None, Build("0.1.0", "", copy.key.public.raw))
    with pytest.raises(NotUpdatableError, match="source" if kind is Kind.SOURCE else "apt or dnf"):
        apply_update(file, there)


def test_a_build_that_is_not_signed_takes_no_update(tmp_path):
    copy = Copy(tmp_path, some_key())
    copy.install("0.1.0", is_signed=False)
    file, _manifest = copy.update("0.2.0")
    assert "not signed" in refused(copy, NotUpdatableError, file)


def test_a_policy_forbids_updates(copy):
    file, _manifest = copy.update("0.2.0")
    policy = Policy(Path("/etc/policy.toml"), restrictions=Restrictions(updates_off=True))
    said = refused(copy, NotUpdatableError, file, policy=policy)
    assert "your organisation in /etc/policy.toml" in said


def test_an_update_of_another_key_is_refused_and_both_are_named(copy):
    other = some_key()
    file, _manifest = copy.update("0.2.0", other)
    said = refused(copy, ForeignUpdateError, file)
    assert other.public.fingerprint in said
    assert copy.key.public.fingerprint in said


@pytest.mark.parametrize(
    "changes", [{"system": "plan9"}, {"architecture": "sparc"}, {"glibc": "9.99"}]
)
def test_an_update_for_another_computer_is_refused(copy, changes):
    file, _manifest = copy.update("0.2.0", **changes)
    assert next(iter(changes.values())) in refused(copy, UnfitUpdateError, file)


def test_the_least_c_library_is_compared_as_numbers(copy, monkeypatch):
    monkeypatch.setattr(os, "confstr", lambda _name: "glibc 2.34")
    file, _manifest = copy.update("0.2.0", glibc="2.4")
    apply_update(file, copy.running())
    file, _manifest = copy.update("0.3.0", glibc="2.35")
    refused(copy, UnfitUpdateError, file)
    monkeypatch.setattr(os, "confstr", lambda _name: "")
    assert "another one" in refused(copy, UnfitUpdateError, file)


def test_the_same_version_is_refused(copy):
    file, _manifest = copy.update("0.1.0")
    assert "installed already" in refused(copy, SameVersionError, file)


def test_an_older_version_is_refused_unless_asked_for(copy):
    file, _manifest = copy.update("0.0.9")
    assert "--allow-downgrade" in refused(copy, OlderVersionError, file)
    apply_update(file, copy.running(), allow_downgrade=True)
    assert (copy.prefix.current, copy.prefix.previous) == ("0.0.9", "0.1.0")


def test_what_starts_next_counts_and_not_what_runs(copy):
    running = copy.running()
    apply_update(copy.update("0.3.0")[0], running)
    with pytest.raises(OlderVersionError):
        apply_update(copy.update("0.2.0")[0], running)


def test_a_copy_that_names_no_version_is_mended_by_any(copy):
    running = copy.running()
    (copy.prefix.folder / "current").write_text("../elsewhere\n")
    apply_update(copy.update("0.0.5")[0], running)
    assert copy.prefix.current == "0.0.5"


def test_too_little_room_is_said_before_anything_is_written(copy, monkeypatch):
    file, _manifest = copy.update("0.2.0")
    usage = type("Usage", (), {"free": 1_000_000})
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    assert "1 MB are free" in refused(copy, NoRoomError, file)


@pytest.mark.parametrize(
    ("code", "error"), [(errno.ENOSPC, NoRoomError), (errno.EIO, UpdateWriteError)]
)
def test_a_disk_that_refuses_leaves_what_was(copy, monkeypatch, code, error):
    file, _manifest = copy.update("0.2.0")
    calls = []

    def failing(stream, data):
        calls.append(len(data))
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(applying, "write_all", failing)
    refused(copy, error, file)
    assert calls
    monkeypatch.undo()
    apply_update(file, copy.running())
    assert copy.prefix.current == "0.2.0"


def test_a_folder_that_can_not_be_written_to_is_said(copy, monkeypatch):
    file, _manifest = copy.update("0.2.0")
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    assert "can’t be written to" in refused(copy, NotUpdatableError, file)


def test_it_is_stopped_and_nothing_was_changed(copy):
    file, _manifest = copy.update("0.2.0")
    refused(copy, UpdateStoppedError, file, watch=Watch(is_stopped=lambda: True))


def test_a_file_that_is_another_update_by_now_is_refused(copy):
    _file, agreed = copy.update("0.2.0")
    other, manifest = copy.update("0.3.0")
    assert "another update" in refused(copy, UpdateFileError, other, agreed=agreed)
    apply_update(other, copy.running(), agreed=manifest)
    assert copy.prefix.current == "0.3.0"


def test_a_stick_that_is_pulled_out_is_told_from_a_disk_that_refuses(copy, monkeypatch):
    from app.updates import update_file

    def pulled(_stream, size):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    file, manifest = copy.update("0.2.0")
    read = update_file._read
    monkeypatch.setattr(
        update_file,
        "_read",
        lambda stream, size: (pulled if size == manifest.payload_bytes else read)(stream, size),
    )
    assert "can’t be read on" in refused(copy, UpdateFileError, file)
    monkeypatch.setattr(update_file, "_read", pulled)
    assert f"{file} can’t be read" in refused(copy, UpdateFileError, file)


def test_two_at_once_are_told(copy):
    file, _manifest = copy.update("0.2.0")
    with changing(copy.prefix):
        refused(copy, BusyError, file)


def test_what_a_kill_left_is_removed(copy):
    left = copy.prefix.versions / ".0.2.0.part"
    (left / "_internal").mkdir(parents=True)
    (left / "_internal/half").write_bytes(b"half")
    (copy.prefix.versions / "0.2.0").mkdir()  # renamed, and killed before it was named
    apply_update(copy.update("0.2.0")[0], copy.running())
    assert names(copy) == ["0.1.0", "0.2.0"]
    assert contents(copy.prefix.versions / "0.2.0") == contents(copy.folder / "tree-0.2.0")


def test_a_version_that_never_started_is_not_what_is_kept(copy):
    running = copy.running()
    apply_update(copy.update("0.2.0")[0], running)
    applied = apply_update(copy.update("0.3.0")[0], running)
    assert applied.previous == "0.1.0"
    assert copy.prefix.previous == "0.1.0"


def test_the_version_before_the_previous_one_goes_when_the_new_one_has_started(copy):
    apply_update(copy.update("0.2.0")[0], copy.running())
    copy.prefix.end_trial()
    apply_update(copy.update("0.3.0")[0], copy.running())
    assert names(copy) == ["0.1.0", "0.2.0", "0.3.0"]
    assert copy.prefix.previous == "0.2.0"


def test_a_version_that_somebody_runs_is_never_removed(copy):
    old = hold(copy.prefix.versions / "0.1.0")
    apply_update(copy.update("0.2.0")[0], copy.running())
    copy.prefix.end_trial()
    apply_update(copy.update("0.3.0")[0], copy.running())
    copy.prefix.end_trial()
    copy.prefix.clear()
    assert "0.1.0" in names(copy)
    assert old is not None
    os.close(old)
    copy.prefix.clear()
    assert names(copy) == ["0.2.0", "0.3.0"]


def test_a_version_that_is_open_is_not_replaced_by_its_own_update(copy):
    apply_update(copy.update("0.2.0")[0], copy.running())
    copy.prefix.end_trial()
    old = hold(copy.prefix.versions / "0.1.0")
    file, _manifest = copy.update("0.1.0")
    assert "0.1.0 is open" in refused(copy, BusyError, file, allow_downgrade=True)
    assert copy.prefix.previous == "0.1.0"
    assert old is not None
    os.close(old)
    apply_update(file, copy.running(), allow_downgrade=True)
    assert (copy.prefix.current, copy.prefix.previous) == ("0.1.0", "0.2.0")


def test_a_version_that_is_not_whole_is_neither_kept_nor_in_the_way(copy):
    running = copy.running()
    apply_update(copy.update("0.2.0")[0], running)
    copy.prefix.end_trial()
    (copy.prefix.versions / "0.2.0/pitcher").unlink()
    assert (copy.prefix.current, copy.prefix.previous) == (None, "0.1.0")  # as the start script
    applied = apply_update(copy.update("0.2.0")[0], running)
    assert (applied.version, applied.previous) == ("0.2.0", "0.1.0")
    (copy.prefix.versions / "0.2.0/pitcher").unlink()
    apply_update(copy.update("0.3.0")[0], running)
    assert (copy.prefix.current, copy.prefix.previous) == ("0.3.0", "0.1.0")


def test_an_update_that_says_another_version_than_its_program_is_refused(copy):
    tree = write_tree(copy.folder / "other", "0.9.0", copy.key.public.raw)
    file = copy.folder / "lying.pitcher-update"
    make_update(tree, release("0.2.0"), copy.key, file)
    assert "another program" in refused(copy, UpdateFileError, file)


def test_where_there_are_no_links_the_file_stands_twice(copy, monkeypatch):
    def no_links(_path, _target):
        raise OSError(errno.EPERM, "Operation not permitted")

    file, _manifest = copy.update("0.2.0")
    monkeypatch.setattr(Path, "symlink_to", no_links)
    apply_update(file, copy.running())
    twice = copy.prefix.versions / "0.2.0/_internal/libone.so"
    assert not twice.is_symlink()
    assert twice.read_bytes() == b"0.2.0" * 5_000


def test_other_troubles_with_links_are_told(copy, monkeypatch):
    def broken(_path, _target):
        raise OSError(errno.EIO, "Input/output error")

    file, _manifest = copy.update("0.2.0")
    monkeypatch.setattr(Path, "symlink_to", broken)
    refused(copy, UpdateWriteError, file)
