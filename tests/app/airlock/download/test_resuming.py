"""What an earlier run left is used only as far as the disk still has it, and never mixed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from app.airlock.download import arrival as arrival_module
from app.airlock.download.choices import choices_of
from app.airlock.download.destination import with_free_names
from app.airlock.download.errors import (
    AlreadyArrivingError,
    DiskError,
    DownloadError,
    ModelThereError,
    StoppedError,
)
from app.airlock.download.hub import list_repository
from app.airlock.download.names import repository_name
from app.airlock.download.source import read_source
from app.airlock.download.unfinished import arriving_folder, unfinished
from tests.app.airlock.download.fetches import (
    FILES,
    ONE_AT_A_TIME,
    PART_BYTES,
    REPOSITORY,
    SIZE,
    WEIGHTS,
    Fetch,
    assert_nothing_installed,
    assert_whole,
    rewrite,
)
from tests.app.airlock.download.scripted_hub import Evil, Fault, ScriptedHub


def test_what_has_arrived_is_not_asked_for_again(
    hub: ScriptedHub, folder: Path, half: Path
) -> None:
    assert_whole(Fetch(hub, folder).run(), folder)
    assert [seen.range for seen in hub.file_requests()] == [(300_000, SIZE - 1)]
    assert [s.path for s in hub.file_requests("hub") if "safetensors" not in s.path] == []


def test_a_part_that_the_disk_damaged_is_fetched_again_and_no_other(
    hub: ScriptedHub, folder: Path, half: Path
) -> None:
    with (half / "files" / "model.safetensors").open("r+b") as stream:
        stream.seek(PART_BYTES + 5)
        stream.write(b"damage")
    assert_whole(Fetch(hub, folder, options=ONE_AT_A_TIME).run(), folder)
    ranges = [seen.range for seen in hub.file_requests()]
    assert ranges == [(PART_BYTES, 2 * PART_BYTES - 1), (300_000, SIZE - 1)]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"[" * 100_000),
        lambda path: path.write_bytes(b"[]"),
        lambda path: path.write_bytes(path.read_bytes()[:40]),
        lambda path: rewrite(path, version=2),
        lambda path: rewrite(path, part_bytes=1),
        lambda path: rewrite(path, part_bytes=0),
        lambda path: rewrite(path, part_bytes=True),
        lambda path: rewrite(path, parts=[]),
        lambda path: rewrite(path, parts=[[1 << 60, "0" * 64]] * 4),
        lambda path: rewrite(path, parts=[[-1, "0" * 64]] * 4),
        lambda path: rewrite(path, parts=[["1", 2, 3]] * 4),
        lambda path: rewrite(path, parts=[[100, "x"]] * 4),
        lambda path: rewrite(path, identity="sha256:" + "0" * 64),
        lambda path: rewrite(path, size=5),
    ],
    ids=range(16),
)
def test_a_record_that_makes_no_sense_counts_as_none(
    hub: ScriptedHub, folder: Path, half: Path, spoil: object
) -> None:
    assert callable(spoil)
    spoil(half / "records" / "model.safetensors.json")
    assert_whole(Fetch(hub, folder).run(), folder)
    assert hub.asked_bytes == SIZE


def test_a_record_that_claims_what_is_not_there_is_not_believed(
    hub: ScriptedHub, folder: Path, half: Path
) -> None:
    (half / "files" / "model.safetensors").unlink()
    assert_whole(Fetch(hub, folder).run(), folder)
    assert hub.asked_bytes == SIZE


def claim(half: Path, part_bytes: int, kept: list[int]) -> None:
    """So much is there of each part, and the record says so: other programs can write both."""
    (half / "files" / "model.safetensors").write_bytes(WEIGHTS)
    told = []
    for number, size in enumerate(kept):
        piece = WEIGHTS[number * part_bytes :][:size]
        told.append([size, hashlib.sha256(piece).hexdigest()])
    rewrite(half / "records" / "model.safetensors.json", part_bytes=part_bytes, parts=told)


@pytest.mark.parametrize(
    ("kept", "asked_from"),
    [(12_345, 6_250), (99_999, 93_750), (12_500, 12_500), (6_249, 0)],
)
def test_a_part_goes_on_at_a_step_whatever_a_record_says(
    hub: ScriptedHub, folder: Path, half: Path, kept: int, asked_from: int
) -> None:
    """Where it goes on is sent, so no number of another program's choice is."""
    claim(half, PART_BYTES, [PART_BYTES, kept, PART_BYTES, SIZE - 3 * PART_BYTES])
    assert_whole(Fetch(hub, folder).run(), folder)
    (seen,) = hub.file_requests()
    assert seen.range == (PART_BYTES + asked_from, 2 * PART_BYTES - 1)


