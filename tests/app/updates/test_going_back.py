"""The way back, the record of the first start, and what the start script does with both."""

from __future__ import annotations

import os
import re
from random import Random

import pytest

from app.installation import Build, Installation, Kind
from app.updates import starting
from app.updates.applying import apply_update
from app.updates.errors import BusyError, NoPreviousError, UpdateWriteError
from app.updates.prefix import Prefix, changing, go_back, hold, is_running, remove_tree
from app.updates.versions import is_version, order_of
from tests.app.updates.updates_hand import Copy


def updated(copy: Copy, *, has_started: bool = True) -> Copy:
    apply_update(copy.update("0.2.0")[0], copy.running())
    if has_started:
        starting.has_started(copy.running())
    return copy


def test_versions_are_ordered_as_they_are_released():
    ordered = [
        "0.1.9",
        "0.2.0a1",
        "0.2.0b1",
        "0.2.0rc1",
        "0.2.0rc2",
        "0.2.0",
        "0.2.1",
        "0.10",
        "1.0",
    ]
    mixed = Random(8).sample(ordered, len(ordered))
    assert sorted(mixed, key=order_of) == ordered
    assert order_of("1.0") == order_of("1.0.0")


@pytest.mark.parametrize(
    "text", ["", "1", "v1.0", "1.0-2", "1.0/2", "1.0\n", "١.٠", "1.0dev1", ".."]
)
def test_what_is_no_version_is_no_name_of_a_folder(text):
    assert not is_version(text)
    with pytest.raises(ValueError, match=re.escape(text) or "^$"):
        order_of(text)


def test_the_version_before_starts_again_and_the_newer_one_stays_to_go_forward_to(copy):
    updated(copy)
    assert go_back(copy.prefix) == ("0.1.0", "0.2.0")
    assert (copy.prefix.current, copy.prefix.previous) == ("0.1.0", "0.2.0")
    assert go_back(copy.prefix) == ("0.2.0", "0.1.0")
    assert (copy.prefix.current, copy.prefix.previous) == ("0.2.0", "0.1.0")
    assert not copy.prefix.is_on_trial


def test_a_version_that_never_started_is_not_gone_forward_to(copy):
    updated(copy, has_started=False)
    go_back(copy.prefix)
    assert (copy.prefix.current, copy.prefix.previous) == ("0.1.0", None)
    assert not copy.prefix.is_on_trial
    with pytest.raises(NoPreviousError):
        go_back(copy.prefix)
    apply_update(copy.update("0.2.0")[0], copy.running())
    assert copy.prefix.current == "0.2.0"


def test_the_newer_version_can_come_by_its_update_again(copy):
    updated(copy)
    go_back(copy.prefix)
    applied = apply_update(copy.update("0.2.0")[0], copy.running())
    assert (applied.version, applied.previous) == ("0.2.0", "0.1.0")


def test_without_another_version_there_is_nothing_to_go_back_to(copy):
    with pytest.raises(NoPreviousError):
        go_back(copy.prefix)


def test_a_previous_version_whose_folder_is_gone_is_none(copy):
    updated(copy)
    remove_tree(copy.prefix.versions / "0.1.0")
    assert copy.prefix.previous is None


def test_one_at_a_time(copy):
    updated(copy)
    with changing(copy.prefix), pytest.raises(BusyError):
        go_back(copy.prefix)


def test_a_disk_that_refuses_is_said_and_the_version_stays(copy, monkeypatch):
    updated(copy)

    def refuse(_old, _new):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(UpdateWriteError, match="Read-only"):
        go_back(copy.prefix)
    assert copy.prefix.current == "0.2.0"


def test_a_prefix_that_is_gone_is_said(tmp_path):
    with pytest.raises(UpdateWriteError):
        go_back(Prefix(tmp_path / "nowhere"))


# ---------------------------------------------------------------------- the first start


def test_the_first_start_ends_the_trial_and_removes_what_nobody_needs(copy):
    updated(copy)
    apply_update(copy.update("0.3.0")[0], copy.running())
    assert (copy.prefix.versions / "0.1.0").exists()
    starting.has_started(copy.running())
    assert not copy.prefix.is_on_trial
    assert not (copy.prefix.versions / "0.1.0").exists()
    assert copy.prefix.previous == "0.2.0"


def test_an_older_window_that_is_still_open_does_not_end_the_trial(copy):
    older = copy.running()
    updated(copy, has_started=False)
    (copy.prefix.folder / "tries").write_text("x")
    starting.has_started(older)
    starting.ended_in_order(older)
    assert (copy.prefix.folder / "tries").read_text() == "x"


def test_an_orderly_end_is_no_failed_start(copy):
    updated(copy, has_started=False)
    (copy.prefix.folder / "tries").write_text("xx")
    starting.ended_in_order(copy.running())
    assert copy.prefix.is_on_trial
    assert (copy.prefix.folder / "tries").read_text() == ""


def test_what_can_not_be_recorded_stops_nobody(copy, monkeypatch, caplog):
    updated(copy, has_started=False)
    with changing(copy.prefix):
        starting.has_started(copy.running())
    assert "could not be recorded" in caplog.text
    assert copy.prefix.is_on_trial

    def refuse(_path, _size):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(os, "truncate", refuse)
    starting.ended_in_order(copy.running())
    assert "orderly end" in caplog.text


def test_where_others_look_after_the_program_nothing_is_recorded(copy):
    there = Installation(Kind.SYSTEM, copy.folder, None, Build("0.1.0", "", None))
    starting.has_started(there)
    starting.ended_in_order(there)
    assert starting.running(there) is None


def test_a_process_holds_its_own_version(copy):
    folder = copy.prefix.versions / "0.1.0"
    assert not is_running(folder)
    handle = starting.running(copy.running())
    assert handle is not None
    assert is_running(folder)
    os.close(handle)
    assert not is_running(folder)
    assert hold(folder / "nowhere") is None


def test_nothing_is_removed_where_it_can_not_be_told_what_is_used(copy):
    (copy.prefix.versions / "0.0.1").mkdir()
    (copy.prefix.folder / "current").unlink()
    copy.prefix.clear()
    assert (copy.prefix.versions / "0.0.1").exists()


def test_links_and_files_among_the_versions_are_removed_as_themselves(copy, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("kept")
    (copy.prefix.versions / ".0.5.0.part").symlink_to(outside)
    (copy.prefix.versions / ".stray").write_text("x")
    (copy.prefix.versions / "notes").mkdir()
    copy.prefix.clear()
    assert (outside / "kept").exists()
    assert sorted(path.name for path in copy.prefix.versions.iterdir()) == ["0.1.0", "notes"]


def test_a_fall_is_told_once(copy):
    assert copy.prefix.fell_back_from is None
    (copy.prefix.folder / "fell-back").write_text("0.9.0\n")
    assert copy.prefix.fell_back_from == "0.9.0"
    copy.prefix.forget_fall()
    assert copy.prefix.fell_back_from is None
