"""A model moved to another disk, and one of others taken in: whole, resumable, nothing lost."""

import os
import shutil
from random import Random

import pytest

from app import paths
from app.library import copying, moving
from app.library.copying import copy_model, same_files
from app.library.errors import MovingError
from app.library.models import installed, resolve
from app.library.moving import model_at, move_model, take_in, use_in_place
from app.library.places import Place, Places
from inference.errors import NotEnoughDiskError, PreparationCancelledError
from inference.prepared.automatic import ready
from inference.prepared.preparing import Watch
from inference.request import Compute
from tests.inference.prepared.making import quantized_llama


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(copying, "CHUNK_BYTES", 1000)
    paths.models_dir().mkdir(parents=True)
    (tmp_path / "disk").mkdir()
    return tmp_path


def folder_model(folder, seed=1):
    folder.mkdir(parents=True)
    random = Random(seed)
    for name, size in (("config.json", 20), ("model.safetensors", 5500), ("LICENSE", 0)):
        (folder / name).write_bytes(random.randbytes(size))
    (folder / "more").mkdir()
    (folder / "more" / "note.txt").write_bytes(b"note")
    return folder


def bytes_in(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_folder_is_moved_whole_and_remembered(home):
    before = bytes_in(folder_model(paths.models_dir() / "big"))
    steps = []
    target = move_model(resolve("big"), home / "disk", Watch(lambda p: steps.append(p.step)))
    assert target == home / "disk" / "big"
    assert bytes_in(target) == before
    assert list(dict.fromkeys(steps)) == ["Copying", "Verifying"]
    assert list(paths.models_dir().iterdir()) == []
    assert list((home / "disk").iterdir()) == [target]
    assert resolve("big").path == target
    assert Places().named("big") == Place("big", target, is_ours=True)


def test_moved_back_it_is_an_ordinary_model_again(home):
    before = bytes_in(folder_model(paths.models_dir() / "big"))
    move_model(resolve("big"), home / "disk")
    move_model(resolve("big"), paths.models_dir())
    assert bytes_in(paths.models_dir() / "big") == before
    assert Places().all() == ()
    assert not (home / "disk" / "big").exists()


def test_a_file_becomes_a_folder_and_its_prepared_copy_goes_along(home):
    quantized_llama(paths.models_dir() / "tiny.gguf", {"weight": "Q8_0"}, layers=1)
    copy = ready(resolve("tiny").path, Compute.FAST, paths.prepared_dir()).path
    facts = (copy / "weights.safetensors").stat().st_ino
    move_model(resolve("tiny"), home / "disk")
    assert (home / "disk" / "tiny" / "tiny.gguf").is_file()
    again = ready(resolve("tiny").path, Compute.FAST, paths.prepared_dir()).path
    assert again != copy
    assert (again / "weights.safetensors").stat().st_ino == facts
    assert not copy.exists()


def test_all_parts_of_one_model_go(home):
    for number in (1, 2):
        (paths.models_dir() / f"big-0000{number}-of-00002.gguf").write_bytes(b"GGUF" * number)
    move_model(resolve("big-00001-of-00002"), home / "disk")
    assert len(bytes_in(home / "disk" / "big-00001-of-00002")) == 2
    assert list(paths.models_dir().iterdir()) == []


@pytest.mark.parametrize("after_bytes", [0, 1500, 5000, 6000, 9000])
def test_stopped_it_goes_on_from_what_is_done(home, after_bytes):
    before = bytes_in(folder_model(paths.models_dir() / "big"))
    done = [0]

    def watch(progress):
        done[0] = progress.done_bytes + (6000 if progress.step == "Verifying" else 0)

    stop = Watch(watch, lambda: done[0] > after_bytes)
    with pytest.raises(PreparationCancelledError):
        move_model(resolve("big"), home / "disk", stop)
    assert bytes_in(paths.models_dir() / "big") == before
    assert [model.name for model in installed()] == ["big", "starter"]
    assert Places().all() == ()
    move_model(resolve("big"), home / "disk")
    assert bytes_in(home / "disk" / "big") == before
    assert not (home / "disk" / "big.copying").exists()


def test_what_an_earlier_start_left_is_not_trusted(home):
    before = bytes_in(folder_model(paths.models_dir() / "big"))
    work = home / "disk" / "big.copying" / "files"
    (work / "model.safetensors").mkdir(parents=True)
    (work / "extra").write_bytes(b"x")
    (work / "LICENSE").symlink_to(home / "elsewhere")
    (work / "config.json").write_bytes(bytes(900))
    move_model(resolve("big"), home / "disk")
    assert bytes_in(home / "disk" / "big") == before
    assert not (home / "elsewhere").exists()


def test_a_link_in_the_place_of_the_work_is_not_followed(home):
    before = bytes_in(folder_model(paths.models_dir() / "big"))
    (home / "elsewhere").mkdir()
    (home / "disk" / "big.copying").mkdir()
    (home / "disk" / "big.copying" / "files").symlink_to(home / "elsewhere")
    move_model(resolve("big"), home / "disk")
    assert bytes_in(home / "disk" / "big") == before
    assert list((home / "elsewhere").iterdir()) == []


def test_killed_between_copying_and_removing_it_is_finished_by_moving_again(home):
    before = bytes_in(folder_model(paths.models_dir() / "big"))
    shutil.copytree(paths.models_dir() / "big", home / "disk" / "big")
    move_model(resolve("big"), home / "disk")
    assert bytes_in(home / "disk" / "big") == before
    assert not (paths.models_dir() / "big").exists()


def test_something_else_of_that_name_is_left_alone(home):
    folder_model(paths.models_dir() / "big")
    folder_model(home / "disk" / "big", seed=2)
    there = bytes_in(home / "disk" / "big")
    with pytest.raises(MovingError, match="is there already"):
        move_model(resolve("big"), home / "disk")
    assert bytes_in(home / "disk" / "big") == there
    assert (paths.models_dir() / "big").is_dir()


def test_what_can_not_be_moved_is_said(home, monkeypatch):
    folder_model(paths.models_dir() / "big")
    with pytest.raises(MovingError, match="Is its disk connected"):
        move_model(resolve("big"), home / "nowhere")
    with pytest.raises(MovingError, match="lies there already"):
        move_model(resolve("big"), paths.models_dir())
    with pytest.raises(MovingError, match="is not moved from here"):
        move_model(resolve("starter"), home / "disk")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 5, 5))
    with pytest.raises(NotEnoughDiskError):
        move_model(resolve("big"), home / "disk")
    assert (paths.models_dir() / "big" / "model.safetensors").stat().st_size == 5500