def test_how_large_parts_are_is_not_the_records_to_say(
    hub: ScriptedHub, folder: Path, half: Path
) -> None:
    claim(half, 1_000, [997] * (SIZE // 1_000))
    assert_whole(Fetch(hub, folder).run(), folder)
    firsts = sorted(seen.range[0] for seen in hub.file_requests() if seen.range)
    assert firsts == list(range(0, SIZE, PART_BYTES))


def test_a_new_commit_keeps_what_is_the_same_and_fetches_what_is_not(
    hub: ScriptedHub, folder: Path, half: Path
) -> None:
    changed = {**FILES, "config.json": b'{"model_type": "qwen2"}'}
    hub.set_files(REPOSITORY, changed)
    fetched = Fetch(hub, folder).run()
    assert (fetched.folder / "config.json").read_bytes() == changed["config.json"]
    assert (fetched.folder / "model.safetensors").read_bytes() == WEIGHTS
    assert fetched.source.commit == hub.commit(REPOSITORY)
    assert hub.asked_bytes == SIZE - 300_000


def test_new_weights_are_never_mixed_with_the_old_ones(
    hub: ScriptedHub, folder: Path, half: Path
) -> None:
    changed = {**FILES, "model.safetensors": bytes(reversed(WEIGHTS))}
    hub.set_files(REPOSITORY, changed)
    fetched = Fetch(hub, folder).run()
    assert (fetched.folder / "model.safetensors").read_bytes() == changed["model.safetensors"]
    assert hub.asked_bytes == SIZE


def test_what_does_not_belong_there_is_swept_out(
    hub: ScriptedHub, folder: Path, half: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.write_text("mine")
    files = half / "files"
    (files / "evil.py").write_text("import os")
    (files / "deep").mkdir()
    (files / "deep" / "x").write_text("x")
    (files / "config.json").unlink()
    (files / "config.json").symlink_to(outside)
    assert_whole(Fetch(hub, folder).run(), folder)
    assert outside.read_text() == "mine"


@pytest.mark.parametrize("name", ["files", "records"])
def test_a_link_in_place_of_its_folders_is_not_followed(
    hub: ScriptedHub, folder: Path, half: Path, tmp_path: Path, name: str
) -> None:
    outside = tmp_path / "outside"
    (half / name).rename(outside)
    before = {path.name: path.read_bytes() for path in outside.iterdir()}
    (half / name).symlink_to(outside)
    fetched = Fetch(hub, folder).run()
    assert read_source(fetched.folder) == fetched.source
    assert {path.name: path.read_bytes() for path in outside.iterdir()} == before


@pytest.mark.parametrize("name", [".arriving", ".arriving/Small-Chat"])
def test_a_link_in_place_of_its_own_folder_is_refused(
    hub: ScriptedHub, folder: Path, tmp_path: Path, name: str
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (folder / name).parent.mkdir(parents=True)
    (folder / name).symlink_to(outside)
    with pytest.raises(DiskError, match="is no folder"):
        Fetch(hub, folder).run()
    assert not list(outside.iterdir())


def test_a_file_in_place_of_its_folder_is_refused(hub: ScriptedHub, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / ".arriving").write_text("")
    with pytest.raises(DiskError, match="is no folder"):
        Fetch(hub, folder).run()


def test_two_at_once_are_refused(hub: ScriptedHub, folder: Path) -> None:
    with (
        arriving_folder(folder, "Small-Chat"),
        pytest.raises(AlreadyArrivingError, match="by another process"),
    ):
        Fetch(hub, folder).run()
    assert_whole(Fetch(hub, folder).run(), folder)


def test_the_same_again_is_there_already(hub: ScriptedHub, folder: Path) -> None:
    first = Fetch(hub, folder).run()
    hub.requests.clear()
    again = Fetch(hub, folder).run()
    assert (first.was_there, again.was_there) == (False, True)
    assert again.source == first.source
    assert not hub.file_requests()
    assert_whole(again, folder)


def test_a_kill_between_the_name_and_the_sweep_leaves_nothing_for_ever(
    hub: ScriptedHub, folder: Path
) -> None:
    Fetch(hub, folder).run()
    left = folder / ".arriving" / "Small-Chat" / "records"
    left.mkdir(parents=True)
    assert unfinished(folder) == ()
    assert_whole(Fetch(hub, folder).run(), folder)


@pytest.mark.parametrize("what", ["file", "folder", "link", "other commit"])
def test_something_else_of_that_name_is_left_alone(
    hub: ScriptedHub, folder: Path, tmp_path: Path, what: str
) -> None:
    target = folder / "Small-Chat"
    if what == "other commit":
        Fetch(hub, folder).run()
        hub.set_files(REPOSITORY, {**FILES, "config.json": b"{}"})
    else:
        folder.mkdir(parents=True)
        {
            "file": target.touch,
            "folder": target.mkdir,
            "link": lambda: target.symlink_to(tmp_path),
        }[what]()
    before = os.lstat(target)
    with pytest.raises(ModelThereError, match="Remove it first"):
        Fetch(hub, folder).run()
    assert os.lstat(target) == before


def test_bytes_that_the_disk_changes_after_all_came_cost_a_part(
    hub: ScriptedHub, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _damage_before_verifying(monkeypatch, times=1)
    assert_whole(Fetch(hub, folder).run(), folder)
    assert hub.asked_bytes == SIZE + PART_BYTES


def test_a_disk_that_goes_on_changing_bytes_is_named(
    hub: ScriptedHub, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _damage_before_verifying(monkeypatch, times=9)
    with pytest.raises(DiskError, match="Check the disk"):
        Fetch(hub, folder).run()
    assert hub.asked_bytes <= SIZE + 2 * PART_BYTES
    assert_nothing_installed(folder)


def _damage_before_verifying(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    left = [times]
    verify = arrival_module.Arrival.verify

    def damaged(self: arrival_module.Arrival, count: arrival_module.Count) -> object:
        if self.file.name == "model.safetensors" and left[0] > 0:
            left[0] -= 1
            with self.path.open("r+b") as stream:
                stream.seek(PART_BYTES + 9)
                stream.write(b"damage")
        return verify(self, count)

    monkeypatch.setattr(arrival_module.Arrival, "verify", damaged)


def other_choice(hub: ScriptedHub, folder: Path) -> str:
    """What a model of the same name by another maker would be called."""
    with Fetch(hub, folder).transport() as transport:
        listing = list_repository(transport, repository_name("other/Small-Chat"))
    (choice,) = with_free_names(choices_of(listing), listing, folder)
    return choice.name


def test_two_makers_of_one_name_do_not_take_each_others_place(folder: Path) -> None:
    changed = {**FILES, "config.json": b"{}"}
    with ScriptedHub({REPOSITORY: FILES, "other/Small-Chat": changed}) as hub:
        assert other_choice(hub, folder) == "Small-Chat"
        hub.faults.append(Fault(Evil.STATUS_404, "/model.safetensors"))
        with pytest.raises(DownloadError):
            Fetch(hub, folder).run()
        hub.faults.clear()
        assert other_choice(hub, folder) == "other-Small-Chat"
        Fetch(hub, folder).run()
        assert other_choice(hub, folder) == "other-Small-Chat"
        (folder / "Small-Chat" / "source.json").unlink()
        assert other_choice(hub, folder) == "other-Small-Chat"


def test_a_stopped_download_keeps_what_came(hub: ScriptedHub, folder: Path) -> None:
    fetch = Fetch(hub, folder, options=ONE_AT_A_TIME)
    with fetch.transport() as transport:
        job = fetch.job_for(transport, fetch.list(transport))
        job.stop()
        with pytest.raises(StoppedError, match="What has arrived is kept"):
            job.run()
    assert_whole(Fetch(hub, folder).run(), folder)
