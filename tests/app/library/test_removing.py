"""A model goes whole, and nothing else goes with it."""

import pytest

from app import paths
from app.library.models import installed, resolve
from app.library.removing import NotRemovableError, remove_model, removed
from inference.errors import PreparationCancelledError
from inference.prepared.automatic import ready
from inference.prepared.preparing import Watch
from inference.request import Compute
from tests.inference.prepared.making import quantized_llama


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PITCHER_PREPARED", str(tmp_path / "prepared"))
    paths.models_dir().mkdir(parents=True)
    return paths.models_dir()


def test_all_parts_of_one_model_go_and_its_neighbour_stays(folder):
    for name in ("big-00001-of-00002.gguf", "big-00002-of-00002.gguf", "other.gguf"):
        (folder / name).write_bytes(b"1234")
    remove_model(resolve("big-00001-of-00002"))
    assert [p.name for p in folder.iterdir()] == ["other.gguf"]


def test_its_prepared_copy_goes_too(folder):
    path = quantized_llama(folder / "tiny.gguf", {"weight": "Q8_0"}, layers=1)
    copy = ready(path, Compute.FAST, paths.prepared_dir()).path
    assert copy.parent == paths.prepared_dir()
    remove_model(resolve("tiny"))
    assert not copy.exists()
    assert list(folder.iterdir()) == []


def test_what_a_stopped_preparation_keeps_goes_too(folder):
    """It may be as large as the model, and nothing would go on from it any more."""
    path = quantized_llama(folder / "a.gguf", {"weight": "Q4_K"}, layers=1)
    with pytest.raises(PreparationCancelledError):
        ready(path, Compute.FAST, paths.prepared_dir(), Watch(cancelled=lambda: True))
    assert [each.suffix for each in paths.prepared_dir().iterdir()] == [".preparing"]
    remove_model(resolve("a"))
    assert list(paths.prepared_dir().iterdir()) == []


def test_of_a_link_what_it_leads_to_stays(folder, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "config.json").write_text("{}")
    (folder / "link").symlink_to(tmp_path / "mine")
    remove_model(resolve("link"))
    assert list(folder.iterdir()) == []
    assert (tmp_path / "mine" / "config.json").is_file()


def test_what_lies_elsewhere_is_not_ours_to_remove(folder, tmp_path):
    (tmp_path / "mine.gguf").write_bytes(b"1")
    for name in ("starter", str(tmp_path / "mine.gguf")):
        with pytest.raises(NotRemovableError):
            remove_model(resolve(name))
    assert (tmp_path / "mine.gguf").is_file()


def test_what_a_kill_left_is_no_model_and_goes_with_the_next(folder):
    half = folder / ".removing" / "0" / "half"
    half.mkdir(parents=True)
    (half / "config.json").write_text("{}")
    assert [m.name for m in installed()] == ["starter"]
    (folder / "a.gguf").write_bytes(b"1")
    remove_model(resolve("a"))
    assert list(folder.iterdir()) == []


def test_where_nothing_takes_its_place_it_comes_back(folder):
    (folder / "m").mkdir()

    def fails():
        with removed(folder / "m"):
            assert not (folder / "m").exists()
            raise OSError("refused")

    with pytest.raises(OSError, match="refused"):
        fails()
    assert (folder / "m").is_dir()