def test_a_disk_that_is_full_or_pulled_is_said_and_the_model_stays(home, monkeypatch):
    folder_model(paths.models_dir() / "big")
    for number, error in ((28, NotEnoughDiskError), (5, MovingError)):

        def refuse(_stream, _data, number=number):
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(copying, "write_all", refuse)
        with pytest.raises(error):
            move_model(resolve("big"), home / "disk")
    assert resolve("big").path.parent == paths.models_dir()


def test_bytes_that_arrive_otherwise_are_found(home, monkeypatch):
    folder_model(paths.models_dir() / "big")
    write = copying.write_all
    monkeypatch.setattr(
        copying, "write_all", lambda stream, data: write(stream, bytes(reversed(data)))
    )
    with pytest.raises(MovingError, match="did not arrive as it was"):
        move_model(resolve("big"), home / "disk")
    assert resolve("big").path.parent == paths.models_dir()
    assert not (home / "disk" / "big").exists()


def test_the_same_files_are_told_from_others(home):
    one = folder_model(home / "one")
    files = moving.all_files(one)
    copy_model(files, home / "disk" / "two")
    assert same_files(files, home / "disk" / "two")
    (home / "disk" / "two" / "config.json").write_bytes(bytes(20))
    assert not same_files(files, home / "disk" / "two")
    (home / "disk" / "two" / "more" / "note.txt").unlink()
    assert not same_files(files, home / "disk" / "two")


# ------------------------------------------------------------------ files that are already there


def test_of_a_folder_only_what_makes_the_model_is_taken_in(home):
    folder = folder_model(home / "mine")
    for name in ("run.py", "weights.bin", ".hidden.json", "LICENSE.txt", "chat.jinja"):
        (folder / name).write_bytes(b"1")
    model = take_in(folder, "owner/mine")
    assert model.path == paths.models_dir() / "owner-mine"
    taken = set(bytes_in(model.path))
    assert taken == {"config.json", "model.safetensors", "LICENSE", "LICENSE.txt", "chat.jinja"}
    assert resolve("owner-mine").path == model.path
    assert take_in(folder, "owner/mine").name == "owner-mine 2"


def test_a_file_without_the_ending_gets_one(home):
    blob = home / "sha256-00"
    blob.write_bytes(b"GGUF1234")
    model = take_in(blob, "llama3:8b")
    assert bytes_in(model.path) == {"llama3-8b.gguf": b"GGUF1234"}


def test_links_are_taken_in_as_the_files_that_they_mean(home):
    folder_model(home / "blobs")
    snapshot = home / "snapshot"
    snapshot.mkdir()
    for name in ("config.json", "model.safetensors"):
        (snapshot / name).symlink_to(home / "blobs" / name)
    model = take_in(snapshot, "linked")
    assert not any(path.is_symlink() for path in model.path.iterdir())
    assert (model.path / "model.safetensors").stat().st_size == 5500


def test_one_used_in_place_stays_where_it_is(home):
    file = home / "theirs.gguf"
    file.write_bytes(b"GGUF")
    model = use_in_place(file, "theirs")
    assert resolve("theirs").path == file
    assert use_in_place(file, "another name").name == model.name == "theirs"
    other = home / "other.gguf"
    other.write_bytes(b"GGUF")
    assert use_in_place(other, "theirs").name == "theirs 2"


def test_a_chosen_file_means_its_model(home):
    folder = folder_model(home / "mine")
    head = (8).to_bytes(8, "little") + b'{"a":1} '
    (folder / "model.safetensors").write_bytes(head)
    for chosen in (folder, folder / "model.safetensors", folder / "config.json"):
        assert model_at(chosen) == folder
    for number in (1, 2):
        (home / f"big-0000{number}-of-00002.gguf").write_bytes(b"GGUF1")
    assert model_at(home / "big-00002-of-00002.gguf") == home / "big-00001-of-00002.gguf"
    (home / "blob").write_bytes(b"GGUF1")
    assert model_at(home / "blob") == home / "blob"


def test_what_is_no_model_is_said(home):
    (home / "note.txt").write_bytes(b"a note")
    (home / "empty").mkdir()
    (home / "loose.json").write_bytes(b"{}")
    os.mkfifo(home / "pipe")
    for name in ("note.txt", "empty", "gone", "pipe"):
        with pytest.raises(MovingError, match=name):
            model_at(home / name)
